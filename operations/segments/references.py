"""Segments that name segments: in which order they are answered, and circles among them."""

from collections.abc import Iterable, Iterator, Mapping

from operations.segments.models import MODEL_SEGMENTS
from operations.segments.rules import Did, Rule, parts_of, segments_in


class CircleError(ValueError):
    """A segment asks for itself, by way of others; `chain` begins and ends with it."""

    def __init__(self, chain: tuple[str, ...]) -> None:
        """Take the chain."""
        self.chain = chain
        super().__init__(f"the segments ask for each other: {' → '.join(chain)}")


def in_order(rules: Iterable[Rule], segments: Mapping[str, Rule]) -> tuple[str, ...]:
    """The segments that rules name, and those that these name, each after all that it names.

    Those of the models are always among them.

    Raises:
        CircleError: a segment asks for itself.
        LookupError: a segment is named that is not among them.
    """
    done: dict[str, None] = {}
    for rule in rules:
        for name in segments_in(rule):
            for each in _before(name, segments, ()):
                done.setdefault(each)
    return tuple(done)


def counts_in(rule: Rule, segments: Mapping[str, Rule]) -> int:
    """How many different events are counted for a rule, those of the segments that it names, too.

    Raises:
        CircleError: it asks for itself.
        LookupError: a segment is named that is not among them.
    """
    named = (rule_named(name, segments) for name in in_order([rule], segments))
    parts = (part for each in (rule, *named) for part in parts_of(each))
    return len({part.question for part in parts if isinstance(part, Did)})


def _before(name: str, segments: Mapping[str, Rule], chain: tuple[str, ...]) -> Iterator[str]:
    if name in chain:
        raise CircleError((*chain[chain.index(name) :], name))
    for other in segments_in(rule_named(name, segments)):
        yield from _before(other, segments, (*chain, name))
    yield name


def rule_named(name: str, segments: Mapping[str, Rule]) -> Rule:
    """The rule of a segment, which a model may make.

    Raises:
        LookupError: there is no such segment.
    """
    if name in MODEL_SEGMENTS:
        return MODEL_SEGMENTS[name]
    if name not in segments:
        raise LookupError(name)
    return segments[name]
