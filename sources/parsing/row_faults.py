"""SQL that says of a typed row what its contract does not allow, as code:column."""

from dataclasses import dataclass

from sources.column_source import ColumnSource
from sources.contract import DELETED, Column
from sources.parsing import numerals
from sources.parsing.emptiness import is_word_for_nothing
from sources.parsing.identifiers import identifier_conditions
from sources.parsing.numerals import Typed
from sources.parsing.request import DROPPED, ParseRequest
from sources.sql import identifier, literal

# A shop's rows lie between these years; a time beyond them is a typing error or a sentinel. Days
# reach further back: people were born before there was a shop.
_EARLIEST = {"timestamp": "1970-01-01", "date": "1900-01-01"}
_LATEST = "2200-01-01"


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


def error_of(request: ParseRequest, givens: list[Given], fault: str | None) -> str:
    """The first code:column that is wrong with a row, or null; `fault` is known before."""
    contract = request.contract
    checks = [] if fault is None else [f"when {fault} is not null then {fault}"]
    checks += [f"when _is_dropped then {literal(DROPPED)}"] if request.may_drop else []
    deleted = f"not coalesce({DELETED}, false) and "
    for given in givens:
        guard = "" if given.name in contract.key or given.name == DELETED else deleted
        checks += [
            f"when {guard}{condition} then {literal(f'{code}:{given.name}')}"
            for code, condition in _conditions(given, request)
        ]
    for group in contract.require_one_of:
        empty = " and ".join(f"{identifier(name)} is null" for name in group)
        checks.append(f"when {deleted}{empty} then {literal(f'none_given:{group[0]}')}")
    return f"case {' '.join(checks)} end" if checks else "cast(null as varchar)"


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
    kind = column.type
    if kind in _EARLIEST:
        earliest = f"cast('{_EARLIEST[kind]}' as {kind})"
        bounds = f"{value} < {earliest} or {value} >= cast('{_LATEST}' as {kind})"
        found.append(("out_of_range", f"({bounds})"))
    if given.name == request.contract.event_time:
        received = f"cast({literal(request.received_at)} as timestamp) + interval 1 day"
        found.append(("in_the_future", f"{value} > {received}"))
    return found + _rules(text, value, column, given.source)


def _of_type(given: Given, source: ColumnSource) -> list[tuple[str, str]]:
    """What keeps a text from being a value of its column's type."""
    text, value, number, column = given.text, identifier(given.name), given.number, given.column
    kind = column.type.split("(")[0]
    if kind == "text":
        return []
    if kind != "decimal":
        return [(f"invalid_{kind}", f"{text} is not null and {value} is null")]
    found = [
        ("out_of_range", numerals.is_beyond(number, value)),
        ("invalid_decimal", numerals.is_unreadable(text, number, value)),
    ]
    if not source.round:
        found.append(("too_precise", numerals.loses_digits(number, value, column, given.kind)))
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
