"""The requests of a run: which rows go next, marked before they go."""

from datetime import datetime

import sqlalchemy as sa

from operations.exports.rows import PlannedRow, Request
from operations.store import writing
from operations.tables import export_rows


def last_number(engine: sa.Engine, run_id: str) -> int:
    """The number of the last request of a run; 0 before the first. Reads all rows of the run."""
    with engine.connect() as connection:
        found: int | None = connection.execute(
            sa.select(sa.func.max(export_rows.c.request)).where(export_rows.c.run_id == run_id)
        ).scalar_one()
    return found or 0


def next_request(
    engine: sa.Engine, run_id: str, number: int, most: int | None, now: datetime
) -> Request | None:
    """The next rows to send, marked as being sent under a number that no request has yet.

    First those whose answer was never recorded, under their own; then those that may be tried
    again; then the others, by key. None where nothing is due now.
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
        pending = of_run & (export_rows.c.state == "pending")
        for due in (
            pending & export_rows.c.request.is_not(None) & (export_rows.c.retry_at <= now),
            pending & export_rows.c.request.is_(None),
        ):
            if _marked(connection, run_id, due, number, most, now):
                return _request(connection, run_id, number, was_sent=False)
        return None


def retry_at(engine: sa.Engine, run_id: str) -> datetime | None:
    """When the first of the rows that wait may be tried again; None where none waits."""
    with engine.connect() as connection:
        found: datetime | None = connection.execute(
            sa.select(sa.func.min(export_rows.c.retry_at)).where(
                export_rows.c.run_id == run_id, export_rows.c.state == "pending"
            )
        ).scalar_one()
    return found


def again(engine: sa.Engine, run_id: str, number: int) -> None:
    """Counts another attempt at a request whose rows may have arrived already."""
    _change_sending(engine, run_id, number, attempts=export_rows.c.attempts + 1)


def take_back(engine: sa.Engine, run_id: str, number: int) -> None:
    """Unmarks a request that did not go: its rows have arrived nowhere and wait as before."""
    _change_sending(
        engine,
        run_id,
        number,
        state="pending",
        request=None,
        attempts=export_rows.c.attempts - 1,
    )


def _change_sending(engine: sa.Engine, run_id: str, number: int, **values: object) -> None:
    with writing(engine) as connection:
        connection.execute(
            sa.update(export_rows)
            .where(
                export_rows.c.run_id == run_id,
                export_rows.c.request == number,
                export_rows.c.state == "sending",
            )
            .values(**values)
        )


def _marked(
    connection: sa.Connection,
    run_id: str,
    due: sa.ColumnElement[bool],
    number: int,
    most: int | None,
    now: datetime,
) -> bool:
    """Whether any of the rows that are due were marked; the first ones, in the index's order."""
    if most is not None:
        keys = sa.select(export_rows.c.row_key).where(due)
        keys = keys.order_by(export_rows.c.request, export_rows.c.row_key).limit(most)
        due = (export_rows.c.run_id == run_id) & export_rows.c.row_key.in_(keys.scalar_subquery())
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
    return bool(marked.rowcount)


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
