"""Parquet: typed already; its values pass through text into the contract's types like any other."""

from pathlib import Path

import duckdb

from sources.parsing.conversion import identifier, mapping_of, quoted, select_typed
from sources.parsing.faults import Reading
from sources.parsing.header import check_columns
from sources.parsing.reasons import FileRejectedError
from sources.parsing.request import ParseRequest


def parse_parquet(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, plain: Path, rows: Path
) -> Reading:
    """Writes the typed rows; the line of a row is its number from 1."""
    reader = f"read_parquet({quoted(str(plain))})"
    try:
        described = connection.execute(f"describe select * from {reader}").fetchall()
    except duckdb.Error as error:
        first_line = str(error).splitlines()[0]
        detail = f"not a Parquet file, or a damaged one ({first_line}); deliver it again"
        raise FileRejectedError("not_readable", detail) from error
    names = [row[0] for row in described]
    mapping = mapping_of(request, names)
    unmapped = check_columns(names, mapping, request.contract, request.name)
    query = select_typed(
        request, mapping, lambda name: f"cast({identifier(name)} as varchar)", reader
    )
    connection.execute(f"copy ({query}) to {quoted(str(rows))} (format parquet)")
    return Reading(unmapped, first_line=1)
