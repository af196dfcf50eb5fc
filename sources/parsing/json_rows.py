"""JSON lines: one object a line; a line that is none, or nested too deep, is set aside."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from output.findings.finding import Finding
from sources.column_source import ColumnSource
from sources.parsing.conversion import Relation, number_columns, select_typed
from sources.parsing.faults import Fault, Reading
from sources.parsing.json_numbers import with_all_digits, with_ids_as_written
from sources.parsing.line_ends import with_newlines
from sources.parsing.line_shape import line_shape
from sources.parsing.lines import (
    encoding_fault,
    json_depth_exceeds,
    numbered_lines,
    write_sound_lines,
)
from sources.parsing.mapping import mapping_of
from sources.parsing.numerals import DOUBLE_NOISE, Typed
from sources.parsing.places import placed_in_lines
from sources.parsing.reasons import FileRejectedError
from sources.parsing.request import HAND_OVER, ParseRequest
from sources.sql import identifier, literal, scalar

# Control characters are not allowed raw inside JSON, so this byte never stands in a sound line.
_SEPARATOR = b"\x1f"
_MARK = "\ufeff".encode()


def parse_jsonl(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, plain: Path, rows: Path
) -> Reading:
    """Writes the typed rows with `_error`, and with `_line` where some lines stand aside.

    Lines that stand aside are left out of a copy, and that is read as a sound file is, so that
    their neighbours are what they would have been without them.
    """
    limits = request.limits
    path = with_newlines(plain, rows.parent, may_quote=False)
    request = placed_in_lines(request, path)
    shape = line_shape(path, limits.json_depth, limits.line_bytes)
    if shape.is_parseable and _load(connection, request, path, rows) == shape.line_count:
        return Reading([], first_line=1, lines=path)
    objects = rows.with_suffix(".objects")
    faults = list(_write_objects(connection, request, path, objects))
    count = _load(connection, request, objects, rows)
    if count != scalar(connection, "select count(*) from object_lines"):
        raise FileRejectedError("not_readable", Finding.of("objects_not_together"))
    _number_rows(connection, rows)
    return Reading([], faults, lines=path)


def _load(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, path: Path, rows: Path
) -> int | None:
    """Rows written, or None where a line is no object: then each must be looked at by itself.

    A file is looked through for numbers as ids only where an id may have been a fraction.
    """
    whole = with_all_digits(path, rows.parent)
    count = _load_as_it_stands(connection, request, whole, rows)
    ids = _id_members(request)
    if not count or not ids or not _holds_fractions(connection, request, rows):
        return count
    written = with_ids_as_written(whole, rows.parent, ids)
    return count if written == whole else _load_as_it_stands(connection, request, written, rows)


def _id_members(request: ParseRequest) -> set[str]:
    """The names of the members that become ids, without the path to them."""
    ids = request.contract.id_columns
    return {
        name.rpartition(".")[2]
        for canonical, source in mapping_of(request, None).items()
        if canonical in ids
        for name in source.source_columns
    }


def _holds_fractions(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, rows: Path
) -> bool:
    """Whether a text of an id column holds what a number with a fraction or an exponent does."""
    source = f"read_parquet({literal(str(rows))})"
    found = {row[0] for row in connection.execute(f"describe select * from {source}").fetchall()}
    conditions = [
        f"contains({identifier(name)}, '.') or "
        f"regexp_full_match({identifier(name)}, '-?\\d+e[+]?\\d+')"
        for name in sorted(request.contract.id_columns & found)
    ]
    any_row = (
        f"select count(*) from (select 1 from {source} where {' or '.join(conditions)} limit 1)"
    )
    return bool(conditions) and bool(scalar(connection, any_row))


def _load_as_it_stands(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, path: Path, rows: Path
) -> int | None:
    """Rows written, or None where a line is no object.

    DuckDB's reader reads a file of one object a line several times as fast as paths are taken out
    of texts. It refuses a file with anything else on a line that begins with a brace.
    """
    mapping = mapping_of(request, None)
    members = _Members(_names(request, mapping), set(number_columns(request.contract, mapping)))
    listed = ", ".join(
        f"{literal(head)}: {literal(members.type_of(head))}" for head in members.heads
    )
    reader = (
        f"read_json({literal(str(path))}, format = 'newline_delimited', records = true, "
        f"auto_detect = false, columns = {{{listed}}}, "
        f"maximum_object_size = {2 * request.limits.line_bytes})"
    )
    query = select_typed(request, mapping, Relation(reader, members.text_of, members.typed_of))
    try:
        return int(scalar(connection, f"copy ({query}) to {literal(str(rows))} {HAND_OVER}"))
    except duckdb.InvalidInputException:
        return None


def _names(request: ParseRequest, mapping: dict[str, ColumnSource]) -> set[str]:
    """The paths that the mapping or a rule reads."""
    mapped = {name for source in mapping.values() for name in source.source_columns}
    return mapped | request.rule_columns


class _Members:
    """The members of an object that are read, and how: as texts, or as JSON to look into."""

    def __init__(self, names: set[str], numbers: set[str]) -> None:
        self.heads = sorted({name.split(".")[0] for name in names})
        nested = {name.split(".")[0] for name in names if "." in name}
        self._numbers = numbers
        self._as_json = nested | {name for name in numbers if "." not in name}

    def type_of(self, head: str) -> str:
        """The type in which a member is read."""
        return "json" if head in self._as_json else "varchar"

    def text_of(self, name: str) -> str:
        """SQL of a value's text; what JSON writes for no number is none."""
        head, _, rest = name.partition(".")
        if name in self._numbers:
            value = self._value(name)
            return (
                f"case when starts_with({value}, '\"') then json_extract_string({value}, '$') "
                f"when {value} in ('null', 'NaN', '-NaN') then null "
                f"else cast({value} as varchar) end"
            )
        if head not in self._as_json:
            return identifier(head)
        return f"json_extract_string({identifier(head)}, {literal(_path(rest) if rest else '$')})"

    def typed_of(self, name: str) -> Typed | None:
        """Whether a value is a JSON number, for those that become numbers."""
        if name not in self._numbers:
            return None
        return Typed(f"not starts_with({self._value(name)}, '\"')", DOUBLE_NOISE)

    def _value(self, name: str) -> str:
        head, _, rest = name.partition(".")
        if not rest:
            return identifier(head)
        return f"json_extract({identifier(head)}, {literal(_path(rest))})"


def _write_objects(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, path: Path, target: Path
) -> Iterator[Fault]:
    """Writes the lines that are objects, and their numbers to `object_lines`; yields the others."""
    limits = request.limits

    def fault_of(line: bytes) -> str | None:
        fault = encoding_fault(line, limits.line_bytes)
        if fault is None and _SEPARATOR in line:
            return "invalid_json"
        if fault is None and json_depth_exceeds(line, limits.json_depth):
            return "json_too_deep"
        return fault

    numbered = target.with_suffix(".lines")
    lines = ((number, line.removeprefix(_MARK).lstrip()) for number, line in numbered_lines(path))
    faulty = write_sound_lines(lines, numbered, _SEPARATOR, fault_of)
    for number, code, line in faulty:
        yield Fault(number, None, code, line.decode(errors="replace"))
    heads = _Members(_names(request, mapping_of(request, None)), set()).heads
    judged = _judge(connection, numbered, heads)
    with numbered.open("rb") as source, target.open("wb") as stream:
        for numbered_line in source:
            number_text, _, line = numbered_line.partition(_SEPARATOR)
            found = judged.get(int(number_text), "invalid_json")
            if found is None:
                stream.write(line)
            else:
                text = line.rstrip(b"\n").decode(errors="replace")
                yield Fault(int(number_text), None, found, text)


def _judge(
    connection: duckdb.DuckDBPyConnection, numbered: Path, heads: list[str]
) -> dict[int, str | None]:
    """What is wrong with each line, by its number; fills `object_lines` with the sound ones."""
    listed = ", ".join(literal(head) for head in heads)
    is_object = "json_valid(object) and json_type(object) = 'OBJECT'"
    # Which of two values of one name counts is nowhere agreed. Names are asked of objects alone and
    # once: what is said twice is computed first.
    connection.execute(
        "create or replace temp table judged_lines as select _line, "
        "case when names is null then 'invalid_json' "
        "when len(names) <> len(list_distinct(names)) then 'duplicate_member' end as code from ("
        f"select _line, list_filter(keys, lambda name: name in ({listed})) as names from ("
        f"select _line, case when {is_object} then json_keys(object) end as keys "
        f"from read_csv({literal(str(numbered))}, auto_detect = false, header = false, "
        "delim = chr(31), quote = '', escape = '', nullstr = '', "
        "columns = {'_line': 'bigint', 'object': 'varchar'}, strict_mode = false, "
        "ignore_errors = true, max_line_size = 2097152)))"
    )
    connection.execute(
        "create or replace temp table object_lines as select _line, "
        "row_number() over (order by _line) - 1 as place from judged_lines where code is null"
    )
    return dict(connection.execute("select _line, code from judged_lines").fetchall())


def _number_rows(connection: duckdb.DuckDBPyConnection, rows: Path) -> None:
    """Gives each row the line that it stood on, now that rows and lines no longer go together."""
    numbered = rows.with_suffix(".numbered")
    connection.execute(
        "copy (select written.* exclude (file_row_number), _line "
        f"from read_parquet({literal(str(rows))}, file_row_number = true) as written "
        "inner join object_lines on place = file_row_number order by place) "
        f"to {literal(str(numbered))} {HAND_OVER}"
    )
    numbered.replace(rows)


def _path(name: str) -> str:
    return "$." + ".".join(f'"{part}"' for part in name.split("."))
