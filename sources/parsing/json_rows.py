"""JSON lines: each line one object; a line that is none, or nested too deep, stands aside alone."""

from pathlib import Path

import duckdb

from sources.parsing.conversion import identifier, mapping_of, quoted, select_typed
from sources.parsing.faults import Fault, Reading
from sources.parsing.lines import (
    census,
    encoding_fault,
    json_depth_exceeds,
    numbered_lines,
    write_sound_lines,
)
from sources.parsing.request import ParseRequest

# Control characters are not allowed raw inside JSON, so this byte never stands in a sound line.
_SEPARATOR = b"\x1f"


def parse_jsonl(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, plain: Path, rows: Path
) -> Reading:
    """Writes the typed rows with `_error`, and with `_line` where some lines stand aside."""
    limits = request.limits
    counted = census(plain, count_openers=True)
    is_sound = (
        counted.most_openers <= limits.json_depth
        and counted.longest_bytes <= limits.line_bytes
        and counted.blank_count == 0
    )
    if is_sound:
        written = _load(connection, request, plain, rows, numbered=False)
        if written == counted.line_count:
            return Reading([], first_line=1)

    def fault_of(line: bytes) -> str | None:
        fault = encoding_fault(line, limits.line_bytes)
        if fault is None and _SEPARATOR in line:
            return "invalid_json"
        if fault is None and json_depth_exceeds(line, limits.json_depth):
            return "json_too_deep"
        return fault

    numbered_file = rows.with_suffix(".lines")
    faulty = write_sound_lines(numbered_lines(plain), numbered_file, _SEPARATOR, fault_of)
    _load(connection, request, numbered_file, rows, numbered=True)
    broken = (Fault(n, None, code, line.decode(errors="replace")) for n, code, line in faulty)
    return Reading([], broken)


def _lines_sql(path: Path, *, numbered: bool) -> str:
    columns = "{'_line': 'bigint', 'object': 'varchar'}" if numbered else "{'object': 'varchar'}"
    return (
        f"(select * from read_csv({quoted(str(path))}, auto_detect = false, "
        f"header = false, delim = chr(31), quote = '', escape = '', nullstr = '', "
        f"columns = {columns}, strict_mode = false, ignore_errors = true, "
        f"max_line_size = 2097152))"
    )


def _load(
    connection: duckdb.DuckDBPyConnection,
    request: ParseRequest,
    path: Path,
    rows: Path,
    *,
    numbered: bool,
) -> int:
    line = ("_line",) if numbered else ()
    mapping = mapping_of(request, None)
    names = sorted({name for source in mapping.values() for name in source.source_columns})
    paths = ", ".join(quoted(_path(name)) for name in names)
    is_object = "json_valid(object) and json_type(object) = 'OBJECT'"
    # The paths are read together, so each line is parsed once, and never where it is no object.
    values = f"case when {is_object} then json_extract_string(object, [{paths}]) end"
    columns = ", ".join(f"v[{i}] as {identifier(name)}" for i, name in enumerate(names, start=1))
    lines = _lines_sql(path, numbered=numbered)
    parsed = f"(select {', '.join([*line, f'{values} as v'])} from {lines})"
    source = f"(select {', '.join([*line, 'v is null as _broken', columns])} from {parsed})"
    query = select_typed(request, mapping, identifier, source, (*line, "_broken"))
    done = connection.execute(
        f"copy (select * exclude (_broken) replace "
        f"(case when _broken then 'invalid_json:' else _error end as _error) from ({query})) "
        f"to {quoted(str(rows))} (format parquet)"
    ).fetchone()
    return int(done[0]) if done else 0


def _path(name: str) -> str:
    return "$." + ".".join(f'"{part}"' for part in name.split("."))
