"""Experiments with a true effect: what is compared, on whom, and who is in which variant."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.chance import hashed
from sources.simulator.world.calendar import Calendar, instants

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Ints

CONTROL, TREATMENT = 0, 1
CART_BUTTON, SUBJECT_LINE, SAME_AGAIN, NO_MAIL = range(4)
AB, HOLDOUT = "ab", "holdout"


@dataclass(frozen=True, slots=True)
class ExperimentLaw:
    """What is compared and what is true: the rate of the metric in either variant."""

    experiment_id: str
    name: str
    unit: str
    metric: str
    metric_sentence: str
    rate: tuple[float, float]  # not a number where it follows from other truths
    starts: float  # share of the world's days before it
    ends: float
    kind: str = AB
    share: float = 0.5  # of the units that are treated
    variants: tuple[str, str] = ("control", "treatment")


# The third compares a thing with itself: an analysis that finds an effect there is wrong.
LAWS = (
    ExperimentLaw(
        "EXP-cart-button",
        "A larger button to the cart",
        "visitor",
        "cart_rate",
        "share of visits without order, approval and quote in which a product is put into the cart",
        (0.15, 0.19),
        0.70,
        0.85,
    ),
    ExperimentLaw(
        "EXP-subject-line",
        "Newsletters that name the season",
        "customer",
        "open_rate",
        "share of newsletters delivered while it runs that are opened",
        (0.24, 0.30),
        0.40,
        0.65,
    ),
    ExperimentLaw(
        "EXP-same-again",
        "The product page against itself",
        "visitor",
        "cart_rate",
        "share of visits without order, approval and quote in which a product is put into the cart",
        (0.15, 0.15),
        0.88,
        0.96,
    ),
    ExperimentLaw(
        "EXP-no-mail",
        "A tenth of the customers without any campaign by mail",
        "customer",
        "orders_per_customer",
        "orders per customer; what mail truly causes stands by campaign and by order",
        (math.nan, math.nan),
        0.80,
        1.05,
        HOLDOUT,
        0.9,
        ("no_mail", "mail"),
    ),
)


@dataclass(slots=True)
class Experiments:
    """When each runs, and which units have been seen in it so far."""

    started_at: Ints
    ended_at: Ints
    seen: dict[int, Bools] = field(default_factory=dict)

    def running(self, which: int, instant: Ints) -> Bools:
        """Whether an experiment runs at each instant."""
        found: Bools = (instant >= self.started_at[which]) & (instant < self.ended_at[which])
        return found

    def first_seen(self, which: int, unit: Ints, units: int) -> Bools:
        """Marks the first occurrence of units never seen before, and remembers them."""
        seen = self.seen.setdefault(which, np.zeros(units, dtype=np.bool_))
        first = np.zeros(unit.size, dtype=np.bool_)
        first[np.unique(unit, return_index=True)[1]] = True
        first &= ~seen[unit]
        seen[unit] = True
        return first


def plan_experiments(calendar: Calendar) -> Experiments:
    """Experiments begin and end at nine in the morning."""
    days = calendar.day_count
    hour = np.full(len(LAWS), 9 * 3600)
    starts = np.array([int(law.starts * days) for law in LAWS])
    # One still runs when the world ends, and ends within the calendar's margin.
    ends = np.array([min(int(law.ends * days), days + 60) for law in LAWS])
    ends = np.maximum(ends, starts + 1)
    return Experiments(instants(calendar, starts, hour), instants(calendar, ends, hour))


def variant_of(which: int, unit: Ints) -> Ints:
    """The variant of each unit, decided by its number; a law's share of them is treated."""
    found: Ints = (hashed(unit, 100 + which, 100) < LAWS[which].share * 100).astype(np.int64)
    return found
