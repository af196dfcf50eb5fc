"""Leads, and which of them apply to sell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import NEVER, Bools, Ints
from sources.simulator.cells import scrambled
from sources.simulator.world.calendar import Calendar, instants

if TYPE_CHECKING:
    import polars as pl

    from sources.simulator.world.vendors import Vendors

PENDING, APPROVED, REFUSED, WITHDRAWN = range(4)
DECISIONS = ("pending", "approved", "refused", "withdrawn")


@dataclass(frozen=True, slots=True)
class Leads:
    """Every lead and what becomes of it; the first belong to the vendors there are."""

    is_vendor: Bools
    created_at: Ints
    applied_at: Ints  # NEVER where it does not apply to sell
    decided_at: Ints
    decision: Ints  # place in DECISIONS
    won: int  # how many became vendors


def make_leads(
    leads_wanted: int, vendors: Vendors, calendar: Calendar, rng: np.random.Generator
) -> Leads:
    """The leads; `rng` is left behind where the rows go on drawing."""
    won = vendors.joined_day.size
    count = max(leads_wanted, 2 * won)
    is_vendor = (np.arange(count) < won) | (rng.random(count) < 0.7)
    second = rng.integers(8 * 3600, 18 * 3600, count)
    day = rng.integers(0, calendar.day_count, count)
    day[:won] = vendors.joined_day - rng.integers(10, 60, won)
    created = instants(calendar, day, second)
    applies = is_vendor & ((np.arange(count) < won) | (rng.random(count) < 0.35))
    applied = np.where(applies, created + rng.integers(3_600, 6 * 86_400, count), NEVER)
    decided = np.where(applies, applied + rng.integers(86_400, 21 * 86_400, count), NEVER)
    joined = instants(calendar, vendors.joined_day, np.full(won, 8 * 3600))
    decided[:won] = np.maximum(applied[:won] + 3_600, joined - 86_400)
    decision = np.where(rng.random(count) < 0.7, REFUSED, WITHDRAWN)
    decision[:won] = APPROVED
    return Leads(is_vendor, created, applied, decided, decision, won)


def lead_ids(place: Ints) -> pl.Series:
    return scrambled("L-", place, 7)


def application_ids(place: Ints) -> pl.Series:
    return scrambled("A-", place, 7)
