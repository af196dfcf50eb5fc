"""CSV: the fast way for a sound file, line by line for any other, so that no neighbour is lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sources.parsing.conversion import mapping_of, select_typed
from sources.parsing.faults import Fault, Reading
from sources.parsing.header import check_columns, read_header
from sources.parsing.lines import census, encoding_fault, numbered_lines, write_sound_lines
from sources.parsing.reasons import FileRejectedError
from sources.parsing.request import HAND_OVER, ParseRequest
from sources.sql import identifier, literal, scalar

_NUMBER = "_line"
_REJECTS = {
    "MISSING COLUMNS": "wrong_column_count",
    "TOO MANY COLUMNS": "wrong_column_count",
    "UNQUOTED VALUE": "misplaced_quote",
    "LINE SIZE OVER MAXIMUM": "line_too_long",
    "INVALID ENCODING": "invalid_encoding",
}


@dataclass(frozen=True, slots=True)
class _Layout:
    plain: Path
    delimiter: str
    columns: list[str]


def parse_csv(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, plain: Path, rows: Path
) -> Reading:
    """Writes the typed rows with `_error`, and with `_line` where rows are not simply lines."""
    wanted = {
        name for source in (request.columns or {}).values() for name in source.source_columns
    } or set(request.contract.columns)
    delimiter = "\t" if request.format == "tsv" and not request.delimiter else request.delimiter
    delimiter, names = read_header(plain, delimiter, wanted)
    layout = _Layout(plain, delimiter, names)
    mapping = mapping_of(request, names)
    place = f"{request.name}, line 1"
    unmapped = check_columns(names, mapping, request.contract, place, request.drop_when)

    counted = census(plain)
    records = counted.line_count - 1
    if counted.longest_bytes <= request.limits.line_bytes and counted.blank_count == 0:
        loaded = _load(connection, request, layout, plain, rows, numbered=False)
        if loaded == records:
            return Reading(unmapped, first_line=2)
    if request.multiline:
        _load_multiline(connection, request, layout, rows, counted.line_count)
        return Reading(unmapped)
    return Reading(unmapped, _load_line_by_line(connection, request, layout, rows))


def _load(
    connection: duckdb.DuckDBPyConnection,
    request: ParseRequest,
    layout: _Layout,
    path: Path,
    rows: Path,
    *,
    numbered: bool,
    line_sql: str | None = None,
) -> int | None:
    """Rows written, or None where DuckDB met a record that it cannot read."""
    mapping = mapping_of(request, layout.columns)
    unique = _unique(layout.columns)
    by_name = dict(zip(reversed(layout.columns), reversed(unique), strict=True))
    line = f"cast({_NUMBER} as bigint)" if numbered else line_sql
    source = _reader(path, layout, unique, request, numbered=numbered)
    if line is not None:
        # A source may have a column called _line, so ours goes by another name until the end.
        source = f"(select *, {line} as _line_number from {source})"
    passed = () if line is None else ("_line_number",)
    query = select_typed(
        request, mapping, lambda name: identifier(by_name[name]), source, passed, is_sparse=True
    )
    renamed = "*" if line is None else "* rename (_line_number as _line)"
    connection.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    try:
        count = scalar(
            connection,
            f"copy (select {renamed} from ({query})) to {literal(str(rows))} {HAND_OVER}",
        )
    except duckdb.InvalidInputException:
        if numbered:
            raise
        return None
    if not numbered and scalar(connection, "select count(*) from reject_errors"):
        return None
    return int(count)


def _reader(
    path: Path, layout: _Layout, unique: list[str], request: ParseRequest, *, numbered: bool
) -> str:
    names = [_NUMBER, *unique] if numbered else unique
    columns = ", ".join(f"{literal(name)}: 'varchar'" for name in names)
    # One byte of slack for each digit of the line's number.
    longest = request.limits.line_bytes + 32
    return (
        f"read_csv({literal(str(path))}, auto_detect = false, header = {not numbered}, "
        f"delim = {literal(layout.delimiter)}, quote = '\"', escape = '\"', nullstr = '', "
        f"columns = {{{columns}}}, strict_mode = true, store_rejects = true, rejects_limit = 0, "
        f"max_line_size = {longest})"
    )


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        lowered = name.lower()
        seen[lowered] = seen.get(lowered, 0) + 1
        unique.append(f"{name}#{seen[lowered]}" if seen[lowered] > 1 or not name else name)
    return unique


def _load_multiline(
    connection: duckdb.DuckDBPyConnection,
    request: ParseRequest,
    layout: _Layout,
    rows: Path,
    line_count: int,
) -> None:
    """Accepts values with line breaks where every physical line belongs to a sound record."""
    unique = _unique(layout.columns)
    breaks = " + ".join(
        f"coalesce(length({identifier(n)}) - length(replace({identifier(n)}, chr(10), '')), 0)"
        for n in unique
    )
    before = "over (rows between unbounded preceding and 1 preceding)"
    line = f"cast(2 + coalesce(sum(1 + {breaks}) {before}, 0) as bigint)"
    loaded = _load(connection, request, layout, layout.plain, rows, numbered=False, line_sql=line)
    if loaded is not None:
        reader = _reader(layout.plain, layout, unique, request, numbered=False)
        spanned = scalar(connection, f"select coalesce(sum(1 + {breaks}), 0) from {reader}")
        if int(spanned) + 1 == line_count:
            return
    detail = (
        "a quote is opened and not closed, so the records cannot be told apart; deliver the file "
        "again, or set multiline: false to keep all lines but the broken one"
    )
    raise FileRejectedError("not_readable", detail)


def _load_line_by_line(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, layout: _Layout, rows: Path
) -> Iterator[Fault]:
    limits = request.limits
    numbered_file = rows.with_suffix(".lines")
    lines = numbered_lines(layout.plain)
    next(lines)

    def fault_of(line: bytes) -> str | None:
        fault = encoding_fault(line, limits.line_bytes)
        return fault or ("unclosed_quote" if line.count(b'"') % 2 else None)

    separator = layout.delimiter.encode()
    faulty = write_sound_lines(lines, numbered_file, separator, fault_of)
    _load(connection, request, layout, numbered_file, rows, numbered=True)
    for number, code, line in faulty:
        yield Fault(number, None, code, line.decode(errors="replace"))
    rejects = connection.execute(
        "select error_type, first(csv_line), line from reject_errors group by all order by line"
    ).fetchall()
    seen = set()
    for error_type, csv_line, _ in rejects:
        number, _, line = csv_line.partition(layout.delimiter)
        if number not in seen:
            seen.add(number)
            code = _REJECTS.get(error_type, "misplaced_quote")
            yield Fault(int(number), None, code, line.rstrip("\r\n"))
