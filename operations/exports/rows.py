"""The rows of runs: written in bulk, and settled by what became of them.

A request is marked before it goes on the wire, so that after a crash it is known which rows may
have arrived. What a destination has (`export_sent`) changes in the transaction that settles a row.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from operations.exports.runs import Run
from operations.exports.sent import (
    KEYS_AT_ONCE,
    ROWS_AT_ONCE,
    in_batches,
    insert_many,
    is_of,
    known,
)
from operations.store import writing
from operations.tables import UtcDateTime, export_rows, export_sent


class PlannedRow(NamedTuple):
    """A row to be sent; `reason`: why somebody who is there may not be any more."""

    key: str
    operation: str
    content_hash: str | None
    consent_version: str | None
    is_new: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """Rows that go together, in the order of their keys; `was_sent`: they may have arrived."""

    number: int
    rows: Sequence[PlannedRow]
    attempts: int
    was_sent: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a row; `pending` with the moment from which it may be tried again."""

    key: str
    state: str
    reason: str | None = None
    retry_at: datetime | None = None


# The values of a planned row, in its order: of a million none is made an object.
PlannedValues = tuple[str, str, str | None, str | None, bool, str | None]


def write(engine: sa.Engine, run_id: str, rows: Iterable[PlannedValues]) -> None:
    """Writes the rows of a run that is being planned."""
    columns = (
        *("run_id", "row_key", "operation", "is_new", "content_hash", "consent_version"),
        *("state", "reason", "attempts"),
    )
    for chunk in in_batches(rows, ROWS_AT_ONCE):
        given = [
            (run_id, key, operation, is_new, content, consent, "pending", reason, 0)
            for key, operation, content, consent, is_new, reason in chunk
        ]
        with writing(engine) as connection:
            insert_many(connection, export_rows, columns, given)


def clear(engine: sa.Engine, run_id: str) -> None:
    """Removes the rows of a run that was never planned."""
    with writing(engine) as connection:
        connection.execute(sa.delete(export_rows).where(export_rows.c.run_id == run_id))


def settle(
    engine: sa.Engine, run: Run, number: int, outcomes: Sequence[Settled], now: datetime
) -> None:
    """Records what became of the rows of a request, and with it what the destination has."""
    with writing(engine) as connection:
        _record(connection, run.run_id, number, outcomes, now)
        _update_sent(connection, run, export_rows.c.request == number, now)


def withhold(
    engine: sa.Engine, run: Run, request: Request, reasons: Mapping[str, str], now: datetime
) -> None:
    """Takes rows out of a request, because they may not be sent any more.

    What the destination has of them, or may have, is removed by a later request of the run.
    """
    with writing(engine) as connection:
        has = (
            set(reasons)
            if request.was_sent
            else known(connection, run.marketplace, run.export, sorted(reasons))
        )
        change = sa.update(export_rows).values(request=None, retry_at=None, changed_at=now)
        alike: defaultdict[tuple[str, bool], list[str]] = defaultdict(list)
        for key, reason in reasons.items():
            alike[reason, key in has].append(key)
        for (reason, is_there), keys in alike.items():
            state = (
                {"operation": "remove", "state": "pending"} if is_there else {"state": "suppressed"}
            )
            _change(connection, run.run_id, keys, change.values(**state, reason=reason))


def give_up(engine: sa.Engine, run: Run, now: datetime) -> None:
    """Settles all rows of a run that cannot go on; what was on its way is unknown."""
    with writing(engine) as connection:
        its = sa.update(export_rows).where(export_rows.c.run_id == run.run_id)
        connection.execute(
            its.where(export_rows.c.state == "sending").values(
                state="unknown", reason="abandoned", changed_at=now
            )
        )
        connection.execute(
            its.where(export_rows.c.state == "pending").values(
                state="suppressed", reason="abandoned", changed_at=now
            )
        )
        _update_sent(connection, run, export_rows.c.reason == "abandoned", now)


def counts(engine: sa.Engine, run_id: str) -> dict[str, int]:
    """How many rows of a run are in which state."""
    found: Counter[str] = Counter()
    for state, _reason, count in reasons(engine, run_id):
        found[state] += count
    return dict(found)


def reasons(engine: sa.Engine, run_id: str) -> list[tuple[str, str | None, int]]:
    """How many rows of a run are in which state and why, the most first."""
    columns = (export_rows.c.state, export_rows.c.reason)
    with engine.connect() as connection:
        found = connection.execute(
            sa.select(*columns, sa.func.count().label("row_count"))
            .where(export_rows.c.run_id == run_id)
            .group_by(*columns)
        )
        listed = [
            (str(row.state), None if row.reason is None else str(row.reason), int(row.row_count))
            for row in found
        ]
    return sorted(listed, key=lambda each: (-each[2], each[0], each[1] or ""))


def _record(
    connection: sa.Connection, run_id: str, number: int, outcomes: Sequence[Settled], now: datetime
) -> None:
    """Rows that came out alike change together; where that is all of a request, by its number."""
    alike: defaultdict[tuple[str, str | None, datetime | None], list[str]] = defaultdict(list)
    for each in outcomes:
        alike[each.state, each.reason, each.retry_at].append(each.key)
    marked = (export_rows.c.run_id == run_id) & (export_rows.c.request == number)
    marked &= export_rows.c.state == "sending"
    count = connection.execute(sa.select(sa.func.count()).where(marked)).scalar_one()
    for (state, reason, retry_at), keys in alike.items():
        change = sa.update(export_rows).values(
            state=state, reason=reason, retry_at=retry_at, changed_at=now
        )
        if len(keys) == count:
            connection.execute(change.where(marked))
        else:
            _change(connection, run_id, keys, change)


def _change(connection: sa.Connection, run_id: str, keys: Iterable[str], change: sa.Update) -> None:
    for part in in_batches(keys, KEYS_AT_ONCE):
        connection.execute(
            change.where(export_rows.c.run_id == run_id, export_rows.c.row_key.in_(part))
        )


def _update_sent(
    connection: sa.Connection, run: Run, which: sa.ColumnElement[bool], now: datetime
) -> None:
    """Replaces what is known of some rows of a run that the destination has or may have."""
    its = (export_rows.c.run_id == run.run_id) & which
    is_known = its & export_rows.c.state.in_(("confirmed", "unknown"))
    connection.execute(
        sa.delete(export_sent).where(
            *is_of(run.marketplace, run.export),
            export_sent.c.row_key.in_(sa.select(export_rows.c.row_key).where(is_known)),
        )
    )
    # A removal of which nobody knows whether it arrived leaves what may still be there.
    stays = is_known & ((export_rows.c.operation == "upsert") | (export_rows.c.state == "unknown"))
    columns: dict[str, Any] = {
        "marketplace": sa.literal(run.marketplace),
        "export": sa.literal(run.export),
        "row_key": export_rows.c.row_key,
        "content_hash": export_rows.c.content_hash,
        "consent_version": export_rows.c.consent_version,
        "is_certain": export_rows.c.state == "confirmed",
        "run_id": export_rows.c.run_id,
        "sent_at": sa.literal(now, UtcDateTime()),
    }
    connection.execute(
        sa.insert(export_sent).from_select(
            list(columns),
            sa.select(*(value.label(name) for name, value in columns.items())).where(stays),
        )
    )
