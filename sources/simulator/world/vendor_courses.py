"""What happens to vendors: closures, seasons, quality that turns, and what the operator does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.cells import NOWHERE
from sources.simulator.chance import stream
from sources.simulator.world.quality import FAR
from sources.simulator.world.vendor_laws import (
    ACTED_UPON,
    ACTIONS,
    CANCELLING,
    FAILING,
    GOOD,
    GRADES,
    LATE,
    ORDINARY,
    RECOVERY_BEGINS,
    TROUBLE_BEGINS,
)

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Floats, Ints

CLOSE_REASONS = ("own_wish", "insolvency", "rules_broken", "no_sales")
CLOSED_SHARE = 0.12
COURSES = ("steady", "declining", "recovering", "in_trouble", "acted_upon")
STEADY, DECLINING, RECOVERING, IN_TROUBLE, ACTED = range(len(COURSES))
LEAST_DAYS = 2 * RECOVERY_BEGINS  # of a world in which a turn before its end can be seen


@dataclass(frozen=True, slots=True)
class Courses:
    """How the quality of every vendor goes on."""

    grade: Ints  # [vendors, 2] before and after it turns
    turns: Ints  # the day of it, FAR for most
    course: Ints  # place in COURSES
    action: Ints  # place in ACTIONS, NOWHERE for most
    rest_month: Ints  # in which a seasonal shop closes, 0 for the others


def plan_closures(
    joined: Ints, may_close: Bools, days: int, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """The day on which each vendor closes, FAR for most, and the place of its reason."""
    closed, reason = np.full(joined.size, FAR), np.full(joined.size, NOWHERE)
    begins = np.maximum(joined + 60, days // 4)
    candidates = rng.permutation(np.flatnonzero(may_close & (begins < days - 1)))
    who = candidates[: round(CLOSED_SHARE * joined.size)]
    closed[who] = rng.integers(begins[who], days - 1)
    reason[who] = rng.choice(len(CLOSE_REASONS), who.size, p=[0.4, 0.2, 0.15, 0.25])
    return closed, reason


def plan_courses(
    weight: Floats,
    grade: Ints,
    lives: tuple[Ints, Ints],
    groups: tuple[Bools, Bools],
    days: int,
    seed: int,
) -> Courses:
    """Some decline, some recover, some are acted upon; one each near the end of the world."""
    rng = stream(seed, 163)
    count = weight.size
    (joined, closed), (pillars, kept) = lives, groups
    before, after = grade.copy(), grade.copy()
    turns, course = np.full(count, FAR), np.full(count, STEADY)
    action, rest_month = np.full(count, NOWHERE), np.zeros(count, dtype=np.int64)

    def turn(who: Ints, way: int, grades: tuple[int, int], day: Ints | int) -> None:
        before[who], after[who] = grades
        turns[who], course[who] = day, way

    if days >= LEAST_DAYS:
        # Large enough that its last weeks hold orders, not so large that it carries the shop.
        large = np.flatnonzero(pillars)[np.argsort(-weight[pillars], kind="stable")]
        turn(large[1:2], IN_TROUBLE, (ORDINARY, FAILING), days - TROUBLE_BEGINS)
        turn(large[2:3], RECOVERING, (LATE, GOOD), days - RECOVERY_BEGINS)
        stays = (joined < days // 4) & (closed == FAR)
        free = rng.permutation(np.flatnonzero(~kept & stays))
        few, middle = max(1, round(0.03 * count)), (days * 3 // 10, days * 7 // 10)
        declining, recovering, resting, _ = np.split(free, [few, 2 * few, 3 * few])
        turn(declining, DECLINING, (ORDINARY, LATE), rng.integers(*middle, declining.size))
        turn(recovering, RECOVERING, (CANCELLING, ORDINARY), rng.integers(*middle, recovering.size))
        rest_month[resting] = rng.choice([1, 7], resting.size)
        # The operator looks at whom most late parcels come from; every second of them is warned.
        late = weight * np.array([law.ships_late for law in GRADES])[grade]
        steady = stays & (pillars | ~kept) & (course == STEADY) & (rest_month == 0)
        noticed = np.flatnonzero(steady)
        noticed = noticed[np.argsort(-late[noticed], kind="stable")]
        noticed = noticed[: len(ACTIONS) * max(1, round(ACTED_UPON * count))]
        action[noticed] = np.arange(noticed.size) % len(ACTIONS)
        turns[noticed] = rng.integers(days * 2 // 5, days * 3 // 5, noticed.size)
        course[noticed] = ACTED
    return Courses(np.stack([before, after], axis=1), turns, course, action, rest_month)
