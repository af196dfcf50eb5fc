"""Rows of a feed by business day, kept by what each load changed."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.loading.business_days import Zones
from pipelines.loading.feed_days import count_feed_days
from pipelines.loading.feed_table import write_feeds
from pipelines.loading.rebuild import rebuild_from_landing
from sources.contract import all_contracts
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk, a_desk

pytestmark = pytest.mark.warehouse

HEADER = "order_id,customer_id,status,currency_code,ordered_at,updated_at,is_deleted\n"


@pytest.fixture
def desk(tmp_path: Path, parser: Parser) -> Desk:
    return a_desk(tmp_path, parser)


def a_row(order: str, day: str, updated: str = "2026-06-01", *, deleted: str = "") -> str:
    return f"{order},c,approved,EUR,{day} 10:00:00,{updated} 00:00:00,{deleted}\n"


def counted(desk: Desk, feed: str = "orders") -> list[tuple[Any, ...]]:
    with desk.loader() as loader:
        write_feeds(loader.connection, desk.marketplace)
        return loader.connection.execute(
            "select event_date, row_count from raw.feed_days where feed = ? order by all", [feed]
        ).fetchall()


def recounted(desk: Desk) -> list[tuple[Any, ...]]:
    return desk.query(
        "select cast(ordered_at as date), count(*) from raw.orders_current "
        "group by all order by all"
    )


def test_overruled_and_deleted_rows_leave_the_day_they_were_counted_on(desk: Desk) -> None:
    desk.put("orders-1.csv", HEADER + a_row("o1", "2026-05-01") + a_row("o2", "2026-05-01"))
    desk.ingest("orders")
    assert counted(desk) == [(date(2026, 5, 1), 2)]

    # o1 moves to another day, o2 is deleted, o3 comes
    desk.put(
        "orders-2.csv",
        HEADER
        + a_row("o1", "2026-05-02", "2026-06-02")
        + a_row("o2", "2026-05-01", "2026-06-02", deleted="true")
        + a_row("o3", "2026-05-02", "2026-06-02"),
    )
    desk.ingest("orders")

    assert counted(desk) == [(date(2026, 5, 2), 2)]


def test_counting_after_each_load_equals_counting_once_and_the_rows_themselves(
    desk: Desk, tmp_path: Path, parser: Parser
) -> None:
    files = {
        "orders-1.csv": a_row("o1", "2026-05-01") + a_row("o2", "2026-05-03"),
        # older than what stands: kept in the history, counted nowhere
        "orders-2.csv": a_row("o1", "2026-05-09", "2026-05-01") + a_row("o3", "2026-05-03"),
        # two versions of one row in one file
        "orders-3.csv": a_row("o4", "2026-05-04") + a_row("o4", "2026-05-05", "2026-06-05"),
        # deleted before and after, and back again
        "orders-4.csv": a_row("o2", "2026-05-03", "2026-06-03", deleted="true"),
        "orders-5.csv": a_row("o2", "2026-05-06", "2026-06-04"),
    }
    once = a_desk(tmp_path / "once", parser)
    for name, rows in files.items():
        for one in (desk, once):
            one.put(name, HEADER + rows)
            one.ingest("orders")
        counted(desk)

    assert counted(desk) == recounted(desk) == counted(once)
    assert counted(desk) == [
        (date(2026, 5, 1), 1),
        (date(2026, 5, 3), 1),
        (date(2026, 5, 5), 1),
        (date(2026, 5, 6), 1),
    ]


def test_counting_again_without_a_load_changes_nothing(desk: Desk) -> None:
    desk.put("orders-1.csv", HEADER + a_row("o1", "2026-05-01"))
    desk.ingest("orders")

    assert counted(desk) == counted(desk) == [(date(2026, 5, 1), 1)]


def test_rows_of_a_feed_without_an_event_time_count_on_no_day(desk: Desk) -> None:
    desk.put("vendors.csv", "vendor_id,name\nv1,One\nv2,Two\n")
    desk.ingest("vendors")

    assert counted(desk, "vendors") == [(None, 2)]


def test_a_days_increment_is_counted_without_reading_the_history(desk: Desk) -> None:
    desk.put("orders-1.csv", HEADER + a_row("o1", "2026-05-01"))
    desk.ingest("orders")
    counted(desk)
    # what was counted before is not looked at again, so a hole in it would go unnoticed here
    with desk.loader() as loader:
        loader.connection.execute("update raw.orders set ordered_at = timestamp '2020-01-01'")
    desk.put("orders-2.csv", HEADER + a_row("o2", "2026-05-02"))
    desk.ingest("orders")

    assert counted(desk) == [(date(2026, 5, 1), 1), (date(2026, 5, 2), 1)]


def test_days_are_the_business_zones_and_are_counted_anew_when_that_changes(desk: Desk) -> None:
    desk.put(
        "orders-1.csv", HEADER + "o1,c,approved,EUR,2026-05-01 22:30:00,2026-06-01 00:00:00,\n"
    )
    desk.ingest("orders")
    contracts = all_contracts().values()
    with desk.loader() as loader:
        found = []
        for zone in ("UTC", "Europe/Berlin"):
            count_feed_days(loader.connection, contracts, Zones("UTC", zone))
            found += loader.connection.execute(
                "select event_date, row_count from raw.feed_days where feed = 'orders'"
            ).fetchall()

    # half past midnight in Berlin
    assert found == [(date(2026, 5, 1), 1), (date(2026, 5, 2), 1)]


def test_loading_everything_again_counts_everything_again(desk: Desk) -> None:
    desk.put("orders-1.csv", HEADER + a_row("o1", "2026-05-01"))
    desk.ingest("orders")
    before = counted(desk)
    rebuild_from_landing(desk.home, desk.marketplace, desk.parser, desk.recorded_at)

    assert desk.query("select count(*) from raw.feed_days") == [(0,)]
    assert counted(desk) == before


def test_the_system_that_the_marketplace_names_is_that_of_the_feed(
    tmp_path: Path, parser: Parser
) -> None:
    desk = a_desk(
        tmp_path, parser, {"invoices": [{"files": "invoices.csv", "system": "sap_berlin"}]}
    )
    with desk.loader() as loader:
        write_feeds(loader.connection, desk.marketplace)

    assert desk.query(
        "select feed, system, delivery from raw.feeds "
        "where feed in ('invoices', 'payouts') order by 1"
    ) == [("invoices", "sap_berlin", "daily"), ("payouts", "erp", "weekly")]
