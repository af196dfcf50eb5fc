"""A rule that is being edited: its text is the one state, which a form changes part by part."""

from collections.abc import Collection
from dataclasses import dataclass

from dashboards.segmenting import tree
from dashboards.segmenting.tree import Node
from operations.segments.reading import Problem, RuleError, rule_of
from operations.segments.rules import Rule
from operations.segments.writing import written


@dataclass(frozen=True, slots=True)
class Draft:
    """A text and the rule that it is, or what keeps it from being one."""

    text: str
    rule: Rule | None
    problems: tuple[Problem, ...] = ()

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The parts of the rule, in the order in which they are read."""
        return () if self.rule is None else tuple(tree.nodes(self.rule))


def draft_of(text: str, segments: Collection[str]) -> Draft:
    """The draft of a text; an empty one is no mistake."""
    if not text.strip():
        return Draft("", None)
    try:
        return Draft(text, rule_of(text, segments))
    except RuleError as error:
        return Draft(text, None, error.problems)


def text_of(rule: Rule | None) -> str:
    """The text of a rule; an empty one of none."""
    return "" if rule is None else written(rule)
