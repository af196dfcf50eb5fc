"""What of the store the warehouse may know: analytical fields of analytical streams, and no names.

Who did something stays in the store, where the pages read it: the name of an account may be an
address. So do the keys of commands.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from operations.kernel import State, Stream
from operations.streams import STREAMS
from operations.tables import events, states

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


def _batched(connection: sa.Connection, query: sa.Select[Any]) -> sa.CursorResult[Any]:
    return connection.execution_options(yield_per=_BATCH_ROWS).execute(query)


def _public(stream: Stream, values: State) -> str:
    """The analytical values as JSON, written the same way on both engines."""
    return json.dumps(stream.analytical(values), sort_keys=True, ensure_ascii=False)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(" ", "microseconds")
