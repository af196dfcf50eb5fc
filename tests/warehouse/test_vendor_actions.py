"""What a vendor is told that an action will change is what changes when it does it."""

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from pipelines.dbt.project import dbt_variables
from pipelines.home import Home
from pipelines.loading.warehouse import open_warehouse
from sources.marketplace import Marketplace
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk
from tests.warehouse.dbt import run_dbt
from tests.worlds.published_shop import marketplace_of

pytestmark = pytest.mark.warehouse

TODAY, TOMORROW = date(2025, 7, 1), date(2025, 7, 2)
Rows = list[dict[str, Any]]
# Of one product, as in two currencies; of v-002 a third is in stock.
EMPTY_OFFERS = {"v-002": ["O2", "O2c"], "v-001": ["O1"]}


def deliver(desk: Desk, feed: str, rows: Rows) -> None:
    """A file of the feed, read by the real loader."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    desk.put(f"{feed}.csv", file.getvalue())
    desk.ingest(feed)


def marketplace_that_tells_more(home: Home) -> Marketplace:
    """The tiny marketplace with the feeds that only actions are about."""
    given = marketplace_of(home)
    entry = given.feeds["orders"][0]
    more = {
        feed: [entry.model_copy(update={"files": f"{feed}.csv"})]
        for feed in ("order_events", "vendor_messages", "offers", "inventory")
    }
    return given.model_copy(update={"feeds": {**given.feeds, **more}})


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


def an_event(order_id: str, vendor_id: str, event_type: str, at: str) -> dict[str, Any]:
    return {
        "order_event_id": f"{event_type} {order_id}",
        "order_id": order_id,
        "vendor_id": vendor_id,
        "event_type": event_type,
        "occurred_at": at,
    }


def a_message(message_id: str, vendor_id: str, at: Any, **changes: Any) -> dict[str, Any]:
    message = {
        "message_id": message_id,
        "conversation_id": message_id,
        "vendor_id": vendor_id,
        "direction": "inbound",
        "needs_answer": True,
        "is_automatic": False,
        "sent_at": at,
    }
    return message | changes


def what_waits(desk: Desk) -> None:
    """What vendors could do tomorrow; times are UTC, two hours behind the marketplace's."""
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
    events = [
        an_event(f"todo-{number}", vendor_id, "sent_to_vendor", "2025-07-01 08:00")
        for number, vendor_id in ((1, "v-002"), (2, "v-002"), (4, "v-002"), (6, "v-001"))
    ]
    deliver(
        desk, "order_events", [*events, an_event("todo-2", "v-002", "refused", "2025-07-01 9:00")]
    )
    questions = [
        a_message("ends", "v-002", "2025-06-29 11:00"),  # its 72 hours end tomorrow
        a_message("younger", "v-002", "2025-07-01 10:00"),
        a_message("ends too", "v-001", "2025-06-29 11:00"),
    ]
    deliver(desk, "vendor_messages", questions)
    offers = [("O2", "v-002"), ("O2b", "v-002"), ("O2c", "v-002"), ("O1", "v-001")]
    deliver(
        desk,
        "offers",
        [
            {"offer_id": offer_id, "vendor_id": vendor_id, "product_id": "P1", "status": "active"}
            for offer_id, vendor_id in offers
        ],
    )
    counts = [("O2", "2025-06-22", 5), ("O2", "2025-06-27", 0), ("O2b", "2025-06-27", 3)]
    counts += [("O1", "2025-06-27", 0), ("O2c", "2025-06-27", 0)]
    deliver(desk, "inventory", [stock(*count) for count in counts])


def stock(offer_id: str, on: str, quantity: int) -> dict[str, Any]:
    return {"offer_id": offer_id, "stock_date": on, "quantity_on_hand": quantity}


def do(desk: Desk, rows: list[tuple[Any, ...]]) -> None:
    """Delivers the rows of actions as done, each when it is due: what a vendor would do."""
    sent, events, answers, counts = [], [], [], []
    for vendor_id, action_id, unit_id, due_at in rows:
        if action_id.startswith("ship"):
            sent.append(
                {"shipment_id": f"done-{vendor_id}-{unit_id}", "order_id": unit_id}
                | {"vendor_id": vendor_id, "shipped_at": "2025-07-01 22:00:00"}
            )
        elif action_id == "accept_orders":
            events.append(an_event(unit_id, vendor_id, "accepted", due_at))
        elif action_id.startswith("answer"):
            answer = {"conversation_id": unit_id, "direction": "outbound", "needs_answer": False}
            answers.append(a_message(f"to {unit_id}", vendor_id, due_at, **answer))
        else:
            assert unit_id == "P1"
            counts += [stock(offer_id, "2025-07-02", 9) for offer_id in EMPTY_OFFERS[vendor_id]]
    deliver(desk, "shipments", sent)
    deliver(desk, "order_events", events)
    deliver(desk, "vendor_messages", answers)
    deliver(desk, "inventory", counts)


def test_the_rows_delivered_give_exactly_the_figure_that_was_foreseen(
    own_home: Home, parser: Parser
) -> None:
    desk = Desk(own_home, marketplace_that_tells_more(own_home), parser)
    what_waits(desk)
    build(own_home, TODAY)
    foreseen = {
        (vendor_id, action_id): figures
        for vendor_id, action_id, *figures in asked(
            own_home,
            "select vendor_id, action_id, unit_count, numerator_without, denominator_without,"
            " numerator_with, denominator_with, window_end from marts.mart_vendor_actions",
        )
    }
    rows = asked(
        own_home, "select vendor_id, action_id, unit_id, due_at from marts.mart_vendor_action_rows"
    )

    # v-002 does what is due, v-001 ships what is overdue and nothing else, the others nothing
    due = {"ship_due", "accept_orders", "answer_due", "restock"}
    do(
        desk,
        [
            row
            for row in rows
            if row[:2] == ("v-001", "ship_overdue") or (row[0] == "v-002" and row[1] in due)
        ],
    )
    build(own_home, TOMORROW)

    # their everyday order of 30 June is due as well, and that of V9, who is not registered: it says
    # no time, so it has two working days
    assert {key: figures[0] for key, figures in foreseen.items()} == {
        ("v-001", "ship_due"): 2, ("v-001", "ship_overdue"): 1, ("v-002", "ship_due"): 4,
        ("v-003", "ship_due"): 1, ("v/004 ü", "ship_due"): 1, ("V1", "ship_overdue"): 1,
        ("V9", "ship_due"): 1,
        ("v-002", "accept_orders"): 2, ("v-001", "accept_orders"): 1,
        ("v-002", "answer_due"): 1, ("v-002", "answer_open"): 1, ("v-001", "answer_due"): 1,
        ("v-002", "restock"): 1, ("v-001", "restock"): 1,
    }  # fmt: skip
    assert {figures[-1] for figures in foreseen.values()} == {date(2025, 7, 3)}
    real = {
        (vendor_id, metric_id): counts
        for vendor_id, metric_id, *counts in asked(
            own_home,
            "select vendor_id, metric_id, numerator, denominator"
            " from intermediate.int_vendor_metrics_summed_to_window"
            " where is_judged and window_end = date '2025-07-03'",
        )
    }
    late, accepted, answered, out = (
        "late_shipment_rate", "acceptance_rate", "response_hours", "stock_out_rate",
    )  # fmt: skip
    assert real["v-002", late] == foreseen["v-002", "ship_due"][3:5]
    assert real["v-001", late] == foreseen["v-001", "ship_overdue"][3:5]
    assert real["v-003", late] == foreseen["v-003", "ship_due"][1:3]
    without, with_them = foreseen["v-002", "ship_due"][1], foreseen["v-002", "ship_due"][3]
    assert without - with_them == 4
    # one refused before, two accepted now; of v-001 nothing is decided
    assert real["v-002", accepted] == foreseen["v-002", "accept_orders"][3:5] == [2, 3]
    assert real["v-001", accepted] == foreseen["v-001", "accept_orders"][1:3] == [0, 0]
    # by noon in Berlin after 71 hours, or not in 72
    assert real["v-002", answered] == foreseen["v-002", "answer_due"][3:5] == [71, 1]
    assert real["v-001", answered] == foreseen["v-001", "answer_due"][1:3] == [72, 1]
    # from 22 June to 2 July 11 days, from 27 June twice 6, twice 5 days without stock; else 6 of 6
    assert real["v-002", out] == foreseen["v-002", "restock"][3:5] == [10, 23]
    assert real["v-001", out] == foreseen["v-001", "restock"][1:3] == [6, 6]
