"""Leads: where they come from, who answers them how soon, and which of them apply to sell.

What makes a lead convert is a logistic law. Who converts is known first, because vendors and
customers exist before their leads do; where a lead comes from, how soon it is answered and by whom
is drawn given that. With P(level | converted) in proportion to P(level | not) times its odds, the
odds ratios are the law's exactly (Prentice & Pyke 1979, Biometrika 66).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import DAY, NEVER, Bools, Floats, Ints
from sources.simulator.cells import scrambled
from sources.simulator.world.calendar import Calendar, instants
from sources.simulator.world.crm_laws import ANSWERS, DEVELOPMENT, NEVER_ANSWERED, ORIGINS, SALES
from sources.simulator.world.sales_team import numbers, odds

if TYPE_CHECKING:
    import polars as pl

    from sources.simulator.world.vendors import Vendors

PENDING, APPROVED, REFUSED, WITHDRAWN = range(4)
DECISIONS = ("pending", "approved", "refused", "withdrawn")
IS_VENDOR = 0.7  # share of leads that want to sell
APPLIES, HANDED_OVER = 0.35, 0.55  # shares of the leads that get so far and convert no more
LATEST_PROSPECT = 14 * DAY  # from the lead to its application, or to its opportunity, at most


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Leads as they come in; the first belong to the vendors there are."""

    is_vendor: Bools
    created_at: Ints
    won: int  # how many became vendors


@dataclass(frozen=True, slots=True)
class Leads:
    """Every lead and what becomes of it; the first belong to the vendors there are."""

    is_vendor: Bools
    created_at: Ints
    won: int  # how many became vendors
    origin: Ints  # place in ORIGINS
    developer: Ints  # the desk that answers
    seller: Ints  # the desk that vendors' leads are handed over to
    contacted_at: Ints  # NEVER where nobody answered
    good_at: Ints  # when it applied to sell, or was handed over; NEVER where it was no good
    applied_at: Ints  # NEVER where it does not apply to sell
    decided_at: Ints
    decision: Ints  # place in DECISIONS


def leads_arrive(
    leads_wanted: int, vendors: Vendors, calendar: Calendar, rng: np.random.Generator
) -> Arrivals:
    """When leads come in: of vendors some weeks before they join, else at any time."""
    won = vendors.joined_day.size
    count = max(leads_wanted, 2 * won)
    day = rng.integers(0, calendar.day_count, count)
    day[:won] = vendors.joined_day - rng.integers(20, 70, won)
    return Arrivals(
        is_vendor=(np.arange(count) < won) | (rng.random(count) < IS_VENDOR),
        created_at=instants(calendar, day, rng.integers(8 * 3600, 18 * 3600, count)),
        won=won,
    )


def work_leads(
    arrivals: Arrivals,
    converts: Bools,
    vendors: Vendors,
    calendar: Calendar,
    rng: np.random.Generator,
) -> Leads:
    """What the team does with the leads, of which is known who will convert."""
    created, count, won = arrivals.created_at, arrivals.created_at.size, arrivals.won
    share = [np.array([level.share for level in levels]) for levels in (ORIGINS, ANSWERS)]
    chance = [np.array([level.odds for level in levels]) for levels in (ORIGINS, ANSWERS)]
    team = numbers(DEVELOPMENT)
    origin = levels_of(converts, share[0], chance[0], rng)
    answer = levels_of(converts, share[1], chance[1], rng)
    desk = levels_of(converts, np.full(team.size, 1 / team.size), odds(DEVELOPMENT), rng)
    earliest = np.array([level.earliest for level in ANSWERS])[answer]
    latest = np.array([level.latest for level in ANSWERS])[answer]
    contacted = created + rng.integers(earliest, latest)
    dice = rng.random((3, count))
    good = converts | (dice[0] < np.where(arrivals.is_vendor, APPLIES, HANDED_OVER))
    contacted = np.where(good | (dice[1] >= NEVER_ANSWERED), contacted, NEVER)
    good_at = np.where(good, contacted + rng.integers(3_600, 6 * DAY, count), NEVER)
    applied = np.where(arrivals.is_vendor, good_at, NEVER)
    decided = np.where(applied < NEVER, applied + rng.integers(DAY, 21 * DAY, count), NEVER)
    joined = instants(calendar, vendors.joined_day, np.full(won, 8 * 3600))
    decided[:won] = np.maximum(applied[:won] + 3_600, joined - DAY)
    decision = np.where(dice[2] < 0.7, REFUSED, WITHDRAWN)
    decision[:won] = APPROVED
    return Leads(
        is_vendor=arrivals.is_vendor,
        created_at=created,
        won=won,
        origin=origin,
        developer=team[desk],
        seller=rng.choice(numbers(SALES), count),
        contacted_at=contacted,
        good_at=good_at,
        applied_at=applied,
        decided_at=decided,
        decision=decision,
    )


def levels_of(converts: Bools, share: Floats, odds: Floats, rng: np.random.Generator) -> Ints:
    """A level of a factor for each lead, as the law has it for those who convert and do not."""
    dice = rng.random(converts.size)
    found = np.empty(converts.size, dtype=np.int64)
    for mine, weight in ((~converts, share), (converts, share * odds)):
        bounds = np.cumsum(weight / weight.sum())[:-1]
        found[mine] = np.searchsorted(bounds, dice[mine], side="right")
    return found


def lead_ids(place: Ints) -> pl.Series:
    return scrambled("L-", place, 7)


def application_ids(place: Ints) -> pl.Series:
    return scrambled("A-", place, 7)
