"""What the warehouse may know of the store, and what it is never told."""

import json
import pkgutil
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
import sqlalchemy as sa

import operations
from operations import accounts, analytical, kernel, sessions, work_requests
from operations.accounts import NewAccount
from operations.kernel import By, Field, NewEvent, Stream
from operations.streams import STREAMS
from operations.work_requests import NewRequest
from tests.operations.counters import COUNTERS, NOW, SYSTEM, added

NAME = "olga.canary@example.org"
BY = By(NAME, NOW)


def events(store: sa.Engine, after: int = 0) -> list[dict[str, Any]]:
    with store.connect() as connection:
        return list(analytical.events_after(connection, after))


def states(store: sa.Engine, after: int = 0) -> list[dict[str, Any]]:
    with store.connect() as connection:
        return list(analytical.states_after(connection, after))


def last(store: sa.Engine) -> int:
    with store.connect() as connection:
        return analytical.last_number(connection)


@pytest.fixture
def used(store: sa.Engine) -> sa.Engine:
    """A store in which somebody got an account, signed in and asked for a replay."""
    new = NewAccount(NAME, "operator_admin", "correct horse battery")
    account = accounts.create_account(store, new, SYSTEM)
    sessions.open_session(store, account, kind="password", remote_address="203.0.113.77", now=NOW)
    work_requests.request_work(store, NewRequest("r1", "demo", "orders"), BY)
    return store


def test_an_event_tells_the_analytical_fields_of_an_analytical_stream(used: sa.Engine) -> None:
    [event] = events(used)

    assert event["event_number"] == last(used)
    assert json.loads(event.pop("payload")) == {
        "argument": "orders", "kind": "replay_quarantine", "marketplace": "demo",
    }  # fmt: skip
    assert event == {
        "event_number": event["event_number"],
        "stream": "work_requests",
        "stream_id": "r1",
        "version": 1,
        "kind": "requested",
        "occurred_at": "2026-07-01 09:00:00.000000+00:00",
    }


def test_neither_names_nor_secrets_nor_free_text_are_told(used: sa.Engine) -> None:
    [request] = work_requests.open_requests(used, "demo")
    work_requests.finish_work(used, request, "failed", "canary: a sentence", SYSTEM)

    told = str(events(used)) + str(states(used))

    assert "canary" not in told
    assert "argon2" not in told
    assert "203.0.113.77" not in told
    assert [event["kind"] for event in events(used)] == ["requested", "failed"]


def test_what_was_told_is_not_told_again(used: sa.Engine) -> None:
    told = last(used)
    assert events(used, told) == states(used, told) == []

    work_requests.request_work(used, NewRequest("r2", "demo", "vendors"), BY)

    assert [event["stream_id"] for event in events(used, told)] == ["r2"]
    assert [state["stream_id"] for state in states(used, told)] == ["r2"]


def test_a_state_is_told_anew_when_it_changed(used: sa.Engine) -> None:
    told = last(used)
    [request] = work_requests.open_requests(used, "demo")
    later = By("pipelines", NOW + timedelta(hours=1), is_system=True)
    work_requests.finish_work(used, request, "done", "Rows loaded: 3.", later)

    [state] = states(used, told)

    assert (state["version"], state["event_number"]) == (2, last(used))
    assert json.loads(state["state"]) == {
        "argument": "orders", "kind": "replay_quarantine", "marketplace": "demo", "state": "done",
        "requested_at": "2026-07-01T09:00:00+00:00", "finished_at": "2026-07-01T10:00:00+00:00",
    }  # fmt: skip


def test_a_secret_of_an_analytical_stream_stays(store: sa.Engine) -> None:
    kernel.append(store, COUNTERS, NewEvent("a", "added", {"amount": 1, "pin": "4711"}), SYSTEM)
    kernel.append(store, COUNTERS, added("a", 2), SYSTEM)
    with store.connect() as connection:
        told = list(analytical.events_after(connection, 0, [COUNTERS]))
        [state] = analytical.states_after(connection, 0, [COUNTERS])

    assert [json.loads(event["payload"]) for event in told] == [{"amount": 1}, {"amount": 2}]
    assert json.loads(state["state"]) == {"amount": 2, "total": 3}


def test_a_stream_whose_ids_are_names_is_refused_as_analytical() -> None:
    with pytest.raises(ValueError, match="names of accounts never leave"):
        Stream(
            name="pets",
            fields={"kind": Field(analytical=True)},
            permitted={},
            fold=lambda _before, new, _by: new.payload,
            is_analytical=True,
            ids_name_accounts=True,
        )


def test_every_stream_is_listed() -> None:
    modules = [
        import_module(module.name)
        for module in pkgutil.walk_packages(operations.__path__, "operations.")
        if not module.ispkg and not module.name.startswith("operations.migrations.")
    ]

    found = {
        value.name for module in modules for value in vars(module).values()
        if isinstance(value, Stream)
    }  # fmt: skip

    assert found == {stream.name for stream in STREAMS}
    assert list(analytical.declared()) == [
        "exports",
        "segments",
        "thresholds",
        "vendor_requests",
        "visitor_links",
        "work_requests",
    ]
