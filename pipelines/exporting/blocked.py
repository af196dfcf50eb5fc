"""Segments that may not leave: those whose rule asks for a category that their destination blocks.

Who bought of some categories tells what the law protects (health, religion: GDPR, article 9), so a
list of such people is such data itself.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias

from operations.segments.reading import RuleError, rule_of
from operations.segments.rules import Did, Rule, parts_of, segments_in
from operations.segments.vocabulary import SUBJECTS, Subject
from pipelines.exporting.people import Reader
from pipelines.exporting.subjects import BUILD

_CATEGORY = "category_id"
# Rules by the names of their segments, each with whom it is of.
_Texts: TypeAlias = Mapping[str, tuple[str, Subject]]


class BlockedSegmentError(Exception):
    """A segment may not be sent to a destination; says which category keeps it."""


def check_unblocked(reader: Reader, segment: str, blocked: Collection[str]) -> None:
    """Checks the segment's rule, and those of the segments that it names.

    Raises:
        BlockedSegmentError: one asks for a blocked category, or cannot be read.
    """
    if not blocked:
        return
    texts = {
        str(name): (str(rule), SUBJECTS[kind])
        for name, rule, kind in reader.connection.execute(
            f"select segment_id, rule, coalesce(subject_kind, 'customer') from {BUILD}.raw.segments"
        ).fetchall()
    }
    found = sorted({*_categories(segment, texts)} & set(blocked))
    if found:
        raise BlockedSegmentError(
            f"the segment {segment} asks for {', '.join(found)}, which its destination blocks "
            "(blocked_categories); nothing is sent"
        )


def _categories(segment: str, texts: _Texts) -> Iterator[str]:
    """The categories that a rule names; segments of the models have no rule and name none."""
    waiting, seen = [segment], {segment}
    while waiting:
        name = waiting.pop()
        if name not in texts:
            continue
        rule = _read(name, texts)
        others = [other for other in segments_in(rule) if other not in seen]
        seen.update(others)
        waiting += others
        for part in parts_of(rule):
            for field, comparisons in part.where if isinstance(part, Did) else ():
                if field == _CATEGORY:
                    for comparison in comparisons:
                        yield from map(str, comparison.values)


def _read(name: str, texts: _Texts) -> Rule:
    try:
        text, subject = texts[name]
        return rule_of(text, set(texts), subject)
    except RuleError:
        raise BlockedSegmentError(
            f"the rule of {name} cannot be read, so nobody knows what it asks for; correct it first"
        ) from None
