"""Parquet: a value of its column's type is taken as it is, any other is converted as text."""

import re
from dataclasses import replace
from pathlib import Path

import duckdb

from sources.column_source import ColumnSource
from sources.contract import Column, Contract
from sources.parsing.conversion import Relation, select_typed
from sources.parsing.faults import Reading
from sources.parsing.header import check_columns
from sources.parsing.mapping import mapping_of
from sources.parsing.numerals import DOUBLE_NOISE, FLOAT_NOISE, Typed
from sources.parsing.parquet_size import refusing_damage
from sources.parsing.request import HAND_OVER, ParseRequest
from sources.sql import identifier, literal, scalar

_NUMBER = "file_row_number"
_LACKING = ""
_ZONED = "TIMESTAMP WITH TIME ZONE"
_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_FRACTIONS = {"DOUBLE": DOUBLE_NOISE, "FLOAT": FLOAT_NOISE}
# Below it each whole number is a double of its own.
_LARGEST_WHOLE = 1 << 53
_SAME = {"boolean": {"BOOLEAN"}, "date": {"DATE"}, "integer": _WHOLE}


def parse_parquet(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, plain: Path, rows: Path
) -> Reading:
    """The typed rows: a query over the file where all are sound, else written with `_error`.

    The line of a row is its number from 1.
    """
    reader = f"read_parquet({literal(str(plain))})"
    with refusing_damage():
        described = connection.execute(f"describe select * from {reader}").fetchall()
    types = {row[0]: row[1] for row in described}
    mapping = mapping_of(request, list(types))
    names = list(types)
    rules, spared = request.rule_columns, request.lacking(names)
    unmapped = check_columns(names, mapping, request.contract, None, rules, spared)
    types |= dict.fromkeys(spared, _LACKING)
    direct = _direct(request, mapping, types)

    relation = Relation(
        reader,
        lambda name: _text(identifier(name), types[name]),
        lambda name: _typed(types[name]),
        direct,
        _invalid_text(mapping, request.contract, types),
    )
    query = select_typed(request, mapping, relation)
    is_numbered = _NUMBER in {name.lower() for name in types}
    # Where values that do not fit are emptied one by one, writing the rows costs less than the
    # query, which would be asked several times.
    may_stay = not is_numbered and not request.contract.essential
    if may_stay and not scalar(connection, f"select count(_error) from ({query})"):
        numbered = f"read_parquet({literal(str(plain))}, {_NUMBER} = true)"
        relation = replace(relation, sql=numbered, passed=(_NUMBER,))
        query = select_typed(request, mapping, relation, is_checked=True)
        in_place = f"(select * exclude ({_NUMBER}), {_NUMBER} + 1 as _line from ({query}))"
        return Reading(unmapped, in_place=in_place)
    connection.execute(f"copy ({query}) to {literal(str(rows))} {HAND_OVER}")
    return Reading(unmapped, first_line=1)


def _text(column: str, kind: str) -> str:
    """SQL of a value's text; bytes that nobody annotated are UTF-8, as their writers mean them."""
    if kind == _LACKING:
        return "cast(null as varchar)"
    if kind == "VARCHAR":
        return column
    if kind == "BLOB":
        return f"try(decode({column}))"
    if kind in _FRACTIONS:
        # Ids and counts become fractions where some are missing, and the missing ones no number.
        is_whole = f"{column} = trunc({column}) and abs({column}) < {_LARGEST_WHOLE}"
        return (
            f"case when isnan({column}) then null when {is_whole} "
            f"then cast(cast({column} as bigint) as varchar) else cast({column} as varchar) end"
        )
    return f"cast({column} as varchar)"


def _typed(kind: str) -> Typed | None:
    if kind in _FRACTIONS:
        return Typed("true", _FRACTIONS[kind])
    is_number = kind in _WHOLE or kind.startswith(("DECIMAL", "HUGEINT", "UBIGINT", "UHUGEINT"))
    return Typed("true", None) if is_number else None


def _invalid_text(
    mapping: dict[str, ColumnSource], contract: Contract, types: dict[str, str]
) -> str | None:
    """SQL of the fault of a row whose bytes are no text."""
    cases = [
        f"when {identifier(column)} is not null and try(decode({identifier(column)})) is null "
        f"then {literal(f'invalid_encoding:{name}')}"
        for name, source in mapping.items()
        if name in contract.columns
        for column in source.source_columns
        if types[column] == "BLOB"
    ]
    return f"case {' '.join(cases)} end" if cases else None


def _direct(
    request: ParseRequest, mapping: dict[str, ColumnSource], types: dict[str, str]
) -> dict[str, str]:
    """The SQL of the canonical columns that need no text, by their names."""
    has_one_zone = request.source_time_zone == request.storage_time_zone
    return {
        name: _value(
            request.contract.columns[name], str(source.column), types, request.storage_time_zone
        )
        for name, source in mapping.items()
        if name in request.contract.columns
        and _is_plain(source)
        and request.contract.columns[name].default is None
        and _has_type(request.contract.columns[name], types[str(source.column)], has_one_zone)
    }


def _value(column: Column, name: str, types: dict[str, str], storage_zone: str) -> str:
    """The column's value; a moment, which needs no zone to be told, in that of the storage."""
    if types[name] == _ZONED:
        return f"timezone({literal(storage_zone)}, {identifier(name)})"
    if types[name].startswith("DECIMAL"):
        return f"cast({identifier(name)} as {column.type})"
    return identifier(name)


def _is_plain(source: ColumnSource) -> bool:
    changed = (source.translates, source.default, source.pattern, source.format, source.group)
    return source.column is not None and not any(changed)


def _has_type(column: Column, found: str, has_one_zone: bool) -> bool:  # noqa: FBT001 - internal
    if column.pattern is not None:
        return False
    if column.type == "timestamp":
        return found == _ZONED or (found == "TIMESTAMP" and has_one_zone)
    if column.type.startswith("decimal"):
        return found.startswith("DECIMAL") and _holds(column.type, found)
    return found in _SAME.get(column.type, set())


def _holds(wanted: str, found: str) -> bool:
    """Whether every number of one decimal type is one of another, with no digit lost."""
    (width, scale), (found_width, found_scale) = (
        tuple(int(part) for part in re.findall(r"\d+", kind)) for kind in (wanted, found)
    )
    return found_scale <= scale and found_width - found_scale <= width - scale
