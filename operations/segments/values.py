"""The values of a rule: of which kind each is, and what does not fit."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from operations.segments.rules import IN_DAYS, LISTED, Comparison, Sign, Value
from operations.segments.vocabulary import Kind

MOST_TIMES: Final = 1_000_000
MOST_DAYS: Final = 36_500
MOST_VALUES: Final = 1_000
LONGEST_TEXT: Final = 200
# Beyond it no amount or count is compared with sense, and DuckDB's decimals end at 38 digits.
_LARGEST: Final = Decimal(10) ** 15
_MOST_DECIMALS: Final = 9

TIMES: Final[tuple[Sign, ...]] = ("is", "more_than", "at_least", "at_most", "less_than")
ONCE: Final = Comparison("at_least", (Decimal(1),))
NEVER: Final = Comparison("is", (Decimal(0),))

# A code of a finding and what it takes beside the name and the word.
Misfit: TypeAlias = tuple[str, dict[str, Any]]


def read(sign: Sign, kind: Kind, given: Any) -> Comparison | Misfit:
    """The comparison with what was given, or why it does not fit."""
    if sign == "known":
        return Comparison(sign, (given,)) if isinstance(given, bool) else ("rule_not_yes_no", {})
    if sign in IN_DAYS:
        days = whole(given, 1, MOST_DAYS)
        return ("rule_not_days", {"most": MOST_DAYS}) if days is None else Comparison(sign, (days,))
    listed = given if isinstance(given, list) and sign in LISTED else [given]
    if not 0 < len(listed) <= MOST_VALUES:
        return "rule_no_values", {"most": MOST_VALUES}
    found = []
    for each in listed:
        value = _value(kind, each)
        if value is None:
            return f"rule_not_{kind}", {}
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            return "rule_text_too_long", {"most": LONGEST_TEXT}
        found.append(value)
    return Comparison(sign, tuple(dict.fromkeys(found)))


def whole(given: Any, least: int, most: int) -> Decimal | None:
    """A whole number within bounds; nothing where it is none."""
    is_whole = isinstance(given, int) and not isinstance(given, bool) and least <= given <= most
    return Decimal(given) if is_whole else None


def _value(kind: Kind, given: Any) -> Value | None:
    """A value of a kind; nothing where it is of another: YAML reads NO and 007 as it likes."""
    if kind == "number":
        return _number(given)
    if kind == "text":
        return given if isinstance(given, str) else None
    if kind == "day":
        is_day = isinstance(given, date) and not isinstance(given, datetime)
        return given if is_day else None
    return given if isinstance(given, bool) else None


def _number(given: Any) -> Decimal | None:
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    # As it was written: the shortest text that means the same float.
    number = Decimal(repr(given))
    if not number.is_finite() or abs(number) > _LARGEST:
        return None
    exponent = number.as_tuple().exponent
    is_short = isinstance(exponent, int) and -exponent <= _MOST_DECIMALS
    # Without an exponent: DuckDB takes Decimal("1E+2") for 1.
    return Decimal(f"{number.normalize():f}") if is_short else None
