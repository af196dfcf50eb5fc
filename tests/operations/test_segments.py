"""Segments as people save them: versions stay, circles and unknown names are refused."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from operations import accounts
from operations.accounts import By, NewAccount
from operations.kernel import ChangedMeanwhile, NotPermitted
from operations.segments import saved
from operations.segments.reading import RuleError, rule_of
from operations.segments.saved import NewVersion, SegmentRefusedError

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
MARA = By("mara", NOW)
RULE = "attribute: gmv_net\nat_least: 100\n"


@pytest.fixture(autouse=True)
def _people(store: sa.Engine) -> None:
    system = By("tests", NOW, is_system=True)
    for name, role in (("mara", "marketer"), ("ana", "analyst")):
        accounts.create_account(store, NewAccount(name, role, "correct horse battery"), system)


def a_version(**changes: object) -> NewVersion:
    first = NewVersion("demo", "large", "Large", RULE, "to begin with", 0, {}, "k1")
    return replace(first, **changes)  # type: ignore[arg-type]


def test_a_version_stays_when_another_is_saved(store: sa.Engine) -> None:
    saved.save(store, a_version(), MARA)
    saved.save(store, a_version(rule="attribute: gmv\nat_least: 1", expected_version=1,
                                reason="wider", idempotency_key="k2"), MARA)  # fmt: skip

    newer, older = saved.versions(store, "demo", "large")
    assert (older.number, older.rule, older.reason, older.saved_by) == (
        1, RULE, "to begin with", "mara",
    )  # fmt: skip
    assert (newer.number, newer.rule) == (2, "attribute: gmv\nat_least: 1\n")
    assert saved.current(store, "demo") == {"large": newer}
    assert saved.current(store, "other") == {}


def test_the_same_command_twice_is_one_version_and_an_old_one_is_refused(store: sa.Engine) -> None:
    saved.save(store, a_version(), MARA)
    saved.save(store, a_version(), MARA)
    assert len(saved.versions(store, "demo", "large")) == 1

    with pytest.raises(ChangedMeanwhile):
        saved.save(store, a_version(idempotency_key="k2"), MARA)


def test_what_is_not_a_segment_is_refused(store: sa.Engine) -> None:
    for changes, why in (
        ({"segment_id": "No Name"}, "small letters"),
        ({"segment_id": "rfm_mine"}, "Kontor's own"),
        ({"title": " "}, "title is compared with a text"),
        ({"reason": ""}, "say why"),
        ({"of_files": {"large": rule_of(RULE)}}, "a file defines"),
        ({"also_taken": frozenset({"large"})}, "a file defines"),
    ):
        with pytest.raises(SegmentRefusedError, match=why):
            saved.save(store, a_version(**changes), MARA)
    of_files = {"small": rule_of(RULE)}
    with pytest.raises(RuleError, match="no segment smal; do you mean small"):
        saved.save(store, a_version(rule="segment: smal", of_files=of_files), MARA)
    with pytest.raises(NotPermitted):
        saved.save(store, a_version(), By("ana", NOW))
    assert saved.current(store, "demo") == {}


def test_a_circle_is_refused_when_it_would_close(store: sa.Engine) -> None:
    saved.save(store, a_version(), MARA)
    saved.save(store, a_version(segment_id="not_large", rule="not: {segment: large}",
                                idempotency_key="k2"), MARA)  # fmt: skip

    closing = a_version(rule="segment: not_large", expected_version=1, idempotency_key="k3")
    with pytest.raises(SegmentRefusedError, match="not_large → large → not_large"):
        saved.save(store, closing, MARA)
    with pytest.raises(SegmentRefusedError, match="large → large"):
        saved.save(store, replace(closing, rule="segment: large"), MARA)


def test_what_the_segments_that_it_names_count_is_counted_with_a_rule(store: sa.Engine) -> None:
    ways = "".join(f"  - {{did: order, within_days: {days}}}\n" for days in range(1, 21))
    saved.save(store, a_version(rule=f"any:\n{ways}"), MARA)
    naming = a_version(segment_id="both", rule="all:\n  - segment: large\n  - {did: order, "
                       "at_least: 2, within_days: 3}", idempotency_key="k2")  # fmt: skip
    saved.save(store, naming, MARA)

    rule = naming.rule.replace("days: 3", "days: 30")
    other = replace(naming, segment_id="other", rule=rule, idempotency_key="k3")
    with pytest.raises(SegmentRefusedError, match="in more than 20 different ways"):
        saved.save(store, other, MARA)


def test_a_segment_that_others_name_is_not_retired(store: sa.Engine) -> None:
    saved.save(store, a_version(), MARA)
    saved.save(store, a_version(segment_id="not_large", rule="not: {segment: large}",
                                idempotency_key="k2"), MARA)  # fmt: skip

    with pytest.raises(SegmentRefusedError, match="other segments ask for it: not_large"):
        saved.retire(store, "demo", "large", "unused", "k3", MARA)
    saved.retire(store, "demo", "not_large", "unused", "k4", MARA)
    assert saved.retire(store, "demo", "large", "unused", "k5", MARA).is_retired
    with pytest.raises(SegmentRefusedError, match="was retired"):
        saved.retire(store, "demo", "large", "again", "k6", MARA)
