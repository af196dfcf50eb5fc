"""Every list answers whatever its declaration offers, and a file is the whole list or none."""

from collections.abc import Iterator

import pytest

from dashboards import resources
from dashboards.components.orders import ORDERS
from dashboards.context import Context
from dashboards.gate.downloads import LISTINGS
from dashboards.listings import files
from dashboards.listings.asked import read
from dashboards.listings.listing import Listing
from dashboards.listings.unreadable import Unreadable
from dashboards.queries.paging import Part, total_of
from dashboards.queries.questions import question
from dashboards.settings import DashboardSettings
from dashboards.viewer import Viewer
from dashboards.words.words import words_in
from tests.worlds.homes import Home, make_home

pytestmark = pytest.mark.app

ABOUT = {
    "metric": "late_shipment_rate",
    "source": "accounting",
    "measure": "payments",
    "currency": "EUR",
    "customer": "C-001",
    "payout": "undelivered EUR",
}
ALL_ORDERS = {"period": "all_time"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    made = make_home(tmp_path_factory.mktemp("home"))
    resources.install(resources.open_resources(DashboardSettings(home=made.path)))
    yield made
    resources.current().close()
    made.store.dispose()


def context_for(home: Home, listing: Listing) -> Context:
    is_for_operators = "operator" in question(listing.query).audience
    role, vendor_id = ("analyst", None) if is_for_operators else ("vendor_owner", "v-002")
    viewer = Viewer("somebody", role, vendor_id, home.version)
    manifest = resources.current().manifest(home.version)
    return Context(viewer, manifest, None, words_in("de"), resources.now())


def about(context: Context, listing: Listing) -> dict[str, str]:
    """What the page of a list gives it."""
    names = {name for each in listing.filters for name in each.names}
    given = {name: text for name, text in ABOUT.items() if name in names}
    is_named = context.viewer.audience == "operator" and question(listing.query).is_of_vendor
    return given | ({"vendor": "v-002"} if is_named else {})


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: listing.name)
def test_a_list_can_be_sorted_by_each_heading_that_says_so_and_fills_a_file(
    home: Home, listing: Listing
) -> None:
    context = context_for(home, listing)
    given = about(context, listing)
    sortable = [column.name for column in listing.columns if column.order is not None]
    usual = read(context, listing, given)

    for name in sortable:
        counts = {
            total_of(read(context, listing, given | {"sort": sort}).rows(context, Part(1)))
            for sort in (name, f"-{name}")
        }
        assert counts == {total_of(usual.rows(context, Part(1)))}, name
    rows = files.all_rows(context, usual)
    lines = files.as_csv(files.table_of(context, usual)).decode("utf-8-sig")
    assert lines.count("\r\n") >= len(rows) + 1
    assert files.as_xlsx(files.table_of(context, usual)).startswith(b"PK")


def test_a_list_that_is_longer_than_a_file_is_refused_and_never_cut(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = context_for(home, ORDERS)
    asked = read(context, ORDERS, ALL_ORDERS)
    whole = files.all_rows(context, asked)
    monkeypatch.setattr(files, "EVERYTHING", len(whole) - 1)

    with pytest.raises(files.TooLong):
        files.all_rows(context, asked)


def test_what_a_page_gives_is_not_the_addresss_to_say(home: Home) -> None:
    checks = next(listing for listing in LISTINGS if listing.name == "checks")
    context = context_for(home, checks)

    passed = read(context, checks, {"result": "failed"}, given={"result": "passed"})

    assert passed.parameters["result"] == "passed"
    assert passed.texts_of_file == {"result": "passed"}


def test_a_list_about_something_needs_to_be_told_about_what(home: Home) -> None:
    lines = next(listing for listing in LISTINGS if listing.name == "orders-behind-rate")
    context = context_for(home, lines)

    for missing in ("metric", "vendor"):
        told = about(context, lines)
        del told[missing]
        with pytest.raises(Unreadable, match=missing):
            read(context, lines, told)


def test_a_moment_of_a_file_is_the_clocks_that_its_heading_names(home: Home) -> None:
    context = context_for(home, ORDERS)
    asked = read(context, ORDERS, ALL_ORDERS | {"columns": "ordered_at"})
    rows = files.all_rows(context, asked)
    heading, first, *_ = (
        files.as_csv(files.table_of(context, asked)).decode("utf-8-sig").splitlines()
    )

    local = context.aware(rows[0]["ordered_at"]).astimezone(context.zone)
    assert heading == f'"Bestellt ({context.manifest.time_zone})"'
    assert first == f'"{local:%Y-%m-%d %H:%M:%S}"'
