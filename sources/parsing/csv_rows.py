"""CSV: fast for a valid file, line by line for any other, so a bad line costs no neighbour."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from output.findings.finding import Finding
from sources.column_source import ColumnSource
from sources.parsing.conversion import Relation, select_typed
from sources.parsing.csv_lines import LineJudge
from sources.parsing.emptiness import BLANKS
from sources.parsing.faults import Fault, Reading
from sources.parsing.header import Header, check_columns, read_header
from sources.parsing.line_ends import with_newlines
from sources.parsing.lines import census, encoding_fault, numbered_lines, write_sound_lines
from sources.parsing.mapping import mapping_of
from sources.parsing.reasons import FileRejectedError
from sources.parsing.request import DROPPED, HAND_OVER, Limits, ParseRequest, rows_sql
from sources.sql import identifier, literal, scalar

_NUMBER = "_line"
_MOVED = "moved_columns:"
_REJECTS = {
    "MISSING COLUMNS": "wrong_column_count",
    "TOO MANY COLUMNS": "wrong_column_count",
    "UNQUOTED VALUE": "misplaced_quote",
    "LINE SIZE OVER MAXIMUM": "line_too_long",
    "INVALID ENCODING": "invalid_encoding",
}


def parse_csv(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, plain: Path, rows: Path
) -> Reading:
    """Writes the typed rows with `_error`, and with `_line` where rows are not simply lines."""
    wanted = {
        name for source in (request.columns or {}).values() for name in source.source_columns
    } or set(request.contract.columns)
    delimiter = "\t" if request.format == "tsv" and not request.delimiter else request.delimiter
    path = with_newlines(plain, rows.parent, may_quote=True)
    header = read_header(path, delimiter, wanted, request.header_line)
    file = _File(path, header)
    mapping = mapping_of(request, header.names)
    unmapped = check_columns(
        *(header.names, mapping, request.contract, header.line, request.rule_columns),
        request.lacking(header.names),
    )

    counted = census(path)
    records = counted.line_count - header.line
    # A blank line of one column would be a row without a value.
    is_regular = counted.blank_count == 0 and len(header.names) > 1 and not request.drop_lines
    if is_regular and counted.longest_bytes <= request.limits.line_bytes:
        loaded = _load(connection, request, file, rows)
        if loaded == records:
            lines = None if request.multiline else path
            _refuse_moved_columns(connection, rows, header.line + 1)
            return Reading(unmapped, first_line=header.line + 1, lines=lines)
    if request.multiline:
        _load_multiline(connection, request, file, rows, counted.line_count)
        _refuse_moved_columns(connection, rows, None)
        return Reading(unmapped)
    return Reading(unmapped, _load_line_by_line(connection, request, file, rows), lines=path)


# More blanks than anybody puts around a column's name, in bytes.
_LONGEST_BLANKS = 16


@dataclass(frozen=True, slots=True)
class _File:
    """A file of records; where they are numbered it has no header and the number comes first."""

    path: Path
    header: Header
    is_numbered: bool = False

    @property
    def unique_names(self) -> list[str]:
        """The columns' names, told apart where two have one."""
        return _unique(self.header.names)

    def reader(self, limits: Limits) -> str:
        """A relation of the file's records as texts."""
        names = [_NUMBER, *self.unique_names] if self.is_numbered else self.unique_names
        columns = ", ".join(f"{literal(name)}: 'varchar'" for name in names)
        skipped = 0 if self.is_numbered else self.header.line - 1
        # Told, lest a return inside a value be taken for it.
        line_end = "new_line = '\\n', " if self.is_numbered else ""
        # One byte of slack for each digit of the line's number.
        longest = limits.line_bytes + 32
        return (
            f"read_csv({literal(str(self.path))}, auto_detect = false, "
            f"header = {not self.is_numbered}, skip = {skipped}, {line_end}"
            f"delim = {literal(self.header.delimiter)}, quote = '\"', escape = '\"', nullstr = '', "
            f"columns = {{{columns}}}, strict_mode = true, store_rejects = true, "
            f"rejects_limit = 0, max_line_size = {longest})"
        )


def _load(
    connection: duckdb.DuckDBPyConnection,
    request: ParseRequest,
    file: _File,
    rows: Path,
    line_sql: str | None = None,
) -> int | None:
    """Rows written, or None where DuckDB met a record that it cannot read."""
    mapping = mapping_of(request, file.header.names)
    by_name = dict(zip(reversed(file.header.names), reversed(file.unique_names), strict=True))
    line = f"cast({_NUMBER} as bigint)" if file.is_numbered else line_sql
    source = file.reader(request.limits)
    if line is not None:
        # A source may have a column called _line, so ours goes by another name until the end.
        source = f"(select *, {line} as _line_number from {source})"
    relation = Relation(
        source,
        lambda name: identifier(by_name[name]) if name in by_name else "cast(null as varchar)",
        fault=_repeated_header(mapping, file),
        passed=() if line is None else ("_line_number",),
    )
    query = select_typed(request, mapping, relation, is_sparse=True)
    renamed = "*" if line is None else "* rename (_line_number as _line)"
    connection.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    try:
        count = scalar(
            connection,
            f"copy (select {renamed} from ({query})) to {literal(str(rows))} {HAND_OVER}",
        )
    except duckdb.InvalidInputException:
        if file.is_numbered:
            raise
        return None
    if not file.is_numbered and scalar(connection, "select count(*) from reject_errors"):
        return None
    return int(count)


def _repeated_header(mapping: dict[str, ColumnSource], file: _File) -> str:
    """SQL of the fault of a line that holds the names of its columns, in whatever letters.

    Two columns that are read tell it; where only one is, the others are asked too.
    """
    pairs = [pair for pair in zip(file.header.names, file.unique_names, strict=True) if pair[0]]
    used = {name for source in mapping.values() for name in source.source_columns}
    read = [pair for pair in pairs if pair[0] in used]
    asked = read if len(read) > 1 else pairs
    same = [
        f"lower(trim({identifier(column)}, {literal(BLANKS)})) = {literal(name.lower())}"
        for name, column in asked
    ]
    name, column = asked[0]
    # Comparing lengths costs nothing, and spares nearly all lines the rest.
    length = len(name.encode())
    may_be = f"strlen({identifier(column)}) between {length} and {length + _LONGEST_BLANKS}"
    is_header = " and ".join([may_be, *same])
    names = sorted(name.lower() for name, _ in pairs)
    texts = ", ".join(
        f"lower(trim({identifier(column)}, {literal(BLANKS)}))" for _, column in pairs
    )
    spelled = ", ".join(literal(name) for name, _ in pairs)
    # One look at one column spares nearly all lines the sorting.
    is_moved = (
        f"{identifier(column)} in ({spelled})"
        f" and list_sort([{texts}]) = [{', '.join(map(literal, names))}]"
    )
    return (
        f"case when {is_header} then 'repeated_header:' when {is_moved} then {literal(_MOVED)} end"
    )


def _refuse_moved_columns(
    connection: duckdb.DuckDBPyConnection, rows: Path, first_line: int | None
) -> None:
    """Refuses a file in which another column order begins; its rows would be read as others."""
    read = rows_sql(str(rows), first_line)
    query = f"select min(_line) from {read} where _error = {literal(_MOVED)}"
    line = connection.execute(query).fetchone()
    if line is not None and line[0] is not None:
        raise FileRejectedError("moved_columns", Finding.of("columns_moved", line=line[0]))


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
    file: _File,
    rows: Path,
    line_count: int,
) -> None:
    """Accepts values with line breaks where every physical line belongs to a sound record."""
    breaks = " + ".join(
        f"coalesce(length({identifier(n)}) - length(replace({identifier(n)}, chr(10), '')), 0)"
        for n in file.unique_names
    )
    before = "over (rows between unbounded preceding and 1 preceding)"
    first = file.header.line + 1
    line = f"cast({first} + coalesce(sum(1 + {breaks}) {before}, 0) as bigint)"
    loaded = _load(connection, request, file, rows, line)
    if loaded is not None:
        reader = file.reader(request.limits)
        spanned = scalar(connection, f"select coalesce(sum(1 + {breaks}), 0) from {reader}")
        if int(spanned) + file.header.line == line_count:
            return
    raise FileRejectedError("not_readable", Finding.of("quote_left_open"))


def _load_line_by_line(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, file: _File, rows: Path
) -> Iterator[Fault]:
    longest = request.limits.line_bytes
    numbered = _File(rows.with_suffix(".lines"), file.header, is_numbered=True)
    lines = (line for line in numbered_lines(file.path) if line[0] > file.header.line)
    judge = LineJudge(file.header.delimiter, len(file.header.names))
    separator = file.header.delimiter.encode()
    dropped = [re.compile(pattern) for pattern in request.drop_lines]

    def fault_of(line: bytes) -> str | None:
        fault = encoding_fault(line, longest)
        if fault is None and any(one.fullmatch(line.decode()) for one in dropped):
            return DROPPED
        return fault or judge.fault_of(line)

    faulty = write_sound_lines(lines, numbered.path, separator, fault_of)
    _load(connection, request, numbered, rows)
    _refuse_moved_columns(connection, rows, None)
    for number, code, line in faulty:
        yield Fault(number, None, code, line.decode(errors="replace"))
    yield from _rejected(connection, file.header.delimiter)


def _rejected(connection: duckdb.DuckDBPyConnection, delimiter: str) -> Iterator[Fault]:
    """The lines that the judge let pass and DuckDB did not, each once."""
    rejects = connection.execute(
        "select error_type, first(csv_line), line from reject_errors group by all order by line"
    ).fetchall()
    seen = set()
    for error_type, csv_line, _ in rejects:
        number, _, line = csv_line.partition(delimiter)
        if number not in seen:
            seen.add(number)
            code = _REJECTS.get(error_type, "misplaced_quote")
            yield Fault(int(number), None, code, line.rstrip("\r\n"))
