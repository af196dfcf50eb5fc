"""Leads that buy: which become accounts and opportunities, and what becomes of those."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import DAY, NEVER, Bools, Ints
from sources.simulator.chance import stream
from sources.simulator.world.crm_laws import ACCOUNTS, DEAL_CHANGES_HANDS
from sources.simulator.world.leads import LATEST_PROSPECT, Leads, leads_arrive, work_leads
from sources.simulator.world.profiles import FIRST_MANAGER, Profiles
from sources.simulator.world.sales_team import numbers

if TYPE_CHECKING:
    from sources.simulator.world.buyers import Buyers
    from sources.simulator.world.calendar import Calendar
    from sources.simulator.world.vendors import Vendors

NOBODY = -1
WON, LOST = 4, 5  # places in STAGES
STAGES = ("identified", "qualified", "proposal", "negotiation", "won", "lost")
CLOSED = 4  # the step, after four open ones, at which it is won or lost
IS_MATCHED = 0.5  # share of the leads followed by a company's first order that led to it
UPSOLD = 0.3  # share of companies with an opportunity after their first order
UPSELL_WON = 0.45


@dataclass(frozen=True, slots=True)
class Prospects:
    """Opportunities: of leads first, then of accounts that buy already."""

    leads: Leads
    account_from: Ints  # per customer: when its account was made; NEVER without one
    lead: Ints  # per opportunity, NOBODY where it came from no lead
    who: Ints  # customer, NOBODY where it never bought
    created_at: Ints
    closes_at: Ints
    outcome: Ints  # WON or LOST
    given_up_after: Ints  # the last open step that it reaches
    first_cents: Ints  # what it was thought to be worth
    amount_cents: Ints  # and from the proposal on
    manager: Ints
    last_manager: Ints  # who brings it to the end, from the proposal on
    latest: Ints  # per customer: the last opportunity, NOBODY without one

    @property
    def stage_at(self) -> Ints:
        """[opportunities, 5] when each stage is reached; what is lost skips the rest."""
        span = self.closes_at - self.created_at
        steps = [self.created_at + span * share // 100 for share in (0, 20, 50, 75, 100)]
        at = np.stack(steps, axis=1)
        step = np.arange(CLOSED + 1)[None, :]
        return np.where((step > self.given_up_after[:, None]) & (step < CLOSED), NEVER, at)


def find_prospects(
    leads_wanted: int,
    vendors: Vendors,
    customers: tuple[Buyers, Profiles],
    calendar: Calendar,
    seed: int,
) -> Prospects:
    """Which leads become opportunities; whoever is won is a customer whose first order follows."""
    buyers, profiles = customers
    arrivals = leads_arrive(leads_wanted, vendors, calendar, stream(seed, 200))
    rng = stream(seed, 201)
    buyer = match_customers(arrivals.created_at, ~arrivals.is_vendor, buyers, profiles, rng)
    converts = (buyer != NOBODY) | (np.arange(buyer.size) < arrivals.won)
    leads = work_leads(arrivals, converts, vendors, calendar, stream(seed, 202))
    fresh = np.flatnonzero(~leads.is_vendor & (leads.good_at < NEVER))
    created, buyer = leads.good_at[fresh] + rng.integers(3_600, 3 * DAY, fresh.size), buyer[fresh]
    is_won = buyer != NOBODY
    closes = created + rng.integers(10 * DAY, 120 * DAY, fresh.size)
    closes[is_won] = profiles.first_at[buyer[is_won]] - 7_200
    account_from = np.where(buyers.is_business, profiles.first_at - 45, NEVER)
    account_from[buyer[is_won]] = created[is_won] - 600
    owned = upsells(buyers, profiles, rng)
    who = np.concatenate([buyer, owned[0]])
    outcome = np.concatenate([np.where(is_won, WON, LOST), owned[3]])
    team = numbers(ACCOUNTS)
    manager = rng.choice(team, who.size)
    # Whoever looks after the company has its opportunities as well.
    known = who != NOBODY
    manager[known] = FIRST_MANAGER + profiles.manager[who[known]]
    first, amount = worth(who.size, rng)
    latest = np.full(buyers.rate.size, NOBODY)
    latest[who[known]] = np.flatnonzero(known)
    return Prospects(
        leads=leads,
        account_from=account_from,
        lead=np.concatenate([fresh, np.full(owned[0].size, NOBODY)]),
        who=who,
        created_at=np.concatenate([created, owned[1]]),
        closes_at=np.concatenate([closes, owned[2]]),
        outcome=outcome,
        given_up_after=np.where(outcome == WON, CLOSED, rng.integers(0, CLOSED, who.size)),
        first_cents=first,
        amount_cents=amount,
        manager=manager,
        last_manager=successors(manager, team, rng),
        latest=latest,
    )


def successors(manager: Ints, team: Ints, rng: np.random.Generator) -> Ints:
    """Who brings each opportunity to the end: mostly who began it."""
    changes = rng.random(manager.size) < DEAL_CHANGES_HANDS
    return np.where(changes, rng.choice(team, manager.size), manager)


def worth(count: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """What opportunities are thought to be worth at first, in round hundreds, and in the end."""
    amount = np.rint(np.exp(rng.normal(8.6, 0.9, count))).astype(np.int64) * 100
    hundreds = np.rint(amount * rng.uniform(0.7, 1.4, count) / 10_000).astype(np.int64)
    return np.maximum(hundreds, 1) * 10_000, amount


def match_customers(
    created: Ints, wants_to_buy: Bools, buyers: Buyers, profiles: Profiles, rng: np.random.Generator
) -> Ints:
    """For each lead a business whose first order it led to within 16 to 110 days, or NOBODY."""
    found = np.full(created.size, NOBODY)
    companies = np.flatnonzero(buyers.is_business & ~buyers.is_test)
    companies = companies[np.argsort(profiles.first_at[companies], kind="stable")]
    first = profiles.first_at[companies]
    mine = np.flatnonzero(wants_to_buy & (rng.random(created.size) < IS_MATCHED))
    mine = mine[np.argsort(created[mine], kind="stable")]
    place = np.searchsorted(first, created[mine] + LATEST_PROSPECT + 2 * DAY)
    # The first of several leads before the same company's order.
    place, which = np.unique(place[place < companies.size], return_index=True)
    mine = mine[which]
    close = first[place] < created[mine] + 110 * DAY
    found[mine[close]] = companies[place[close]]
    return found


def upsells(
    buyers: Buyers, profiles: Profiles, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints, Ints]:
    """Customer, creation, end and outcome of opportunities with companies that buy already."""
    dice = rng.random(buyers.rate.size)
    who = np.flatnonzero(buyers.is_business & ~buyers.is_test & (dice < UPSOLD))
    created = profiles.first_at[who] + rng.integers(10 * DAY, 400 * DAY, who.size)
    closes = created + rng.integers(7 * DAY, 90 * DAY, who.size)
    outcome = np.where(rng.random(who.size) < UPSELL_WON, WON, LOST)
    return who, created, closes, outcome
