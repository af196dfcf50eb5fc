"""Explore, the metric catalogue, versions, search and an order, as each role that has them."""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards import resources
from dashboards.components.pages import TITLES
from dashboards.context import Context
from dashboards.exploring import address, files, tables
from dashboards.listings.files import as_csv
from dashboards.listings.unreadable import Unreadable
from dashboards.pages import PAGES
from dashboards.settings import DashboardSettings
from dashboards.viewer import NotAllowed, Viewer, require_download
from dashboards.words.words import words_in
from operations import accounts
from operations.roles import ROLES
from operations.views import View, count_view
from tests.app.pages import Visit, visit
from tests.worlds.everyday import CANARIES
from tests.worlds.homes import BY, Home, make_home

pytestmark = pytest.mark.app

HOSTILE = [
    "'",
    '"',
    "; drop table marts.fct_orders",
    "x" * 5000,
    "\x00",
    "city",
    "../../etc/passwd",
]


@pytest.fixture(scope="module")
def unasked() -> dict[str, Any]:
    """What tests with many addresses compare with, by its name: seen once for all of them."""
    return {}


@pytest.fixture(scope="module")
def roles(shared_home: Home) -> dict[str, str]:
    """An account of every operator's role, by the role."""
    made = {}
    for role, declared in ROLES.items():
        if declared.audience == "operator":
            made[role] = f"an-{role.replace('_', '-')}"
            new = accounts.NewAccount(made[role], role, "correct horse battery")
            accounts.create_account(shared_home.store, new, BY)
    return made


@pytest.fixture
def two_versions(tmp_path: Path) -> Iterator[Home]:
    """A home with a version more, in which an order is missing."""
    made = make_home(tmp_path)
    opened = resources.open_resources(DashboardSettings(home=tmp_path))
    resources.install(opened)
    older = "20250702T031500Z-0a1b2c3d"
    shutil.copytree(made.published / made.version, made.published / older)
    about = made.published / older / "manifest.json"
    manifest = json.loads(about.read_text())
    manifest |= {"version": older, "built_at": "2025-07-02T03:15:00Z"}
    manifest["tables"]["operator"]["fct_orders"] -= 1
    about.write_text(json.dumps(manifest))
    with duckdb.connect(str(made.published / older / "operator.duckdb")) as file:
        file.execute("update marts.mart_marketplace_summary set gmv = gmv - 100")
    yield made
    opened.close()
    made.store.dispose()


def address_of(seen: Visit) -> dict[str, str]:
    """What the address says; AppTest keeps lists of what it was not given as text."""
    return {
        name: value if isinstance(value, str) else value[0]
        for name, value in dict(seen.test.query_params).items()
    }


def heading(seen: Visit) -> str:
    found = re.search(r"<h1>(.*?)</h1>", seen.said())
    assert found
    return found[1]


def cells(seen: Visit) -> list[list[str]]:
    """The rows of the first table on the page, as their cells."""
    body = re.search(r"<tbody>(.*?)</tbody>", seen.said(), re.DOTALL)
    assert body
    return [
        re.findall(r"<bdi>(.*?)</bdi>", row)
        for row in re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL)
    ]


def explored(home: Home, texts: dict[str, str]) -> Visit:
    """Explore, at an address."""
    seen = visit(home.store, "ana", "explore")
    for name, text in texts.items():
        seen.test.query_params[name] = text
    seen.test.run()
    return seen


def context_of(home: Home, role: str = "analyst") -> Context:
    opened = resources.current()
    viewer = Viewer("ana", role, None, home.version)
    manifest = opened.manifest(home.version)
    return Context(viewer, manifest, None, words_in("en"), resources.now())


@pytest.mark.parametrize("role", [role for role in ROLES if ROLES[role].audience == "operator"])
@pytest.mark.parametrize(
    ("page", "path"),
    [(page.name, page.path) for page in PAGES if page.name in TITLES and page.path],
)
def test_a_role_has_the_pages_that_it_is_granted_and_no_other(
    home: Home, roles: dict[str, str], unasked: dict[str, Any], role: str, page: str, path: str
) -> None:
    if role not in unasked:
        unasked[role] = heading(visit(home.store, roles[role]))

    seen = visit(home.store, roles[role], path)

    assert not seen.test.exception
    has_it = heading(seen) != unasked[role]
    assert has_it == (page in ROLES[role].pages)


@pytest.mark.parametrize("path", ["explore", "metrics", "versions", "order"])
def test_a_vendor_has_none_of_an_analysts_pages(home: Home, path: str) -> None:
    seen = visit(home.store, "mueller", path)

    assert heading(seen) == heading(visit(home.store, "mueller"))
    with pytest.raises(NotAllowed):
        tables.tables(Viewer("mueller", "vendor_owner", "v-002", home.version))
    with pytest.raises(NotAllowed):
        resources.current().reader.composed(
            Viewer("mueller", "vendor_owner", "v-002", home.version), "select 1 as one"
        )


def test_links_between_pages_say_what_the_registry_says() -> None:
    registered = {page.name: (page.title, f"/{page.path}") for page in PAGES}

    assert {name: registered[name] for name in TITLES} == TITLES
    assert TITLES.keys() == {name for name in registered if name.startswith("operator_")}


@pytest.mark.parametrize("role", [role for role in ROLES if "explore" not in ROLES[role].downloads])
def test_a_role_without_explore_takes_no_answer_away(home: Home, role: str) -> None:
    with pytest.raises(NotAllowed, match="no download"):
        require_download(Viewer("x", role, None, home.version), files.NAME)


def test_an_answer_is_what_sql_says(home: Home) -> None:
    asked = {
        "table": "mart_vendor_daily",
        "where.order_date": "2025-01-01..2025-03-31",
        "group": "order_date.month",
        "count": "sum.gmv,distinct.vendor_id,count",
    }

    seen = explored(home, asked)

    expected = _sql(
        home,
        "select strftime(date_trunc('month', order_date), '1 %b %Y'), format('{:,.2f}', sum(gmv)),"
        " count(distinct vendor_id)::text, count(*)::text from marts.mart_vendor_daily"
        " where order_date between date '2025-01-01' and date '2025-03-31'"
        " group by date_trunc('month', order_date) order by min(order_date)",
    )
    assert cells(seen) == [list(row) for row in expected]
    assert address_of(seen) == asked


def test_choices_are_written_into_the_address(home: Home) -> None:
    seen = explored(home, {"table": "mart_vendor_daily", "page": "2"})

    seen.test.multiselect(key="explore_groups").set_value(["vendor_id"]).run()
    seen.test.multiselect(key="explore_figures").set_value(["sum.gmv"]).run()
    seen.test.multiselect(key="explore_filters").set_value(["gmv"]).run()
    seen.test.number_input(key="explore_mart_vendor_daily_gmv_lower").set_value(10.5).run()

    assert not seen.test.exception
    assert address_of(seen) == {
        "table": "mart_vendor_daily",
        "group": "vendor_id",
        "count": "sum.gmv",
        "where.gmv": "10.5..",
    }
    assert cells(explored(home, address_of(seen))) == cells(seen)


@pytest.mark.parametrize("name", ["table", "columns", "group", "count", "sort", "chart", "page",
                                  "where.gmv", "where.status", 'where.x" or 1=1 --'])  # fmt: skip
@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_question_changes_nothing(
    home: Home, unasked: dict[str, Any], name: str, text: str
) -> None:
    if "explore" not in unasked:
        unasked["explore"] = cells(explored(home, {"table": "fct_orders"}))

    seen = explored(home, {"table": "fct_orders", name: text})

    assert not seen.test.exception
    assert cells(seen) == unasked["explore"]
    assert [toast.value for toast in seen.test.toast]
    if name != "page":
        with pytest.raises(Unreadable):
            files.table_of(context_of(home), {"table": "fct_orders", name: text})


def test_personal_data_is_not_offered(home: Home) -> None:
    found = tables.tables(Viewer("ana", "analyst", None, home.version))
    seen = explored(home, {"table": "dim_customers"})

    assert "customer_id" not in found["fct_orders"].columns
    assert (
        found["dim_customers"].columns.keys().isdisjoint({"customer_id", "customer_name", "city"})
    )
    offered = {option for each in seen.test.multiselect for option in each.options}
    assert not [option for option in offered if "Customer ID" in option or "City" in option]
    for name, text in (
        ("where.city", "empty"),
        ("count", "distinct.customer_id"),
        ("sort", "city"),
    ):
        with pytest.raises(Unreadable):
            address.read({"table": "dim_customers", name: text}, found)


def test_without_a_catalogue_nothing_is_offered(tmp_path: Path) -> None:
    """A version of older code does not say which columns are personal."""
    home = make_home(tmp_path)
    (home.published / home.version / "catalogue.json").unlink()
    resources.install(resources.open_resources(DashboardSettings(home=tmp_path)))

    assert tables.tables(Viewer("ana", "analyst", None, home.version)) == {}
    assert "No tables to explore" in visit(home.store, "ana", "explore").said()
    assert "No lineage" in visit(home.store, "ana", "metrics", metric="gmv").said()


def test_a_file_holds_every_row_that_the_pages_show(home: Home) -> None:
    asked = {
        "table": "fct_order_lines",
        "columns": "order_id,order_line_id,status",
        "sort": "status",
    }

    content = as_csv(files.table_of(context_of(home), asked)).decode("utf-8-sig")

    headings, *rows = list(csv.reader(io.StringIO(content)))
    shown: list[list[str]] = []
    seen = explored(home, asked)
    for page in range(1, 2 + len(rows) // 20):
        seen.test.query_params["page"] = str(page)
        seen.test.run()
        shown += cells(seen)
    assert headings == ["Order ID", "Order line ID", "Status"]
    assert shown == rows
    assert len(rows) == _sql(home, "select count(*) from marts.fct_order_lines")[0][0]


@pytest.mark.parametrize("metric", ["gmv", "late_shipment_rate"])
def test_a_metric_says_what_it_means_and_is_made_from(home: Home, metric: str) -> None:
    day = resources.now().date()
    count_view(home.store, View("analyst", "operator_vendors", metric), day)
    count_view(home.store, View("analyst", "operator_vendors", metric), day - timedelta(days=200))

    seen = visit(home.store, "ana", "metrics", metric=metric)

    said = seen.said()
    assert not seen.test.exception
    assert re.search(r"Opened alone in the last 90 days</dt><dd>\d+ time", said)
    assert "Versions of the definition" in said
    assert "Orders" in said
    assert [code.value for code in seen.test.code if "select" in code.value.lower()]
    assert 'href="/vendors"' in said
    assert "{{" not in "".join(code.value for code in seen.test.code)


def test_metrics_are_found_in_the_readers_language(home: Home) -> None:
    found = visit(home.store, "ana", "metrics", language="de", q="Stornierungen").said()

    assert "metric=vendor_cancellation_rate" in found
    assert "metric=commission_amount" not in found
    assert "Unknown metric" in visit(home.store, "ana", "metrics", metric="none").said()


def test_a_figure_leads_to_its_definition(home: Home) -> None:
    assert "/metrics?metric=gmv" in visit(home.store, "ana").said()
    assert "/metrics" not in visit(home.store, "mueller").said()


def test_versions_are_compared_by_rows_and_figures(two_versions: Home) -> None:
    seen = visit(two_versions.store, "ana", "versions")

    said = seen.said()
    assert not seen.test.exception
    assert "(current)" in said
    rows = dict(re.findall(r"<bdi>(Sales|Orders \(fct_orders\))</bdi>.*?</tr>()", said, re.DOTALL))
    assert rows.keys() == {"Sales", "Orders (fct_orders)"}
    sales = re.search(r"<bdi>Sales</bdi>(.*?)</tr>", said, re.DOTALL)
    assert sales
    assert re.findall(r"<bdi>(.*?)</bdi>", sales[1])[-1] == "€100.00"
    orders = re.search(r"<bdi>Orders \(fct_orders\)</bdi>(.*?)</tr>", said, re.DOTALL)
    assert orders
    assert re.findall(r"<bdi>(.*?)</bdi>", orders[1])[-2:] == ["1", "0"]


def test_a_version_of_other_code_is_not_compared(two_versions: Home) -> None:
    older = two_versions.published / "20250702T031500Z-0a1b2c3d" / "operator.duckdb"
    resources.current().close()
    with duckdb.connect(str(older)) as file:
        file.execute("alter table marts.mart_marketplace_summary drop column gmv_net")

    said = visit(two_versions.store, "ana", "versions").said()

    assert "These versions cannot be compared" in said
    assert "Rows by table" in said


def test_a_search_leads_to_vendors_orders_and_products(home: Home) -> None:
    said = visit(home.store, "ana", "search", q="v-001").said()

    assert '/vendors?vendor=v-001"' in said
    assert "/explore?table=fct_order_lines&amp;where.product_id=is%3Ap-v-001-0" in said
    assert '/order?order=O1"' in visit(home.store, "ana", "search", q="o1").said()
    assert "Nothing found" in visit(home.store, "ana", "search", q="nobody's").said()


@pytest.mark.parametrize(
    "text", ["%%", "' or 1=1 --", "_", "anna@example.org", "x" * 5000, "\x00a"]
)
@pytest.mark.parametrize("name", ["ana", "mueller"])
def test_a_search_is_text_and_keeps_nothing_personal(home: Home, name: str, text: str) -> None:
    seen = visit(home.store, name, "search", q=text)

    assert not seen.test.exception
    assert "order=" not in seen.said()
    assert "example.org" not in str(dict(seen.test.query_params))


def test_a_vendor_finds_its_own_alone(home: Home) -> None:
    said = visit(home.store, "mueller", "search", q="o-").said()
    products = visit(home.store, "mueller", "search", q="p-").said()

    own = {row[0] for row in _sql(
        home, "select order_id from marts.fct_order_lines where vendor_id = 'v-002'")}  # fmt: skip
    assert set(re.findall(r"/orders\?order=([\w-]+)", said)) <= own
    assert CANARIES["v-002"] in products
    for vendor, canary in CANARIES.items():
        assert vendor == "v-002" or canary not in said + products


def test_an_order_shows_all_vendors_and_nobody_who_bought(home: Home) -> None:
    said = visit(home.store, "ana", "order", order="O1").said()
    unknown = visit(home.store, "ana", "order", order="' or 1=1 --").said()

    vendors = _sql(
        home, "select distinct vendor_id from marts.fct_order_lines where order_id = 'O1'"
    )
    assert vendors
    assert all(f"vendor={vendor}" in said for (vendor,) in vendors)
    [(customer,)] = _sql(home, "select customer_id from marts.fct_orders where order_id = 'O1'")
    assert f"<bdi>{customer}</bdi>" not in said
    assert f"<dd>{customer}</dd>" not in said
    assert "Order not found" in unknown


def _sql(home: Home, text: str) -> list[tuple[object, ...]]:
    copy = home.operator_file.with_name("copy-for-tests.duckdb")
    if not copy.exists():
        copy.write_bytes(home.operator_file.read_bytes())
    with duckdb.connect(str(copy), read_only=True) as file:
        return file.execute(text).fetchall()
