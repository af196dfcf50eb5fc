"""A rule as a tree that a form changes part by part; a path says which part, from the top down."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from operations.segments.rules import In, Joined, Not, Rule

How = Literal["all", "any"]
Path: TypeAlias = tuple[int, ...]
Part: TypeAlias = Rule


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a rule, and where it stands."""

    path: Path
    rule: Rule

    @property
    def how(self) -> How | None:
        """Whether all of its parts have to hold or any, where it joins some."""
        return self.rule.how if isinstance(self.rule, Joined) else None

    @property
    def is_contrary(self) -> bool:
        """Whether it is the contrary of a part that stands below it."""
        return is_contrary(self.rule)


def is_contrary(rule: Rule) -> bool:
    """Whether a rule is the contrary of another one; not being in a segment is one condition."""
    return isinstance(rule, Not) and not isinstance(rule.part, In)


def nodes(rule: Rule, path: Path = ()) -> Iterator[Node]:
    """Return the parts of a rule in the order in which they are read."""
    yield Node(path, rule)
    for index, part in enumerate(_parts(rule)):
        yield from nodes(part, (*path, index))


def at(rule: Rule, path: Path) -> Rule | None:
    """Return the part at a path; nothing where there is none."""
    for index in path:
        parts = _parts(rule)
        if index >= len(parts):
            return None
        rule = parts[index]
    return rule


def with_part(rule: Rule, path: Path, part: Rule) -> Rule:
    """Return the rule with another part at a path."""
    if not path:
        return part
    first, *others = path
    parts = list(_parts(rule))
    parts[first] = with_part(parts[first], tuple(others), part)
    return _of(rule, tuple(parts))


def without(rule: Rule, path: Path) -> Rule | None:
    """Return the rule without the part at a path; a group that loses its last part goes, too."""
    if not path:
        return None
    above, index = path[:-1], path[-1]
    group = at(rule, above)
    parts = [part for number, part in enumerate(_parts(group)) if number != index] if group else []
    if group is None or not parts:
        return without(rule, above)
    return with_part(rule, above, _of(group, tuple(parts)))


def with_added(rule: Rule | None, path: Path, part: Rule) -> Rule:
    """Return the rule with one more part: in the group at a path, or beside what is no group."""
    if rule is None:
        return part
    there = at(rule, path)
    if isinstance(there, Joined):
        return with_part(rule, path, replace(there, parts=(*there.parts, part)))
    above = at(rule, path[:-1]) if path else None
    if isinstance(above, Joined):
        parts = list(above.parts)
        parts.insert(path[-1] + 1, part)
        return with_part(rule, path[:-1], replace(above, parts=tuple(parts)))
    return rule if there is None else with_part(rule, path, Joined("all", (there, part)))


def with_how(rule: Rule, path: Path, how: How) -> Rule:
    """Return the rule with a group whose parts have to hold all, or any of them."""
    group = at(rule, path)
    return with_part(rule, path, replace(group, how=how)) if isinstance(group, Joined) else rule


def with_contrary(rule: Rule, path: Path) -> Rule:
    """Return the rule with the contrary of the part at a path."""
    part = at(rule, path)
    if part is None:
        return rule
    return with_part(rule, path, part.part if isinstance(part, Not) else Not(part))


def with_group(rule: Rule, path: Path) -> Rule:
    """Return the rule with the part at a path in a group of its own, any of which has to hold."""
    part = at(rule, path)
    return rule if part is None else with_part(rule, path, Joined("any", (part,)))


def _parts(rule: Rule) -> tuple[Rule, ...]:
    if isinstance(rule, Joined):
        return rule.parts
    return (rule.part,) if isinstance(rule, Not) and is_contrary(rule) else ()


def _of(rule: Rule, parts: tuple[Rule, ...]) -> Rule:
    return replace(rule, parts=parts) if isinstance(rule, Joined) else Not(parts[0])
