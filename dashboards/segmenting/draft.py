"""A rule that is being edited: its text is the one state, which a form changes part by part."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from operations.segments import values
from operations.segments.reading import Problem, RuleError, rule_of
from operations.segments.rules import (
    IN_DAYS,
    LISTED,
    SIGNS,
    Comparison,
    Did,
    In,
    Is,
    Joined,
    Not,
    Rule,
    Sign,
)
from operations.segments.vocabulary import ATTRIBUTES, EVENTS, Kind
from operations.segments.writing import written
from output.findings.finding import Finding

How = Literal["all", "any"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A text and the rule that it is, or what keeps it from being one."""

    text: str
    rule: Rule | None
    problems: tuple[Problem, ...] = ()

    @property
    def how(self) -> How:
        """Whether all of the parts have to hold, or any."""
        return self.rule.how if isinstance(self.rule, Joined) else "all"

    @property
    def parts(self) -> tuple[Rule, ...]:
        """The conditions as a form lists them."""
        if self.rule is None:
            return ()
        return self.rule.parts if isinstance(self.rule, Joined) else (self.rule,)


def draft_of(text: str, segments: Collection[str]) -> Draft:
    """The draft of a text; an empty one is no mistake."""
    if not text.strip():
        return Draft("", None)
    try:
        return Draft(text, rule_of(text, segments))
    except RuleError as error:
        return Draft(text, None, error.problems)


def joined(how: How, parts: Collection[Rule]) -> str:
    """The text of conditions that have to hold together; of one alone where there is one."""
    if not parts:
        return ""
    only, *others = parts
    return written(Joined(how, tuple(parts)) if others or how == "any" else only)


def kind_of_attribute(name: str) -> Kind:
    """Of which kind an attribute is; a text where there is no such attribute."""
    return ATTRIBUTES.get(name, "text")


def signs_of(kind: Kind) -> tuple[Sign, ...]:
    """The comparisons for a kind of value."""
    return SIGNS[kind]


def takes_days(sign: str) -> bool:
    """Whether a comparison is with a number of days."""
    return sign in IN_DAYS


def takes_list(sign: str) -> bool:
    """Whether a comparison is with any of some values."""
    return sign in LISTED


def attributes() -> tuple[str, ...]:
    """The names of all attributes, in the order in which they are declared."""
    return tuple(ATTRIBUTES)


def events() -> tuple[str, ...]:
    """The names of all events."""
    return tuple(EVENTS)


def text_fields_of(event: str) -> tuple[str, ...]:
    """The fields of an event by which a form narrows it; others are written as YAML."""
    found = EVENTS.get(event)
    return tuple(name for name, kind in found.fields.items() if kind == "text") if found else ()


def attribute_part(name: str, sign: str, given: Any) -> Rule | Finding:
    """The condition that a form describes, or what does not fit."""
    kind = kind_of_attribute(name)
    if name not in ATTRIBUTES or sign not in SIGNS[kind]:
        return Finding.of("rule_no_comparison", name=name, words=SIGNS[kind])
    chosen = next(each for each in SIGNS[kind] if each == sign)
    compared = values.read(chosen, kind, given)
    if isinstance(compared, Comparison):
        return Is(name, (compared,))
    code, arguments = compared
    return Finding.of(code, **{"name": name, "word": sign} | arguments)


def event_part(name: str, least: int, days: int | None, field: str, texts: str) -> Rule | Finding:
    """The condition that somebody did something at least so often; never where that is 0."""
    times = values.whole(least, 0, values.MOST_TIMES)
    if name not in EVENTS or times is None:
        return Finding.of("rule_not_times", word="at_least", most=values.MOST_TIMES)
    where: tuple[tuple[str, tuple[Comparison, ...]], ...] = ()
    if field:
        compared = values.read("is", "text", listed(texts))
        if field not in text_fields_of(name) or not isinstance(compared, Comparison):
            return Finding.of("rule_not_text", name=field)
        where = ((field, (compared,)),)
    comparison = Comparison("at_least", (times,)) if times else values.NEVER
    return Did(name, (comparison,), where, days)


def segment_part(name: str, *, is_in: bool) -> Rule:
    """The condition of being in another segment, or not."""
    return In(name) if is_in else Not(In(name))


def listed(texts: str) -> list[str]:
    """The values of a text in which commas stand between them."""
    return [text.strip() for text in texts.split(",") if text.strip()]


def is_refused(part: object) -> bool:
    """Whether a form describes no condition, but says what does not fit."""
    return isinstance(part, Finding)
