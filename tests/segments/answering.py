"""Rules answered one customer at a time, in Python: yes, no, or None for what is not known."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from operations.segments.models import MODEL_SEGMENTS
from operations.segments.rules import Comparison, Did, In, Is, Not, Rule
from operations.segments.vocabulary import EVENTS

Row = Mapping[str, Any]
Answer = bool | None


def answer(
    rule: Rule,
    customer: Row,
    events: Mapping[str, Sequence[Row]],
    segments: Mapping[str, Rule],
    as_of: date,
) -> Answer:
    """What a rule says of a customer; `events` are all rows of each event, of all customers."""
    if isinstance(rule, Not):
        inner = answer(rule.part, customer, events, segments, as_of)
        return None if inner is None else not inner
    if isinstance(rule, In):
        named = {**MODEL_SEGMENTS, **segments}[rule.segment]
        return answer(named, customer, events, segments, as_of) is True
    if isinstance(rule, Is):
        value = customer[rule.attribute]
        return every(holds(value, each, as_of) for each in rule.comparisons)
    if isinstance(rule, Did):
        times = counted(rule, customer["customer_id"], events[rule.event], as_of)
        return every(holds(times, each, as_of) for each in rule.times)
    parts = [answer(part, customer, events, segments, as_of) for part in rule.parts]
    if rule.how == "all":
        return every(parts)
    contraries = (None if part is None else not part for part in parts)
    none = every(contraries)
    return None if none is None else not none


def every(answers: Iterable[Answer]) -> Answer:
    listed = list(answers)
    if False in listed:
        return False
    return None if None in listed else True


def counted(rule: Did, customer_id: str, rows: Sequence[Row], as_of: date) -> int | None:
    if not rows:
        return None
    event = EVENTS[rule.event]
    found = []
    for row in rows:
        meets = [holds(row[name], each, as_of) for name, all_ in rule.where for each in all_]
        if rule.within_days is not None:
            day = row[event.day]
            meets.append(as_of - timedelta(days=rule.within_days) < day <= as_of)
        if row["customer_id"] == customer_id and all(meet is True for meet in meets):
            found.append(row)
    if event.counts:
        return len({row[event.counts] for row in found})
    return len(found)


def holds(value: Any, comparison: Comparison, as_of: date) -> Answer:
    sign, values = comparison.sign, comparison.values
    if sign == "known":
        return (value is not None) == values[0]
    if value is None:
        return None
    if sign in {"is", "is_not"}:
        return (value in values) == (sign == "is")
    first: Any = values[0]
    if sign in {"in_last_days", "not_in_last_days"}:
        is_in = as_of - timedelta(days=int(first)) < value <= as_of
        return is_in == (sign == "in_last_days")
    if sign == "in_next_days":
        return as_of < value <= as_of + timedelta(days=int(first))
    return {
        "more_than": lambda: value > first,
        "at_least": lambda: value >= first,
        "from": lambda: value >= first,
        "at_most": lambda: value <= first,
        "until": lambda: value <= first,
        "less_than": lambda: value < first,
    }[sign]()
