"""Separating a browser from a customer: by whom, why, and what the warehouse learns of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from operations import accounts, analytical
from operations.accounts import NewAccount
from operations.kernel import By, NotPermitted
from operations.tables import audit_log
from operations.visitor_links import Link, LinkRefusedError, rejoin, separate, separated_from

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
OLGA = By("olga", NOW)
TABLET = Link("demo", "vis/1", "C-1")


@pytest.fixture(autouse=True)
def _people(store: sa.Engine) -> None:
    system = By("tests", NOW, is_system=True)
    for name, role in (("olga", "operator_admin"), ("ana", "analyst")):
        accounts.create_account(store, NewAccount(name, role, "correct horse battery"), system)


def test_a_browser_is_separated_until_it_is_joined_again(store: sa.Engine) -> None:
    separate(store, TABLET, "a family's tablet", "k1", OLGA)
    separate(store, replace(TABLET, visitor_id="vis/2"), "another", "k2", OLGA)
    separate(store, replace(TABLET, customer_id="C-2"), "not hers either", "k3", OLGA)

    first, second = separated_from(store, "demo", "C-1")
    assert (first.link, first.decided_by, first.reason) == (TABLET, "olga", "a family's tablet")
    assert second.link.visitor_id == "vis/2"
    assert separated_from(store, "other", "C-1") == []

    rejoin(store, TABLET, "it was right", "k4", OLGA)
    assert separated_from(store, "demo", "C-1") == [second]


def test_a_click_twice_is_one_decision_and_a_second_decision_of_the_kind_is_refused(
    store: sa.Engine,
) -> None:
    first = separate(store, TABLET, "wrong", "k1", OLGA)

    assert separate(store, TABLET, "wrong", "k1", OLGA) == first
    with pytest.raises(LinkRefusedError, match="already"):
        separate(store, TABLET, "wrong", "k2", OLGA)
    with pytest.raises(LinkRefusedError, match="nobody has separated"):
        rejoin(store, replace(TABLET, customer_id="C-2"), "wrong", "k3", OLGA)


@pytest.mark.parametrize(("reason", "why"), [(" ", "say why"), ("x" * 501, "at most 500")])
def test_a_decision_needs_a_reason_of_some_words(store: sa.Engine, reason: str, why: str) -> None:
    with pytest.raises(LinkRefusedError, match=why):
        separate(store, TABLET, reason, "k1", OLGA)


def test_only_operators_separate_and_the_log_says_who_did(store: sa.Engine) -> None:
    with pytest.raises(NotPermitted):
        separate(store, TABLET, "wrong", "k1", By("ana", NOW))
    separate(store, TABLET, "wrong", "k1", OLGA)

    with store.connect() as connection:
        newest = connection.execute(
            sa.select(audit_log).order_by(audit_log.c.audit_number.desc())
        ).first()
    assert newest is not None
    assert (newest.actor, newest.action) == ("olga", "visitor_links.separated")


def test_the_warehouse_learns_which_link_and_neither_who_nor_why(store: sa.Engine) -> None:
    separate(store, TABLET, "a canary", "k1", OLGA)

    with store.connect() as connection:
        [state] = analytical.states_after(connection, 0)
    assert json.loads(state["state"]) == {
        "customer_id": "C-1", "is_separated": True, "marketplace": "demo", "visitor_id": "vis/1",
    }  # fmt: skip
    assert "vis/1" not in state["stream_id"]
