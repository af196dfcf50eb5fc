"""What a vendor can do, as cards and a verdict."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from dashboards.components import todo
from dashboards.context import Context
from dashboards.published import Manifest
from dashboards.viewer import Viewer
from dashboards.words.words import words_in


@pytest.fixture
def context() -> Context:
    manifest = Manifest(
        version="v", marketplace="demo", title="Demo", currency_code="EUR",
        time_zone="Europe/Berlin", as_of_date=date(2026, 6, 30),
        built_at=datetime(2026, 7, 1, tzinfo=UTC),
    )  # fmt: skip
    viewer = Viewer("mueller", "vendor_owner", "v-002", "v")
    return Context(viewer, manifest, None, words_in("en"), datetime(2026, 7, 1, tzinfo=UTC))


def an_action(action_id: str, count: int, due: str | None, **more: Any) -> dict[str, Any]:
    action = {"action_id": action_id, "metric_id": "late_shipment_rate", "unit_count": count}
    action |= {"metric_name": "Late shipments", "unit": "rate", "threshold": 0.04}
    action |= {"effort_minutes": count * 10, "effect": 0.0, "rate_without": 0.0508}
    action |= {"rate_with": 0.0508, "due_at": due and datetime.fromisoformat(due)}
    return action | more


DUE = an_action("ship_due", 4, "2026-07-01T15:00", effect=0.21, rate_with=0.0424)
# Berlin is two hours ahead of the UTC that is stored: 22:30 on 29 June is 30 June there.
OVERDUE = an_action("ship_overdue", 1, "2026-06-29T22:30")


def test_a_card_says_what_by_when_with_the_zone_and_what_it_changes(context: Context) -> None:
    [card] = todo.cards(context, [DUE])

    assert (card.state, card.what, card.link) == (
        "watch",
        "Ship 4 orders",
        "/to-do?action=ship_due",
    )
    assert card.deadline.replace("\u00a0", " ") == "The first is due by 1 Jul 2026, 17:00 UTC+2."
    assert card.consequence.replace("\u00a0", " ") == (
        "Late shipments tomorrow: from 5.1% to 4.2%, limit 4%. About 40 minutes of work."
    )


def test_what_was_due_on_the_last_day_of_the_data_is_overdue(context: Context) -> None:
    [card] = todo.cards(context, [OVERDUE])

    assert (card.state, card.what) == ("act", "Ship 1 overdue order")
    assert card.deadline.replace("\u00a0", " ") == "Due since 30 Jun 2026, 00:30 UTC+2."
    assert card.consequence.startswith("It counts as late already")


def test_an_action_on_two_measures_is_one_card_with_both_effects(context: Context) -> None:
    other = DUE | {"metric_id": "on_time_delivery_rate", "metric_name": "On-time delivery"}
    other |= {"rate_without": 0.8, "rate_with": 0.9, "threshold": 0.9}

    [card] = todo.cards(context, [DUE, other])

    assert "from 5.1% to 4.2%" in card.consequence
    assert "On-time delivery tomorrow: from 80.0% to 90.0%" in card.consequence


def test_the_verdict_counts_each_action_once_and_says_what_is_overdue(context: Context) -> None:
    assert todo.verdict(context, [DUE, OVERDUE, DUE]) == "5 tasks are open, 1 overdue."
    assert todo.verdict(context, [DUE]) == "4 tasks are due tomorrow."
    assert todo.verdict(context, []) == "Nothing is due by the end of tomorrow."


def test_a_product_says_how_many_offers_are_empty_and_an_order_stays_a_number(
    context: Context,
) -> None:
    name = next(column for column in todo.ROWS.columns if column.name == "unit_name")
    product = {"unit_name": "Stand 72", "order_id": None}
    order = {"unit_name": "O-1", "order_id": "O-1", "offer_count": None}

    assert name.shown(context, product | {"offer_count": 3}) == "Stand 72 (3 offers)"
    assert name.shown(context, product | {"offer_count": 1}) == "Stand 72"
    assert name.shown(context, order) == "O-1"


def test_an_answer_that_helps_only_later_says_so(context: Context) -> None:
    question = an_action("answer_open", 2, "2026-07-01T10:00", metric_id="response_hours")
    question |= {"unit": "hours", "rate_without": 8.0, "rate_with": 9.5, "effect": -0.06}

    [card] = todo.cards(context, [question])

    assert card.what == "Answer 2 questions"
    assert card.consequence.startswith("They do not count yet")
