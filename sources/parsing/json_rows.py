"""JSON lines: each line one object; a line that is none, or nested too deep, stands aside alone."""

from pathlib import Path

import duckdb

from sources.column_source import ColumnSource
from sources.parsing.conversion import mapping_of, select_typed
from sources.parsing.faults import Fault, Reading
from sources.parsing.line_shape import line_shape
from sources.parsing.lines import (
    encoding_fault,
    json_depth_exceeds,
    numbered_lines,
    write_sound_lines,
)
from sources.parsing.places import placed_in_lines
from sources.parsing.request import HAND_OVER, ParseRequest
from sources.sql import identifier, literal, scalar

# Control characters are not allowed raw inside JSON, so this byte never stands in a sound line.
_SEPARATOR = b"\x1f"


def parse_jsonl(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, plain: Path, rows: Path
) -> Reading:
    """Writes the typed rows with `_error`, and with `_line` where some lines stand aside."""
    request = placed_in_lines(request, plain)
    limits = request.limits
    shape = line_shape(plain, limits.json_depth, limits.line_bytes)
    if shape.is_parseable and _load_objects(connection, request, plain, rows) == shape.line_count:
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
    _load_lines(connection, request, numbered_file, rows)
    broken = (Fault(n, None, code, line.decode(errors="replace")) for n, code, line in faulty)
    return Reading([], broken)


def numbered_objects_sql(path: Path) -> str:
    """A relation of `_line` and `object`, the text, of the lines written by `write_sound_lines`."""
    return (
        f"(select * from read_csv({literal(str(path))}, auto_detect = false, "
        f"header = false, delim = chr(31), quote = '', escape = '', nullstr = '', "
        f"columns = {{'_line': 'bigint', 'object': 'varchar'}}, strict_mode = false, "
        f"ignore_errors = true, max_line_size = 2097152))"
    )


def _load_objects(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, path: Path, rows: Path
) -> int | None:
    """Rows written, or None where a line is no object: then each must be looked at by itself.

    DuckDB's reader reads a file of one object a line several times as fast as paths are taken out
    of texts. It refuses a file with anything else on a line that begins with a brace.
    """
    mapping = mapping_of(request, None)
    heads = _heads(mapping, request)
    listed = ", ".join(
        f"{literal(head)}: '{'json' if is_nested else 'varchar'}'"
        for head, is_nested in heads.items()
    )
    reader = (
        f"read_json({literal(str(path))}, format = 'newline_delimited', records = true, "
        f"auto_detect = false, columns = {{{listed}}}, "
        f"maximum_object_size = {2 * request.limits.line_bytes})"
    )

    def text_of(name: str) -> str:
        head, _, rest = name.partition(".")
        if not heads[head]:
            return identifier(head)
        return f"json_extract_string({identifier(head)}, {literal(_path(rest) if rest else '$')})"

    query = select_typed(request, mapping, text_of, reader)
    try:
        return int(scalar(connection, f"copy ({query}) to {literal(str(rows))} {HAND_OVER}"))
    except duckdb.InvalidInputException:
        return None


def _names(mapping: dict[str, ColumnSource], request: ParseRequest) -> list[str]:
    """The paths that the mapping or a rule reads."""
    mapped = {name for source in mapping.values() for name in source.source_columns}
    return sorted(mapped | set(request.drop_when))


def _heads(mapping: dict[str, ColumnSource], request: ParseRequest) -> dict[str, bool]:
    """The members of an object that are read, and whether something inside them is."""
    names = _names(mapping, request)
    heads = sorted({name.split(".")[0] for name in names})
    return {head: any(name.startswith(f"{head}.") for name in names) for head in heads}


def _load_lines(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, path: Path, rows: Path
) -> None:
    mapping = mapping_of(request, None)
    heads = _heads(mapping, request)
    names = _names(mapping, request)
    paths = ", ".join(literal(_path(name)) for name in names)
    is_object = "json_valid(object) and json_type(object) = 'OBJECT'"
    # The paths are read together, so each line is parsed twice at most, and never where it is no
    # object: said once, as what is said twice is computed first.
    values = (
        f"case when {is_object} then struct_pack(texts := json_extract_string(object, [{paths}]), "
        f"kinds := json_type(object, [{paths}])) end as v"
    )
    columns = ", ".join(
        f"{_text_as_read(i, is_member=heads.get(name) is False)} as {identifier(name)}"
        for i, name in enumerate(names, start=1)
    )
    parsed = f"(select _line, {values} from {numbered_objects_sql(path)})"
    source = f"(select _line, v is null as _broken, {columns} from {parsed})"
    query = select_typed(request, mapping, identifier, source, ("_line", "_broken"))
    connection.execute(
        f"copy (select * exclude (_broken) replace "
        f"(case when _broken then 'invalid_json:' else _error end as _error) from ({query})) "
        f"to {literal(str(rows))} {HAND_OVER}"
    )


def _text_as_read(index: int, *, is_member: bool) -> str:
    """A value's text as `read_json` gives it, which writes fractions its own way."""
    text = f"v.texts[{index}]"
    if not is_member:
        return text
    number = f"try_cast({text} as double)"
    is_fraction = (
        f"v.kinds[{index}] = 'DOUBLE' and regexp_matches({text}, '[.eE]') and isfinite({number})"
    )
    return f"case when {is_fraction} then cast({number} as varchar) else {text} end"


def _path(name: str) -> str:
    return "$." + ".".join(f'"{part}"' for part in name.split("."))
