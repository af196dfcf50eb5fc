"""The room for remembered results: never more than the budget, never one owner's alone."""

import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.queries.remembered import Asked, Remembered, Rows, bytes_of

OWNERS = ("operators", "v-1", "v-2", "v-3")
BUDGET, SHARE = 20_000, 6_000


@dataclass(frozen=True)
class Step:
    kind: str
    asked: Asked
    length: int


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(["put", "put", "put", "get", "get", "forget"]),
        st.builds(Asked, st.sampled_from(OWNERS), st.sampled_from("ab"), st.integers(0, 5)),
        st.integers(0, 7_000),
    ),
    max_size=60,
)


def result(step: Step) -> Rows:
    return ({"whose": step.asked, "text": "x" * step.length},)


@settings(max_examples=300, deadline=None)
@given(STEPS)
def test_whatever_is_asked_the_limits_hold_and_nobody_gets_anothers_result(
    steps: Sequence[Step],
) -> None:
    remembered = Remembered(budget=BUDGET, share=SHARE)
    recent: list[Asked] = []  # the one used last is last
    rows: dict[Asked, Rows] = {}
    for step in steps:
        before = [asked for asked in recent if remembered_quietly(remembered, asked)]
        if step.kind == "put":
            rows[step.asked] = result(step)
            remembered.put(step.asked, rows[step.asked])
            used = [step.asked]
        elif step.kind == "get":
            found = remembered.get(step.asked)
            assert found is None or found is rows[step.asked]
            used = [step.asked] if found is not None else []
        else:
            remembered.forget_all_but(step.asked.version)
            used = []
        recent = [asked for asked in recent if asked not in used] + used
        after = {asked for asked in recent if remembered_quietly(remembered, asked)}

        assert remembered.byte_count <= BUDGET
        assert all(remembered.bytes_of_owner(owner) <= SHARE for owner in OWNERS)
        assert remembered.byte_count == sum(map(remembered.bytes_of_owner, OWNERS))
        if step.kind == "forget":
            assert after == {asked for asked in before if asked.version == step.asked.version}
        else:
            check_the_oldest_left_first([a for a in before if a not in used], after, step)


def check_the_oldest_left_first(before: list[Asked], after: set[Asked], step: Step) -> None:
    """Of the owner's own the oldest, then of all the oldest: each gone one is older than a kept."""
    gone = [asked for asked in before if asked not in after]
    if step.kind == "get":
        assert gone == []
    own = [asked for asked in before if asked.owner == step.asked.owner]
    gone_own = [asked for asked in gone if asked.owner == step.asked.owner]
    assert own[: len(gone_own)] == gone_own
    others = [asked for asked in before if asked.owner != step.asked.owner]
    gone_others = [asked for asked in gone if asked.owner != step.asked.owner]
    assert others[: len(gone_others)] == gone_others
    if gone_others:
        # Somebody else had to leave, so nothing older of this owner's own was kept.
        kept_own = [asked for asked in own if asked in after]
        assert all(before.index(mine) > before.index(gone_others[-1]) for mine in kept_own)


def remembered_quietly(remembered: Remembered, asked: Asked) -> bool:
    """Whether it is remembered, without using it."""
    return asked in remembered._kept


def test_what_is_larger_than_a_share_is_not_kept_and_puts_nobody_out() -> None:
    remembered = Remembered(budget=BUDGET, share=SHARE)
    small, large = Asked("v-1", "a", 1), Asked("v-1", "a", 2)
    remembered.put(small, ({"text": "x"},))
    remembered.put(large, ({"text": "x" * SHARE},))

    assert remembered.get(large) is None
    assert remembered.get(small) is not None


def test_what_somebody_searches_for_counts_too() -> None:
    remembered = Remembered(budget=BUDGET, share=SHARE)
    for number in range(1_000):
        remembered.put(Asked("v-1", "a", ("orders", "x" * 1_000, number)), ())

    assert 0 < remembered.bytes_of_owner("v-1") <= SHARE
    assert len(remembered._kept) < 6


def test_without_a_budget_nothing_is_remembered() -> None:
    remembered = Remembered(budget=0, share=0)
    remembered.put(Asked("v-1", "a", 1), ())

    assert remembered.get(Asked("v-1", "a", 1)) is None


@pytest.mark.parametrize("length", [10, 500])
def test_the_bytes_are_those_that_the_memory_holds(length: int) -> None:
    def made() -> Rows:
        return tuple(
            {
                "vendor_id": f"v-{number}",
                "gmv": Decimal(number) / 7,
                "order_date": date(2025, 1, 1) + timedelta(days=number),
                "late_rate": number / 3,
                "line_count": 100_000 + number,
                "window": (number + 1_000, f"window {number}"),
            }
            for number in range(length)
        )

    made()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        rows: Any = made()
        held = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()

    assert held == pytest.approx(bytes_of(rows), rel=0.25)
