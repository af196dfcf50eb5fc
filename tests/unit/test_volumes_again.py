"""Volumes of a feed are compared again where something changed that they depend on, only there."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipelines.checking import check_results
from pipelines.checking.anomalies import Looked, check_volumes
from pipelines.loading.feed_table import write_feeds
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk, a_desk

pytestmark = pytest.mark.warehouse

ORDERS = "order_id,customer_id,status,ordered_at\n"
LINES = "order_line_id,order_id,vendor_id,quantity,unit_price\n"
DAYS = [f"2026-{month:02}-{day:02}" for month in (4, 5, 6) for day in range(1, 31)]
LAST = date(2026, 6, 29)


@pytest.fixture
def desk(tmp_path: Path, parser: Parser) -> Desk:
    """A shop of three orders a day."""
    desk = a_desk(tmp_path, parser, {"calendar": [{"files": "calendar*.csv"}]})
    orders = [(f"{day}-{n}", day) for day in DAYS for n in range(3)]
    desk.put(
        "orders.csv", ORDERS + "".join(f"{o},c,approved,{day} 10:00:00\n" for o, day in orders)
    )
    desk.put("order_lines.csv", LINES + "".join(f"l{o},{o},v1,1,1.00\n" for o, _ in orders))
    desk.put("vendors.csv", "vendor_id,name\nv1,First\n")
    for feed in ("orders", "order_lines", "vendors"):
        desk.ingest(feed)
    return desk


def checked(desk: Desk, last: date = LAST, marts: dict[str, list[str]] | None = None) -> set[str]:
    """The feeds that a run checks; after it the results are those of a run that checks all."""
    with desk.loader() as loader:
        write_feeds(loader.connection, desk.marketplace)
        looked = Looked(desk.marketplace, last, desk.recorded_at)
        rows = check_volumes(loader.connection, looked, marts or {})
        kept = check_results.results(loader.connection)
        check_volumes(loader.connection, looked, marts or {}, everything=True)
        assert kept == check_results.results(loader.connection)
    assert {row.feed for row in kept} == {"orders", "order_lines"}
    return {row.feed for row in rows}


def more_orders(desk: Desk) -> None:
    flood = "".join(f"x{n},c,approved,2026-06-29 11:00:00\n" for n in range(80))
    desk.put("orders-2.csv", ORDERS + flood)
    desk.ingest("orders")


def more_lines(desk: Desk) -> None:
    desk.put("order_lines-2.csv", LINES + "m1,2026-06-29-1,v2,1,1.00\n")
    desk.ingest("order_lines")


def a_holiday(desk: Desk) -> None:
    desk.put("calendar.csv", "calendar_date,occasion,kind\n2026-06-29,Peter and Paul,sale\n")
    desk.ingest("calendar")


def a_file_that_is_gone(desk: Desk) -> None:
    (desk.inbox / "order_lines.csv").unlink()
    desk.ingest("order_lines")


@pytest.mark.parametrize(
    ("change", "feeds"),
    [
        (lambda _: None, set()),
        (more_orders, {"orders", "order_lines"}),  # a line happens when its order does
        (more_lines, {"order_lines"}),
        (a_holiday, {"orders", "order_lines"}),
        (a_file_that_is_gone, {"order_lines"}),
    ],
)
def test_feeds_are_checked_again_where_something_came(
    desk: Desk, change: Callable[[Desk], None], feeds: set[str]
) -> None:
    assert checked(desk) == {"orders", "order_lines"}

    change(desk)

    assert checked(desk) == feeds


def test_another_day_and_other_marts_are_reasons_too(desk: Desk) -> None:
    checked(desk)

    assert checked(desk, date(2026, 6, 30)) == {"orders", "order_lines"}
    assert checked(desk, date(2026, 6, 30), {"orders": ["mart_a"]}) == {"orders"}
