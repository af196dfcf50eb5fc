"""What a vendor is told that an action will change is what changes when it does it."""

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from pipelines.dbt.project import dbt_variables
from pipelines.home import Home
from pipelines.loading.warehouse import open_warehouse
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk
from tests.warehouse.dbt import run_dbt
from tests.worlds.published_shop import marketplace_of

pytestmark = pytest.mark.warehouse

TODAY, TOMORROW = date(2025, 7, 1), date(2025, 7, 2)
Rows = list[dict[str, Any]]


def deliver(desk: Desk, feed: str, rows: Rows) -> None:
    """A file of the feed, read by the real loader."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    desk.put(f"{feed}.csv", file.getvalue())
    desk.ingest(feed)


def build(home: Home, as_of: date) -> None:
    """The scorecard's sums and the actions as of a day, of everything that is loaded."""
    models = ["int_vendor_metrics_summed_to_window", "mart_vendor_actions"]
    models += ["mart_vendor_action_rows"]
    built = run_dbt(
        *(home, "build", "--full-refresh", "--exclude-resource-type", "test", "unit_test"),
        *("--select", *(f"+{model}" for model in models)),
        variables=dbt_variables(marketplace_of(home), as_of),
    )
    assert built.returncode == 0, built.stdout


def asked(home: Home, statement: str) -> list[tuple[Any, ...]]:
    with open_warehouse(home.warehouse) as connection:
        return connection.execute(statement).fetchall()


def an_order(number: int, vendor_id: str, ship_by: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """An order that waits, and its line; times are UTC, two hours behind the marketplace's."""
    ship_by_at = datetime.fromisoformat(ship_by)
    order: dict[str, Any] = {
        "order_id": f"todo-{number}",
        "customer_id": "A",
        "status": "approved",
        "currency_code": "EUR",
        "ordered_at": ship_by_at - timedelta(days=2),
    }
    line: dict[str, Any] = {
        "order_line_id": f"todo-{number}-1",
        "order_id": order["order_id"],
        "vendor_id": vendor_id,
        "product_id": "P1",
        "quantity": 1,
        "unit_price": 5,
        "ship_by_at": ship_by_at,
    }
    return order, line


def test_the_rows_delivered_give_exactly_the_figure_that_was_foreseen(
    own_home: Home, parser: Parser
) -> None:
    desk = Desk(own_home, marketplace_of(own_home), parser)
    waiting = [
        an_order(1, "v-002", "2025-07-01T22:00"),  # tomorrow's first minute in Berlin
        an_order(2, "v-002", "2025-07-02T12:00"),
        an_order(3, "v-002", "2025-07-02T21:59"),
        an_order(4, "v-002", "2025-07-02T22:00"),  # the day after tomorrow
        an_order(5, "v-001", "2025-06-20T12:00"),
        an_order(6, "v-001", "2025-07-02T12:00"),
    ]
    deliver(desk, "orders", [order for order, _ in waiting])
    deliver(desk, "order_lines", [line for _, line in waiting])
    build(own_home, TODAY)
    foreseen = {
        (vendor_id, action_id): figures
        for vendor_id, action_id, *figures in asked(
            own_home,
            "select vendor_id, action_id, unit_count, numerator_without, denominator_without,"
            " numerator_with, denominator_with, window_end from marts.mart_vendor_actions"
            " where metric_id = 'late_shipment_rate'",
        )
    }
    rows = asked(
        own_home, "select vendor_id, action_id, order_id from marts.mart_vendor_action_rows"
    )

    # v-002 ships what is due, v-001 what is overdue and nothing else, the others nothing
    done = [row for row in rows if row[:2] in {("v-002", "ship_due"), ("v-001", "ship_overdue")}]
    deliver(
        desk,
        "shipments",
        [
            {"shipment_id": f"done-{vendor_id}-{order_id}", "order_id": order_id}
            | {"vendor_id": vendor_id, "shipped_at": "2025-07-01 22:00:00"}
            for vendor_id, _, order_id in done
        ],
    )
    build(own_home, TOMORROW)

    # their everyday order of 30 June is due as well
    assert {key: figures[0] for key, figures in foreseen.items()} == {
        ("v-001", "ship_due"): 2, ("v-001", "ship_overdue"): 1, ("v-002", "ship_due"): 4,
        ("v-003", "ship_due"): 1, ("v/004 ü", "ship_due"): 1, ("V1", "ship_overdue"): 1,
    }  # fmt: skip
    assert {figures[-1] for figures in foreseen.values()} == {date(2025, 7, 3)}
    real = {
        vendor_id: counts
        for vendor_id, *counts in asked(
            own_home,
            "select vendor_id, numerator, denominator"
            " from intermediate.int_vendor_metrics_summed_to_window"
            " where metric_id = 'late_shipment_rate'"
            " and window_start = date '2025-04-04' and window_end = date '2025-07-03'",
        )
    }
    assert real["v-002"] == foreseen["v-002", "ship_due"][3:5]
    assert real["v-001"] == foreseen["v-001", "ship_overdue"][3:5]
    assert real["v-003"] == foreseen["v-003", "ship_due"][1:3]
    without, with_them = foreseen["v-002", "ship_due"][1], foreseen["v-002", "ship_due"][3]
    assert without - with_them == 4
