"""What the pages say that a failing feed holds back is what the models really read."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).parents[2] / "dbt_project"
SEED = PROJECT / "seeds" / "feed_dependents.csv"
SOURCES = PROJECT / "models" / "staging" / "marketplace" / "_marketplace__sources.yml"
CONTRACTS = PROJECT.parent / "sources" / "contracts"


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    target = tmp_path_factory.mktemp("dbt")
    command = [str(Path(sys.executable).with_name("dbt")), "parse"]
    command += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    environment = {"DBT_TARGET_PATH": str(target), "DBT_LOG_PATH": str(target)}
    environment |= {"HOME": str(target), "KONTOR_WAREHOUSE": str(target / "warehouse.duckdb")}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
    found: dict[str, Any] = json.loads((target / "manifest.json").read_text())
    return found


def marts_below(manifest: dict[str, Any], source: str) -> set[str]:
    """The marts that read a source by any way; those of the data's own health read all of them."""
    seen: set[str] = set()
    waiting = [source]
    while waiting:
        for child in manifest["child_map"].get(waiting.pop(), []):
            if child.startswith("model.") and child not in seen:
                seen.add(child)
                waiting.append(child)
    places = [manifest["nodes"][name]["fqn"] for name in seen]
    return {fqn[-1] for fqn in places if fqn[1] == "marts" and fqn[2] != "data_quality"}


def test_what_a_feed_holds_back_is_what_the_models_read(manifest: dict[str, Any]) -> None:
    with SEED.open(newline="") as file:
        stated = {row["feed"]: set(row["marts"].split()) for row in csv.DictReader(file)}
    lineage = {
        node["name"]: marts_below(manifest, key)
        for key, node in manifest["sources"].items()
        if node["identifier"] == f"{node['name']}_current"
    }

    assert stated == {feed: marts for feed, marts in lineage.items() if marts}


def test_every_feed_is_a_source_of_the_models() -> None:
    tables = yaml.safe_load(SOURCES.read_text())["sources"][0]["tables"]
    feeds = {path.stem for path in CONTRACTS.glob("*.yml")}

    assert len(feeds) == 45
    assert feeds == {
        table["name"] for table in tables if table.get("identifier") == f"{table['name']}_current"
    }
