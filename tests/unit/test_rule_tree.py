"""A rule as a tree: a part is found, changed, taken out and nested, and the rest stays."""

from dashboards.segmenting import tree
from operations.segments.reading import rule_of
from operations.segments.rules import Rule
from operations.segments.writing import written

RULE = rule_of(
    """
all:
  - {segment: a}
  - any:
      - {attribute: gmv, at_least: 1}
      - not: {attribute: region, is: x}
  - not: {segment: b}
"""
)
C = rule_of("segment: c")


def text(rule: Rule | None) -> str:
    return "" if rule is None else written(rule)


def test_each_part_has_a_path_and_not_being_in_a_segment_is_one_part() -> None:
    found = [(each.path, each.how, each.is_contrary) for each in tree.nodes(RULE)]

    assert found == [
        ((), "all", False),
        ((0,), None, False),
        ((1,), "any", False),
        ((1, 0), None, False),
        ((1, 1), None, True),
        ((1, 1, 0), None, False),
        ((2,), None, False),
    ]


def test_a_part_that_is_written_in_its_own_place_changes_nothing() -> None:
    for node in tree.nodes(RULE):
        assert tree.at(RULE, node.path) == node.rule
        assert tree.with_part(RULE, node.path, node.rule) == RULE


def test_a_group_that_loses_its_last_part_goes_as_well() -> None:
    one = tree.without(RULE, (1, 1, 0))
    assert one is not None
    assert text(one) == text(rule_of(
        "all: [{segment: a}, {any: [{attribute: gmv, at_least: 1}]}, {not: {segment: b}}]"
    ))  # fmt: skip

    assert text(tree.without(one, (1, 0))) == text(
        rule_of("all: [{segment: a}, {not: {segment: b}}]")
    )
    assert tree.without(C, ()) is None


def test_a_part_is_added_to_a_group_or_beside_what_is_none() -> None:
    assert tree.with_added(None, (), C) == C
    assert text(tree.with_added(C, (), C)) == text(rule_of("all: [{segment: c}, {segment: c}]"))
    assert tree.at(tree.with_added(RULE, (1,), C), (1, 2)) == C
    assert tree.at(tree.with_added(RULE, (0,), C), (1,)) == C
    assert text(tree.at(tree.with_added(RULE, (1, 1, 0), C), (1, 1))) == text(
        rule_of("not: {all: [{attribute: region, is: x}, {segment: c}]}")
    )


def test_the_contrary_of_the_contrary_is_the_part_itself() -> None:
    for node in tree.nodes(RULE):
        once = tree.with_contrary(RULE, node.path)
        assert once != RULE
        assert tree.with_contrary(once, node.path) == RULE


def test_a_group_is_made_around_a_part_and_turned() -> None:
    grouped = tree.with_group(RULE, (0,))

    assert text(tree.at(grouped, (0,))) == "any:\n  - segment: a\n"
    assert text(tree.at(tree.with_how(grouped, (0,), "all"), (0,))) == "all:\n  - segment: a\n"
    assert tree.with_how(RULE, (0,), "any") == RULE
