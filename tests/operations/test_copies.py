"""The store's events and states as feeds: each is copied once, and a state follows its events."""

import json
import traceback
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from operations import accounts, sessions, work_requests
from operations.accounts import NewAccount
from operations.exports import rows, runs
from operations.kernel import By
from operations.store import open_store, sqlite_url
from operations.views import Shop, View, count_view
from operations.work_requests import NewRequest
from pipelines.loading.feed import load_feed
from pipelines.loading.ledger import LoadOutcome
from pipelines.loading.operational import are_copied
from pipelines.loading.rebuild import rebuild_from_landing
from pipelines.loading.warehouse import open_warehouse
from sources.contract import own_feeds
from sources.errors import TransientSourceError
from sources.parsing.client import Parser
from tests.operations.counters import NOW, SYSTEM
from tests.unit.loading_desk import Desk, a_desk

BY = By("olga", NOW)
NOON = "2026-07-01 12:00:00"

pytestmark = pytest.mark.warehouse


@pytest.fixture
def desk(tmp_path: Path, parser: Parser, store: sa.Engine) -> Desk:
    opened = a_desk(tmp_path, parser)
    opened.store_url = store.url.render_as_string(hide_password=False)
    opened.recorded_at = NOON
    accounts.create_account(
        store, NewAccount("olga", "operator_admin", "correct horse battery"), SYSTEM
    )
    return opened


def ask(store: sa.Engine, request_id: str, feed: str) -> None:
    work_requests.request_work(store, NewRequest(request_id, "tiny", feed), BY)


def finish(store: sa.Engine) -> None:
    [request] = work_requests.open_requests(store, "tiny")
    later = By("pipelines", NOW + timedelta(hours=1), is_system=True)
    work_requests.finish_work(store, request, "done", "Rows loaded: 3.", later)


def copy(desk: Desk) -> list[LoadOutcome]:
    with desk.loader() as loader:
        return [outcome for feed in own_feeds() for outcome in load_feed(loader, feed).outcomes]


def is_copied(desk: Desk) -> bool:
    with desk.loader() as loader:
        return are_copied(loader.connection, desk.marketplace, desk.store_url)


def _run(store: sa.Engine, run_id: str) -> runs.Run:
    found = runs.run_of(store, run_id)
    assert found is not None
    return found


def copied_events(desk: Desk) -> list[tuple[Any, ...]]:
    return desk.current("operation_events", "stream_id", "version", "kind")


def copied_states(desk: Desk) -> list[tuple[Any, ...]]:
    rows = desk.current("operation_states", "stream_id", "version", "state")
    return [(stream_id, version, json.loads(state)["state"]) for stream_id, version, state in rows]


def test_each_event_is_copied_once_and_the_state_follows(desk: Desk, store: sa.Engine) -> None:
    ask(store, "r1", "orders")
    first = copy(desk)
    finish(store)
    ask(store, "r2", "vendors")
    second = copy(desk)

    assert [outcome.applied for outcome in first] == [1, 1]
    assert [outcome.applied for outcome in second] == [2, 2]
    assert copied_events(desk) == [
        ("r1", 1, "requested"), ("r1", 2, "done"), ("r2", 1, "requested"),
    ]  # fmt: skip
    assert copied_states(desk) == [("r1", 2, "done"), ("r2", 1, "requested")]
    [(moment,)] = desk.query("select max(occurred_at) from raw.operation_events_current")
    assert moment.replace(tzinfo=UTC) == NOW + timedelta(hours=1)


def test_rows_of_an_export_are_copied_with_their_run_and_again_when_it_ends(
    desk: Desk, store: sa.Engine
) -> None:
    kontor = By("pipelines", NOW, is_system=True)
    for run_id, export in (("x1", "mail"), ("x2", "ads")):
        rows.write(store, run_id, [rows.PlannedRow("c1", "upsert", "ab", "v1", is_new=True)])
        runs.plan(
            store, runs.NewRun(run_id, "tiny", export, export, "mirror", "none", "v", {}), kontor
        )
    first = desk.ingest("export_rows").outcomes
    rows.settle(store, _run(store, "x1"), 1, [rows.Settled("c1", "confirmed")], NOW)
    assert desk.ingest("export_rows").outcomes == ()
    runs.finish(store, "x1", {"confirmed": 1}, kontor)
    second = desk.ingest("export_rows").outcomes

    assert [(each.applied, each.received) for each in (*first, *second)] == [(2, 2), (1, 1)]
    assert desk.current("export_rows", "run_id", "subject_id", "state") == [
        ("x1", "c1", "confirmed"),
        ("x2", "c1", "pending"),
    ]
    copy(desk)
    assert is_copied(desk)


def test_looks_of_vendors_are_copied_once_their_day_is_over(desk: Desk, store: sa.Engine) -> None:
    monday, tuesday, friday = (date(2026, 6, day) for day in (1, 2, 5))
    view, shops = View("vendor_owner", "vendor_orders"), (Shop("tiny", "v1"), Shop("tiny", "v2"))
    for shop in (*shops, shops[0]):
        count_view(store, view, monday, shop)
    assert is_copied(desk)
    count_view(store, view, tuesday, shops[1])
    first = desk.ingest("vendor_looks").outcomes
    count_view(store, view, tuesday, shops[1])
    assert is_copied(desk)
    assert desk.ingest("vendor_looks").outcomes == ()
    # An operator's view ends a day, too, and is nobody's look.
    count_view(store, View("analyst", "operator_vendors"), friday)
    assert not is_copied(desk)
    second = desk.ingest("vendor_looks").outcomes

    assert [each.applied for each in (*first, *second)] == [2, 1]
    assert desk.current("vendor_looks", "looked_on", "marketplace", "vendor_id", "look_count") == [
        (monday, "tiny", "v1", 2),
        (monday, "tiny", "v2", 1),
        (tuesday, "tiny", "v2", 2),
    ]
    assert is_copied(desk)


def test_nothing_new_is_no_load(desk: Desk, store: sa.Engine) -> None:
    assert copy(desk) == []
    assert is_copied(desk)

    ask(store, "r1", "orders")
    assert not is_copied(desk)
    assert len(copy(desk)) == 2

    assert is_copied(desk)
    assert copy(desk) == []


def test_a_sign_in_and_an_account_are_no_news(desk: Desk, store: sa.Engine) -> None:
    ask(store, "r1", "orders")
    copy(desk)

    new = NewAccount("ana", "analyst", "correct horse battery")
    account = accounts.create_account(store, new, SYSTEM)
    sessions.open_session(store, account, kind="password", remote_address="203.0.113.7", now=NOW)

    assert is_copied(desk)
    assert copy(desk) == []


def test_a_rebuild_from_the_landing_reads_no_store_and_ends_in_the_same_tables(
    desk: Desk, store: sa.Engine
) -> None:
    ask(store, "r1", "orders")
    copy(desk)
    finish(store)
    copy(desk)
    columns = ("* exclude (_row_id)",)
    before = {feed: desk.current(feed, *columns) for feed in own_feeds()}

    rebuild_from_landing(desk.home, desk.marketplace, desk.parser, "2026-07-02 12:00:00")

    assert {feed: desk.current(feed, *columns) for feed in own_feeds()} == before
    assert is_copied(desk)


def test_a_copy_that_was_refused_blocks_until_its_events_are_copied_again(
    desk: Desk, store: sa.Engine
) -> None:
    ask(store, "r1", "orders")
    [event, _] = copy(desk)
    # As if the parser had crashed on it.
    with open_warehouse(desk.home.warehouse) as connection:
        connection.execute("update raw.loads set status = 'rejected'")
        connection.execute("delete from raw.operation_events")
    assert not is_copied(desk)
    finish(store)

    [again] = desk.ingest("operation_events").outcomes

    assert (again.received, again.load.cursor_to) == (2, str(int(event.load.cursor_to or 0) + 1))
    assert desk.query(
        "select status, is_present from raw.loads where feed = 'operation_events' order by sequence"
    ) == [("rejected", False), ("loaded", True)]


def test_a_home_without_a_store_has_nothing_to_copy(tmp_path: Path, parser: Parser) -> None:
    desk = a_desk(tmp_path, parser)

    assert copy(desk) == []
    assert is_copied(desk)


def test_a_store_in_the_place_of_another_is_read_from_its_beginning(
    tmp_path: Path, parser: Parser
) -> None:
    desk = a_desk(tmp_path, parser)
    for number, request_id in enumerate(("r1", "r2")):
        desk.store_url = sqlite_url(tmp_path / f"operations-{number}.sqlite")
        engine = open_store(desk.store_url)
        new = NewAccount("olga", "operator_admin", "correct horse battery")
        accounts.create_account(
            engine, new, By("tests", NOW + timedelta(days=number), is_system=True)
        )
        ask(engine, request_id, "orders")
        engine.dispose()
        assert not is_copied(desk)
        copy(desk)

    assert copied_states(desk) == [("r1", 1, "requested"), ("r2", 1, "requested")]
    assert is_copied(desk)


def test_a_store_that_was_put_back_is_read_from_its_beginning(
    tmp_path: Path, parser: Parser
) -> None:
    path = tmp_path / "operations.sqlite"
    desk = a_desk(tmp_path, parser)
    desk.store_url = sqlite_url(path)
    engine = open_store(desk.store_url)
    accounts.create_account(
        engine, NewAccount("olga", "operator_admin", "correct horse battery"), SYSTEM
    )
    ask(engine, "r1", "orders")
    engine.dispose()
    copy(desk)
    backup = path.read_bytes()
    finish(engine)
    engine.dispose()
    copy(desk)
    path.write_bytes(backup)

    assert not is_copied(desk)
    copy(desk)
    assert is_copied(desk)
    ask(engine, "r2", "vendors")
    engine.dispose()
    copy(desk)

    assert copied_states(desk) == [("r1", 1, "requested"), ("r2", 1, "requested")]
    assert is_copied(desk)


@pytest.mark.parametrize(
    ("login", "reason"),
    [
        ("kontor:canary-4711@127.0.0.1:1", "Connection refused"),
        # A password with an @ that is not written as %40.
        ("kontor:pa@canary-4711@127.0.0.1:1", "failed to resolve host"),
        ("kontor:x@127.0.0.1:canary-4711", "the port is not a number"),
    ],
)
def test_a_store_that_is_away_is_told_without_its_address(
    tmp_path: Path, parser: Parser, login: str, reason: str
) -> None:
    pytest.importorskip("psycopg")
    desk = a_desk(tmp_path, parser)
    desk.store_url = f"postgresql://{login}/kontor"

    with pytest.raises(TransientSourceError, match="operational store cannot be opened") as caught:
        desk.ingest("operation_events")

    assert "canary-4711" not in "".join(traceback.format_exception(caught.value))
    assert reason in str(caught.value)
