"""Deliveries, crashes, replays, late rows and deletions in any order end as a full rebuild does.

A second implementation of the rules in a few lines of Python says what the tables must hold; it is
told in which order the ledger says that files were applied, and reads the files itself.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.crash.crashing import Doomed, Ending, ask, state

pytestmark = pytest.mark.warehouse

PAYMENTS = "payment_id,order_id,status,amount,paid_at,updated_at,is_deleted\n"
EVENTS = "order_event_id,order_id,event_type,occurred_at,is_deleted\n"
START = datetime(2026, 5, 1, 10)  # noqa: DTZ001 - the warehouse's timestamps have no zone
COURSES = settings(
    max_examples=12,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
PAYMENT_COLUMNS = "payment_id, status, cast(paid_at as varchar), cast(updated_at as varchar)"
EVENT_COLUMNS = "order_event_id, event_type"

STATUSES = ("pending", "failed", "pending", "paid", "refunded")

numbers = st.integers(1, 4)
flags = st.sampled_from(["", "", "", "true"])
# A version of a payment always says the same: two that differ are told apart by their content, and
# which is the greater is the loader's affair.
payment_rows = st.lists(st.tuples(numbers, st.integers(0, 4), flags, st.booleans()), max_size=5)
event_rows = st.lists(
    st.tuples(numbers, st.sampled_from(["placed", "approved", "nonsense"]), flags), max_size=4
)


def payment_line(row: tuple[int, int, str, bool]) -> str:
    number, version, deleted, is_bad = row
    status = "nonsense" if is_bad else STATUSES[version]
    # A correction moves the payment by weeks, so that many rows are late when they come.
    paid = START + timedelta(days=(number * 7 + version * 11) % 41)
    updated = START + timedelta(days=50, hours=version)
    return f"p{number},o1,{status},12.50,{paid},{updated},{deleted}\n"


def event_line(row: tuple[int, str, str]) -> str:
    number, kind, deleted = row
    return f"e{number},o1,{kind},{START},{deleted}\n"


class Shop(RuleBasedStateMachine):
    """One home, its inbox, and every file that was ever put there."""

    doomed: Doomed

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.inbox = self.folder / "inbox"
        self.inbox.mkdir()
        self.delivered: dict[str, str] = {}
        self.files = 0
        self.hour = 0
        self.is_settled = False

    def teardown(self) -> None:
        try:
            self.settle()
            self.rebuild()
        finally:
            shutil.rmtree(self.folder)

    # What a shop does.

    @rule(rows=payment_rows)
    def deliver_payments(self, rows: list[tuple[int, int, str, bool]]) -> None:
        self.put("payments", PAYMENTS + "".join(map(payment_line, rows)))

    @rule(rows=event_rows)
    def deliver_events(self, rows: list[tuple[int, str, str]]) -> None:
        self.put("order_events", EVENTS + "".join(map(event_line, rows)))

    @precondition(lambda self: self.delivered)
    @rule(data=st.data())
    def deliver_a_file_again(self, data: st.DataObject) -> None:
        text = data.draw(st.sampled_from(sorted(self.delivered.values())))
        self.put("payments" if text.startswith(PAYMENTS) else "order_events", text)

    @rule()
    def deliver_what_is_no_payments_file(self) -> None:
        self.put("payments", f"nothing,that,fits\n{self.files},2,3\n")

    @precondition(lambda self: any(self.inbox.iterdir()))
    @rule(data=st.data())
    def take_a_file_away(self, data: st.DataObject) -> None:
        names = sorted(path.name for path in self.inbox.iterdir())
        (self.inbox / data.draw(st.sampled_from(names))).unlink()

    # What we do.

    @rule(kill_at=st.integers(1, 30))
    def ingest_and_be_killed(self, kill_at: int) -> None:
        self.run("ingest", kill_at)
        self.is_settled = False

    @rule()
    def settle(self) -> None:
        assert not self.run("ingest").was_killed
        self.is_settled = True

    @precondition(lambda self: (self.folder / "home" / "warehouse.duckdb").exists())
    @rule(kill_at=st.integers(0, 12))
    def replay_the_quarantine(self, kill_at: int) -> None:
        self.run("replay", kill_at)
        self.is_settled = False

    @precondition(lambda self: self.is_settled)
    @rule()
    def rebuild(self) -> None:
        before = self.tables()
        assert not self.run("rebuild").was_killed
        assert self.tables() == before
        self.run("ingest")
        assert self.tables() == before

    # What must hold.

    @invariant()
    def tables_are_what_the_rules_say(self) -> None:
        if not self.is_settled:
            return
        texts = [
            (feed, self.text_of(file_id))
            for feed, file_id in ask(
                self.folder,
                "select feed, file_id from raw.loads group by all order by min(sequence)",
            )
        ]
        assert self.tables() == (
            expected_payments(text for feed, text in texts if feed == "payments"),
            expected_events(text for feed, text in texts if feed == "order_events"),
        )

    @invariant()
    def nothing_received_is_unaccounted_for(self) -> None:
        if not self.is_settled:
            return
        for file_id, status, received, parts, held in ask(
            self.folder,
            "select file_id, status, received, applied + unchanged + duplicate + quarantined, "
            "(select count(*) from quarantine.rows as q where q.sequence = l.sequence) "
            "from raw.loads as l",
        ):
            lines = self.text_of(file_id).count("\n") - 1
            assert (status == "rejected" and held == 1) or received == parts == lines
        known = {row[0] for row in ask(self.folder, "select file_id from raw.loads")}
        assert {content_id(path.read_text()) for path in self.inbox.iterdir()} <= known

    def put(self, feed: str, text: str) -> None:
        self.files += 1
        (self.inbox / f"{feed}-{self.files:03d}.csv").write_text(text)
        self.delivered[content_id(text)] = text
        self.is_settled = False

    def run(self, action: str, kill_at: int = 0) -> Ending:
        self.hour += 1
        recorded_at = START + timedelta(days=60, hours=self.hour)
        return self.doomed(action, self.folder, str(recorded_at), kill_at)

    def text_of(self, file_id: str) -> str:
        return self.delivered[file_id]

    def tables(self) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
        return (
            state(self.folder, "payments", PAYMENT_COLUMNS),
            state(self.folder, "order_events", EVENT_COLUMNS),
        )


def content_id(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def rows_of(text: str, header: str) -> list[list[str]]:
    if not text.startswith(header):
        return []
    return [line.split(",") for line in text[len(header) :].splitlines()]


def expected_payments(texts: Iterable[str]) -> list[tuple[object, ...]]:
    """The highest version wins, then a deletion."""
    best: dict[str, tuple[str, bool, list[str]]] = {}
    for row in [row for text in texts for row in rows_of(text, PAYMENTS)]:
        payment, _, status, _, _, updated, deleted = row
        found = (updated, deleted == "true", row)
        if status == "nonsense" and not found[1]:
            continue
        if payment not in best or found[:2] > best[payment][:2]:
            best[payment] = found
    return sorted(
        (payment, row[2], row[4], row[5]) for payment, (_, gone, row) in best.items() if not gone
    )


def expected_events(texts: Iterable[str]) -> list[tuple[object, ...]]:
    """What came last counts; a deletion stays."""
    kinds: dict[str, str | None] = {}
    for event, _, kind, _, deleted in [row for text in texts for row in rows_of(text, EVENTS)]:
        if deleted == "true":
            kinds[event] = None
        elif kind != "nonsense" and kinds.get(event, "") is not None:
            kinds[event] = kind
    return sorted((event, kind) for event, kind in kinds.items() if kind is not None)


def test_any_course_of_events_ends_as_a_full_rebuild(doomed: Doomed) -> None:
    machine = type("ShopWithLoader", (Shop,), {"doomed": doomed})

    run_state_machine_as_test(machine, settings=COURSES)
