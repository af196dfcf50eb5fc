"""What of the store the warehouse may know: analytical fields of analytical streams, and no names.

Who did something stays in the store, where the pages read it: the name of an account may be an
address. So do the keys of commands.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import sqlalchemy as sa

from operations.exports.runs import STREAM as EXPORTS
from operations.kernel import State, Stream
from operations.streams import STREAMS
from operations.tables import events, export_rows, page_views, states, vendor_looks

# Rows that are held in memory at once.
_BATCH_ROWS = 1_000
Rows = Iterator[dict[str, Any]]


def declared(streams: Sequence[Stream] = STREAMS) -> dict[str, list[str]]:
    """The analytical streams with their analytical fields, in order of their names."""
    return {
        stream.name: sorted(name for name, field in stream.fields.items() if field.analytical)
        for stream in sorted(streams, key=lambda stream: stream.name)
        if stream.is_analytical
    }


def last_number(connection: sa.Connection, streams: Sequence[Stream] = STREAMS) -> int:
    """The number of the newest analytical event; 0 where there is none."""
    newest = sa.select(sa.func.max(events.c.event_number)).where(
        events.c.stream.in_(declared(streams))
    )
    return connection.execute(newest).scalar_one() or 0


def events_after(
    connection: sa.Connection, number: int, streams: Sequence[Stream] = STREAMS
) -> Rows:
    """The analytical events after a number, in the order in which they were appended."""
    query = sa.select(events).where(
        events.c.event_number > number, events.c.stream.in_(declared(streams))
    )
    by_name = {stream.name: stream for stream in streams}
    for row in _batched(connection, query.order_by(events.c.event_number)):
        yield {
            "event_number": row.event_number,
            "stream": row.stream,
            "stream_id": row.stream_id,
            "version": row.version,
            "kind": row.kind,
            "payload": _public(by_name[row.stream], row.payload),
            "occurred_at": _moment(row.occurred_at),
        }


def states_after(
    connection: sa.Connection, number: int, streams: Sequence[Stream] = STREAMS
) -> Rows:
    """The states that analytical events after a number came to, in the order of their newest event.

    State and event are read by one statement, so that neither can be newer than the other.
    """
    newest = (
        sa.select(
            events.c.stream,
            events.c.stream_id,
            sa.func.max(events.c.event_number).label("event_number"),
        )
        .where(events.c.event_number > number, events.c.stream.in_(declared(streams)))
        .group_by(events.c.stream, events.c.stream_id)
        .subquery()
    )
    is_its = (states.c.stream == newest.c.stream) & (states.c.stream_id == newest.c.stream_id)
    query = sa.select(states, newest.c.event_number).join(newest, is_its)
    by_name = {stream.name: stream for stream in streams}
    for row in _batched(connection, query.order_by(newest.c.event_number)):
        yield {
            "event_number": row.event_number,
            "stream": row.stream,
            "stream_id": row.stream_id,
            "version": row.version,
            "state": _public(by_name[row.stream], row.state),
            "changed_at": _moment(row.occurred_at),
        }


def last_export_number(connection: sa.Connection) -> int:
    """The number of the newest event of exports' runs that have rows; 0 where there is none."""
    has_rows = sa.exists().where(export_rows.c.run_id == events.c.stream_id)
    newest = sa.select(sa.func.max(events.c.event_number)).where(
        events.c.stream == EXPORTS.name, has_rows
    )
    return connection.execute(newest).scalar_one() or 0


def export_rows_after(connection: sa.Connection, number: int) -> Rows:
    """The rows of the exports' runs with an event after a number, in the order of their newest.

    A run that goes on has another event when it ends, so rows that change meanwhile come again.
    """
    newest = (
        sa.select(events.c.stream_id, sa.func.max(events.c.event_number).label("event_number"))
        .where(events.c.event_number > number, events.c.stream == EXPORTS.name)
        .group_by(events.c.stream_id)
        .subquery()
    )
    kinds = _subject_kinds(connection)
    query = sa.select(export_rows, newest.c.event_number).join(
        newest, export_rows.c.run_id == newest.c.stream_id
    )
    for row in _batched(connection, query.order_by(newest.c.event_number, export_rows.c.row_key)):
        yield {
            "event_number": row.event_number,
            "run_id": row.run_id,
            "subject_id": row.row_key,
            "subject_kind": kinds[row.run_id],
            "operation": row.operation,
            "is_new": row.is_new,
            "consent_version": row.consent_version,
            "state": row.state,
            "reason": row.reason,
            "attempts": row.attempts,
            "changed_at": None if row.changed_at is None else _moment(row.changed_at),
        }


def _subject_kinds(connection: sa.Connection) -> dict[str, str]:
    """Whose rows those of each run are; of customers before there were others."""
    query = sa.select(states.c.stream_id, states.c.state).where(states.c.stream == EXPORTS.name)
    return {
        row.stream_id: row.state.get("subject_kind", "customer")
        for row in connection.execute(query)
    }


def last_look_number(connection: sa.Connection) -> int:
    """The newest day with looks of vendors that is over, as a number; 0 where there is none."""
    newest = sa.select(sa.func.max(vendor_looks.c.day)).where(_is_over())
    day: date | None = connection.execute(newest).scalar_one()
    return 0 if day is None else day.toordinal()


def looks_after(connection: sa.Connection, number: int) -> Rows:
    """How often vendors' pages were opened on each day after one that is a number, day by day."""
    query = sa.select(vendor_looks).where(_is_over())
    if number:
        query = query.where(vendor_looks.c.day > date.fromordinal(number))
    by_key = (vendor_looks.c.day, vendor_looks.c.marketplace, vendor_looks.c.vendor_id)
    for row in _batched(connection, query.order_by(*by_key)):
        yield {
            "event_number": row.day.toordinal(),
            "looked_on": row.day.isoformat(),
            "marketplace": row.marketplace,
            "vendor_id": row.vendor_id,
            "look_count": row.look_count,
        }


def _is_over() -> sa.ColumnElement[bool]:
    """Whether anybody opened a page on a later day: until then a day's counts may still grow.

    So a count is copied once, and a vendor that opens a page starts no run.
    """
    return vendor_looks.c.day < sa.select(sa.func.max(page_views.c.day)).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Copied:
    """How a feed is read: the rows after a number, and the number of the newest."""

    rows_after: Callable[[sa.Connection, int], Rows]
    last_number: Callable[[sa.Connection], int]


FEEDS: Final[Mapping[str, Copied]] = {
    "export_rows": Copied(export_rows_after, last_export_number),
    "operation_events": Copied(events_after, last_number),
    "operation_states": Copied(states_after, last_number),
    "vendor_looks": Copied(looks_after, last_look_number),
}


def _batched(connection: sa.Connection, query: sa.Select[Any]) -> sa.CursorResult[Any]:
    return connection.execution_options(yield_per=_BATCH_ROWS).execute(query)


def _public(stream: Stream, values: State) -> str:
    """The analytical values as JSON, written the same way on both engines."""
    return json.dumps(stream.analytical(values), sort_keys=True, ensure_ascii=False)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(" ", "microseconds")
