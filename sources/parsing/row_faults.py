"""SQL that says of a typed row what its contract does not allow, as code:column."""

from collections.abc import Mapping

from sources.column_source import ColumnSource
from sources.contract import DELETED, Column
from sources.parsing.misfits import Check
from sources.parsing.request import ParseRequest
from sources.sql import identifier, literal

# A shop's rows lie between these years; a time beyond them is a typing error or a sentinel. Days
# reach further back: people were born before there was a shop.
_EARLIEST = {"timestamp": "1970-01-01", "date": "1900-01-01"}
_LATEST = "2200-01-01"
# What the feed counts by day happened on the web, which is no older; earlier is zero, or a slip.
_EARLIEST_EVENT = "1990-01-01"
# What is multiplied and summed over all orders must leave room in decimal(18,2): from a million
# million on it is another column's value. Of anything else a hundred rows can still be added up.
_LARGEST_FACTOR, _LARGEST_DECIMAL = 10**12, 10**14
# Fourteen places see every excess digit a price could have and leave 24 before the point.
_EXACT = "decimal(38, 14)"


def number_of(text: str, request: ParseRequest) -> str:
    """A text as numbers are written here: with a decimal point."""
    if request.decimal_separator == ",":
        return f"replace(replace({text}, '.', ''), ',', '.')"
    return text


def checks_of(
    request: ParseRequest, mapping: dict[str, ColumnSource], direct: Mapping[str, str]
) -> list[Check]:
    """All that can be wrong with a row, in the order in which it is told."""
    contract = request.contract
    checks: list[Check] = []
    deleted = f"not coalesce({DELETED}, false) and "
    for i, (name, column) in enumerate(contract.columns.items()):
        guard = "" if name in contract.key or name == DELETED else deleted
        checks += [
            (name, code, f"{guard}{condition}")
            for code, condition in _conditions(
                f"t{i}", name, column, mapping.get(name), request, is_typed=name in direct
            )
        ]
    for names in contract.amounts:
        factors = [f"cast({identifier(name)} as double)" for name in names]
        checks += [
            (name, "out_of_range", f"{deleted}abs({amount}) >= {_LARGEST_FACTOR}")
            for name, amount in [
                *zip(names, factors, strict=True),
                (names[0], " * ".join(factors)),
            ]
        ]
    for group in contract.require_one_of:
        empty = " and ".join(f"{identifier(name)} is null" for name in group)
        checks.append((group[0], "none_given", f"{deleted}{empty}"))
    return checks


def error_of(checks: list[Check]) -> str:
    """The first code:column that is wrong with a row, or null."""
    cases = [
        f"when {condition} then {literal(f'{code}:{name}')}" for name, code, condition in checks
    ]
    return f"case {' '.join(cases)} end" if cases else "cast(null as varchar)"


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
    kind = column.type.split("(")[0]
    if is_typed:
        pass
    elif kind == "decimal":
        found += _decimal_conditions(text, value, column, request)
    elif kind != "text":
        found.append((f"invalid_{kind}", f"{text} is not null and {value} is null"))
    return found + _beyond_belief(name, value, kind, request) + _rules(text, value, column, source)


def _beyond_belief(
    name: str, value: str, kind: str, request: ParseRequest
) -> list[tuple[str, str]]:
    """What could be stored and nobody would believe, whatever the contract says."""
    found: list[tuple[str, str]] = []
    is_event_time = name == request.contract.event_time
    if kind == "decimal":
        found.append(("out_of_range", f"abs({value}) >= {_LARGEST_DECIMAL}"))
    if kind in _EARLIEST:
        earliest = f"cast('{_EARLIEST_EVENT if is_event_time else _EARLIEST[kind]}' as {kind})"
        bounds = f"{value} < {earliest} or {value} >= cast('{_LATEST}' as {kind})"
        found.append(("out_of_range", f"({bounds})"))
    if is_event_time:
        received = f"cast({literal(request.received_at)} as timestamp) + interval 1 day"
        found.append(("in_the_future", f"{value} > {received}"))
    return found


def _decimal_conditions(
    text: str, value: str, column: Column, request: ParseRequest
) -> list[tuple[str, str]]:
    """As the digits stand in the text; numbers are compared only where they must be.

    A cast to a wide decimal costs a hundred times a narrow one, and CASE spares it the sound rows.
    """
    number = number_of(text, request)
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
