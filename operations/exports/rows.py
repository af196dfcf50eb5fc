"""The rows of runs: written in bulk, taken request by request, and settled by what became of them.

A request is marked before it goes on the wire, so that after a crash it is known which rows may
have arrived. What a destination has (`export_sent`) changes in the transaction that settles a row.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from operations.exports.runs import Run
from operations.exports.sent import ROWS_AT_ONCE, in_batches, insert_many, is_of, known
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


# The columns of a planned row, in the order of its fields.
_PLANNED: Final = ("row_key", "operation", "content_hash", "consent_version", "is_new", "reason")


def write(engine: sa.Engine, run_id: str, rows: Iterable[PlannedRow]) -> None:
    """Writes the rows of a run that is being planned."""
    columns = (*_PLANNED, "run_id", "state", "attempts")
    for chunk in in_batches(rows, ROWS_AT_ONCE):
        given = [(*row, run_id, "pending", 0) for row in chunk]
        with writing(engine) as connection:
            insert_many(connection, export_rows, columns, given)


def clear(engine: sa.Engine, run_id: str) -> None:
    """Removes the rows of a run that was never planned."""
    with writing(engine) as connection:
        connection.execute(sa.delete(export_rows).where(export_rows.c.run_id == run_id))


def next_request(engine: sa.Engine, run_id: str, most: int | None, now: datetime) -> Request | None:
    """The next rows to send, marked as being sent; first those whose answer was never recorded.

    None where nothing is due now.
    """
    with writing(engine) as connection:
        of_run = export_rows.c.run_id == run_id
        begun: int | None = connection.execute(
            sa.select(sa.func.min(export_rows.c.request)).where(
                of_run, export_rows.c.state == "sending"
            )
        ).scalar_one()
        if begun is not None:
            return _request(connection, run_id, begun, was_sent=True)
        last: int | None = connection.execute(
            sa.select(sa.func.max(export_rows.c.request)).where(of_run)
        ).scalar_one()
        number = (last or 0) + 1
        is_due = export_rows.c.retry_at.is_(None) | (export_rows.c.retry_at <= now)
        due = of_run & (export_rows.c.state == "pending") & is_due
        if most is not None:
            keys = sa.select(export_rows.c.row_key).where(due)
            keys = keys.order_by(export_rows.c.row_key).limit(most)
            due = of_run & export_rows.c.row_key.in_(keys.scalar_subquery())
        marked = connection.execute(
            sa.update(export_rows)
            .where(due)
            .values(
                state="sending",
                request=number,
                attempts=export_rows.c.attempts + 1,
                changed_at=now,
            )
        )
        return _request(connection, run_id, number, was_sent=False) if marked.rowcount else None


def retry_at(engine: sa.Engine, run_id: str) -> datetime | None:
    """When the first of the rows that wait may be tried again; None where none waits."""
    with engine.connect() as connection:
        found: datetime | None = connection.execute(
            sa.select(sa.func.min(export_rows.c.retry_at)).where(
                export_rows.c.run_id == run_id, export_rows.c.state == "pending"
            )
        ).scalar_one()
    return found


def settle(
    engine: sa.Engine, run: Run, number: int, outcomes: Sequence[Settled], now: datetime
) -> None:
    """Records what became of the rows of a request, and with it what the destination has."""
    with writing(engine) as connection:
        _record(connection, run.run_id, outcomes, now)
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
        for key, reason in reasons.items():
            is_there = key in has
            state = (
                {"operation": "remove", "state": "pending"} if is_there else {"state": "suppressed"}
            )
            connection.execute(
                change.where(
                    export_rows.c.run_id == run.run_id, export_rows.c.row_key == key
                ).values(**state, reason=reason)
            )


def again(engine: sa.Engine, run_id: str, number: int) -> None:
    """Counts another attempt at a request whose rows may have arrived already."""
    with writing(engine) as connection:
        connection.execute(
            sa.update(export_rows)
            .where(
                export_rows.c.run_id == run_id,
                export_rows.c.request == number,
                export_rows.c.state == "sending",
            )
            .values(attempts=export_rows.c.attempts + 1)
        )


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


def _request(connection: sa.Connection, run_id: str, number: int, *, was_sent: bool) -> Request:
    found = connection.execute(
        sa.select(
            export_rows.c.row_key,
            export_rows.c.operation,
            export_rows.c.content_hash,
            export_rows.c.consent_version,
            export_rows.c.is_new,
            export_rows.c.reason,
            export_rows.c.attempts,
        )
        .where(
            export_rows.c.run_id == run_id,
            export_rows.c.request == number,
            export_rows.c.state == "sending",
        )
        .order_by(export_rows.c.row_key)
    ).all()
    rows = [PlannedRow(*row[:-1]) for row in found]
    return Request(number, rows, max(row.attempts for row in found), was_sent)


def _record(
    connection: sa.Connection, run_id: str, outcomes: Sequence[Settled], now: datetime
) -> None:
    change = (
        sa.update(export_rows)
        .where(export_rows.c.run_id == run_id, export_rows.c.row_key == sa.bindparam("of_key"))
        .values(
            state=sa.bindparam("to_state"),
            reason=sa.bindparam("to_reason"),
            retry_at=sa.bindparam("to_retry_at", type_=UtcDateTime()),
            changed_at=now,
        )
    )
    for chunk in in_batches(outcomes, ROWS_AT_ONCE):
        connection.execute(
            change,
            [
                {
                    "of_key": each.key,
                    "to_state": each.state,
                    "to_reason": each.reason,
                    "to_retry_at": each.retry_at,
                }
                for each in chunk
            ],
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
