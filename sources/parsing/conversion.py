"""SQL that types a source's texts by a contract and says which rows fail, and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from string import Formatter

from sources.column_source import ColumnSource
from sources.contract import Contract
from sources.parsing import numerals
from sources.parsing.cleaning import cleaned
from sources.parsing.emptiness import bare, without
from sources.parsing.misfits import MISFITS, by_weight, emptied, listed_misfits
from sources.parsing.moments import Zones, day, moment
from sources.parsing.numerals import Separators, Typed
from sources.parsing.request import ParseRequest
from sources.parsing.row_faults import Given, checks_of, error_of
from sources.sql import identifier, literal

_TRUE, _FALSE = "('true', 't', '1', 'yes', 'y')", "('false', 'f', '0', 'no', 'n')"


def _is_text(_: str) -> Typed | None:
    return None


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a source's rows are and what is known of them, as SQL.

    `text_of` gives a source column's text, `typed_of` whether its value is a number by its type.
    `direct` gives canonical columns whose values have their type already and need no text. `fault`
    is the code:column of what is wrong with a row before its columns are looked at, else null.
    `passed` columns are handed on as they are.
    """

    sql: str
    text_of: Callable[[str], str]
    typed_of: Callable[[str], Typed | None] = _is_text
    direct: Mapping[str, str] = field(default_factory=dict)
    fault: str | None = None
    passed: tuple[str, ...] = ()


def number_columns(contract: Contract, mapping: Mapping[str, ColumnSource]) -> list[str]:
    """The source's columns whose values as they stand become numbers."""
    return sorted(
        {
            source.column
            for name, source in mapping.items()
            if source.column is not None
            and name in contract.columns
            and contract.columns[name].is_number
        }
    )


def select_typed(
    request: ParseRequest,
    mapping: dict[str, ColumnSource],
    relation: Relation,
    *,
    is_checked: bool = False,
    is_sparse: bool = False,
) -> str:
    """A query over the relation: the contract's columns typed, what is passed, and `_error`.

    `_error` is the code:column of what is wrong, empty where the rows were checked before. A sparse
    query leaves out the columns that the source cannot fill. Where a contract says which columns
    are essential, misfits in the others are in `_misfits`.
    """
    contract, direct = request.contract, relation.direct
    place = _places(request, mapping, direct)
    flags = {
        name: (f"k{i}", kind)
        for i, name in enumerate(number_columns(contract, mapping))
        if name in place and (kind := relation.typed_of(name)) is not None
    }
    fault = None if relation.fault is None else "_fault"
    handed = {f"d{i}": value for i, value in enumerate(direct.values())}
    handed |= {flag: kind.condition for flag, kind in flags.values()}
    handed |= {"_fault": relation.fault} if relation.fault is not None else {}
    passed = [*handed, *relation.passed]
    # The texts get names of their own first, so that an expression is computed once.
    named = [f"{relation.text_of(name)} as {column}" for name, column in place.items()]
    named += [f"{sql} as {name}" for name, sql in handed.items()]
    trimmed = [f"{bare(column)} as {column}" for column in place.values()]
    kinds = {name: Typed(flag, kind.noise_digits) for name, (flag, kind) in flags.items()}
    givens = _givens(contract, mapping, direct, kinds, request)
    texts = [f"{sql} as {name}" for name, sql in _texts(givens, place, direct, request).items()]
    texts += [f"{_is_dropped(request, place)} as _is_dropped"] if request.may_drop else []
    typed = [f"{_typed(given, request)} as {identifier(given.name)}" for given in givens]
    kept = [text.rpartition(" as ")[2] for text in texts]
    strict, lenient = by_weight(contract, checks_of(request, givens))
    text_names = {given.name: given.text for given in givens if not given.is_direct}
    names = [
        f"{_consented(contract, name, emptied(name, lenient), text_names)} as {identifier(name)}"
        for name, column in contract.columns.items()
        if not is_sparse or name in mapping or column.default is not None
    ]
    names += [f"{listed_misfits(lenient)} as {MISFITS}"] if contract.essential else []
    error = "cast(null as varchar)" if is_checked else error_of(request, strict, fault)
    return (
        f"with named as (select {_listed(named, relation.passed)} from {relation.sql}), "
        f"bares as (select {_listed(trimmed, passed)} from named), "
        f"texts as (select {_listed(texts, passed)} from bares), "
        f"typed as (select {_listed(typed, kept, passed)} from texts) "
        f"select {_listed(names, relation.passed)}, {error} as _error from typed"
    )


def _listed(*parts: list[str] | tuple[str, ...]) -> str:
    return ", ".join(name for part in parts for name in part) or "1"


def _places(
    request: ParseRequest, mapping: Mapping[str, ColumnSource], direct: Mapping[str, str]
) -> dict[str, str]:
    """The names that the texts of the source's columns get, by the columns' own."""
    used = {
        name
        for canonical, source in mapping.items()
        if canonical in request.contract.columns and canonical not in direct
        for name in source.source_columns
    } | {*request.drop_when, *request.slot}
    return {name: f"s{i}" for i, name in enumerate(sorted(used))}


def _is_dropped(request: ParseRequest, place: Mapping[str, str]) -> str:
    """Whether a rule of the mapping says that a row is none of this feed."""
    conditions = [
        f"coalesce({place[name]}, '') in ({', '.join(map(literal, values))})"
        for name, values in request.drop_when.items()
    ]
    if request.slot:
        empty = " and ".join(f"{place[name]} is null" for name in request.slot)
        conditions.append(f"({empty})")
    return " or ".join(conditions)


def _givens(
    contract: Contract,
    mapping: Mapping[str, ColumnSource],
    direct: Mapping[str, str],
    kinds: Mapping[str, Typed],
    request: ParseRequest,
) -> list[Given]:
    is_plain = _separators(request).is_plain
    found = []
    for i, (name, column) in enumerate(contract.columns.items()):
        source = mapping.get(name)
        is_read = source is not None and source.constant is None
        is_direct = name in direct
        has_number = column.is_number and is_read and not is_plain and not is_direct
        number = f"n{i}" if has_number else f"t{i}"
        kind = kinds.get(source.column) if source is not None and source.column else None
        found.append(Given(name, column, source, f"t{i}", number, kind, is_direct=is_direct))
    return found


def _texts(
    givens: list[Given],
    place: Mapping[str, str],
    direct: Mapping[str, str],
    request: ParseRequest,
) -> dict[str, str]:
    """The SQL of each canonical column's text and, where separators matter, of its number."""
    found = {}
    values = {name: f"d{i}" for i, name in enumerate(direct)}
    for given in givens:
        read = values.get(given.name) or _read(given.source, place, request)
        translated = read if given.is_direct else _translated(read, given.source)
        default = None if given.is_direct else given.column.default
        found[given.text] = translated if default is None else _or(translated, default)
    for given in givens:
        if given.number != given.text and given.source is not None:
            read = _read(given.source, place, request)
            found[given.number] = _number(given, given.source, read, _separators(request))
    return found


def _or(text: str, default: str) -> str:
    return f"coalesce({text}, {literal(default)})"


def _read(source: ColumnSource | None, place: Mapping[str, str], request: ParseRequest) -> str:
    """What the source gives, before a map translates it; null where that is a word for nothing."""
    if source is None:
        return "cast(null as varchar)"
    if source.constant is not None:
        return literal(source.constant)
    if source.template is None:
        # A word that the map names is a value.
        words = [word for word in request.null_values if word not in source.map]
        return without(place[str(source.column)], words)
    parts = []
    for text_before, name, _, _ in Formatter().parse(source.template):
        if text_before:
            parts.append(literal(text_before))
        if name:
            parts.append(without(place[name], request.null_values))
    return "(" + " || ".join(parts) + ")"


def _translated(text: str, source: ColumnSource | None) -> str:
    if source is None:
        return text
    if source.map:
        cases = " ".join(f"when {literal(k)} then {literal(v)}" for k, v in source.map.items())
        text = f"nullif(case {text} {cases} else {text} end, '')"
    return text if source.default is None else _or(text, source.default)


def _number(given: Given, source: ColumnSource, read: str, separators: Separators) -> str:
    """A number in the file's own writing; what the mapping gives instead has a decimal point."""
    written = separators.canonical(read)
    if given.kind is not None:
        written = f"case when {given.kind.condition} then {read} else {written} end"
    given_by_us = f"{read} is null"
    if source.map:
        given_by_us += f" or {read} in ({', '.join(literal(word) for word in source.map)})"
    return f"case when {given_by_us} then {given.text} else {written} end"


def _separators(request: ParseRequest) -> Separators:
    return Separators(request.decimal_separator, request.thousands_separator)


def _consented(contract: Contract, name: str, value: str, texts: Mapping[str, str]) -> str:
    """The column's value, or nothing where the consent that it needs was refused.

    What is written and cannot be understood is no consent.
    """
    needed = [flag for flag, names in contract.blank_without.items() if name in names]
    if not needed:
        return value
    refused = " or ".join(
        f"{identifier(flag)} = false"
        + (
            f" or ({identifier(flag)} is null and {texts[flag]} is not null)"
            if flag in texts
            else ""
        )
        for flag in needed
    )
    return f"case when {refused} then null else {value} end"


def _typed(given: Given, request: ParseRequest) -> str:
    text, column = given.text, given.column
    if given.is_direct:
        return text
    if column.type == "text":
        return cleaned(text, column)
    if column.type == "boolean":
        return _boolean(text)
    if column.type == "integer":
        return numerals.integer(given.number)
    if column.is_number:
        is_noisy = given.kind is not None and given.kind.noise_digits is not None
        is_rounded = is_noisy or (given.source is not None and given.source.round)
        return numerals.decimal(given.number, column, is_rounded=is_rounded)
    fmt = given.source.format if given.source else None
    zones = Zones(
        *(request.source_time_zone, request.storage_time_zone, request.business_time_zone),
        request.delivered_at,
    )
    if column.type == "date":
        return day(text, fmt, zones)
    return moment(text, fmt, zones, ends_day=column.deadline)


def _boolean(text: str) -> str:
    lowered = f"lower({text})"
    return (
        f"case when {text} = 'true' then true when {text} = 'false' then false "
        f"when {lowered} in {_TRUE} then true when {lowered} in {_FALSE} then false end"
    )
