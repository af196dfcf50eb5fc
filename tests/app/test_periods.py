"""The period of a page: in its heading, for any days, with one value wherever it is shown."""

import re
from unittest.mock import patch

import pytest

from dashboards.components import daily
from dashboards.listings.periods import Period
from dashboards.queries import marketplace, vendors
from dashboards.queries.reader import QueryTimeout
from dashboards.viewer import Viewer
from tests.app.pages import visit
from tests.worlds.homes import Home

pytestmark = pytest.mark.app

LONG_AGO = {"from": "2020-06-01", "to": "2025-06-10"}
CHIPS = re.compile(r'<p class="k-period">(.*?)</p>')


def chips(said: str) -> list[str]:
    found = CHIPS.search(said)
    assert found
    return [text.replace("\u2009", " ") for text in re.findall(r"<span>(.*?)</span>", found[1])]


@pytest.mark.parametrize(
    ("name", "page", "address", "shown"),
    [
        ("olga", "", {}, ["2 Apr \u2013 30 Jun 2025", "against the 90 days before"]),
        ("mueller", "", {"period": "all_time"}, ["All time"]),
        (
            "mueller",
            "",
            {"from": "2025-06-01", "to": "2025-06-10"},
            ["1\u201310 Jun 2025", "against the 10 days before"],
        ),
        # The days before are older than the data.
        (
            "mueller",
            "",
            {"from": "2020-06-01", "to": "2025-06-10"},
            ["1 Jun 2020 \u2013 10 Jun 2025"],
        ),
        ("olga", "", {"from": "2020-06-01", "to": "2025-06-10"}, ["1 Jun 2020 \u2013 10 Jun 2025"]),
        ("mueller", "orders", {"from": "2025-06-01", "to": "2025-06-10"}, ["1\u201310 Jun 2025"]),
        ("olga", "vendors", {}, ["2 Apr \u2013 30 Jun 2025"]),
    ],
)
def test_the_heading_holds_the_period_and_what_it_is_compared_with(
    home: Home, name: str, page: str, address: dict[str, str], shown: list[str]
) -> None:
    assert chips(visit(home.store, name, page, **address).said()) == shown


@pytest.mark.parametrize("address", [{"section": "attention"}, {"section": "measures"}])
def test_a_part_that_no_period_changes_names_none(home: Home, address: dict[str, str]) -> None:
    vendor = {"vendor": "v-001"} if address["section"] == "measures" else {}

    assert not CHIPS.search(visit(home.store, "olga", "vendors", **vendor, **address).said())


def test_sums_of_days_are_the_published_figures(home: Home) -> None:
    viewer = Viewer("olga", "operator_admin", None, home.version)
    for row in marketplace.windows(viewer):
        published = marketplace.summary(viewer, row["window_id"])
        assert published is not None
        first, end = published["window_start"], published["window_end"]
        period = Period("", None, first, end.fromordinal(end.toordinal() - 1))
        found = daily.totals(marketplace.daily(viewer, daily.ALL_DAYS), period)
        names = found.keys() & published.keys() - {"window_start", "window_end"}
        assert {"gmv", "gmv_net", "commission_amount", "order_count"} <= names
        if row["window_days"] is None:
            names = {name for name in names if not name.startswith("previous_")}
        assert {name: found[name] for name in names} == {
            name: published[name] or 0 for name in names
        }
        own = vendors.summary(viewer, row["window_id"], "v-001")
        assert own is not None
        sold = daily.totals(vendors.daily(viewer, daily.ALL_DAYS, "v-001"), period)
        assert [sold[name] for name in ("gmv", "gmv_net", "order_count")] == [
            own[name] for name in ("gmv", "gmv_net", "order_count")
        ]


@pytest.mark.parametrize(
    ("name", "page", "query"),
    [("olga", "", {}), ("mueller", "", {}), ("olga", "vendors", {"vendor": "v-001"})],
)
def test_any_days_have_a_chart_figures_and_the_table_behind(
    home: Home, name: str, page: str, query: dict[str, str]
) -> None:
    days = {"from": "2025-06-01", "to": "2025-06-10"}
    seen = visit(home.store, name, page, **query, **days)

    assert not seen.test.exception
    assert dict(seen.test.query_params) == query | days
    assert "Rates, averages and ranks are shown for the fixed periods" in seen.text()
    chart = seen.test.get("vega_lite_chart")[0]
    assert "2025-06-10T00:00:00Z" in str(chart.proto) + seen.text()
    # One row a day, with the period before where the data reaches so far.
    [table] = re.findall(r"<table.*?Sales.*?</table>", seen.said(), re.DOTALL)[:1]
    assert table.count("<tr") == 11


def test_the_table_behind_a_trend_has_its_windows_the_newest_first(home: Home) -> None:
    seen = visit(home.store, "mueller", "performance", metric="late_shipment_rate")

    [table] = re.findall(r"<table.*?Adjusted for chance.*?</table>", seen.said(), re.DOTALL)[:1]
    periods = re.findall(r'data-label="Period">\s*<bdi>(.*?)</bdi>', table)
    assert len(periods) > 2
    assert periods[0].endswith("30 Jun 2025")
    assert re.search(r"\d% to [\d.]+%", table)


def test_a_failure_before_the_heading_is_the_title_of_the_page(home: Home) -> None:
    with patch("dashboards.queries.marketplace.attention", side_effect=QueryTimeout("slow")):
        before = visit(home.store, "olga")
    with patch("dashboards.queries.marketplace.daily", side_effect=QueryTimeout("slow")):
        after = visit(home.store, "olga")

    assert re.findall(r"<h1.*?>(.*?)</h1>", before.said()) == ["This took too long"]
    assert len(re.findall(r"<h1.*?>", after.said())) == 1
    assert "This took too long" in after.said()


def test_a_measure_says_what_it_is_and_leads_to_the_catalogue(home: Home) -> None:
    seen = visit(home.store, "olga", "vendors", vendor="v-002", section="measures")
    own = visit(home.store, "mueller", "performance")

    assert 'href="/metrics?metric=late_shipment_rate"' in seen.said()
    assert "Share of your orders that were handed to the carrier" in own.said()
    # A vendor has no catalogue.
    assert "/metrics?" not in own.said()


@pytest.mark.parametrize("name", ["olga", "mueller"])
def test_the_search_field_leads_to_the_search_page(home: Home, name: str) -> None:
    seen = visit(home.store, name)
    seen.test.text_input(key="shell_search").set_value("  o-0 ").run()

    assert not seen.test.exception
    assert dict(seen.test.query_params) == {"q": "o-0"}
    assert "<h1>Search</h1>" in seen.said()
    assert seen.test.text_input(key="shell_search").value == ""


def test_a_name_that_is_searched_for_is_found_and_stands_in_no_address(home: Home) -> None:
    seen = visit(home.store, "olga")
    seen.test.text_input(key="shell_search").set_value("m\u00fcller").run()
    in_link = visit(home.store, "olga", "search", q="m\u00fcller")
    assert dict(seen.test.query_params) == {}
    assert dict(in_link.test.query_params) == {}
    for page in (seen, in_link):
        assert "v-002" in page.said()
        assert page.test.text_input(key="search_text").value == "m\u00fcller"

    seen.test.text_input(key="search_text").set_value("v-001").run()

    assert dict(seen.test.query_params) == {"q": "v-001"}
    assert "v-002" not in seen.said()


def test_the_search_field_puts_nothing_personal_into_the_address(home: Home) -> None:
    seen = visit(home.store, "olga")
    seen.test.text_input(key="shell_search").set_value("erika@kanarie.example").run()

    assert dict(seen.test.query_params) == {}
    assert [toast.value for toast in seen.test.toast] == [
        "Search by ID or name, not by e-mail address or phone number."
    ]
