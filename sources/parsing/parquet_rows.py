"""Parquet: a value that has its column's type is taken as it is, any other passes through text."""

import re
from pathlib import Path

import duckdb

from sources.column_source import ColumnSource
from sources.contract import Column
from sources.parsing.conversion import mapping_of, select_typed
from sources.parsing.faults import Reading
from sources.parsing.header import check_columns
from sources.parsing.reasons import FileRejectedError
from sources.parsing.request import HAND_OVER, ParseRequest
from sources.sql import identifier, literal, scalar

_NUMBER = "file_row_number"
_ZONED = "TIMESTAMP WITH TIME ZONE"
_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_SAME = {"boolean": {"BOOLEAN"}, "date": {"DATE"}, "integer": _WHOLE}


def parse_parquet(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, plain: Path, rows: Path
) -> Reading:
    """The typed rows: a query over the file where all are sound, else written with `_error`.

    The line of a row is its number from 1.
    """
    reader = f"read_parquet({literal(str(plain))})"
    try:
        described = connection.execute(f"describe select * from {reader}").fetchall()
    except duckdb.Error as error:
        first_line = str(error).splitlines()[0]
        detail = f"not a Parquet file, or a damaged one ({first_line}); deliver it again"
        raise FileRejectedError("not_readable", detail) from error
    types = {row[0]: row[1] for row in described}
    mapping = mapping_of(request, list(types))
    names = list(types)
    unmapped = check_columns(names, mapping, request.contract, request.name, request.drop_when)
    direct = _direct(request, mapping, types)

    def text_of(name: str) -> str:
        return (
            identifier(name) if types[name] == "VARCHAR" else f"cast({identifier(name)} as varchar)"
        )

    query = select_typed(request, mapping, text_of, reader, direct=direct)
    is_numbered = _NUMBER in {name.lower() for name in types}
    if not is_numbered and not scalar(connection, f"select count(_error) from ({query})"):
        numbered = f"read_parquet({literal(str(plain))}, {_NUMBER} = true)"
        query = select_typed(
            request, mapping, text_of, numbered, (_NUMBER,), direct=direct, is_checked=True
        )
        in_place = f"(select * exclude ({_NUMBER}), {_NUMBER} + 1 as _line from ({query}))"
        return Reading(unmapped, in_place=in_place)
    connection.execute(f"copy ({query}) to {literal(str(rows))} {HAND_OVER}")
    return Reading(unmapped, first_line=1)


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
    written = (source.map, source.default, source.pattern, source.format)
    return source.column is not None and not any(written)


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
