"""dbt's exposures say what the pages and the exports rest on today."""

from pathlib import Path
from typing import Any

from pipelines.dbt.manifest import Manifest
from pipelines.docs_pages.exposures import exposures

ROOT = Path(__file__).parents[2]
WRITTEN = ROOT / "dbt_project" / "models" / "_exposures.yml"


def test_exposures_are_those_that_make_docs_writes(manifest: dict[str, Any]) -> None:
    assert WRITTEN.read_text("utf-8") == exposures(Manifest(manifest), ROOT / "dashboards")


def test_dbt_knows_every_page_and_every_destination(manifest: dict[str, Any]) -> None:
    pages = [path.stem for path in (ROOT / "dashboards" / "app_pages").glob("[!_]*.py")]
    destinations = {export.destination for export in Manifest(manifest).exports()}

    known = {exposure["name"]: exposure for exposure in manifest["exposures"].values()}

    assert pages
    assert known.keys() == {
        *(f"page_{page}" for page in pages),
        *(f"export_{destination.replace('/', '_')}" for destination in destinations),
        *(f"sent_{path.stem}" for path in (ROOT / "marketplaces/exports").glob("*/*.yml")),
    }
    # The gallery shows examples, and Exports what the operational store knows; every other page
    # shows something of the warehouse.
    without = {name for name, exposure in known.items() if not exposure["depends_on"]["nodes"]}
    assert without == {"page_operator_exports", "page_operator_gallery"}
