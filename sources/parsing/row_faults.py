"""SQL that says of a typed row what its contract does not allow, as code:column."""

from dataclasses import dataclass

from sources.column_source import ColumnSource
from sources.contract import DELETED, Column
from sources.parsing import numerals
from sources.parsing.computed import NOT_COMPUTABLE
from sources.parsing.emptiness import is_word_for_nothing
from sources.parsing.identifiers import identifier_conditions
from sources.parsing.misfits import Check
from sources.parsing.numerals import Typed
from sources.parsing.request import DROPPED, ParseRequest
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


@dataclass(frozen=True, slots=True)
class Given:
    """A canonical column in a query: where it comes from, and the names of its text and number.

    `kind` says where its values are numbers by the source's type. A direct column has no text; its
    name there is that of the value.
    """

    name: str
    column: Column
    source: ColumnSource | None
    text: str
    number: str
    kind: Typed | None
    is_direct: bool


def checks_of(request: ParseRequest, givens: list[Given]) -> list[Check]:
    """All that the contract can find wrong with a row, in the order in which it is told."""
    contract = request.contract
    checks: list[Check] = []
    deleted = f"not coalesce({DELETED}, false) and "
    for given in givens:
        guard = "" if given.name in contract.key or given.name == DELETED else deleted
        checks += [
            (given.name, code, f"{guard}{condition}")
            for code, condition in _conditions(given, request)
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


def error_of(request: ParseRequest, checks: list[Check], fault: str | None) -> str:
    """The first code:column that is wrong with a row, or null; `fault` is known before."""
    cases = [] if fault is None else [f"when {fault} is not null then {fault}"]
    cases += [f"when _is_dropped then {literal(DROPPED)}"] if request.may_drop else []
    cases += [
        f"when {condition} then {literal(f'{code}:{name}')}" for name, code, condition in checks
    ]
    return f"case {' '.join(cases)} end" if cases else "cast(null as varchar)"


def _conditions(given: Given, request: ParseRequest) -> list[tuple[str, str]]:
    text, value, column = given.text, identifier(given.name), given.column
    found: list[tuple[str, str]] = []
    if column.required:
        found.append(("missing_value", f"{text} is null"))
    if given.source is None:
        return found
    if given.name in request.contract.id_columns and column.keeps_out != "address":
        found.append(("word_for_nothing", f"({is_word_for_nothing(text)})"))
    found += identifier_conditions(request.contract, given.name, text, given.source)
    if not given.is_direct:
        found += _of_type(given, given.source)
    found += _beyond_belief(given.name, value, column.type.split("(")[0], request)
    return found + _rules(text, value, column, given.source)


def _of_type(given: Given, source: ColumnSource) -> list[tuple[str, str]]:
    """What keeps a text from being a value of its column's type."""
    text, value, number, column = given.text, identifier(given.name), given.number, given.column
    kind = column.type.split("(")[0]
    if kind == "text":
        is_broken = f"{text} = {literal(NOT_COMPUTABLE)}"
        return [("not_computable", is_broken)] if source.expression is not None else []
    if kind != "decimal":
        return [(f"invalid_{kind}", f"{text} is not null and {value} is null")]
    found = [
        ("out_of_range", numerals.is_beyond(number, value)),
        ("invalid_decimal", numerals.is_unreadable(text, number, value)),
    ]
    if not source.round:
        found.append(("too_precise", numerals.loses_digits(number, value, column, given.kind)))
    return found


def _beyond_belief(
    name: str, value: str, kind: str, request: ParseRequest
) -> list[tuple[str, str]]:
    """Values that could be stored but are implausible, whatever the contract says."""
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
