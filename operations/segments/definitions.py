"""A segment as somebody defined it: its name, what it is called, its rule, and of which version."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal

from operations.segments.holdouts import MOST_HELD_BACK, NOBODY, share_of
from operations.segments.reading import Problem, Reading, RuleError, document_of, hint
from operations.segments.rules import Rule
from operations.segments.vocabulary import CUSTOMER, SUBJECTS, Subject
from operations.segments.writing import written
from output.findings.finding import Finding

LONGEST_ID: Final = 40
LONGEST_TITLE: Final = 80
_ID: Final = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_ID - 1}}}", re.ASCII)
# Segments that the models make by themselves are called so.
RESERVED: Final = ("rfm_", "abc_", "xyz_", "lifecycle_", "behaviour_", "firmographic_")
_NEEDED: Final = ("title", "rule")
_KEYS: Final = (*_NEEDED, "subject", "holdout")


@dataclass(frozen=True, slots=True)
class Definition:
    """A segment; another rule or another share held back is another version.

    The version of one that was saved is its number; that of one in a file a hash of both.
    """

    segment_id: str
    title: str
    rule: Rule
    version: str
    origin: Literal["file", "editor"]
    holdout_share: Decimal = NOBODY
    subject: Subject = CUSTOMER


def id_problem(segment_id: str) -> Finding | None:
    """What is wrong with a segment's name, if anything."""
    if not _ID.fullmatch(segment_id):
        return Finding.of("segment_no_id", most=LONGEST_ID)
    for prefix in RESERVED:
        if segment_id.startswith(prefix):
            return Finding.of("segment_reserved", prefix=prefix)
    return None


def title_problem(title: object) -> Finding | None:
    """What is wrong with what a segment is called, if anything."""
    is_title = isinstance(title, str) and bool(title.strip())
    if not is_title:
        return Finding.of("rule_not_text", name="title")
    too_long = isinstance(title, str) and len(title) > LONGEST_TITLE
    return Finding.of("rule_text_too_long", most=LONGEST_TITLE) if too_long else None


def subject_in(text: str, path: Path) -> Subject:
    """Whom a file's segment is of; of customers where the file does not say, or has mistakes."""
    try:
        return SUBJECTS.get(str(document_of(text, path).data.get("subject")), CUSTOMER)
    except RuleError:
        return CUSTOMER


def definition_in(text: str, path: Path, segments: Collection[str]) -> Definition:
    """The segment that a file describes, which is called as the file is.

    It may name the given segments, which are of the same subjects.

    Raises:
        RuleError: it is none; every problem is named with file, line and column.
    """
    document = document_of(text, path)
    reading = Reading(document, segments, subject_in(text, path))
    data = document.data
    if wrong := id_problem(path.stem):
        reading.problems.append(Problem(1, 1, wrong))
    for name in (name for name in data if name not in _KEYS):
        reading.note((name,), "segment_unknown_key", name=str(name), hint=hint(name, _KEYS))
    for name in (name for name in _NEEDED if name not in data):
        reading.note((), "segment_key_lacking", name=name)
    if "title" in data and (wrong := title_problem(data["title"])):
        reading.note(("title",), wrong.code, **wrong.arguments)
    if (named := data.get("subject", CUSTOMER.kind)) not in tuple(SUBJECTS):
        told = hint(named, SUBJECTS)
        reading.note(("subject",), "segment_unknown_subject", name=str(named), hint=told)
    share = share_of(data.get("holdout", 0))
    if share is None:
        reading.note(("holdout",), "segment_holdout", most=str(MOST_HELD_BACK))
    if "rule" not in data:
        raise RuleError(reading.problems, str(path))
    rule = reading.whole(data["rule"], ("rule",))
    share = share or NOBODY
    version = _hash_of(rule, share)
    return Definition(path.stem, data["title"], rule, version, "file", share, reading.subject)


def _hash_of(rule: Rule, share: Decimal) -> str:
    said = written(rule) + (f"holdout: {share:f}\n" if share else "")
    return hashlib.sha256(said.encode()).hexdigest()[:12]
