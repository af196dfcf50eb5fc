"""Sends the rows of a run, request by request, so that a crash anywhere changes nothing twice.

A request is marked, asked about consent once more, put on the wire and settled. After a crash the
marked one comes first: it is repeated as it was where the destination makes that harmless, and is
`unknown` where it does not.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from operations.exports import requests, runs
from operations.exports import rows as outbox
from operations.exports.rows import Request, Settled
from operations.exports.runs import Run
from operations.kernel import By
from pipelines.exporting.contents import Contents, check_contents
from pipelines.exporting.destination import (
    Destination,
    DestinationStoppedError,
    Limits,
    Outcome,
    Row,
)
from pipelines.exporting.former import settle_traced, traced
from pipelines.exporting.identifiers.formats import Format
from pipelines.exporting.people import BY_CONSENT
from sources.kill_points import reached

# A request without an answer, and rows that are not taken, are tried so often in one run.
MOST_ATTEMPTS: Final = 6
_FIRST_WAIT_SECONDS: Final = 1.0
_LONGEST_WAIT_SECONDS: Final = 300.0
_ACTOR: Final = "exports"
_HARMLESS: Final = frozenset({"natural_key", "whole_file"})


# What is told while rows are sent: how many were settled just now, of how many.
Progress = Callable[[int, int], None]


def no_progress(_done: int, _total: int) -> None:
    """Tells nobody."""


# What is told of why nothing is sent just now.
Note = Callable[[str], None]


def no_note(_said: str) -> None:
    """Tells nobody."""


class ExportInterruptedError(Exception):
    """A run stopped on its way; what is left stays pending, and the next one goes on with it."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What time it is, and how to wait; given, so that tests need not."""

    now: Callable[[], datetime]
    sleep: Callable[[float], None]

    @property
    def by(self) -> By:
        """Ours, now."""
        return By(_ACTOR, self.now(), is_system=True)


@dataclass(frozen=True, slots=True)
class Sending:
    """What a run is sent with. `denied` says who may not be sent any more, and why."""

    engine: sa.Engine
    destination: Destination
    limits: Limits
    denied: Callable[[Sequence[str]], Mapping[str, str]]
    contents: Path
    clock: Clock
    progress: Progress = no_progress
    # By what the destination finds people, if it does: a row's old identifiers are removed there.
    wanted: Format | None = None


def send(sending: Sending, run: Run) -> Run:
    """The run, finished, with its results.

    Raises:
        ExportInterruptedError: the destination stops it, or takes no row for too long.
        ContentsLostError: what it was to send is gone.
    """
    # Before a request is marked, which would then count as one that may have arrived.
    check_contents(sending.contents)
    left = outbox.counts(sending.engine, run.run_id)
    total = left.get("pending", 0) + left.get("sending", 0)
    contents = Contents(sending.contents)
    try:
        for request in _requests(sending, run):
            sending.progress(_send_one(sending, run, request, contents), total)
    except (DestinationStoppedError, ExportInterruptedError) as error:
        runs.interrupt(sending.engine, run.run_id, str(error), sending.clock.by)
        raise ExportInterruptedError(str(error)) from None
    reached("everything_settled")
    results = outbox.counts(sending.engine, run.run_id)
    finished = runs.finish(sending.engine, run.run_id, results, sending.clock.by)
    reached("run_finished")
    sending.contents.unlink(missing_ok=True)
    return finished


def _requests(sending: Sending, run: Run) -> Iterator[Request]:
    """What is to be sent, at the destination's pace; waits for rows that may be tried later."""
    clock, limits = sending.clock, sending.limits
    pause = 1 / limits.requests_per_second if limits.requests_per_second else 0.0
    last: datetime | None = None
    number = requests.last_number(sending.engine, run.run_id)
    while True:
        request = requests.next_request(
            sending.engine, run.run_id, number + 1, limits.rows_per_request, clock.now()
        )
        if request is None:
            due = requests.retry_at(sending.engine, run.run_id)
            if due is None:
                return
            _wait(clock, due)
            continue
        number = max(number, request.number)
        if last is not None and pause:
            clock.sleep(max(pause - (clock.now() - last).total_seconds(), 0.0))
        last = clock.now()
        reached("request_marked")
        yield request


def _wait(clock: Clock, until: datetime) -> None:
    seconds = (until - clock.now()).total_seconds()
    if seconds > _LONGEST_WAIT_SECONDS:
        raise ExportInterruptedError(f"the destination asks to wait {seconds:,.0f} seconds")
    clock.sleep(max(seconds, 0.001))


def _send_one(sending: Sending, run: Run, request: Request, contents: Contents) -> int:
    """How many rows were settled; one that is to be tried again is not, nor is one withheld."""
    if request.was_sent:
        if run.promise == "none":
            return _settle_unknown(sending, run, request)
        requests.again(sending.engine, run.run_id, request.number)
        if (request.attempts + 1) % MOST_ATTEMPTS == 0:
            raise ExportInterruptedError("the destination does not answer; try again later")
    remaining = _allowed(sending, run, request)
    if remaining is None:
        return 0
    planned: Sequence[Row] = contents.rows_of(remaining.rows)
    trace = None
    if sending.wanted is not None:
        objected = {row.key for row in remaining.rows if row.reason in BY_CONSENT}
        trace = traced(sending.engine, run, sending.wanted, planned, objected)
        planned = trace.rows
    reached("before_the_wire")
    outcomes = sending.destination.send(planned, f"{run.run_id}-{request.number}")
    reached("after_the_wire")
    if trace is not None:
        settle_traced(sending.engine, run, trace, outcomes)
        reached("identifiers_forgotten")
    settled_count = _settle(sending, run, remaining, outcomes)
    reached("request_settled")
    return settled_count


def _allowed(sending: Sending, run: Run, request: Request) -> Request | None:
    """The request without those who may not be sent any more; None where none is left."""
    upserts = [row.key for row in request.rows if row.operation == "upsert"]
    try:
        reasons = sending.denied(upserts) if upserts else {}
    except ExportInterruptedError:
        if not request.was_sent:
            requests.take_back(sending.engine, run.run_id, request.number)
        raise
    if not reasons:
        return request
    outbox.withhold(sending.engine, run, request, reasons, sending.clock.now())
    reached("rows_withheld")
    rest = replace(request, rows=[row for row in request.rows if row.key not in reasons])
    if rest.rows and request.was_sent and run.promise not in _HARMLESS:
        # Its key stands for other rows, and under another key it would be sent twice.
        _settle_unknown(sending, run, rest)
        return None
    return rest if rest.rows else None


def _settle(sending: Sending, run: Run, request: Request, outcomes: Sequence[Outcome]) -> int:
    clock = sending.clock
    now = clock.now()
    wait = min(_FIRST_WAIT_SECONDS * 2 ** min(request.attempts, 10), _LONGEST_WAIT_SECONDS)
    settled = []
    for outcome in outcomes:
        may_have_arrived = outcome.state == "unknown" or request.was_sent
        if may_have_arrived and outcome.state in {"unknown", "retry"} and run.promise != "none":
            # Stays marked and is repeated as it was: under another key it might be sent twice.
            wait = max(wait, outcome.retry_after_seconds or 0.0)
            continue
        if outcome.state == "retry":
            seconds = wait if outcome.retry_after_seconds is None else outcome.retry_after_seconds
            again = now + timedelta(seconds=seconds)
            settled.append(Settled(outcome.key, "pending", outcome.reason, again))
        else:
            settled.append(Settled(outcome.key, outcome.state, outcome.reason))
    if settled:
        outbox.settle(sending.engine, run, request.number, settled, now)
    waiting = [each.retry_at for each in settled if each.retry_at is not None]
    if waiting and request.attempts % MOST_ATTEMPTS == 0:
        raise ExportInterruptedError(
            f"{len(waiting):,} rows were not taken in several attempts; try again later"
        )
    if len(settled) < len(request.rows):
        clock.sleep(wait)
    elif len(waiting) == len(request.rows):
        # It is the destination that takes nothing now, so no other rows are tried meanwhile.
        _wait(clock, max(waiting))
    return len(settled) - len(waiting)


def _settle_unknown(sending: Sending, run: Run, request: Request) -> int:
    settled = [Settled(row.key, "unknown", "answer_lost") for row in request.rows]
    outbox.settle(sending.engine, run, request.number, settled, sending.clock.now())
    return len(settled)
