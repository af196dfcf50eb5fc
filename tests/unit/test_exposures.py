"""Which models a page rests on, as its source and the queries say."""

from pathlib import Path

import yaml

from pipelines.dbt.manifest import Manifest
from pipelines.docs_pages.exposures import exposures
from tests.unit.test_manifest import model

QUERIES = """
def days(viewer):
    return _rows(viewer, "vendor_days")

def totals(viewer):
    return _summed(viewer)

def unused(viewer):
    return _rows(viewer, "all_vendors")

def _summed(viewer):
    return _rows(viewer, "totals")
"""
SQL = {
    "vendor_days": "-- audience: vendor\nselect day from marts.days join marts.orders on true",
    "totals": "-- audience: operator, vendor\nselect count(*) as n from marts.days",
    "all_vendors": "-- audience: operator\nselect vendor_id from marts.dim_vendors",
}
PAGE = '''"""The vendor's days.

And more of it.
"""

from dashboards.queries import shop
from dashboards.components import commands


def page(context):
    commands.unused(context.viewer)
    {call}
'''


def written(folder: Path, call: str) -> dict[str, dict[str, object]]:
    """The exposures of a program with one page that calls this, by name."""
    for name in ("app_pages", "queries/sql"):
        (folder / name).mkdir(parents=True)
    (folder / "app_pages" / "vendor_days.py").write_text(PAGE.format(call=call))
    (folder / "queries" / "shop.py").write_text(QUERIES)
    for name, sql in SQL.items():
        (folder / "queries" / "sql" / f"{name}.sql").write_text(sql)
    nodes = {
        "days": model("marts/sales/mart_days", ("vendor_id",), vendor_table="days"),
        "orders": model("exports/vendor/exp_vendor__orders"),
        "letters": model("exports/marketing/letters/exp_marketing_letters__contacts"),
    }
    found = yaml.safe_load(exposures(Manifest({"nodes": nodes}), folder))["exposures"]
    return {exposure["name"]: exposure for exposure in found}


def test_page_for_vendors_rests_on_what_leaves_for_them(tmp_path: Path) -> None:
    page = written(tmp_path, "shop.days(context.viewer)")["page_vendor_days"]

    assert page["depends_on"] == ["ref('exp_vendor__orders')", "ref('mart_days')"]
    assert page["description"] == "The vendor's days."


def test_page_rests_on_the_queries_behind_the_function_that_it_calls(tmp_path: Path) -> None:
    page = written(tmp_path, "shop.totals(context.viewer)")["page_vendor_days"]

    assert page["depends_on"] == ["ref('mart_days')"]


def test_page_rests_on_the_list_that_a_component_of_it_shows(tmp_path: Path) -> None:
    (tmp_path / "components").mkdir()
    (tmp_path / "components" / "shelf.py").write_text(
        'DAYS = Listing(name="days", query="vendor_days")\n\ndef show(context):\n    ask(DAYS)\n'
    )
    call = "from dashboards.components import shelf; shelf.show(context)"

    assert written(tmp_path, call)["page_vendor_days"]["depends_on"] == [
        "ref('exp_vendor__orders')", "ref('mart_days')"
    ]  # fmt: skip


def test_page_does_not_rest_on_what_it_may_not_ask(tmp_path: Path) -> None:
    page = written(tmp_path, "shop.unused(context.viewer)")["page_vendor_days"]

    assert page["depends_on"] == []


def test_page_without_queries_rests_on_nothing(tmp_path: Path) -> None:
    assert written(tmp_path, "pass")["page_vendor_days"]["depends_on"] == []


def test_every_destination_is_an_exposure_of_all_that_leaves_for_it(tmp_path: Path) -> None:
    found = written(tmp_path, "pass")

    assert found["export_vendor"]["depends_on"] == ["ref('exp_vendor__orders')", "ref('mart_days')"]
    assert found["export_marketing_letters"]["depends_on"] == [
        "ref('exp_marketing_letters__contacts')"
    ]
