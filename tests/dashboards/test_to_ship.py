"""The orders that wait to be shipped, by the day where the marketplace is."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from dashboards.components import to_ship
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


def at(moment: str, count: int = 1) -> dict[str, Any]:
    return {"ship_by_at": datetime.fromisoformat(moment), "order_count": count}


def test_what_was_due_on_the_last_day_is_overdue_and_the_day_after_is_due(
    context: Context,
) -> None:
    # Berlin is two hours ahead of the UTC that is stored: 22:30 on 30 June is 1 July there.
    rows = [
        at("2026-06-24T15:00", 2),
        at("2026-06-30T15:00", 1),
        at("2026-06-30T22:30", 3),
        at("2026-07-01T15:00", 4),
        at("2026-07-01T22:30", 9),
    ]

    waits = to_ship.waiting(context, rows)

    assert (waits.overdue_count, waits.due_count) == (3, 7)
    assert waits.oldest == datetime.fromisoformat("2026-06-24T15:00")
    assert waits.next_due == datetime.fromisoformat("2026-06-30T22:30")


def test_the_action_says_how_many_and_by_when_with_the_zone(context: Context) -> None:
    waits = to_ship.waiting(context, [at("2026-06-24T15:00", 2), at("2026-07-01T15:00", 4)])

    action = to_ship.action(context, waits, 90)

    assert action is not None
    assert (action.state, action.what) == ("act", "Ship 6 orders")
    assert action.deadline.replace("\u00a0", " ") == (
        "2 orders are overdue, the oldest since 24 Jun 2026, 17:00 UTC+2."
        " 4 orders are due, the first by 1 Jul 2026, 17:00 UTC+2."
    )
    assert action.consequence == "An order shipped late counts against you for 90 days."


def test_with_nothing_to_ship_there_is_no_action(context: Context) -> None:
    assert to_ship.action(context, to_ship.waiting(context, [at("2026-07-02T15:00")]), 90) is None
