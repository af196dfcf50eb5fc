"""A rule as a tree: what is compared with what, and how the answers are combined.

Each answer is yes, no or unknown, as in SQL: a comparison with what is not known is unknown, and so
is its contrary. A segment holds those for whom its rule is yes; whether somebody is in another
segment is therefore never unknown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from operations.segments.vocabulary import Kind

Value: TypeAlias = Decimal | str | date | bool
Sign = Literal[
    "is",
    "is_not",
    "known",
    "more_than",
    "at_least",
    "at_most",
    "less_than",
    "from",
    "until",
    "in_last_days",
    "not_in_last_days",
    "in_next_days",
]

# Which comparisons there are for which kind of value.
SIGNS: Final[Mapping[Kind, tuple[Sign, ...]]] = MappingProxyType(
    {
        "number": ("is", "is_not", "more_than", "at_least", "at_most", "less_than", "known"),
        "text": ("is", "is_not", "known"),
        "day": ("is", "from", "until", "in_last_days", "not_in_last_days", "in_next_days", "known"),
        "yes_no": ("is", "known"),
    }
)
# Those that take a list: any of its values.
LISTED: Final = frozenset({"is", "is_not"})
IN_DAYS: Final = frozenset({"in_last_days", "not_in_last_days", "in_next_days"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison with the given values; there is more than one only where any of them will do."""

    sign: Sign
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Is:
    """What an attribute is; all comparisons have to hold."""

    attribute: str
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Did:
    """How often somebody did something, in the last `within_days` days or ever.

    `where` are comparisons by field, all of which a row has to meet.
    """

    event: str
    times: tuple[Comparison, ...]
    where: tuple[tuple[str, tuple[Comparison, ...]], ...] = ()
    within_days: int | None = None

    @property
    def question(self) -> object:
        """What is counted; however often it has to be, it is counted once."""
        return self.event, self.where, self.within_days


@dataclass(frozen=True, slots=True)
class In:
    """Whether somebody is in another segment."""

    segment: str


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary of a rule."""

    part: "Rule"


@dataclass(frozen=True, slots=True)
class Joined:
    """All of some rules, or any of them."""

    how: Literal["all", "any"]
    parts: tuple["Rule", ...]


Rule: TypeAlias = Is | Did | In | Not | Joined


def parts_of(rule: Rule) -> Iterator[Rule]:
    """The rule and every rule inside it."""
    yield rule
    if isinstance(rule, Not):
        yield from parts_of(rule.part)
    elif isinstance(rule, Joined):
        for part in rule.parts:
            yield from parts_of(part)


def segments_in(rule: Rule) -> tuple[str, ...]:
    """The other segments that a rule asks for, each once, in the order in which they stand."""
    named = (part.segment for part in parts_of(rule) if isinstance(part, In))
    return tuple(dict.fromkeys(named))
