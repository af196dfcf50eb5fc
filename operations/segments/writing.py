"""A rule as YAML: the one way in which each rule is written, which reads back as the same."""

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from operations.segments.rules import Comparison, Did, In, Is, Not, Rule, Value
from operations.segments.values import NEVER, ONCE

# What needs no quotes: a word that YAML does not take for something else.
_PLAIN: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_READ_OTHERWISE: Final = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})


def written(rule: Rule) -> str:
    """The rule as YAML, ended by a line end."""
    return "\n".join(_lines(rule)) + "\n"


def _lines(rule: Rule) -> Iterator[str]:
    if isinstance(rule, In):
        yield f"segment: {_said(rule.segment)}"
    elif isinstance(rule, Not):
        yield "not:"
        yield from (f"  {line}" for line in _lines(rule.part))
    elif isinstance(rule, Is):
        yield f"attribute: {rule.attribute}"
        yield from _comparisons(rule.comparisons)
    elif isinstance(rule, Did):
        yield from _did(rule)
    else:
        yield f"{rule.how}:"
        for part in rule.parts:
            first, *others = _lines(part)
            yield f"  - {first}"
            yield from (f"    {line}" for line in others)


def _did(rule: Did) -> Iterator[str]:
    yield f"{'did_not' if rule.times == (NEVER,) else 'did'}: {rule.event}"
    if rule.times not in {(NEVER,), (ONCE,)}:
        yield from _comparisons(rule.times)
    if rule.within_days is not None:
        yield f"within_days: {rule.within_days}"
    if rule.where:
        yield "where:"
    for name, comparisons in rule.where:
        if len(comparisons) == 1 and comparisons[0].sign == "is":
            yield f"  {name}: {_values(comparisons[0])}"
        else:
            yield f"  {name}:"
            yield from (f"    {line}" for line in _comparisons(comparisons))


def _comparisons(comparisons: tuple[Comparison, ...]) -> Iterator[str]:
    for each in comparisons:
        yield f"{each.sign}: {_values(each)}"


def _values(comparison: Comparison) -> str:
    if len(comparison.values) == 1:
        return _said(comparison.values[0])
    return f"[{', '.join(_said(value) for value in comparison.values)}]"


def _said(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    is_plain = _PLAIN.fullmatch(value) and value not in _READ_OTHERWISE
    # What JSON writes in quotes, YAML reads as the same text.
    return value if is_plain else _quoted(value)


def _quoted(text: str) -> Any:
    return json.dumps(text, ensure_ascii=False)
