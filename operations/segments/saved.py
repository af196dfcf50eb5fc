"""Segments that were saved on a page: a stream whose versions stay, who saved each, when and why.

The pipelines read what is analytical of it from the warehouse: the rule, and whether it is retired.
A title and a reason are free text and stay in the store.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

import sqlalchemy as sa

from operations import audit, kernel
from operations.kernel import By, Current, Field, NewEvent, Refused, State, Stream
from operations.roles import SEGMENT, roles_with
from operations.segments.definitions import Definition, id_problem, title_problem
from operations.segments.holdouts import MOST_HELD_BACK, NOBODY, share_of
from operations.segments.reading import MOST_COUNTS, RuleError, rule_of
from operations.segments.references import CircleError, counts_in
from operations.segments.rules import Rule, segments_in
from operations.segments.writing import written
from operations.store import writing
from output.findings.finding import Finding

LONGEST_REASON: Final = 500


class SegmentRefusedError(Refused):
    """A segment cannot be saved or retired; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        """Take why."""
        self.finding = finding
        super().__init__(finding.english)


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What is to be saved. `expected_version` is the version that was edited, 0 for a new one.

    `of_files` are the rules of the segments of customers that files define; a rule may name them,
    too. `also_taken` are the names of other segments of files.
    """

    marketplace: str
    segment_id: str
    title: str
    rule: str
    reason: str
    expected_version: int
    of_files: Mapping[str, Rule]
    idempotency_key: str
    holdout_share: Decimal = NOBODY
    also_taken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a segment: what it says, who saved it, when, and why."""

    number: int
    title: str
    rule: str
    is_retired: bool
    saved_by: str
    saved_at: datetime
    reason: str
    holdout_share: Decimal


def save(engine: sa.Engine, new: NewVersion, by: By) -> Version:
    """Appends a version of a segment and returns it.

    Raises:
        RuleError: the rule is none, or names what is not there.
        SegmentRefusedError: name, title, reason or a circle of segments; the finding says which.
        NotPermitted: the account may not.
        ChangedMeanwhile: somebody else saved it since.
    """
    _check_texts(new)
    with writing(engine) as connection:
        audit.hold_chain(connection)
        kernel.check_permitted(connection, STREAM, "saved", by)
        others = _current_rules(connection, new.marketplace) | dict(new.of_files)
        rule = rule_of(new.rule, {*others, new.segment_id})
        try:
            counts = counts_in(rule, {**others, new.segment_id: rule})
        except CircleError as error:
            chain = " → ".join(error.chain)
            raise SegmentRefusedError(Finding.of("rule_circle", chain=chain)) from None
        except LookupError as error:
            name = str(error.args[0])
            raise SegmentRefusedError(Finding.of("segment_names_gone", name=name)) from None
        if counts > MOST_COUNTS:
            raise SegmentRefusedError(Finding.of("rule_counts_too_much", most=MOST_COUNTS))
        payload = {
            "marketplace": new.marketplace,
            "segment_id": new.segment_id,
            "title": new.title.strip(),
            "rule": written(rule),
            "reason": new.reason.strip(),
            "holdout_share": f"{new.holdout_share:f}",
        }
        event = NewEvent(
            _stream_id(new.marketplace, new.segment_id),
            "saved",
            payload,
            new.expected_version,
            new.idempotency_key,
        )
        return _version(kernel.append_within(connection, STREAM, event, by))


def retire(
    engine: sa.Engine, marketplace: str, segment_id: str, reason: str, key: str, by: By
) -> Version:
    """Ends a segment: nobody is in it from the next run on; its versions and history stay.

    Raises:
        SegmentRefusedError: another segment names it, or no reason is given.
        NotPermitted: the account may not.
        Refused: there is no such segment.
    """
    _check_reason(reason)
    with writing(engine) as connection:
        audit.hold_chain(connection)
        kernel.check_permitted(connection, STREAM, "retired", by)
        naming = [
            name
            for name, rule in _current_rules(connection, marketplace).items()
            if segment_id in segments_in(rule)
        ]
        if naming:
            raise SegmentRefusedError(Finding.of("segment_is_named", names=tuple(naming)))
        payload = {"reason": reason.strip()}
        event = NewEvent(
            _stream_id(marketplace, segment_id), "retired", payload, idempotency_key=key
        )
        return _version(kernel.append_within(connection, STREAM, event, by))


def current(engine: sa.Engine, marketplace: str) -> dict[str, Version]:
    """The newest version of each segment of a marketplace, also of those that are retired."""
    with engine.connect() as connection:
        return {
            str(found.state["segment_id"]): _version(found)
            for found in kernel.all_current(connection, STREAM.name, marketplace=marketplace)
        }


def versions(engine: sa.Engine, marketplace: str, segment_id: str) -> list[Version]:
    """All versions of a segment, the newest first."""
    with engine.connect() as connection:
        found = kernel.history(connection, STREAM, _stream_id(marketplace, segment_id))
    return [_version(each) for each in reversed(found)]


def definition_of(segment_id: str, version: Version) -> Definition:
    """The segment as a version defines it.

    Raises:
        RuleError: its rule speaks of what there is no more.
    """
    return Definition(
        segment_id,
        version.title,
        rule_of(version.rule),
        str(version.number),
        "editor",
        version.holdout_share,
    )


def _check_texts(new: NewVersion) -> None:
    if wrong := id_problem(new.segment_id) or title_problem(new.title):
        raise SegmentRefusedError(wrong)
    if new.segment_id in {*new.of_files, *new.also_taken}:
        raise SegmentRefusedError(Finding.of("segment_of_file"))
    if share_of(new.holdout_share) is None:
        raise SegmentRefusedError(Finding.of("segment_holdout", most=str(MOST_HELD_BACK)))
    _check_reason(new.reason)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise SegmentRefusedError(Finding.of("segment_no_reason"))
    if len(reason) > LONGEST_REASON:
        raise SegmentRefusedError(Finding.of("rule_text_too_long", most=LONGEST_REASON))


def _current_rules(connection: sa.Connection, marketplace: str) -> dict[str, Rule]:
    """The rules of the segments that are not retired; one that is no rule any more has no part."""
    found: dict[str, Rule] = {}
    for each in kernel.all_current(connection, STREAM.name, marketplace=marketplace):
        if each.state["is_retired"]:
            continue
        try:
            found[str(each.state["segment_id"])] = rule_of(str(each.state["rule"]))
        except RuleError:
            continue
    return found


def _stream_id(marketplace: str, segment_id: str) -> str:
    return f"{marketplace}/{segment_id}"


def _version(found: Current) -> Version:
    state = found.state
    return Version(
        found.version,
        str(state["title"]),
        str(state["rule"]),
        bool(state["is_retired"]),
        found.changed_by,
        found.changed_at,
        str(state["reason"]),
        holdout_share_in(state),
    )


def holdout_share_in(state: State) -> Decimal:
    """The share that a state holds back; nobody where it was saved before there were holdouts."""
    return Decimal(str(state.get("holdout_share", NOBODY)))


def _fold(before: State | None, new: NewEvent, by: By) -> State:
    del by
    if new.kind == "saved":
        return {**new.payload, "is_retired": False}
    if before is None or before["is_retired"]:
        raise SegmentRefusedError(Finding.of("segment_is_gone"))
    return {**before, **new.payload, "is_retired": True}


STREAM = Stream(
    name="segments",
    fields={
        **dict.fromkeys(
            ("marketplace", "segment_id", "rule", "holdout_share", "is_retired"),
            Field(analytical=True),
        ),
        **dict.fromkeys(("title", "reason"), Field()),
    },
    permitted={"saved": roles_with(SEGMENT), "retired": roles_with(SEGMENT)},
    fold=_fold,
    is_analytical=True,
)
