"""Limits set by operators: from when, by whom, why, and what the warehouse learns of them."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from operations import accounts, analytical
from operations.accounts import NewAccount
from operations.kernel import By, NotPermitted
from operations.thresholds import (
    LimitRefusedError,
    NewLimit,
    Scope,
    all_limits,
    set_limit,
    withdraw,
)

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
LAST_DAY = date(2026, 6, 30)
TOMORROW = date(2026, 7, 1)
OLGA = By("olga", NOW)
GERMANY = Scope("demo", "late_shipment_rate", country_code="DE")
FIVE_PER_CENT = NewLimit(0.05, TOMORROW, "rate", LAST_DAY)


@pytest.fixture(autouse=True)
def _people(store: sa.Engine) -> None:
    system = By("tests", NOW, is_system=True)
    for name, role in (("olga", "vendor_manager"), ("ana", "analyst")):
        accounts.create_account(store, NewAccount(name, role, "correct horse battery"), system)


def test_a_limit_stands_with_its_day_its_reason_and_who_set_it(store: sa.Engine) -> None:
    set_limit(store, GERMANY, FIVE_PER_CENT, "rail strike", "k1", OLGA)
    set_limit(
        store, GERMANY, replace(FIVE_PER_CENT, threshold=None, valid_from=date(2026, 8, 1)),
        "the strike is over", "k2", OLGA,
    )  # fmt: skip

    last, first = all_limits(store, "demo")
    assert (first.scope, first.threshold, first.valid_from) == (GERMANY, 0.05, TOMORROW)
    assert (first.decided_by, first.decided_at, first.reason) == ("olga", NOW, "rail strike")
    assert (last.threshold, last.valid_from) == (None, date(2026, 8, 1))
    assert all_limits(store, "other") == []


def test_the_past_cannot_be_judged_by_another_limit(store: sa.Engine) -> None:
    today = replace(FIVE_PER_CENT, valid_from=LAST_DAY)

    with pytest.raises(LimitRefusedError, match="after 2026-06-30"):
        set_limit(store, GERMANY, today, "too late", "k1", OLGA)
    set_limit(store, GERMANY, FIVE_PER_CENT, "rail strike", "k2", OLGA)
    with pytest.raises(LimitRefusedError, match="has begun"):
        withdraw(store, GERMANY, TOMORROW, TOMORROW, "never mind", "k3", OLGA)


def test_a_limit_to_come_can_be_withdrawn_once(store: sa.Engine) -> None:
    set_limit(store, GERMANY, FIVE_PER_CENT, "rail strike", "k1", OLGA)

    assert withdraw(store, GERMANY, TOMORROW, LAST_DAY, "no strike", "k2", OLGA) == []
    with pytest.raises(LimitRefusedError, match="no limit was set"):
        withdraw(store, GERMANY, TOMORROW, LAST_DAY, "no strike", "k3", OLGA)


@pytest.mark.parametrize(("unit", "threshold"), [("rate", 4.0), ("rate", 0.0), ("score", 0.9)])
def test_a_limit_lies_in_the_range_of_its_unit(
    store: sa.Engine, unit: str, threshold: float
) -> None:
    wrong = replace(FIVE_PER_CENT, unit=unit, threshold=threshold)

    with pytest.raises(LimitRefusedError, match="less than"):
        set_limit(store, GERMANY, wrong, "a typing mistake", "k1", OLGA)


@pytest.mark.parametrize(("reason", "why"), [(" ", "say why"), ("x" * 501, "at most 500")])
def test_a_limit_needs_a_reason_of_some_words(store: sa.Engine, reason: str, why: str) -> None:
    with pytest.raises(LimitRefusedError, match=why):
        set_limit(store, GERMANY, FIVE_PER_CENT, reason, "k1", OLGA)


def test_analysts_set_no_limits(store: sa.Engine) -> None:
    with pytest.raises(NotPermitted):
        set_limit(store, GERMANY, FIVE_PER_CENT, "why not", "k1", By("ana", NOW))


def test_the_warehouse_learns_the_limit_and_neither_who_nor_why(store: sa.Engine) -> None:
    set_limit(store, GERMANY, FIVE_PER_CENT, "a canary", "k1", OLGA)

    with store.connect() as connection:
        event = list(analytical.events_after(connection, 0))[-1]
    assert json.loads(event["payload"]) == {
        "category_id": None, "country_code": "DE", "marketplace": "demo",
        "metric_id": "late_shipment_rate", "threshold": 0.05, "valid_from": "2026-07-01",
    }  # fmt: skip
