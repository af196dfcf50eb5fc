"""The opportunities and opportunity events feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import at_places, before, fraction, latest, pick, scrambled, word_at
from sources.simulator.chance import hashed
from sources.simulator.feeds.accounts import prospect_account_ids
from sources.simulator.feeds.lead_events import lead_campaigns
from sources.simulator.orders.shelves import PRICE_LEVEL
from sources.simulator.world.countries import CURRENCY_CODES, STOREFRONT_OF
from sources.simulator.world.leads import lead_ids
from sources.simulator.world.profiles import account_ids, rep_ids
from sources.simulator.world.prospects import CLOSED, LOST, NOBODY, STAGES

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.world.world import World

CHANCE = (1_000, 2_500, 5_000, 7_500, 10_000, 0)  # of winning by stage, in ten-thousandths
LOSSES = (
    "price", "price", "price", "competitor", "competitor", "no_budget", "no_decision",
    "no_decision", "product", "service", "other",
)  # fmt: skip
PROPOSAL = 2  # the step at which the amount is reckoned, and a second person may take over


def deal_accounts(world: World) -> pl.Series:
    """The account of each opportunity."""
    deals = world.prospects
    lost = prospect_account_ids(world, np.maximum(deals.lead, 0))
    own = account_ids(np.maximum(deals.who, 0))
    return own.zip_with(pl.Series(deals.who != NOBODY), lost)


def deal_storefronts(world: World) -> Ints:
    """The storefront whose currency each opportunity is reckoned in."""
    deals = world.prospects
    home = STOREFRONT_OF[world.buyers.country[np.maximum(deals.who, 0)]]
    return np.where(deals.who == NOBODY, 0, home)


def deal_cents(world: World, deal: Ints, step: Ints) -> Ints:
    """What each opportunity is thought to be worth from a step on, in its currency."""
    deals = world.prospects
    euros = np.where(step < PROPOSAL, deals.first_cents[deal], deals.amount_cents[deal])
    found: Ints = np.rint(euros * PRICE_LEVEL[deal_storefronts(world)[deal]]).astype(np.int64)
    return found


def deal_reps(world: World, deal: Ints, step: Ints) -> pl.Series:
    """Who works on each opportunity from a step on."""
    deals = world.prospects
    return rep_ids(np.where(step < PROPOSAL, deals.manager[deal], deals.last_manager[deal]))


def opportunity_ids(place: Ints) -> pl.Series:
    return scrambled("OP-", place + 1, 8)


def opportunity_rows(world: World) -> pl.DataFrame:
    """The opportunities feed: the stage that each has reached."""
    deals, cutoff = world.prospects, world.cutoff
    place = np.arange(deals.lead.size)
    stage_at = deals.stage_at
    reached = stage_at < cutoff
    closed = reached[:, CLOSED]
    step = np.where(closed, CLOSED, reached[:, :CLOSED].sum(axis=1) - 1)
    stage = np.where(closed, deals.outcome, step)
    expected = world.calendar.days_of(deals.created_at) + 30 + hashed(place, 39, 90)
    lost = closed & (deals.outcome == LOST)
    # Some sellers see it brighter than others.
    mood = 70 + hashed(place + 7 * stage, 40, 60)
    chance = np.minimum(np.array(CHANCE)[stage] * np.where(closed, 100, mood) // 100, 10_000)
    sourced = deals.lead != NOBODY
    campaign = np.where(sourced, lead_campaigns(world)[np.maximum(deals.lead, 0)], NOBODY)
    return pl.DataFrame(
        {
            "opportunity_id": opportunity_ids(place),
            "account_id": deal_accounts(world),
            "lead_id": at_places(lead_ids(np.arange(deals.leads.created_at.size)), deals.lead),
            "sales_rep_id": deal_reps(world, place, step),
            "campaign_id": at_places(world.campaigns.ids, campaign),
            "stage": pick(STAGES, stage),
            "loss_reason": word_at(LOSSES, np.where(lost, hashed(place, 33, len(LOSSES)), NOBODY)),
            "currency_code": pick(CURRENCY_CODES, deal_storefronts(world)),
            "amount": deal_cents(world, place, step),
            "probability": fraction(chance, 4),
            "created_at": deals.created_at,
            "closed_at": before(deals.closes_at, cutoff),
            "expected_close_date": world.calendar.dates_of(expected),
            "updated_at": latest(cutoff, *stage_at.T),
        }
    ).filter(pl.Series(reached[:, 0]))


def opportunity_event_rows(world: World) -> pl.DataFrame:
    """The opportunity events feed: one for each stage reached."""
    deals = world.prospects
    stage_at = deals.stage_at
    deal, step = np.nonzero(stage_at < world.cutoff)
    stage = np.where(step == CLOSED, deals.outcome[deal], step)
    number = pl.Series(step + 1).cast(pl.String)
    return pl.DataFrame(
        {
            "opportunity_event_id": opportunity_ids(deal) + "-" + number,
            "opportunity_id": opportunity_ids(deal),
            "sales_rep_id": deal_reps(world, deal, step),
            "stage": pick(STAGES, stage),
            "amount": deal_cents(world, deal, step),
            "occurred_at": stage_at[deal, step],
        }
    )
