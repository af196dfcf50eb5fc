"""What the pages say that a failing feed holds back is what the models really read."""

import csv
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2] / "dbt_project"
SEED = PROJECT / "seeds" / "feed_dependents.csv"
CONTRACTS = PROJECT.parent / "sources" / "contracts"


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


def test_every_feed_is_a_source_of_the_models(manifest: dict[str, Any]) -> None:
    feeds = {path.stem for path in CONTRACTS.glob("*.yml")}

    assert feeds == {
        source["name"]
        for source in manifest["sources"].values()
        if source["identifier"] == f"{source['name']}_current"
    }
