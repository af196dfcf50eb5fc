"""Which columns a table or query has, how each is asked for, and whether they fit the contract."""

import difflib
from dataclasses import dataclass
from typing import Literal

import psycopg

from sources.connectors.postgres import fault_of
from sources.contract import DELETED, Column, Contract
from sources.databases import DatabaseFeed
from sources.errors import PermanentSourceError
from sources.sql import identifier

Kind = Literal["number", "whole number", "time", "day", "truth value", "text", "bytes", "other"]
_KINDS: dict[str, Kind] = {
    "int2": "whole number", "int4": "whole number", "int8": "whole number",
    "numeric": "number", "float4": "number", "float8": "number",
    "bool": "truth value", "date": "day", "timestamp": "time", "timestamptz": "time",
    "text": "text", "varchar": "text", "bpchar": "text", "uuid": "text", "bytea": "bytes",
}  # fmt: skip
# What each contract type can be made of; text is judged row by row, as in a file.
_SUITABLE: dict[str, tuple[Kind, ...]] = {
    "integer": ("whole number", "number", "text"),
    "boolean": ("truth value", "whole number", "text"),
    "date": ("day", "time", "text"),
    "timestamp": ("time", "day", "text"),
}
_NUMERIC: tuple[Kind, ...] = ("number", "whole number", "text")
# Read in their own types; everything else as the text that PostgreSQL prints.
_DIRECT = set(_KINDS) - {"numeric", "uuid", "bytea"}
_WITH_NAN = {"numeric", "float4", "float8"}
_LARGEST_PRECISION = 38
_OF_A_TABLE = """
select attname, atttypid::int8, atttypmod
from pg_attribute where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped
order by attnum
"""
# A domain may stand over a domain; what counts is the type at the end, with the modifier of the
# last domain before it.
_TYPES = """
with recursive asked as (
    select type_id::oid as type_id, modifier, place
    from unnest(%s::int8[], %s::int4[]) with ordinality as given (type_id, modifier, place)
), resolved as (
    select place, type_id, modifier from asked
    union all
    select resolved.place, domain.typbasetype, domain.typtypmod
    from resolved inner join pg_type as domain
        on domain.oid = resolved.type_id and domain.typtype = 'd'
)
select asked.type_id::int8, format_type(asked.type_id, asked.modifier), base.typname,
    base.typtype::text, resolved.modifier
from asked
inner join resolved on resolved.place = asked.place
inner join pg_type as base on base.oid = resolved.type_id and base.typtype <> 'd'
order by asked.place
"""


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column of the source: its name, its type as PostgreSQL writes it, and how it is read."""

    name: str
    type_name: str
    base_type: str
    kind: Kind
    expression: str


def relation_of(entry: DatabaseFeed) -> str:
    """The SQL of what is read, to stand behind `from`."""
    if entry.table is not None:
        return f"{_dotted(entry.table)} as source"
    return f"({(entry.query or '').strip().rstrip(';')}\n) as source"


def columns_of(connection: psycopg.Connection, entry: DatabaseFeed) -> dict[str, SourceColumn]:
    """The columns of a table or query, by name.

    Raises:
        PermanentSourceError: it does not exist, may not be read, or two columns have one name.
        TransientSourceError: the server stopped answering.
    """
    try:
        # Asks for the right to read as well, before anything is planned.
        probe = f"select * from {relation_of(entry)} limit 0"
        if entry.table is not None:
            found = connection.execute(_OF_A_TABLE, [_dotted(entry.table)]).fetchall()
        if entry.table is None or not found:
            result = connection.execute(probe.encode()).pgresult
            if result is None:
                raise RuntimeError("psycopg returned no result")
            found = [
                ((result.fname(i) or b"").decode(), result.ftype(i), result.fmod(i))
                for i in range(result.nfields)
            ]
        types = connection.execute(
            _TYPES, [[row[1] for row in found], [row[2] for row in found]]
        ).fetchall()
    except psycopg.Error as error:
        raise fault_of(error, entry.place, entry.title) from None
    columns = [_column(row[0], *kind) for row, kind in zip(found, types, strict=True)]
    named = {column.name: column for column in columns}
    if len(named) < len(columns):
        raise PermanentSourceError(
            f"{entry.place}: {entry.title} returns two columns with the same name; rename one"
        )
    return named


def _column(
    name: str, _type_id: int, written: str, base: str, category: str, modifier: int
) -> SourceColumn:
    kind: Kind = "text" if category == "e" else _KINDS.get(base, "other")
    sql = identifier(name)
    if base in _WITH_NAN:
        # The extension reads a numeric NaN as zero; nothing is what it says.
        sql = f"nullif({sql}, 'NaN')"
    if base not in _DIRECT and not (base == "numeric" and _is_exact(modifier)):
        sql = f"{sql}::text"
    return SourceColumn(name, written, base, kind, sql)


def _dotted(table: str | None) -> str:
    """A table's name, which may name its schema too."""
    return ".".join(map(identifier, str(table).split(".")))


def _is_exact(modifier: int) -> bool:
    """Whether a numeric has digits that a decimal of ours can hold; others pass as text."""
    if modifier < 0:
        return False
    precision, scale = ((modifier - 4) >> 16) & 0xFFFF, (modifier - 4) & 0x7FF
    return precision <= _LARGEST_PRECISION and scale <= precision


def wanted_columns(
    entry: DatabaseFeed, contract: Contract, found: dict[str, SourceColumn]
) -> list[SourceColumn]:
    """The columns to read, in the source's order: those that the mapping uses, and no others.

    Raises:
        PermanentSourceError: one is missing or has a type that its use cannot take; every problem
            is named with its table, its column and what to do.
    """
    uses = _uses(entry, contract, found)
    problems = [_missing(name, entry, found, uses) for name in uses if name not in found]
    problems += [
        f"{entry.title}.{name} is of type {found[name].type_name}, and {contract.feed}.{target} "
        f"needs a {contract.columns[target].type}; map another column, or give a query that "
        "converts it"
        for name, targets in uses.items()
        if name in found
        for target, is_as_it_stands in targets
        if not _suits(found[name], contract.columns[target], is_as_it_stands=is_as_it_stands)
    ]
    problems += _cursor_problems(entry, found)
    if problems:
        kept = "nothing was read, and the next run goes on where the last one ended"
        raise PermanentSourceError(f"{entry.place}: {'; '.join(problems)} ({kept})")
    return [column for name, column in found.items() if name in uses]


def _uses(
    entry: DatabaseFeed, contract: Contract, found: dict[str, SourceColumn]
) -> dict[str, list[tuple[str, bool]]]:
    """Per source column, the canonical columns made of it, and whether of its value as it is."""
    uses: dict[str, list[tuple[str, bool]]] = {}
    if entry.columns is None:
        for name, column in contract.columns.items():
            if name in found or (column.required and column.default is None):
                uses[name] = [(name, True)]
    else:
        for name, source in entry.columns.items():
            for used in source.source_columns:
                as_it_stands = source.template is None and not source.map
                uses.setdefault(used, []).append((name, as_it_stands))
    if entry.deleted_when is not None:
        uses.pop(DELETED, None)
    return uses


def _suits(column: SourceColumn, target: Column, *, is_as_it_stands: bool) -> bool:
    if column.kind == "bytes":
        return False
    if target.type == "text" or not is_as_it_stands:
        return True
    return column.kind in _SUITABLE.get(target.type, _NUMERIC)


def _missing(
    name: str,
    entry: DatabaseFeed,
    found: dict[str, SourceColumn],
    uses: dict[str, list[tuple[str, bool]]],
) -> str:
    unused = [other for other in found if other not in uses]
    close = difflib.get_close_matches(name, unused, n=1, cutoff=0.5)
    hint = f" (renamed to {close[0]!r}?)" if close else ""
    shown = ", ".join(repr(other) for other in list(found)[:40])
    return (
        f"{entry.title} has no column {name!r}{hint}; it has {shown}; change the mapping, or have "
        "the column restored"
    )


def _cursor_problems(entry: DatabaseFeed, found: dict[str, SourceColumn]) -> list[str]:
    if entry.cursor is None:
        return []
    if entry.cursor not in found:
        return [_missing(entry.cursor, entry, found, {})]
    column = found[entry.cursor]
    if column.kind in {"time", "day", "whole number"}:
        return []
    problem = (
        f"the cursor {entry.title}.{entry.cursor} is of type {column.type_name}; a cursor must be "
        "a time, a date or a whole number; use another column, or mode: full"
    )
    return [problem]
