"""The manifest after the project changed: what is there now, whatever dbt remembers."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import msgpack
import pytest

from pipelines.dbt.project import DBT_FOLDER, dbt_variables, manifest_path, target_folder
from pipelines.home import Home
from pipelines.marketplaces import marketplace_named
from pipelines.settings import PipelineSettings
from tests.warehouse.dbt import run_dbt

pytestmark = pytest.mark.warehouse

TEST = "test.kontor.parts_of_a_row_behind_a_residual_add_up"


def found_in(home: Home) -> list[str]:
    settings = PipelineSettings(home=home.path)
    nodes = json.loads(manifest_path(home, settings).read_bytes())["nodes"]
    return [name for name in nodes if name.startswith(TEST)]


@pytest.mark.parametrize("what_changed", ["the project", "its folder"])
def test_what_dbt_remembers_of_the_project_before_is_in_no_manifest(
    own_home: Home, what_changed: str
) -> None:
    folder = target_folder(own_home)
    shutil.rmtree(folder)
    [name] = found_in(own_home)
    remembered = folder / "partial_parse.msgpack"
    state = msgpack.unpackb(remembered.read_bytes(), strict_map_key=False)
    del state["nodes"][name]
    remembered.write_bytes(msgpack.packb(state))
    stamp = folder / "parsed.sha256"
    changed = {"the project": stamp.read_text()[:64], "its folder": str(DBT_FOLDER)}[what_changed]
    stamp.write_text(stamp.read_text().replace(changed, "another"))

    assert found_in(own_home) == [name]


def test_the_parsed_project_is_the_same_whatever_the_variables_of_a_build(tmp_path: Path) -> None:
    home = Home(tmp_path)
    parsed = manifest_path(home, PipelineSettings(home=home.path))
    given = {
        "as_of_date": "2001-02-03",
        "business_time_zone": "Asia/Kathmandu",
        "storage_time_zone": "America/Lima",
        "marketplace": "another",
        "currency_code": "CHF",
        "session_inactivity_minutes": 20,
        "sessions_cut_at_midnight": True,
        "rfm_bounds": {"recency_days": [7, 30, 90, 180], "frequency": None, "monetary": None},
    }
    those_of_a_build = json.loads(dbt_variables(marketplace_named("demo", home), date(2026, 6, 30)))
    assert given.keys() == those_of_a_build.keys()

    assert run_dbt(home, "parse", "--no-partial-parse", variables=given).returncode == 0
    parsed_with_them = target_folder(home) / "build" / "manifest.json"

    assert _content(parsed_with_them) == _content(parsed)


def _content(manifest: Path) -> dict[str, object]:
    """What a manifest says of the project, without when it was written."""
    found: dict[str, Any] = json.loads(manifest.read_bytes())
    del found["metadata"]
    for nodes in found.values():
        for node in nodes.values() if isinstance(nodes, dict) else []:
            if isinstance(node, dict):
                node.pop("created_at", None)
    return found
