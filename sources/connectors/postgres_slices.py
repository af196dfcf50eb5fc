"""Which slices of a table are read: by a cursor column in ranges, or whole.

A cursor read begins at the last committed value less an overlap, inclusively, and ends at the
largest value there was when it began. Where the cursor is a local time, it reaches back to the
beginning of an hour that the clock showed again since. Rows that no such range holds, without a
value or with one in the future, are read in a slice of their own each time, so a wrong clock at the
source neither hides them nor moves the beginning of the next read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import psycopg

from sources.connectors.postgres import fault_of
from sources.connectors.postgres_columns import SourceColumn, relation_of
from sources.contract import DELETED
from sources.databases import DatabaseFeed
from sources.local_times import earliest_since
from sources.sql import identifier, literal


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a table: the query that reads it, and the cursor's value once it is applied."""

    name: str
    query: str
    cursor_to: str | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """The time of the run (UTC), and the zone of the source's times that name none."""

    recorded_at: str
    zone: str


def whole(entry: DatabaseFeed, columns: Sequence[SourceColumn]) -> Slice:
    """All rows; one statement sees one state of the database."""
    return Slice("all", _query(entry, columns))


def since(
    connection: psycopg.Connection,
    entry: DatabaseFeed,
    columns: Sequence[SourceColumn],
    cursor: SourceColumn,
    state: str | None,
    clock: Clock,
) -> list[Slice]:
    """What is to be read after the value `state`, in the order in which it must be applied.

    The last range is as long as the overlap and sorted, so that a later run that finds nothing new
    reads the same bytes.
    """
    name, kind = identifier(cursor.name), _type(cursor)
    cap = _cap(cursor, clock)
    begin = _begin(entry, cursor, state, clock.zone)
    below = "" if cap is None else f"where {name} <= {cap}"
    row = _row(
        connection,
        entry,
        f"select max({name})::text, (max({name}) - {_overlap(entry, cursor)})::{kind}::text, "
        f"({begin})::{kind}::text, {'null' if cap is None else f'({cap})::text'} "
        f"from {relation_of(entry)} {below}",
    )
    upper, tail, lower, limit = row
    slices: list[Slice] = []
    if upper is not None:
        slices = _ranges(connection, entry, columns, cursor, (lower, tail, upper))
    outside = f"{name} is null" + ("" if limit is None else f" or {name} > {_value(limit, kind)}")
    return [*slices, Slice("outside", _query(entry, columns, outside, name))]


def _begin(entry: DatabaseFeed, cursor: SourceColumn, state: str | None, zone: str) -> str:
    """From where on is read: the state less the overlap.

    A local time is no measure of what came later where the clock was put back or forward since.
    """
    if state is None:
        return "null"
    kind = _type(cursor)
    begin = f"{literal(state)}::{kind} - {_overlap(entry, cursor)}"
    if cursor.base_type != "timestamp":
        return begin
    overlap = timedelta(seconds=entry.overlap_seconds)
    earliest = earliest_since(datetime.fromisoformat(state), overlap, zone)
    return f"least({begin}, {_value(earliest.isoformat(sep=' '), kind)})"


def _ranges(
    connection: psycopg.Connection,
    entry: DatabaseFeed,
    columns: Sequence[SourceColumn],
    cursor: SourceColumn,
    bounds: tuple[str | None, str, str],
) -> list[Slice]:
    lower, tail, upper = bounds
    name, kind = identifier(cursor.name), _type(cursor)
    cuts: list[str | None] = [lower]
    has_history = _row(
        connection, entry, f"select {_value(tail, kind)} > {_value(lower, kind)}"
    ) != (False,)
    if has_history:
        cuts += _cuts(connection, entry, cursor, lower, tail)
        cuts.append(tail)
    slices = []
    for start, end in pairwise(cuts):
        since_start = "" if start is None else f"{name} >= {_value(start, kind)} and "
        where = f"{since_start}{name} < {_value(end, kind)}"
        slices.append(Slice(_name(start, end), _query(entry, columns, where), end))
    last = cuts[-1]
    since_last = "" if last is None else f"{name} >= {_value(last, kind)} and "
    where = f"{since_last}{name} <= {_value(upper, kind)}"
    return [*slices, Slice(_name(last, upper), _query(entry, columns, where, name), upper)]


def _cuts(
    connection: psycopg.Connection,
    entry: DatabaseFeed,
    cursor: SourceColumn,
    lower: str | None,
    end: str,
) -> list[str | None]:
    """The values that cut the rows before `end` into slices of about the wanted size."""
    name, kind = identifier(cursor.name), _type(cursor)
    after = "" if lower is None else f"{name} > {_value(lower, kind)} and "
    found = _rows(
        connection,
        entry,
        f"select distinct value, value::text from (select {name} as value, row_number() over "
        f"(order by {name}) as place from {relation_of(entry)} where {after}"
        f"{name} < {_value(end, kind)}) as placed where place % {entry.slice_rows} = 0 "
        "order by 1",
    )
    return [row[1] for row in found]


def _query(
    entry: DatabaseFeed,
    columns: Sequence[SourceColumn],
    where: str | None = None,
    order: str | None = None,
) -> str:
    """The extract's query; sorted by the cursor and then by everything, where it is sorted."""
    listed = [f"{column.expression} as {identifier(column.name)}" for column in columns]
    if entry.deleted_when is not None:
        listed.append(f"coalesce(({entry.deleted_when}), false) as {DELETED}")
    places = ", ".join(str(number) for number in range(1, len(listed) + 1))
    filtered = f" where {where}" if where else ""
    ordered = f" order by source.{order}, {places}" if order else ""
    return f"select {', '.join(listed)} from {relation_of(entry)}{filtered}{ordered}"


def _cap(cursor: SourceColumn, clock: Clock) -> str | None:
    """The earlier of the server's clock and ours: a value beyond it is no measure of progress."""
    if cursor.kind == "whole number":
        return None
    now = f"least(now(), {literal(clock.recorded_at + '+00')}::timestamptz)"
    if cursor.base_type == "timestamptz":
        return now
    local = f"({now} at time zone {literal(clock.zone)})"
    return f"{local}::date" if cursor.kind == "day" else local


def _type(cursor: SourceColumn) -> str:
    return "bigint" if cursor.kind == "whole number" else cursor.type_name


def _overlap(entry: DatabaseFeed, cursor: SourceColumn) -> str:
    if cursor.kind == "whole number":
        return str(entry.overlap_count)
    if cursor.kind == "day":
        return str(-(-entry.overlap_seconds // 86_400))
    return f"make_interval(secs => {entry.overlap_seconds})"


def _value(text: str | None, kind: str) -> str:
    return "null" if text is None else f"{literal(text)}::{kind}"


def _name(start: str | None, end: str | None) -> str:
    return f"{start or ''}..{end}".replace(" ", "T").replace("/", "-")


def _rows(connection: psycopg.Connection, entry: DatabaseFeed, query: str) -> list[tuple[Any, ...]]:
    try:
        return connection.execute(query.encode()).fetchall()
    except psycopg.Error as error:
        raise fault_of(error, entry.place, entry.title) from None


def _row(connection: psycopg.Connection, entry: DatabaseFeed, query: str) -> tuple[Any, ...]:
    return _rows(connection, entry, query)[0]
