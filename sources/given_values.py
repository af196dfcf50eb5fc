"""Does what a mapping itself gives (constants, defaults, targets of maps) fit the contract?"""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sources.column_source import ColumnSource
from sources.contract import FALSE_WORDS, TRUE_WORDS, Column

Place = tuple[str | int, ...]


def value_problems(column: Column, source: ColumnSource) -> Iterator[tuple[Place, str]]:
    """What is wrong with the values that a source gives, as (place below the column, message)."""
    # They are read as what the source holds is: in the format, and after the pattern.
    if source.format or source.pattern:
        return
    for place, value in source.given_values:
        if problem := _problem(column, value):
            yield place, problem


def _problem(column: Column, value: str) -> str | None:
    kind = column.type.split("(")[0]
    if column.allowed is not None and value not in column.allowed:
        return f"not among the values that there are: {', '.join(column.allowed)}"
    if kind == "boolean" and value.lower() not in (*TRUE_WORDS, *FALSE_WORDS):
        return "neither true nor false"
    if kind in ("date", "timestamp") and not _is_time(value):
        return "not a date or time; write it like 2026-01-31"
    if column.is_number:
        return _number_problem(column, value)
    if column.pattern is not None and not re.fullmatch(column.pattern, value):
        return "not in the form that the contract gives; see docs/feeds.md"
    return None


def _number_problem(column: Column, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "not a number; write it like 12.50"
    if not number.is_finite() or round(number, column.places) != number:
        return f"more than {column.places} decimals" if column.places else "not a whole number"
    bounds: list[tuple[bool, Any]] = [
        (column.above is not None and number <= column.above, f"not above {column.above}"),
        (column.minimum is not None and number < column.minimum, f"below {column.minimum}"),
        (column.maximum is not None and number > column.maximum, f"above {column.maximum}"),
    ]
    return next((message for is_beyond, message in bounds if is_beyond), None)


def _is_time(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
