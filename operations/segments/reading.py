"""A rule from the YAML that somebody wrote, or every problem with its line and column.

all:
  - {attribute: gmv_net, at_least: 500}
  - did_not: order
    within_days: 180
    where: {channel: web}
  - not: {segment: staff}
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from installation.positioned_yaml import Place, PositionedYaml, YamlRefusedError
from operations.segments import values
from operations.segments.models import MODEL_SEGMENTS
from operations.segments.rules import SIGNS, Comparison, Did, In, Is, Joined, Not, Rule, Sign
from operations.segments.vocabulary import CUSTOMER, Kind, Subject
from output.findings.finding import Finding

MOST_CONDITIONS: Final = 100
# Each is a pass over all events of its kind, so a preview over a million customers takes its two
# seconds: decision 27.
MOST_COUNTS: Final = 20
WORDS: Final = ("all", "any", "not", "attribute", "did", "did_not", "segment")
_JOINS: Final = {"all", "any"}
_OF_EVENTS: Final = ("within_days", "where")
_ALIKE: Final = 0.6
_LISTED: Final = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: line and column count from 1."""

    line: int
    column: int
    finding: Finding


class RuleError(ValueError):
    """A rule cannot be used; `problems` are in the order of the text, and at least one."""

    def __init__(self, problems: list[Problem], name: str = "rule") -> None:
        """Take the problems, and how the text is called."""
        self.problems = tuple(problems)
        super().__init__(
            "\n".join(
                f"{name}:{each.line}:{each.column}: {each.finding.english}" for each in problems
            )
        )


def rule_of(
    text: str, segments: Collection[str] | None = None, subject: Subject = CUSTOMER
) -> Rule:
    """The rule that a text describes; with `segments` it may name none but those.

    Raises:
        RuleError: it is no rule; every problem is named.
    """
    document = document_of(text, Path("rule"))
    reading = Reading(document, segments, subject)
    return reading.whole(document.data, ())


def document_of(text: str, path: Path) -> PositionedYaml:
    """The YAML of a text, with the place of each value.

    Raises:
        RuleError: it is not YAML, or more than a rule needs of it.
    """
    try:
        return PositionedYaml.parse(text, path, "a condition")
    except YamlRefusedError as error:
        fault = Problem(error.line or 1, error.column or 1, Finding.of("rule_no_yaml"))
        raise RuleError([fault], str(path)) from None


def hint(name: object, known: Collection[str]) -> Finding:
    """The nearest known name, or else those there are."""
    found = get_close_matches(str(name), known, 1, _ALIKE)
    if found:
        return Finding.of("rule_similar", name=found[0])
    if not known:
        return Finding.of("rule_none_known")
    return Finding.of("rule_known", names=tuple(sorted(known)[:_LISTED]))


class _Unusable(Exception):  # noqa: N818
    """A part of a rule was refused, and its problem noted."""


@dataclass(slots=True)
class Reading:
    """A document that is being read, with the problems found so far."""

    document: PositionedYaml
    segments: Collection[str] | None
    subject: Subject = CUSTOMER
    problems: list[Problem] = field(default_factory=list)
    _conditions: int = 0
    _counted: set[object] = field(default_factory=set)

    def whole(self, data: Any, place: Place) -> Rule:
        """The rule that stands at a place.

        Raises:
            RuleError: there were problems, also those noted before.
        """
        rule = self._tried(data, place)
        if rule is None or self.problems:
            raise RuleError(
                sorted(self.problems, key=lambda each: (each.line, each.column)),
                str(self.document.path),
            )
        return rule

    def note(self, place: Place, code: str, /, **arguments: Any) -> None:
        """Notes a problem at the nearest value that stands in the text."""
        nearest = place
        while nearest and nearest not in self.document.positions:
            nearest = nearest[:-1]
        line, column = self.document.positions.get(nearest, (1, 1))
        self.problems.append(Problem(line, column, Finding.of(code, **arguments)))

    def _tried(self, data: Any, place: Place) -> Rule | None:
        with suppress(_Unusable):
            return self._rule(data, place)
        return None

    def _refused(self, place: Place, code: str, /, **arguments: Any) -> _Unusable:
        self.note(place, code, **arguments)
        return _Unusable()

    def _rule(self, data: Any, place: Place) -> Rule:
        self._conditions += 1
        if self._conditions == MOST_CONDITIONS + 1:
            raise self._refused(place, "rule_too_large", most=MOST_CONDITIONS)
        if self._conditions > MOST_CONDITIONS:
            raise _Unusable
        found = [word for word in WORDS if isinstance(data, dict) and word in data]
        if not found:
            raise self._refused(place, "rule_no_condition", words=WORDS)
        word, *others = found
        if others:
            raise self._refused((*place, others[0]), "rule_mixed", word=word, other=others[0])
        if word in _JOINS:
            return self._joined(data, place, word)
        if word == "not":
            self._only(data, place, (word,))
            return Not(self._rule(data[word], (*place, word)))
        if word == "segment":
            self._only(data, place, (word,))
            return In(self._segment(data[word], (*place, word)))
        return self._is(data, place) if word == "attribute" else self._did(data, place, word)

    def _joined(self, data: dict[Any, Any], place: Place, word: str) -> Rule:
        self._only(data, place, (word,))
        listed = data[word]
        if not isinstance(listed, list) or not listed:
            raise self._refused((*place, word), "rule_no_list", word=word)
        parts = [self._tried(part, (*place, word, i)) for i, part in enumerate(listed)]
        read = tuple(part for part in parts if part is not None)
        if len(read) < len(parts):
            raise _Unusable
        return Joined("all" if word == "all" else "any", read)

    def _segment(self, name: Any, place: Place) -> str:
        if not isinstance(name, str):
            raise self._refused(place, "rule_not_text", name="segment")
        of_models = MODEL_SEGMENTS if self.subject == CUSTOMER else {}
        known = None if self.segments is None else {*self.segments, *of_models}
        if known is not None and name not in known:
            told = hint(name, known)
            raise self._refused(place, "rule_unknown_segment", name=name, hint=told)
        return name

    def _is(self, data: dict[Any, Any], place: Place) -> Rule:
        name, at = data["attribute"], (*place, "attribute")
        known = self.subject.attributes
        if not isinstance(name, str) or name not in known:
            told = hint(name, known)
            raise self._refused(at, "rule_unknown_attribute", name=str(name), hint=told)
        return Is(name, self._comparisons(data, place, (name, known[name]), ("attribute",)))

    def _did(self, data: dict[Any, Any], place: Place, word: str) -> Rule:
        name = data[word]
        if not isinstance(name, str) or name not in self.subject.events:
            told = hint(name, self.subject.events)
            raise self._refused((*place, word), "rule_unknown_event", name=str(name), hint=told)
        is_never = word == "did_not"
        self._only(data, place, (word, *_OF_EVENTS, *(() if is_never else values.TIMES)))
        where = self._where(data.get("where", {}), (*place, "where"), name)
        days = self._days(data, place)
        times = tuple(self._times(data, place))
        did = Did(name, times or (values.NEVER if is_never else values.ONCE,), where, days)
        if did.question not in self._counted:
            self._counted.add(did.question)
            if len(self._counted) == MOST_COUNTS + 1:
                raise self._refused((*place, word), "rule_counts_too_much", most=MOST_COUNTS)
        return did

    def _times(self, data: dict[Any, Any], place: Place) -> Iterator[Comparison]:
        for sign in values.TIMES:
            if sign in data:
                times = values.whole(data[sign], 0, values.MOST_TIMES)
                if times is None:
                    most = values.MOST_TIMES
                    raise self._refused((*place, sign), "rule_not_times", word=sign, most=most)
                yield Comparison(sign, (times,))

    def _days(self, data: dict[Any, Any], place: Place) -> int | None:
        if "within_days" not in data:
            return None
        days = values.whole(data["within_days"], 1, values.MOST_DAYS)
        if days is None:
            at = (*place, "within_days")
            raise self._refused(at, "rule_not_days", word="within_days", most=values.MOST_DAYS)
        return int(days)

    def _where(
        self, data: Any, place: Place, event: str
    ) -> tuple[tuple[str, tuple[Comparison, ...]], ...]:
        fields = self.subject.events[event].fields
        if not isinstance(data, dict):
            raise self._refused(place, "rule_no_condition", words=tuple(fields))
        found = []
        for name, given in data.items():
            at = (*place, name)
            if name not in fields:
                told = hint(name, fields)
                raise self._refused(
                    at, "rule_unknown_field", event=event, name=str(name), hint=told
                )
            compared = given if isinstance(given, dict) else {"is": given}
            found.append((name, self._comparisons(compared, at, (name, fields[name]), ())))
        return tuple(sorted(found))

    def _comparisons(
        self, data: dict[Any, Any], place: Place, what: tuple[str, Kind], other: tuple[str, ...]
    ) -> tuple[Comparison, ...]:
        name, kind = what
        signs = SIGNS[kind]
        self._only(data, place, (*other, *signs))
        if not any(sign in data for sign in signs):
            raise self._refused(place, "rule_no_comparison", name=name, words=signs)
        return tuple(
            self._comparison(data[sign], (*place, sign), sign, what)
            for sign in signs
            if sign in data
        )

    def _comparison(
        self, given: Any, place: Place, sign: Sign, what: tuple[str, Kind]
    ) -> Comparison:
        found = values.read(sign, what[1], given)
        if isinstance(found, Comparison):
            return found
        code, arguments = found
        # A text "is" written as a list may stand under the field itself.
        raise self._refused(place, code, **{"name": what[0], "word": sign} | arguments)

    def _only(self, data: dict[Any, Any], place: Place, known: tuple[str, ...]) -> None:
        unknown = [name for name in data if name not in known]
        for name in unknown:
            told = hint(name, known)
            self.note((*place, name), "rule_unknown_word", name=str(name), hint=told)
        if unknown:
            raise _Unusable
