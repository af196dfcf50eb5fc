"""SQL that types a source's texts by a contract and says which row fails, and why."""

from collections.abc import Callable, Mapping
from string import Formatter

from sources.column_source import ColumnSource
from sources.contract import DELETED, Column, Contract
from sources.parsing.cleaning import cleaned
from sources.parsing.identifiers import identifier_conditions
from sources.parsing.places import placed
from sources.parsing.request import DROPPED, ParseRequest
from sources.sql import identifier, literal
from sources.time_zones import UTC

# A shop's rows lie between these years; a time beyond them is a typing error or a sentinel. Days
# reach further back: people were born before there was a shop.
_EARLIEST = {"timestamp": "1970-01-01", "date": "1900-01-01"}
_LATEST = "2200-01-01"
_TRUE, _FALSE = "('true', 't', '1', 'yes', 'y')", "('false', 'f', '0', 'no', 'n')"
# Fourteen places see every excess digit a price could have and leave 24 before the point.
_EXACT = "decimal(38, 14)"
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
    if available is not None:
        mapping = {name: placed(each, available, request.name) for name, each in mapping.items()}
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
    `_error` is empty. A sparse query leaves out the columns that the source cannot fill.
    """
    columns = request.contract.columns
    used = {
        name
        for canonical, source in mapping.items()
        if canonical in columns and canonical not in direct
        for name in source.source_columns
    } | {*request.drop_when, *request.slot}
    place = {name: f"s{i}" for i, name in enumerate(sorted(used))}
    # The texts get names of their own first, so that an expression is computed once.
    named = [f"{text_of(name)} as {column}" for name, column in place.items()]
    named += [f"{value} as d{i}" for i, value in enumerate(direct.values())]
    values = {name: f"d{i}" for i, name in enumerate(direct)}
    texts = [
        f"{values.get(name) or _default(_text(mapping.get(name), place), column)} as t{i}"
        for i, (name, column) in enumerate(columns.items())
    ]
    texts.append(f"{_is_dropped(request, place)} as _is_dropped")
    typed = [
        f"{f't{i}' if name in direct else _typed(column, f't{i}', mapping.get(name), request)} "
        f"as {identifier(name)}"
        for i, (name, column) in enumerate(columns.items())
    ]
    kept = [*(f"t{i}" for i in range(len(columns))), "_is_dropped"]
    names = [
        _consented(request.contract, name)
        for name, column in columns.items()
        if not is_sparse or name in mapping or column.default is not None
    ]
    error = "cast(null as varchar)" if is_checked else _error(request, mapping, direct)
    return (
        f"with named as (select {', '.join([*named, *passed]) or '1'} from {relation}), "
        f"texts as (select {', '.join([*texts, *passed])} from named), "
        f"typed as (select {', '.join([*typed, *kept, *passed])} from texts) "
        f"select {', '.join([*names, *passed])}, {error} as _error from typed"
    )


def _is_dropped(request: ParseRequest, place: Mapping[str, str]) -> str:
    """Whether a rule of the mapping says that a row is none of this feed."""
    conditions = [
        f"coalesce({_bare(place[name])}, '') in ({', '.join(map(literal, values))})"
        for name, values in request.drop_when.items()
    ]
    if request.slot:
        empty = " and ".join(f"{_bare(place[name])} is null" for name in request.slot)
        conditions.append(f"({empty})")
    return " or ".join(conditions) or "false"


def _default(text: str, column: Column) -> str:
    return text if column.default is None else f"coalesce({text}, {literal(column.default)})"


def _consented(contract: Contract, name: str) -> str:
    """The column, or nothing where the consent that it needs was refused."""
    needed = [flag for flag, names in contract.blank_without.items() if name in names]
    if not needed:
        return identifier(name)
    refused = " or ".join(f"{identifier(flag)} = false" for flag in needed)
    return f"case when {refused} then null else {identifier(name)} end as {identifier(name)}"


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
    return f"try_cast({_number(text, request)} as {column.type})"


def _number(text: str, request: ParseRequest) -> str:
    if request.decimal_separator == ",":
        return f"replace(replace({text}, '.', ''), ',', '.')"
    return text


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


def _error(
    request: ParseRequest, mapping: dict[str, ColumnSource], direct: Mapping[str, str]
) -> str:
    contract = request.contract
    checks = [f"when _is_dropped then {literal(DROPPED)}"] if request.may_drop else []
    deleted = f"not coalesce({DELETED}, false) and "
    for i, (name, column) in enumerate(contract.columns.items()):
        guard = "" if name in contract.key or name == DELETED else deleted
        checks += [
            f"when {guard}{condition} then {literal(f'{code}:{name}')}"
            for code, condition in _conditions(
                f"t{i}", name, column, mapping.get(name), request, is_typed=name in direct
            )
        ]
    for group in contract.require_one_of:
        empty = " and ".join(f"{identifier(name)} is null" for name in group)
        checks.append(f"when {deleted}{empty} then {literal(f'none_given:{group[0]}')}")
    return f"case {' '.join(checks)} end" if checks else "cast(null as varchar)"


def _conditions(
    text: str,
    name: str,
    column: Column,
    source: ColumnSource | None,
    request: ParseRequest,
    *,
    is_typed: bool,
) -> list[tuple[str, str]]:
    value = identifier(name)
    found: list[tuple[str, str]] = []
    if column.required:
        found.append(("missing_value", f"{text} is null"))
    if source is None:
        return found
    found += identifier_conditions(request.contract, name, text, source)
    kind = column.type.split("(")[0]
    if is_typed:
        pass
    elif kind == "decimal":
        found += _decimal_conditions(text, value, column, request)
    elif kind != "text":
        found.append((f"invalid_{kind}", f"{text} is not null and {value} is null"))
    if kind in _EARLIEST:
        earliest = f"cast('{_EARLIEST[kind]}' as {kind})"
        bounds = f"{value} < {earliest} or {value} >= cast('{_LATEST}' as {kind})"
        found.append(("out_of_range", f"({bounds})"))
    if name == request.contract.event_time:
        received = f"cast({literal(request.received_at)} as timestamp) + interval 1 day"
        found.append(("in_the_future", f"{value} > {received}"))
    return found + _rules(text, value, column, source)


def _decimal_conditions(
    text: str, value: str, column: Column, request: ParseRequest
) -> list[tuple[str, str]]:
    """As the digits stand in the text; numbers are compared only where they must be.

    A cast to a wide decimal costs a hundred times a narrow one, and CASE spares it the sound rows.
    """
    number = _number(text, request)
    exact = f"try_cast({number} as {_EXACT})"
    places = int(column.type.split(",")[1].rstrip(")"))
    decimals = f"length(rtrim(split_part({number}, '.', 2), '0'))"
    point = f"instr({number}, '.')"
    is_short = f"{point} = 0 or strlen({number}) - {point} <= {places}"
    excess = f"case when {is_short} then false else {decimals} > {places} end"
    is_scientific = f"contains({number}, 'e') or contains({number}, 'E')"
    return [
        ("out_of_range", f"case when {value} is null then {exact} is not null end"),
        ("invalid_decimal", f"{text} is not null and {value} is null"),
        ("too_precise", f"case when {is_scientific} then {value} <> {exact} else {excess} end"),
    ]


def _rules(text: str, value: str, column: Column, source: ColumnSource) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if column.above is not None:
        found.append(("below_minimum", f"{value} <= {column.above}"))
    if column.minimum is not None:
        found.append(("below_minimum", f"{value} < {column.minimum}"))
    if column.maximum is not None:
        found.append(("above_maximum", f"{value} > {column.maximum}"))
    if column.allowed:
        allowed = ", ".join(literal(item) for item in column.allowed)
        found.append(("not_allowed", f"{value} not in ({allowed})"))
    patterns = [pattern for pattern in (column.pattern, source.pattern) if pattern]
    found += [
        ("pattern_mismatch", f"not regexp_full_match({text}, {literal(pattern)})")
        for pattern in patterns
    ]
    return found
