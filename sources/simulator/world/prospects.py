"""Leads that buy: which become accounts and opportunities, and what becomes of those."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import DAY, NEVER, Bools, Ints
from sources.simulator.chance import stream
from sources.simulator.world.leads import Leads, make_leads
from sources.simulator.world.profiles import FIRST_MANAGER, Profiles

if TYPE_CHECKING:
    from sources.simulator.world.buyers import Buyers
    from sources.simulator.world.calendar import Calendar
    from sources.simulator.world.vendors import Vendors

NOBODY = -1
WON, LOST = 4, 5  # places in STAGES
STAGES = ("identified", "qualified", "proposal", "negotiation", "won", "lost")


@dataclass(frozen=True, slots=True)
class Prospects:
    """Opportunities: of leads first, then of accounts that buy already."""

    leads: Leads
    handed_over_at: Ints  # per lead, NEVER where it was never good enough
    account_from: Ints  # per customer: when its account was made; NEVER without one
    lead: Ints  # per opportunity, NOBODY where it came from no lead
    who: Ints  # customer, NOBODY where it never bought
    created_at: Ints
    closes_at: Ints
    outcome: Ints  # WON or LOST
    amount_cents: Ints
    manager: Ints

    @property
    def stage_at(self) -> Ints:
        """[opportunities, 5] when each stage is reached; what closes skips nothing."""
        span = self.closes_at - self.created_at
        steps = [self.created_at + span * share // 100 for share in (0, 20, 50, 75, 100)]
        return np.stack(steps, axis=1)


def find_prospects(
    leads_wanted: int,
    vendors: Vendors,
    customers: tuple[Buyers, Profiles],
    calendar: Calendar,
    seed: int,
) -> Prospects:
    """Which leads become opportunities; whoever is won is a customer whose first order follows."""
    buyers, profiles = customers
    leads = make_leads(leads_wanted, vendors, calendar, stream(seed, 30))
    rng = stream(seed, 53)
    count = leads.created_at.size
    good = ~leads.is_vendor & (rng.random(count) < 0.65)
    handed = np.where(good, leads.created_at + rng.integers(3_600, 9 * DAY, count), NEVER)
    fresh = np.flatnonzero(good)
    created = handed[fresh] + rng.integers(3_600, 3 * DAY, fresh.size)
    buyer = match_customers(created, buyers, profiles)
    buyer = np.where(rng.random(buyer.size) < 0.5, buyer, NOBODY)
    is_won = buyer != NOBODY
    closes = np.where(
        is_won,
        profiles.first_at[np.maximum(buyer, 0)] - 7_200,
        created + rng.integers(10 * DAY, 120 * DAY, fresh.size),
    )
    account_from = np.where(buyers.is_business, profiles.first_at - 45, NEVER)
    account_from[buyer[is_won]] = created[is_won] - 600
    owned = upsells(buyers, profiles, rng)
    size = fresh.size + owned[0].size
    return Prospects(
        leads=leads,
        handed_over_at=handed,
        account_from=account_from,
        lead=np.concatenate([fresh, np.full(owned[0].size, NOBODY)]),
        who=np.concatenate([buyer, owned[0]]),
        created_at=np.concatenate([created, owned[1]]),
        closes_at=np.concatenate([closes, owned[2]]),
        outcome=np.concatenate([np.where(is_won, WON, LOST), owned[3]]),
        amount_cents=np.rint(np.exp(rng.normal(8.6, 0.9, size))).astype(np.int64) * 100,
        manager=rng.integers(0, 6, size) + FIRST_MANAGER,
    )


def match_customers(created: Ints, buyers: Buyers, profiles: Profiles) -> Ints:
    """For each opportunity a business that first orders 10 to 100 days later, or NOBODY."""
    companies = np.flatnonzero(buyers.is_business & ~buyers.is_test)
    companies = companies[np.argsort(profiles.first_at[companies], kind="stable")]
    first = profiles.first_at[companies]
    place = np.searchsorted(first, created + 10 * DAY)
    found = place < companies.size
    inside = np.minimum(place, max(companies.size - 1, 0))
    if companies.size == 0:
        return np.full(created.size, NOBODY)
    close: Bools = found & (first[inside] < created + 100 * DAY)
    once = np.zeros(created.size, dtype=np.bool_)
    once[np.unique(place, return_index=True)[1]] = True
    return np.where(close & once, companies[inside], NOBODY)


def upsells(
    buyers: Buyers, profiles: Profiles, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints, Ints]:
    """Customer, creation, end and outcome of opportunities with companies that buy already."""
    dice = rng.random(buyers.rate.size)
    who = np.flatnonzero(buyers.is_business & ~buyers.is_test & (dice < 0.3))
    created = profiles.first_at[who] + rng.integers(10 * DAY, 400 * DAY, who.size)
    closes = created + rng.integers(7 * DAY, 90 * DAY, who.size)
    outcome = np.where(rng.random(who.size) < 0.45, WON, LOST)
    return who, created, closes, outcome
