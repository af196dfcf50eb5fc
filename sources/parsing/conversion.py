"""SQL that types a source's texts by a contract and says which row fails, and why."""

from collections.abc import Callable, Mapping
from string import Formatter

from sources.column_source import ColumnSource
from sources.contract import Column, Contract
from sources.parsing.cleaning import cleaned
from sources.parsing.misfits import MISFITS, by_weight, emptied, listed_misfits
from sources.parsing.request import ParseRequest
from sources.parsing.row_faults import checks_of, error_of, number_of
from sources.sql import identifier, literal
from sources.time_zones import UTC

_TRUE, _FALSE = "('true', 't', '1', 'yes', 'y')", "('false', 'f', '0', 'no', 'n')"
_NOTHING: Mapping[str, str] = {}


def mapping_of(request: ParseRequest, available: list[str] | None) -> dict[str, ColumnSource]:
    """Where each canonical column comes from; `available` is None where rows name their keys."""
    contract = request.contract
    if request.columns is None:
        mapping = {
            name: ColumnSource(column=name)
            for name in contract.columns
            if available is None or name in available
        }
    else:
        mapping = dict(request.columns)
    for name, stand_in in contract.defaults.items():
        if name not in mapping and stand_in in mapping:
            mapping[name] = mapping[stand_in]
    if request.currency_code and "currency_code" in contract.columns:
        mapping.setdefault("currency_code", ColumnSource(constant=request.currency_code))
    return mapping


def select_typed(  # noqa: PLR0913 - what varies by format has a name of its own
    request: ParseRequest,
    mapping: dict[str, ColumnSource],
    text_of: Callable[[str], str],
    relation: str,
    passed: tuple[str, ...] = (),
    *,
    direct: Mapping[str, str] = _NOTHING,
    is_checked: bool = False,
    is_sparse: bool = False,
) -> str:
    """A query over `relation`: the contract's columns typed, `_error` as code:column, and `passed`.

    `text_of` gives the SQL of a source column's text. `direct` gives the SQL of canonical columns
    whose values have their type already and need no text. Where the rows were checked before,
    `_error` is empty. A sparse query leaves out the columns that the source cannot fill. Where a
    contract says which columns are essential, misfits in the others are in `_misfits`.
    """
    columns = request.contract.columns
    used = {
        name
        for canonical, source in mapping.items()
        if canonical in columns and canonical not in direct
        for name in source.source_columns
    }
    place = {name: f"s{i}" for i, name in enumerate(sorted(used))}
    # The texts get names of their own first, so that an expression is computed once.
    named = [f"{text_of(name)} as {column}" for name, column in place.items()]
    named += [f"{value} as d{i}" for i, value in enumerate(direct.values())]
    values = {name: f"d{i}" for i, name in enumerate(direct)}
    texts = [
        f"{values.get(name) or _default(_text(mapping.get(name), place), column)} as t{i}"
        for i, (name, column) in enumerate(columns.items())
    ]
    typed = [
        f"{f't{i}' if name in direct else _typed(column, f't{i}', mapping.get(name), request)} "
        f"as {identifier(name)}"
        for i, (name, column) in enumerate(columns.items())
    ]
    kept = [f"t{i}" for i in range(len(columns))]
    strict, lenient = by_weight(request.contract, checks_of(request, mapping, direct))
    text_names = {name: f"t{i}" for i, name in enumerate(columns) if name not in direct}
    names = [
        f"{_consented(request.contract, name, emptied(name, lenient), text_names)} "
        f"as {identifier(name)}"
        for name, column in columns.items()
        if not is_sparse or name in mapping or column.default is not None
    ]
    if request.contract.essential:
        names.append(f"{listed_misfits(lenient)} as {MISFITS}")
    error = "cast(null as varchar)" if is_checked else error_of(strict)
    return (
        f"with named as (select {', '.join([*named, *passed]) or '1'} from {relation}), "
        f"texts as (select {', '.join([*texts, *passed])} from named), "
        f"typed as (select {', '.join([*typed, *kept, *passed])} from texts) "
        f"select {', '.join([*names, *passed])}, {error} as _error from typed"
    )


def _default(text: str, column: Column) -> str:
    return text if column.default is None else f"coalesce({text}, {literal(column.default)})"


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


def _bare(text: str) -> str:
    """A text without blanks around it, null where nothing is left.

    `trim` decodes every character. It is spared the texts that begin and end without a space and
    hold no letter beyond ASCII, among which the other blanks are. What is less than an exclamation
    mark is empty or begins with a space or a control character.
    """
    return (
        f"case when {text} < '!' or ends_with({text}, ' ') or strlen({text}) <> length({text}) "
        f"then nullif(trim({text}), '') else {text} end"
    )


def _text(source: ColumnSource | None, place: Mapping[str, str]) -> str:
    if source is None:
        return "cast(null as varchar)"
    if source.constant is not None:
        return literal(source.constant)
    if source.template is not None:
        parts = []
        for text_before, name, _, _ in Formatter().parse(source.template):
            if text_before:
                parts.append(literal(text_before))
            if name:
                parts.append(_bare(place[name]))
        text = "(" + " || ".join(parts) + ")"
    else:
        text = _bare(place[str(source.column)])
    if source.map:
        cases = " ".join(f"when {literal(k)} then {literal(v)}" for k, v in source.map.items())
        text = f"nullif(case {text} {cases} else {text} end, '')"
    return text if source.default is None else f"coalesce({text}, {literal(source.default)})"


def _typed(column: Column, text: str, source: ColumnSource | None, request: ParseRequest) -> str:
    if column.type == "text":
        return cleaned(text, column)
    if column.type == "boolean":
        lowered = f"lower({text})"
        return (
            f"case when {text} = 'true' then true when {text} = 'false' then false "
            f"when {lowered} in {_TRUE} then true when {lowered} in {_FALSE} then false end"
        )
    if column.type == "integer":
        whole = f"try_cast({text} as bigint)"
        return f"case when {whole} = try_cast({text} as double) then {whole} end"
    if column.type == "timestamp":
        return _timestamp(text, source, request)
    if column.type == "date":
        fmt = source.format if source else None
        if fmt:
            return f"cast(try_strptime({text}, {literal(fmt)}) as date)"
        return f"try_cast({text} as date)"
    return f"try_cast({number_of(text, request)} as {column.type})"


def _timestamp(text: str, source: ColumnSource | None, request: ParseRequest) -> str:
    storage, zone = literal(request.storage_time_zone), literal(request.source_time_zone)
    fmt = source.format if source else None
    naive = f"try_strptime({text}, {literal(fmt)})" if fmt else f"try_cast({text} as timestamp)"
    if request.source_time_zone != request.storage_time_zone:
        naive = f"timezone({storage}, timezone({zone}, {naive}))"
    if fmt:
        return naive
    # The usual writing, 2026-01-31 13:45:00, is known by its length and its seconds at the end.
    is_plain = f"strlen({text}) = 19 and substr({text}, 17) between ':00' and ':59'"
    # An offset stands behind the time of day, so only the text from its place on is searched.
    tail = f"substr({text}, 12)"
    is_shifted = f"(contains({tail}, '+') or contains({tail}, '-'))"
    zoned = f"timezone({storage}, try_cast({text} as timestamptz))"
    in_utc = f"try_cast({text} as timestamp)" if request.storage_time_zone == UTC else zoned
    return (
        f"case when ends_with({text}, 'Z') then {in_utc} when {is_plain} then {naive} "
        f"when {is_shifted} then {zoned} else {naive} end"
    )
