"""The opportunities and opportunity events feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import at_places, before, fraction, latest, pick, scrambled, word_at
from sources.simulator.chance import hashed
from sources.simulator.feeds.accounts import prospect_account_ids
from sources.simulator.world.laws import CURRENCY_CODE
from sources.simulator.world.leads import lead_ids
from sources.simulator.world.profiles import account_ids, rep_ids
from sources.simulator.world.prospects import LOST, NOBODY, STAGES

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.world.world import World

CHANCE = (1_000, 2_500, 5_000, 7_500, 10_000, 0)  # of winning by stage, in ten-thousandths
LOSSES = ("price", "competitor", "no_budget", "no_decision", "product")


def deal_accounts(world: World) -> pl.Series:
    """The account of each opportunity."""
    deals = world.prospects
    lost = prospect_account_ids(world, np.maximum(deals.lead, 0))
    own = account_ids(np.maximum(deals.who, 0))
    return own.zip_with(pl.Series(deals.who != NOBODY), lost)


def opportunity_ids(place: Ints) -> pl.Series:
    return scrambled("OP-", place + 1, 8)


def opportunity_rows(world: World) -> pl.DataFrame:
    """The opportunities feed: the stage that each has reached."""
    deals, cutoff = world.prospects, world.cutoff
    place = np.arange(deals.lead.size)
    reached = deals.stage_at < cutoff
    closed = reached[:, 4]
    stage = np.where(closed, deals.outcome, reached[:, :4].sum(axis=1) - 1)
    expected = world.calendar.days_of(deals.created_at) + 60
    lost = closed & (deals.outcome == LOST)
    reason = np.where(lost, hashed(place, 33, len(LOSSES)), NOBODY)
    return pl.DataFrame(
        {
            "opportunity_id": opportunity_ids(place),
            "account_id": deal_accounts(world),
            "lead_id": at_places(lead_ids(np.arange(deals.leads.created_at.size)), deals.lead),
            "sales_rep_id": rep_ids(deals.manager),
            "stage": pick(STAGES, stage),
            "loss_reason": word_at(LOSSES, reason),
            "currency_code": pl.repeat(CURRENCY_CODE, place.size, eager=True),
            "amount": deals.amount_cents,
            "probability": fraction(np.array(CHANCE)[stage], 4),
            "created_at": deals.created_at,
            "closed_at": before(deals.closes_at, cutoff),
            "expected_close_date": world.calendar.dates_of(expected),
            "updated_at": latest(cutoff, *deals.stage_at.T),
        }
    ).filter(pl.Series(reached[:, 0]))


def opportunity_event_rows(world: World) -> pl.DataFrame:
    """The opportunity events feed: one for each stage reached."""
    deals = world.prospects
    deal, step = np.nonzero(deals.stage_at < world.cutoff)
    stage = np.where(step == 4, deals.outcome[deal], step)
    return pl.DataFrame(
        {
            "opportunity_event_id": opportunity_ids(deal)
            + "-"
            + pl.Series(step + 1).cast(pl.String),
            "opportunity_id": opportunity_ids(deal),
            "sales_rep_id": rep_ids(deals.manager[deal]),
            "stage": pick(STAGES, stage),
            "amount": deals.amount_cents[deal],
            "occurred_at": deals.stage_at[deal, step],
        }
    )
