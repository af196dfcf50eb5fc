"""SQL that types a source's texts by a contract and says which rows fail, and why."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sources.column_source import ColumnSource
from sources.contract import FALSE_WORDS, TRUE_WORDS, Contract
from sources.expressions import condition
from sources.parsing import numerals
from sources.parsing.cleaning import cleaned
from sources.parsing.emptiness import bare
from sources.parsing.groups import IN_PLACE, PLACE, filled, filled_names
from sources.parsing.misfits import MISFITS, by_weight, emptied, listed_misfits
from sources.parsing.moments import Zones, day, in_english, moment
from sources.parsing.numerals import Typed
from sources.parsing.request import ParseRequest
from sources.parsing.row_faults import Given, checks_of, error_of
from sources.parsing.source_texts import (
    computing,
    number_of,
    separators_of,
    text_of,
    translated,
)
from sources.sql import identifier, literal

_TRUE, _FALSE = (f"({', '.join(map(literal, words))})" for words in (TRUE_WORDS, FALSE_WORDS))


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
    fault = relation.fault and "_fault"
    flags = _flags(relation, mapping, contract, place)
    groups = filled_names(mapping)
    handed = _handed(relation, flags.values(), has_groups=bool(groups))
    passed = [*handed, *relation.passed]
    # Texts get names of their own first, so that an expression is computed once.
    named = [f"{relation.text_of(name)} as {column}" for name, column in place.items()]
    named += [f"{sql} as {name}" for name, sql in handed.items()]
    trimmed = [f"{bare(column)} as {column}" for column in place.values()]
    kinds = {name: Typed(flag, kind.noise_digits) for name, (flag, kind) in flags.items()}
    givens = _givens(contract, mapping, direct, kinds, request)
    read = _texts(givens, place, {**place, **groups}, direct, request).items()
    texts = [f"{sql} as {name}" for name, sql in read]
    texts += [f"{_is_dropped(request, place)} as _is_dropped"] if request.may_drop else []
    typed = [f"{_typed(given, request)} as {identifier(given.name)}" for given in givens]
    kept = [text.rpartition(" as ")[2] for text in texts]
    strict, lenient = by_weight(contract, checks_of(request, givens))
    own = {given.name: given.text for given in givens if not given.is_direct}
    names = [
        f"{_consented(contract, name, emptied(name, lenient), own)} as {identifier(name)}"
        for name, column in contract.columns.items()
        if not is_sparse or name in mapping or column.default is not None
    ]
    names += [f"{listed_misfits(lenient)} as {MISFITS}"] if contract.essential else []
    error = "cast(null as varchar)" if is_checked else error_of(request, strict, fault)
    return (
        f"with named as (select {_listed(named, relation.passed)} from {relation.sql}), "
        f"bares as (select {_listed(trimmed, passed)} from named), "
        f"{_grouped(request, place, groups)}"
        f"texts as (select {_listed(texts, passed)} from {'grouped' if groups else 'bares'}), "
        f"typed as (select {_listed(typed, kept, passed)} from texts) "
        f"select {_listed(names, relation.passed)}, {error} as _error from typed"
        f"{IN_PLACE if groups else ''}"
    )


def _flags(
    relation: Relation,
    mapping: Mapping[str, ColumnSource],
    contract: Contract,
    place: Mapping[str, str],
) -> dict[str, tuple[str, Typed]]:
    """By the source's column the name of what says where its values are numbers by their type."""
    return {
        name: (f"k{i}", kind)
        for i, name in enumerate(number_columns(contract, mapping))
        if name in place and (kind := relation.typed_of(name)) is not None
    }


def _handed(
    relation: Relation, flags: Iterable[tuple[str, Typed]], *, has_groups: bool
) -> dict[str, str]:
    """What is handed on from the source as it is, by the names that it gets."""
    handed = {f"d{i}": value for i, value in enumerate(relation.direct.values())}
    handed |= {flag: kind.condition for flag, kind in flags}
    handed |= {"_fault": relation.fault} if relation.fault is not None else {}
    return handed | ({PLACE: "row_number() over ()"} if has_groups else {})


def _grouped(request: ParseRequest, place: Mapping[str, str], groups: Mapping[str, str]) -> str:
    if not groups:
        return ""
    return f"grouped as (select *, {filled(request, place, groups)} from bares), "


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
    } | request.rule_columns
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
    if request.where is not None:
        # Where nobody can tell, the row stays, and is judged as any other.
        held = computing(None, place, request).holds(condition(request.where))
        conditions.append(f"coalesce(not {held}, false)")
    return " or ".join(conditions)


def _givens(
    contract: Contract,
    mapping: Mapping[str, ColumnSource],
    direct: Mapping[str, str],
    kinds: Mapping[str, Typed],
    request: ParseRequest,
) -> list[Given]:
    is_plain = separators_of(request).is_plain
    found = []
    for i, (name, column) in enumerate(contract.columns.items()):
        source = mapping.get(name)
        is_read = source is not None and source.constant is None
        is_direct = name in direct
        has_number = column.is_number and is_read and not is_plain and not is_direct
        number = f"n{i}" if has_number else f"t{i}"
        is_own = source is not None and source.column and not source.group
        kind = kinds.get(str(source.column)) if source is not None and is_own else None
        found.append(Given(name, column, source, f"t{i}", number, kind, is_direct=is_direct))
    return found


def _texts(
    givens: list[Given],
    place: Mapping[str, str],
    in_groups: Mapping[str, str],
    direct: Mapping[str, str],
    request: ParseRequest,
) -> dict[str, str]:
    """The SQL of each canonical column's text and, where separators matter, of its number."""
    found = {}
    values = {name: f"d{i}" for i, name in enumerate(direct)}
    read = {
        given.name: text_of(given.source, in_groups if _has_group(given) else place, request)
        for given in givens
        if given.name not in values
    }
    for given in givens:
        text = values.get(given.name) or translated(read[given.name], given.source)
        default = None if given.is_direct else given.column.default
        found[given.text] = text if default is None else f"coalesce({text}, {literal(default)})"
    for given in givens:
        if given.number != given.text and given.source is not None:
            found[given.number] = number_of(given, given.source, read[given.name], request)
    return found


def _has_group(given: Given) -> bool:
    return given.source is not None and given.source.group is not None


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
    zones = Zones(
        *(request.source_time_zone, request.storage_time_zone, request.business_time_zone),
        request.delivered_at,
    )
    read = [_read_time(given, fmt, zones) for fmt in _formats(given)]
    return read[0] if len(read) == 1 else f"coalesce({', '.join(read)})"


def _formats(given: Given) -> tuple[str | None, ...]:
    return (given.source.format if given.source else ()) or (None,)


def _read_time(given: Given, fmt: str | None, zones: Zones) -> str:
    text, language = given.text, given.source.language if given.source else None
    if language is not None and fmt is not None:
        text = in_english(text, language, fmt)
    if given.column.type == "date":
        return day(text, fmt, zones)
    return moment(text, fmt, zones, ends_day=given.column.deadline)


def _boolean(text: str) -> str:
    lowered = f"lower({text})"
    return (
        f"case when {text} = 'true' then true when {text} = 'false' then false "
        f"when {lowered} in {_TRUE} then true when {lowered} in {_FALSE} then false end"
    )
