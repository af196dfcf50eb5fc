"""The activities feed: what the sales team did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER, Ints
from sources.simulator.cells import NOWHERE, at_places, pick, scrambled, word_at
from sources.simulator.chance import hashed, stream
from sources.simulator.feeds.opportunities import deal_accounts, opportunity_ids
from sources.simulator.world.calendar import instants
from sources.simulator.world.crm_laws import VENDORS
from sources.simulator.world.leads import lead_ids
from sources.simulator.world.profiles import FIRST_MANAGER, account_ids, contact_ids, rep_ids
from sources.simulator.world.sales_team import holder, numbers

if TYPE_CHECKING:
    from sources.simulator.world.world import World

KINDS = (
    "call",
    "call",
    "call",
    "call",
    "email",
    "email",
    "visit",
    "meeting",
    "demo",
    "task",
    "note",
)
OUTCOMES = (
    "reached", "not_reached", "not_reached", "interested", "follow_up", "done", "not_interested",
)  # fmt: skip
TALKS = 9  # kinds before this one have somebody at the other end
PER_DEAL, PER_COMPANY, PER_VENDOR = 3, 3, 4


@dataclass(frozen=True, slots=True)
class Work:
    """What is done about leads, opportunities, companies and vendors; numbered for good."""

    lead: Ints  # places, NOWHERE where it is about something else
    deal: Ints
    company: Ints
    vendor: Ints
    desk: Ints
    at: Ints


def activity_rows(world: World) -> pl.DataFrame:
    """The activities feed: what was done about leads, opportunities, companies and vendors."""
    deals = world.prospects
    work = plan_work(world, stream(world.seed, 207))
    number = np.arange(work.at.size)
    kind = hashed(number, 34, len(KINDS))
    talks = kind < TALKS
    seconds = np.where(talks, 60 + hashed(number, 41, 3_000), 30 + hashed(number, 41, 300))
    outcome = np.where(talks, hashed(number, 36, len(OUTCOMES)), OUTCOMES.index("done"))
    company = np.maximum(work.company, 0)
    is_company = pl.Series(work.company != NOWHERE)
    contact = contact_ids(company, np.zeros_like(company))
    directions = ("outbound", "outbound", "inbound")
    return pl.DataFrame(
        {
            "activity_id": scrambled("ACT-", number + 1, 9),
            "account_id": account_ids(company).zip_with(
                is_company, at_places(deal_accounts(world), work.deal)
            ),
            "contact_id": contact.set(~is_company, None),
            "lead_id": at_places(lead_ids(np.arange(deals.leads.created_at.size)), work.lead),
            "opportunity_id": at_places(opportunity_ids(np.arange(deals.lead.size)), work.deal),
            "vendor_id": at_places(world.vendors.ids, work.vendor),
            "sales_rep_id": rep_ids(holder(world.calendar, work.desk, work.at)),
            "activity_type": pick(KINDS, kind),
            "direction": word_at(directions, np.where(talks, hashed(number, 35, 3), NOWHERE)),
            "outcome": pick(OUTCOMES, outcome),
            "duration_seconds": seconds,
            "started_at": work.at,
            "updated_at": work.at + seconds,
        }
    ).filter(pl.Series(work.at + seconds < world.cutoff))


def plan_work(world: World, rng: np.random.Generator) -> Work:
    """Two contacts for a lead; more for an opportunity, a company and a vendor."""
    deals, leads, vendors = world.prospects, world.prospects.leads, world.vendors
    answered = np.flatnonzero(leads.contacted_at < NEVER)
    first = leads.contacted_at[answered]
    deal = np.repeat(np.arange(deals.lead.size), PER_DEAL)
    span = (deals.closes_at - deals.created_at)[deal] - 60
    deal_at = deals.created_at[deal] + 60 + (rng.random(deal.size) * span).astype(np.int64)
    company = np.repeat(np.flatnonzero(world.buyers.is_business), PER_COMPANY)
    lifetime = (world.calendar.day_count + 1) * DAY
    company_at = world.profiles.first_at[company] + rng.integers(DAY, lifetime, company.size)
    vendor = np.repeat(np.arange(len(vendors.ids)), PER_VENDOR)
    joined = instants(world.calendar, vendors.joined_day[vendor], np.full(vendor.size, DAY - 1))
    vendor_at = joined + rng.integers(DAY, lifetime, vendor.size)
    last = np.minimum(vendors.closed_day[vendor], world.calendar.day_count)
    is_open = vendor_at < instants(world.calendar, last, np.zeros_like(last))
    # Where a second person takes an opportunity over, the work is hers from the proposal on.
    second = deal_at >= deals.created_at[deal] + (deals.closes_at - deals.created_at)[deal] // 2
    managers = numbers(VENDORS)
    groups = (
        ("lead", answered, leads.developer[answered], first),
        (
            "lead",
            answered,
            leads.developer[answered],
            first + rng.integers(DAY, 6 * DAY, first.size),
        ),
        ("deal", deal, np.where(second, deals.last_manager[deal], deals.manager[deal]), deal_at),
        ("company", company, FIRST_MANAGER + world.profiles.manager[company], company_at),
        ("vendor", vendor, managers[vendor % managers.size], np.where(is_open, vendor_at, NEVER)),
    )
    about = np.repeat([group[0] for group in groups], [group[1].size for group in groups])
    place, desk, at = (np.concatenate([group[i] for group in groups]) for i in (1, 2, 3))
    return Work(
        **{
            name: np.where(about == name, place, NOWHERE)
            for name in ("lead", "deal", "company", "vendor")
        },
        desk=desk,
        at=at,
    )
