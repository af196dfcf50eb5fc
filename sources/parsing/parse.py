"""One file: from landed bytes to typed rows and a quarantine. Runs only in the subprocess."""

from pathlib import Path

import duckdb
import numpy as np

from sources.parsing.csv_rows import parse_csv
from sources.parsing.dialect_rows import parse_dialect
from sources.parsing.faults import (
    Fault,
    Reading,
    faulty_parquet_rows,
    faulty_rows,
    write_faults,
)
from sources.parsing.json_rows import parse_jsonl
from sources.parsing.parquet_rows import parse_parquet
from sources.parsing.plain import as_plain_file
from sources.parsing.reasons import FileRejectedError
from sources.parsing.request import ParseRequest, ParseResult, rows_sql
from sources.sql import scalar

# What DuckDB raises for what a file holds; anything else is a fault of ours and ends the worker.
_FAULTS_OF_THE_FILE = (
    duckdb.InvalidInputException,
    duckdb.ConversionException,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
)

# Eight bytes each, twice while they are collected: half a gigabyte beside the rest.
_MOST_KEYS_SORTED = 32_000_000


def parse(request: ParseRequest) -> ParseResult:
    """The outcome of reading one file; nothing it holds makes this raise."""
    folder = Path(request.output_folder)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        plain = as_plain_file(Path(request.path), request.encoding, folder, request.limits)
        with _connect(folder, request.limits.memory_bytes) as connection:
            return _parsed(connection, request, plain, folder)
    except FileRejectedError as error:
        return _rejected(error.code, error.detail)
    except _FAULTS_OF_THE_FILE as error:
        return _rejected("not_readable", str(error).splitlines()[0])


def _parsed(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, plain: Path, folder: Path
) -> ParseResult:
    rows, quarantine = folder / "rows.parquet", folder / "quarantine.jsonl"
    read = {"parquet": parse_parquet, "jsonl": parse_jsonl}.get(request.format, parse_csv)
    if request.dialect is not None:
        read = parse_dialect
    reading = read(connection, request, plain, rows)
    given = reading.in_place or str(rows)
    further = str(reading.further_rows) if reading.further_rows else None
    parsed = rows_sql(given, reading.first_line, further)
    faults = [] if reading.in_place else _faults(connection, request, reading, parsed, plain)
    faults.sort(key=lambda fault: fault.line)
    quarantined = write_faults(faults, quarantine, keeps_raw_text=request.contract.keeps_raw_text)
    valid, is_distinct = _counted(connection, request, parsed)
    return ParseResult(
        status="parsed",
        received=valid + quarantined,
        valid=valid,
        quarantined=quarantined,
        unmapped_columns=reading.unmapped_columns,
        rows=given,
        first_line=reading.first_line,
        further_rows=further,
        has_distinct_keys=is_distinct,
        quarantine=str(quarantine),
    )


def _faults(
    connection: duckdb.DuckDBPyConnection,
    request: ParseRequest,
    reading: Reading,
    parsed: str,
    plain: Path,
) -> list[Fault]:
    if request.format == "parquet" and request.dialect is None:
        return list(faulty_parquet_rows(connection, parsed, plain))
    return [*reading.broken, *faulty_rows(connection, parsed, reading.lines)]


def _counted(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, parsed: str
) -> tuple[int, bool]:
    """How many rows are valid, and whether it is certain that no two of them share a key."""
    keys = ", ".join(request.contract.key)
    sound = f"from {parsed} where _error is null"
    valid = int(scalar(connection, f"select count(*) {sound}"))
    if valid > _MOST_KEYS_SORTED:
        return valid, False
    # Sorting the keys' hashes takes a third of the time of counting the distinct ones in SQL.
    found = connection.execute(f"select hash({keys}) as hash {sound}").fetchnumpy()
    hashes = np.asarray(found["hash"])
    hashes.sort()
    return valid, not bool(np.any(hashes[1:] == hashes[:-1]))


def _rejected(code: str, detail: str) -> ParseResult:
    return ParseResult(status="rejected", reason_code=code, reason_detail=detail)


def _connect(folder: Path, memory_bytes: int) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        config={
            "memory_limit": f"{memory_bytes >> 20}MiB",
            "temp_directory": str(folder / "spill"),
            "threads": 2,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    connection.execute("set TimeZone = 'UTC'")
    # A long list of allowed values would become a join, and a join loses the order of the rows,
    # which tells their lines.
    connection.execute("set disabled_optimizers = 'in_clause'")
    return connection
