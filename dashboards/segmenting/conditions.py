"""One condition as a form has it: what it is made of, and which conditions a form can hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from operations.segments import values
from operations.segments.rules import (
    IN_DAYS,
    LISTED,
    SIGNS,
    Comparison,
    Did,
    In,
    Is,
    Not,
    Rule,
    Sign,
)
from operations.segments.vocabulary import ATTRIBUTES, EVENTS, Kind
from output.findings.finding import Finding

Form = Literal["attribute", "event", "segment"]
# What a form holds of a field: a value for each comparison.
Given: TypeAlias = Mapping[str, Any]

TIMES = tuple(str(sign) for sign in values.TIMES)
MOST_TIMES, MOST_DAYS = values.MOST_TIMES, values.MOST_DAYS


def attributes() -> tuple[str, ...]:
    """The names of all attributes, in the order in which they are declared."""
    return tuple(ATTRIBUTES)


def events() -> tuple[str, ...]:
    """The names of all events."""
    return tuple(EVENTS)


def fields_of(event: str) -> Mapping[str, Kind]:
    """The fields by which an event may be narrowed."""
    return EVENTS[event].fields if event in EVENTS else {}


def kind_of(name: str, event: str = "") -> Kind:
    """Of which kind an attribute is, or a field of an event."""
    return fields_of(event).get(name, "text") if event else ATTRIBUTES.get(name, "text")


def signs_of(kind: Kind) -> tuple[Sign, ...]:
    """The comparisons for a kind of value."""
    return SIGNS[kind]


def takes_days(sign: str) -> bool:
    """Whether a comparison is with a number of days."""
    return sign in IN_DAYS


def takes_list(sign: str, kind: Kind) -> bool:
    """Whether a form takes several values for a comparison, any of which will do."""
    return sign in LISTED and kind == "text"


@dataclass(frozen=True, slots=True)
class Held:
    """What a form holds of a condition: `name` is that of the attribute, event or segment."""

    form: Form
    name: str
    fields: Mapping[str, Given] = field(default_factory=dict)
    times: tuple[str, int] = ("at_least", 1)
    days: int | None = None
    is_in: bool = True


def held(rule: Rule) -> Held | None:
    """What a form holds of a condition; nothing where it would lose some of it."""
    named = rule.part if isinstance(rule, Not) else rule
    if isinstance(named, In):
        return Held("segment", named.segment, is_in=named is rule)
    if isinstance(rule, Is) and _fits(rule.comparisons, ATTRIBUTES[rule.attribute]):
        given = _given_in(rule.comparisons, ATTRIBUTES[rule.attribute])
        return Held("attribute", rule.attribute, {rule.attribute: given})
    if isinstance(rule, Did) and len(rule.times) == 1:
        kinds, [times] = EVENTS[rule.event].fields, rule.times
        if all(_fits(comparisons, kinds[name]) for name, comparisons in rule.where):
            fields = {name: _given_in(each, kinds[name]) for name, each in rule.where}
            count = int(str(times.values[0]))
            return Held("event", rule.event, fields, (times.sign, count), rule.within_days)
    return None


def _fits(comparisons: tuple[Comparison, ...], kind: Kind) -> bool:
    return all(len(each.values) == 1 or takes_list(each.sign, kind) for each in comparisons)


def _given_in(comparisons: tuple[Comparison, ...], kind: Kind) -> dict[str, Any]:
    return {each.sign: _given(each, kind) for each in comparisons}


def _given(comparison: Comparison, kind: Kind) -> Any:
    if takes_list(comparison.sign, kind):
        return [str(value) for value in comparison.values]
    first = comparison.values[0]
    if takes_days(comparison.sign) and isinstance(first, Decimal):
        return int(first)
    return float(first) if isinstance(first, Decimal) else first


def attribute_condition(name: str, given: Given) -> Rule | Finding:
    """The condition that a form describes, or what does not fit."""
    compared = _compared(name, kind_of(name), given)
    return compared if isinstance(compared, Finding) else Is(name, compared)


def event_condition(
    name: str, times: tuple[str, int], days: int | None, where: Mapping[str, Given]
) -> Rule | Finding:
    """The condition that somebody did something so often, or what does not fit."""
    sign, count = times
    whole = values.whole(count, 0, values.MOST_TIMES)
    found = next((each for each in values.TIMES if each == sign), None)
    if name not in EVENTS or whole is None or found is None:
        return Finding.of("rule_not_times", word=sign, most=values.MOST_TIMES)
    fields = []
    for each, given in where.items():
        compared = _compared(each, kind_of(each, name), given)
        if isinstance(compared, Finding):
            return compared
        fields.append((each, compared))
    return Did(name, (Comparison(found, (whole,)),), tuple(sorted(fields)), days)


def segment_condition(name: str, *, is_in: bool) -> Rule:
    """The condition of being in another segment, or not."""
    return In(name) if is_in else Not(In(name))


def is_refused(part: object) -> bool:
    """Whether a form describes no condition, but says what does not fit."""
    return isinstance(part, Finding)


def _compared(name: str, kind: Kind, given: Given) -> tuple[Comparison, ...] | Finding:
    signs = [sign for sign in SIGNS[kind] if sign in given]
    if not signs:
        return Finding.of("rule_no_comparison", name=name, words=SIGNS[kind])
    found = []
    for sign in signs:
        compared = values.read(sign, kind, given[sign])
        if not isinstance(compared, Comparison):
            code, arguments = compared
            return Finding.of(code, **{"name": name, "word": sign} | arguments)
        found.append(compared)
    return tuple(found)
