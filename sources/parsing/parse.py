"""One file: from landed bytes to typed rows and a quarantine. Runs only in the subprocess."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from output.findings.finding import Finding
from sources.disk import DiskFullError, noticing_full_disk
from sources.parsing.csv_rows import parse_csv
from sources.parsing.databases import Databases
from sources.parsing.dialect_rows import parse_dialect
from sources.parsing.faults import (
    Fault,
    Reading,
    faulty_parquet_rows,
    faulty_rows,
    write_faults,
)
from sources.parsing.json_rows import parse_jsonl
from sources.parsing.misfits import counted_misfits
from sources.parsing.parquet_rows import parse_parquet
from sources.parsing.parquet_size import check_parquet_size
from sources.parsing.places import write_places
from sources.parsing.plain import as_plain_file, is_parquet
from sources.parsing.reasons import FileRejectedError
from sources.parsing.repeats import CANDIDATE, write_without_repeats
from sources.parsing.request import (
    DROPPED,
    FAULTY,
    ParseRequest,
    ParseResult,
    rows_sql,
)
from sources.parsing.workbooks import from_workbook
from sources.sql import scalar

# What DuckDB raises for what a file holds; anything else is a fault of ours and ends the worker.
_FAULTS_OF_THE_FILE = {
    duckdb.InvalidInputException: "not_of_its_format",
    duckdb.ConversionException: "not_of_its_format",
    duckdb.IOException: "not_read_to_its_end",
    duckdb.OutOfMemoryException: "needs_too_much_memory",
}

# Eight bytes each, twice while they are collected: half a gigabyte beside the rest.
_MOST_KEYS_SORTED = 32_000_000


@dataclass(frozen=True, slots=True)
class _Rows:
    """The parsed rows as `rows_sql` reads them, and what was counted of them."""

    given: str
    first_line: int | None
    further: str | None
    valid: int
    repeated: int
    has_distinct_keys: bool


def parse(request: ParseRequest, databases: Databases) -> ParseResult:
    """The outcome of reading one file; no content makes it raise."""
    folder = Path(request.output_folder)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with noticing_full_disk(folder):
            if request.format == "xlsx":
                request = from_workbook(request, folder)
            plain = as_plain_file(Path(request.path), request.encoding, folder, request.limits)
            memory, size = request.limits.memory_bytes, plain.stat().st_size
            is_alone = request.dialect is not None
            with databases.connection(folder, memory, size, is_alone=is_alone) as connection:
                return _parsed(connection, request, plain, folder)
    except FileRejectedError as error:
        return _rejected(error.code, error.detail)
    except DiskFullError as error:
        return ParseResult(status="no_room", lack_of_room=f"{request.name}: {error}")
    except tuple(_FAULTS_OF_THE_FILE) as error:
        # What DuckDB says of a file may quote it.
        told = next(code for kind, code in _FAULTS_OF_THE_FILE.items() if isinstance(error, kind))
        return _rejected("not_readable", Finding.of(told, error=type(error).__name__))


def _parsed(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, plain: Path, folder: Path
) -> ParseResult:
    rows, quarantine = folder / "rows.parquet", folder / "quarantine.jsonl"
    read = {"parquet": parse_parquet, "jsonl": parse_jsonl}.get(request.format, parse_csv)
    if request.dialect is not None:
        read = parse_dialect
    if is_parquet(plain):
        check_parquet_size(connection, plain, request.limits)
    reading = read(connection, request, plain, rows)
    # Some ways of reading write their rows while they tell the lines that they cannot read.
    broken = list(reading.broken)
    faults = [fault for fault in broken if fault.code != DROPPED]
    lines_dropped = len(broken) - len(faults)
    told = _told_apart(connection, request, reading, folder)
    parsed = rows_sql(told.given, told.first_line, told.further)
    if not reading.in_place:
        faults += _faults(connection, request, parsed, reading, plain)
    faults.sort(key=lambda fault: fault.line)
    quarantined = write_faults(faults, quarantine, keeps_raw_text=request.contract.keeps_raw_text)
    valid = told.valid
    dropped = lines_dropped + (_dropped(connection, parsed) if request.may_drop else 0)
    repeated = reading.repeated + told.repeated
    return ParseResult(
        status="parsed",
        received=valid + quarantined + dropped + repeated,
        valid=valid,
        quarantined=quarantined,
        dropped=dropped,
        repeated=repeated,
        misfits=list(counted_misfits(connection, request.contract, parsed)),
        unmapped_columns=reading.unmapped_columns,
        rows=told.given,
        first_line=told.first_line,
        further_rows=told.further,
        has_distinct_keys=told.has_distinct_keys,
        quarantine=str(quarantine),
    )


def _faults(
    connection: duckdb.DuckDBPyConnection,
    request: ParseRequest,
    parsed: str,
    reading: Reading,
    plain: Path,
) -> list[Fault]:
    parsed = f"(select * from {parsed} where {FAULTY})"
    if request.format == "parquet" and request.dialect is None:
        return list(faulty_parquet_rows(connection, parsed, plain))
    return list(faulty_rows(connection, parsed, reading.lines))


def _told_apart(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, reading: Reading, folder: Path
) -> _Rows:
    """The rows with their places filled in, and without those that repeat another, emptier."""
    given = reading.in_place or str(folder / "rows.parquet")
    further = str(reading.further_rows) if reading.further_rows else None
    first_line = reading.first_line
    parsed = rows_sql(given, first_line, further)
    target = folder / "placed.parquet"
    if write_places(connection, request, parsed, target):
        given, first_line = str(target), None
        parsed = rows_sql(given, first_line)
    valid, is_distinct = _counted(connection, request, parsed)
    repeated = 0
    if not is_distinct and further is None and request.contract.repeats_are_judged:
        target = folder / "told_apart.parquet"
        repeated = write_without_repeats(connection, request.contract, parsed, target)
        if repeated:
            given, first_line = str(target), None
            valid, is_distinct = _counted(connection, request, rows_sql(given, first_line))
    return _Rows(given, first_line, further, valid, repeated, is_distinct)


def _counted(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, parsed: str
) -> tuple[int, bool]:
    """How many rows are valid, and whether it is certain that no two of them share a key.

    Rows that only lack something count with them: they may repeat a valid one.
    """
    keys = ", ".join(request.contract.key)
    valid = int(scalar(connection, f"select count(*) from {parsed} where _error is null"))
    if valid > _MOST_KEYS_SORTED:
        return valid, False
    # Sorting the keys' hashes takes a third of the time of counting the distinct ones in SQL.
    found = connection.execute(
        f"select hash({keys}) as hash from {parsed} where {CANDIDATE}"
    ).fetchnumpy()
    hashes = np.asarray(found["hash"])
    hashes.sort()
    return valid, not bool(np.any(hashes[1:] == hashes[:-1]))


def _dropped(connection: duckdb.DuckDBPyConnection, parsed: str) -> int:
    return int(scalar(connection, f"select count(*) from {parsed} where _error = ?", [DROPPED]))


def _rejected(code: str, detail: Finding) -> ParseResult:
    return ParseResult(status="rejected", reason_code=code, reason_detail=detail)
