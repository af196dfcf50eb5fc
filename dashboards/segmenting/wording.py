"""A rule's conditions in the reader's words, as a form lists them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from dashboards.words.messages import counted, message
from dashboards.words.names import title_of
from dashboards.words.words import Words
from operations.segments.rules import Comparison, Did, In, Is, Not, Rule, Value
from operations.segments.values import NEVER, ONCE
from operations.segments.vocabulary import EVENTS

SIGNS: Final = {
    "is": message("is"),
    "is_not": message("is not"),
    "more_than": message("more than"),
    "at_least": message("at least"),
    "at_most": message("at most"),
    "less_than": message("less than"),
    "from": message("from"),
    "until": message("until"),
    "in_last_days": message("in the last days"),
    "not_in_last_days": message("not in the last days"),
    "in_next_days": message("in the next days"),
    "known": message("known"),
}
_COMPARED: Final = {
    "is": message("{value}"),
    "is_not": message("not {value}"),
    "more_than": message("more than {value}"),
    "at_least": message("at least {value}"),
    "at_most": message("at most {value}"),
    "less_than": message("less than {value}"),
    "from": message("{value} or later"),
    "until": message("{value} or earlier"),
}
_IN_DAYS: Final = {
    "in_last_days": counted("in the last {n} day", "in the last {n} days"),
    "not_in_last_days": counted("not in the last {n} day", "not in the last {n} days"),
    "in_next_days": counted("in the next {n} day", "in the next {n} days"),
}


def attribute_title(words: Words, name: str) -> str:
    """Return what an attribute or a field is called."""
    return words.published(title_of(name))


def event_title(words: Words, name: str) -> str:
    """Return what an event is called."""
    return words.say(EVENTS[name].title) if name in EVENTS else name


def said(words: Words, rule: Rule, titles: Mapping[str, str]) -> str:
    """Return a rule in one line; `titles` are what segments are called."""
    if isinstance(rule, In):
        name = titles.get(rule.segment, rule.segment)
        return words.text("In the segment {name}", name=name)
    if isinstance(rule, Not) and isinstance(rule.part, In):
        name = titles.get(rule.part.segment, rule.part.segment)
        return words.text("Not in the segment {name}", name=name)
    if isinstance(rule, Not):
        return words.text("Not: {condition}", condition=said(words, rule.part, titles))
    if isinstance(rule, Is):
        title = attribute_title(words, rule.attribute)
        return f"{title}: {_compared(words, rule.comparisons)}"
    if isinstance(rule, Did):
        return _did(words, rule)
    parts = [said(words, part, titles) for part in rule.parts]
    if rule.how == "all":
        return words.text("All of: {conditions}", conditions="; ".join(parts))
    return words.text("Any of: {conditions}", conditions="; ".join(parts))


def _did(words: Words, rule: Did) -> str:
    if rule.times == (NEVER,):
        times = words.text("never")
    elif rule.times == (ONCE,):
        times = words.text("at least once")
    else:
        times = _compared(words, rule.times)
    ends = [
        f"{attribute_title(words, name)}: {_compared(words, comparisons)}"
        for name, comparisons in rule.where
    ]
    if rule.within_days is not None:
        ends.insert(0, words.count("in the last {n} day", "in the last {n} days", rule.within_days))
    return f"{event_title(words, rule.event)}: {', '.join([times, *ends])}"


def _compared(words: Words, comparisons: Sequence[Comparison]) -> str:
    return ", ".join(_comparison(words, each) for each in comparisons)


def _comparison(words: Words, comparison: Comparison) -> str:
    sign, values = comparison.sign, comparison.values
    if sign == "known":
        return words.text("known") if values[0] else words.text("not known")
    if sign in _IN_DAYS:
        return words.code(_IN_DAYS, sign, n=int(str(values[0])))
    listed = words.text(" or ").join(_value(words, value) for value in values)
    return words.code(_COMPARED, sign, value=listed)


def _value(words: Words, value: Value) -> str:
    if isinstance(value, bool):
        return words.text("yes") if value else words.text("no")
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return words.number(value, max(-exponent, 0) if isinstance(exponent, int) else 0)
    return words.day(value) if isinstance(value, date) else value
