"""Clickstream dialects: each line or record of a foreign format becomes rows of `events`.

Events are written in one pass, one row per line, so that a row's place tells its line. The products
that they list follow in a file of their own.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from output.findings.finding import Finding
from sources.clickstream.dialect import EVENT_AMOUNTS, INHERITED, ITEM_COLUMNS, MISFITS, Dialect
from sources.clickstream.ga4 import ga4
from sources.clickstream.nesting import AmbiguousNameError, sql_type
from sources.clickstream.segment import segment
from sources.clickstream.sites import define_own_site
from sources.column_source import ColumnSource
from sources.contract import Contract
from sources.parsing.conversion import Relation, select_typed
from sources.parsing.faults import Fault, Reading
from sources.parsing.fitting import write_fitting_lines
from sources.parsing.line_ends import with_newlines
from sources.parsing.line_shape import line_shape
from sources.parsing.mapping import with_own_currency
from sources.parsing.misfits import MISFITS as OF_ROW
from sources.parsing.plain import is_parquet
from sources.parsing.reasons import FileRejectedError
from sources.parsing.request import HAND_OVER, ParseRequest, rows_sql
from sources.parsing.twins import IS_NUMBERED, settle_repeats
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
    define_own_site(connection, request.own_hosts)
    task = _task(connection, request, rows)
    if is_parquet(plain):
        reading = Reading([], first_line=_write_records(task, plain))
    else:
        reading = _write_lines(task, plain)
    repeated = settle_repeats(connection, rows, reading.first_line)
    first_line = reading.first_line if repeated is None else None
    products = _write_products(task, first_line)
    return Reading([], reading.broken, first_line, products, repeated=repeated or 0)


def _task(connection: duckdb.DuckDBPyConnection, request: ParseRequest, rows: Path) -> _Task:
    overrides = request.columns or {}
    mapped = {path for source in overrides.values() for path in source.source_columns}
    try:
        dialect = _DIALECTS[str(request.dialect)](tuple(sorted(mapped)))
    except AmbiguousNameError as error:
        detail = Finding.of("columns_differ_in_case", one=error.one, other=error.other)
        raise FileRejectedError("missing_column", detail) from error
    mapping = {name: ColumnSource(column=_PREFIX + name) for name in dialect.texts}
    mapping |= {name: ColumnSource(column=_PREFIX + name) for name in ITEM_COLUMNS}
    mapping = with_own_currency(request, mapping | overrides)
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
    line = f", '_line': 'BIGINT', {literal(MISFITS)}: 'VARCHAR'" if numbered else ""
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
        raise FileRejectedError("not_readable", Finding.of("parquet_damaged")) from error
    found = {row[0] for row in described}
    missing = [name for name in task.dialect.needed if name not in found]
    if missing:
        listed = tuple(repr(name) for name in missing)
        detail = Finding.of("no_such_export", columns=listed, dialect=task.dialect.name)
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
    carried = ("_items", *(f"_event_{name}" for name in INHERITED), IS_NUMBERED, MISFITS, *passed)
    texts = _texts(task.dialect, documents, numbered=numbered)
    query = select_typed(task.request, task.mapping, Relation(texts, identifier, passed=carried))
    # What products say for themselves the event does not say as well, whatever it was mapped to.
    emptied = [
        f"case when _items is null then {name} end as {name}"
        for name in _of_products(task)
        if name not in {*INHERITED, "item_number"}
    ]
    misfits = f"nullif(concat_ws(',', {MISFITS}, {OF_ROW}), '') as {OF_ROW}"
    copy = (
        f"copy (select * exclude ({MISFITS}) replace ({', '.join([*emptied, misfits])}) "
        f"from ({query})) to {literal(str(task.rows))} {HAND_OVER}"
    )
    return int(scalar(task.connection, copy))


def _texts(dialect: Dialect, documents: str, *, numbered: bool) -> str:
    """The events' texts under the names of our columns, and what their products are made of."""
    of_line = "" if numbered else f", cast(null as varchar) as {MISFITS}"
    passed = ["_line"] if numbered else []
    prepared = ", ".join(f"{sql} as {name}" for name, sql in dialect.prepared.items())
    judged = ", ".join(f"{sql} as {name}" for name, sql in dialect.judged.items())
    source = (
        f"(select *, {judged} from (select *, {prepared}, {dialect.items} as _listed{of_line} "
        f"from {documents} as document) as document) as document"
    )
    has_list = "coalesce(len(_listed), 0) > 0"
    texts = dict(dialect.texts) | {"item_number": "'0'"}
    columns = [f"{sql} as {identifier(_PREFIX + name)}" for name, sql in texts.items()]
    columns += [f"{sql} as {identifier(path)}" for path, sql in dialect.paths.items()]
    columns += [f"cast(null as varchar) as {identifier(path)}" for path in dialect.item_paths]
    columns.append(f"case when {has_list} then _listed end as _items")
    columns += [
        f"case when {has_list} then {dialect.texts[name]} end as _event_{name}"
        for name in INHERITED
    ]
    columns.append(f"{dialect.is_numbered} as {IS_NUMBERED}")
    notes = [
        f"case when {condition} then {literal(note)} end"
        for note, condition in dialect.notes.items()
    ]
    columns.append(f"nullif(concat_ws(',', {', '.join([MISFITS, *notes])}), '') as {MISFITS}")
    return f"(select {', '.join([*columns, *passed])} from {source})"


def _write_products(task: _Task, first_line: int | None) -> Path | None:
    """Writes the products of lists; None where there are none."""
    contract = task.request.contract
    own = _of_products(task)
    passed = [name for name in contract.columns if name not in own]
    narrow = {
        "columns": {name: contract.columns[name] for name in own},
        "require_one_of": (),
        "blank_without": {},
        "amounts": tuple(names for names in contract.amounts if set(names) <= set(own)),
    }
    relation = Relation(
        _products(task, first_line, own, passed),
        identifier,
        passed=(*passed, "_line", "_event_error"),
    )
    narrowed = task.request.model_copy(update={"contract": contract.model_copy(update=narrow)})
    typed = select_typed(narrowed, task.mapping, relation)
    of_event = [
        f"cast(null as {contract.columns[name].sql_type}) as {name}"
        for name in EVENT_AMOUNTS
        if name in passed
    ]
    replaced = ", ".join(["coalesce(_event_error, _error) as _error", *of_event])
    target = task.rows.with_suffix(".items.parquet")
    count = scalar(
        task.connection,
        f"copy (select {', '.join(contract.columns)}, _line, _error, {OF_ROW} "
        f"from (select * replace ({replaced}) from ({typed}))) "
        f"to {literal(str(target))} {HAND_OVER}",
    )
    return target if count else None


def _products(task: _Task, first_line: int | None, own: list[str], passed: list[str]) -> str:
    """A row per product: its own texts, and the event's columns as they were typed."""
    texts = {
        name: f"coalesce({sql}, _event_{name})" if name in INHERITED else sql
        for name, sql in task.dialect.item_texts.items()
        if name in own
    } | {"item_number": "cast(item_number_of_list as varchar)"}
    columns = [f"{sql} as {identifier(_PREFIX + name)}" for name, sql in texts.items()]
    columns += [f"{sql} as {identifier(path)}" for path, sql in task.dialect.item_paths.items()]
    # What was wrong with the event is wrong with each of its rows.
    columns.append("_error as _event_error")
    unnested = (
        "select * exclude (_items), unnest(_items) as item, "
        "generate_subscripts(_items, 1) as item_number_of_list "
        f"from {rows_sql(str(task.rows), first_line)} where _items is not null"
    )
    selected = ", ".join([*passed, "_line", *columns])
    return f"(select {selected} from ({unnested}) where item is not null)"


def _of_products(task: _Task) -> list[str]:
    """The columns that differ between the products of a list, also those that are mapped so."""
    found = []
    for name in task.request.contract.columns:
        given = (task.request.columns or {}).get(name)
        if given is None:
            is_own = name in ITEM_COLUMNS
        else:
            is_own = any(path in task.dialect.item_paths for path in given.source_columns)
        if is_own:
            found.append(name)
    return found
