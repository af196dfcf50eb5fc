"""Clickstream dialects: each line or record of a foreign form becomes rows of `events`.

Events and the first product of their lists are written in one pass, one row per line, so that a
row's place tells its line. The further products of lists follow in a file of their own.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from sources.clickstream.dialect import INHERITED, ITEM_COLUMNS, Dialect
from sources.clickstream.ga4 import ga4
from sources.clickstream.nesting import AmbiguousNameError, sql_type
from sources.clickstream.segment import segment
from sources.column_source import ColumnSource
from sources.contract import Contract
from sources.parsing.conversion import Relation, select_typed
from sources.parsing.faults import Fault, Reading
from sources.parsing.fitting import write_fitting_lines
from sources.parsing.line_ends import with_newlines
from sources.parsing.line_shape import line_shape
from sources.parsing.plain import is_parquet
from sources.parsing.reasons import FileRejectedError
from sources.parsing.request import HAND_OVER, ParseRequest, rows_sql
from sources.parsing.twins import number_twins
from sources.sql import identifier, literal, scalar

_DIALECTS = {"segment": segment, "ga4": ga4}
# Names that a canonical column's text has until it is typed, apart from any path's name.
_PREFIX = "="
# What a dialect itself writes by the contract's rules needs no check by them.
_SURE = ("event_type", "device", "country_code")


@dataclass(frozen=True, slots=True)
class _Task:
    """A file to read in a dialect: the request, what the dialect says, where columns come from."""

    connection: duckdb.DuckDBPyConnection
    request: ParseRequest
    dialect: Dialect
    mapping: dict[str, ColumnSource]
    rows: Path


def parse_dialect(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, plain: Path, rows: Path
) -> Reading:
    """Writes the typed rows with `_error`, and those of further products beside them."""
    task = _task(connection, request, rows)
    if is_parquet(plain):
        reading = Reading([], first_line=_write_records(task, plain))
    else:
        reading = _write_lines(task, plain)
    if task.dialect.numbers_twins and number_twins(connection, rows, reading.first_line):
        reading = Reading([], reading.broken, first_line=None)
    further = _write_further_items(task, reading.first_line)
    return Reading([], reading.broken, reading.first_line, further)


def _task(connection: duckdb.DuckDBPyConnection, request: ParseRequest, rows: Path) -> _Task:
    overrides = request.columns or {}
    mapped = {path for source in overrides.values() for path in source.source_columns}
    try:
        dialect = _DIALECTS[str(request.dialect)](tuple(sorted(mapped)))
    except AmbiguousNameError as error:
        raise FileRejectedError("missing_column", f"{error}; change the mapping") from error
    mapping = {name: ColumnSource(column=_PREFIX + name) for name in dialect.texts}
    mapping |= {name: ColumnSource(column=_PREFIX + name) for name in ITEM_COLUMNS}
    if request.currency_code:
        own = _PREFIX + "currency_code"
        mapping["currency_code"] = ColumnSource(column=own, default=request.currency_code)
    mapping |= overrides
    # Both forms give times without a zone in UTC.
    contract = _without_sure_checks(request.contract, overrides)
    adapted = {
        "source_time_zone": "UTC",
        "decimal_separator": ".",
        "thousands_separator": None,
        "contract": contract,
    }
    return _Task(connection, request.model_copy(update=adapted), dialect, mapping, rows)


def _without_sure_checks(contract: Contract, overrides: dict[str, ColumnSource]) -> Contract:
    unruled = {
        name: contract.columns[name].model_copy(update={"allowed": None, "pattern": None})
        for name in _SURE
        if name not in overrides
    }
    return contract.model_copy(update={"columns": contract.columns | unruled})


def _write_lines(task: _Task, plain: Path) -> Reading:
    limits = task.request.limits
    plain = with_newlines(plain, task.rows.parent, may_quote=False)
    shape = line_shape(plain, limits.json_depth, limits.line_bytes)
    if shape.is_parseable:
        try:
            if _write(task, _read_json(task, plain)) == shape.line_count:
                return Reading([], first_line=1)
        except duckdb.InvalidInputException:
            # A line is broken or built otherwise; the reader does not say how many are.
            task.rows.unlink(missing_ok=True)

    fitting = task.rows.with_suffix(".lines")
    structure = task.dialect.document
    faulty = list(write_fitting_lines(task.connection, plain, fitting, structure, limits))
    _write(task, _read_json(task, fitting, numbered=True), numbered=True)
    return Reading([], [Fault(number, None, code, None) for number, code in faulty])


def _read_json(task: _Task, path: Path, *, numbered: bool = False) -> str:
    columns = ", ".join(
        f"{literal(name)}: {literal(sql_type(part))}"
        for name, part in task.dialect.document.items()
    )
    line = ", '_line': 'BIGINT'" if numbered else ""
    # What a line is fitted with makes it longer than it came.
    longest = task.request.limits.line_bytes * (4 if numbered else 1)
    return (
        f"read_json({literal(str(path))}, format = 'newline_delimited', "
        f"columns = {{{columns}{line}}}, maximum_object_size = {longest})"
    )


def _write_records(task: _Task, path: Path) -> int:
    """Parquet: values of other types, and records with other members, become the dialect's."""
    # Bytes that nobody annotated are text, as in any other file.
    reader = f"read_parquet({literal(str(path))}, binary_as_string = true)"
    try:
        described = task.connection.execute(f"describe select * from {reader}").fetchall()
    except duckdb.Error as error:
        first_line = str(error).splitlines()[0]
        detail = f"not a Parquet file, or a damaged one ({first_line}); deliver it again"
        raise FileRejectedError("not_readable", detail) from error
    found = {row[0] for row in described}
    missing = [name for name in task.dialect.needed if name not in found]
    if missing:
        listed = ", ".join(repr(name) for name in missing)
        detail = f"{task.request.name}: no column {listed}; is it a {task.dialect.name} export?"
        raise FileRejectedError("missing_column", detail)
    columns = ", ".join(
        f"{_as_type(task, reader, name, found)} as {identifier(name)}"
        for name in task.dialect.document
    )
    _write(task, f"(select {columns} from {reader})")
    return 1


def _as_type(task: _Task, reader: str, name: str, found: set[str]) -> str:
    """A column in the dialect's type; nothing where the file lacks it or all that we read of it."""
    wanted = sql_type(task.dialect.document[name])
    cast = f"cast({identifier(name)} as {wanted})"
    if name not in found:
        return f"cast(null as {wanted})"
    try:
        task.connection.execute(f"describe select {cast} from {reader}")
    except duckdb.BinderException:
        return f"cast(null as {wanted})"
    return cast


def _write(task: _Task, documents: str, *, numbered: bool = False) -> int:
    """Writes one row per document; returns how many."""
    passed = ("_line",) if numbered else ()
    carried = ("_items", *(f"_event_{name}" for name in INHERITED), *passed)
    texts = _texts(task.dialect, documents, passed)
    relation = Relation(texts, identifier, passed=carried)
    query = select_typed(task.request, task.mapping, relation)
    copy = f"copy ({query}) to {literal(str(task.rows))} {HAND_OVER}"
    return int(scalar(task.connection, copy))


def _texts(dialect: Dialect, documents: str, passed: tuple[str, ...]) -> str:
    prepared = ", ".join(f"{sql} as {name}" for name, sql in dialect.prepared.items())
    listed = f"coalesce(len({dialect.items}), 0) as item_count, {dialect.items}[1] as item"
    source = f"(select *, {listed}, {prepared} from {documents} as document) as document"
    texts = dict(dialect.texts) | {"item_number": "cast(null as varchar)"}
    for name in ITEM_COLUMNS:
        texts[name] = _of_first_item(dialect, name)
    columns = [f"{sql} as {identifier(_PREFIX + name)}" for name, sql in texts.items()]
    columns += [f"{sql} as {identifier(path)}" for path, sql in dialect.paths.items()]
    columns += [f"{sql} as {identifier(path)}" for path, sql in dialect.item_paths.items()]
    columns.append(f"case when item_count > 1 then {dialect.items}[2:] end as _items")
    columns += [
        f"case when item_count > 1 then {dialect.texts[name]} end as _event_{name}"
        for name in INHERITED
    ]
    return f"(select {', '.join([*columns, *passed])} from {source})"


def _of_first_item(dialect: Dialect, name: str) -> str:
    if name == "item_number":
        return "case when item_count > 0 then '1' else '0' end"
    listed, single = dialect.item_texts[name], dialect.texts[name]
    if name in INHERITED:
        listed = f"coalesce({listed}, {single})"
    return f"case when item_count > 0 then {listed} else {single} end"


def _write_further_items(task: _Task, first_line: int | None) -> Path | None:
    """Writes the products of lists from the second on; None where there are none."""
    contract = task.request.contract
    own = [name for name in ITEM_COLUMNS if _is_of_items(task, name)]
    passed = [name for name in contract.columns if name not in own]
    narrow = {
        "columns": {name: contract.columns[name] for name in own},
        "require_one_of": (),
        "blank_without": {},
    }
    relation = Relation(
        _further_items(task, first_line, own, passed),
        identifier,
        passed=(*passed, "_line", "_event_error"),
    )
    narrowed = task.request.model_copy(update={"contract": contract.model_copy(update=narrow)})
    typed = select_typed(narrowed, task.mapping, relation)
    replaced = (
        "coalesce(_event_error, _error) as _error, cast(null as decimal(18, 2)) as value_amount"
    )
    target = task.rows.with_suffix(".items.parquet")
    count = scalar(
        task.connection,
        f"copy (select {', '.join(contract.columns)}, _line, _error "
        f"from (select * replace ({replaced}) from ({typed}))) "
        f"to {literal(str(target))} {HAND_OVER}",
    )
    return target if count else None


def _further_items(task: _Task, first_line: int | None, own: list[str], passed: list[str]) -> str:
    """A row per further product: its own texts, and the event's columns as they were typed."""
    texts = {
        name: f"coalesce({sql}, _event_{name})" if name in INHERITED else sql
        for name, sql in task.dialect.item_texts.items()
    } | {"item_number": "cast(item_number_of_list as varchar)"}
    columns = [f"{texts[name]} as {identifier(_PREFIX + name)}" for name in own]
    columns += [f"{sql} as {identifier(path)}" for path, sql in task.dialect.item_paths.items()]
    # What was wrong with the event is wrong with each of its rows; what was wrong with its first
    # product is not.
    of_first = ", ".join(literal(name) for name in own)
    error = f"case when split_part(_error, ':', 2) not in ({of_first}) then _error end"
    unnested = (
        "select * exclude (_items), unnest(_items) as item, "
        "generate_subscripts(_items, 1) + 1 as item_number_of_list "
        f"from {rows_sql(str(task.rows), first_line)} where _items is not null"
    )
    selected = ", ".join([*passed, "_line", *columns, f"{error} as _event_error"])
    return f"(select {selected} from ({unnested}))"


def _is_of_items(task: _Task, name: str) -> bool:
    """Whether a column differs between the products of a list, also where it is mapped."""
    given = (task.request.columns or {}).get(name)
    return given is None or any(path in task.dialect.item_paths for path in given.source_columns)
