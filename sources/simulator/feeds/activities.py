"""The activities feed: what the sales team did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, Bools, Ints
from sources.simulator.cells import at_places, only, pick, scrambled
from sources.simulator.chance import hashed, stream
from sources.simulator.feeds.opportunities import deal_accounts, opportunity_ids
from sources.simulator.world.leads import lead_ids
from sources.simulator.world.profiles import account_ids, contact_ids, rep_ids
from sources.simulator.world.prospects import NOBODY

if TYPE_CHECKING:
    from sources.simulator.world.world import World

KINDS = ("call", "call", "call", "email", "email", "visit", "meeting", "demo")
OUTCOMES = ("reached", "not_reached", "interested", "follow_up", "done", "not_interested")


def activity_rows(world: World) -> pl.DataFrame:
    """The activities feed: calls to leads, work on opportunities, visits to companies."""
    deals, leads = world.prospects, world.prospects.leads
    rng = stream(world.seed, 66)
    lead = np.repeat(np.arange(leads.created_at.size), 2)
    lead_at = leads.created_at[lead] + rng.integers(1_800, 8 * DAY, lead.size)
    deal = np.repeat(np.arange(deals.lead.size), 4)
    share = rng.random(deal.size)
    span = (deals.closes_at - deals.created_at)[deal]
    deal_at = deals.created_at[deal] + 60 + (share * (span - 60)).astype(np.int64)
    company = np.flatnonzero(world.buyers.is_business)
    company = np.repeat(company, 3)
    days = world.calendar.day_count
    company_at = world.profiles.first_at[company] + rng.integers(
        DAY, (days + 1) * DAY, company.size
    )
    about = np.repeat([0, 1, 2], [lead.size, deal.size, company.size])
    place = np.concatenate([lead, deal, company])
    at = np.concatenate([lead_at, deal_at, company_at])
    seconds = rng.integers(60, 3_600, at.size)
    done = at + seconds < world.cutoff
    return activity_frame(world, about, place, at, seconds).filter(pl.Series(done))


def activity_frame(world: World, about: Ints, place: Ints, at: Ints, seconds: Ints) -> pl.DataFrame:
    """Activities about a lead (0), an opportunity (1) or a company (2), numbered for good."""
    deals = world.prospects
    number = np.arange(place.size)

    def of(kind: int) -> Ints:
        return np.where(about == kind, place, NOBODY)

    company = of(2)
    deal = of(1)
    accounts = at_places(deal_accounts(world), deal)
    owner = np.where(
        about == 1,
        deals.manager[np.maximum(deal, 0)],
        40 + world.profiles.manager[np.maximum(company, 0)],
    )
    rep = np.where(about == 0, 20 + place % 6, owner)
    is_company: Bools = about == 2
    known = np.maximum(company, 0)
    kind = hashed(number, 34, len(KINDS))
    return pl.DataFrame(
        {
            "activity_id": scrambled("ACT-", number + 1, 9),
            "account_id": account_ids(known).zip_with(pl.Series(is_company), accounts),
            "contact_id": only(contact_ids(known, np.zeros_like(known)), is_company),
            "lead_id": at_places(lead_ids(np.arange(deals.leads.created_at.size)), of(0)),
            "opportunity_id": at_places(opportunity_ids(np.arange(deals.lead.size)), deal),
            "sales_rep_id": rep_ids(rep),
            "activity_type": pick(KINDS, kind),
            "direction": pick(("outbound", "outbound", "inbound"), hashed(number, 35, 3)),
            "outcome": pick(OUTCOMES, hashed(number, 36, len(OUTCOMES))),
            "duration_seconds": seconds,
            "started_at": at,
            "updated_at": at + seconds,
        }
    )
