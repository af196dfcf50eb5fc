"""The lead events feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER, Ints
from sources.simulator.cells import NOWHERE, at_places, numbered, only, pick
from sources.simulator.chance import hashed, stream
from sources.simulator.world.campaigns import CHANNELS
from sources.simulator.world.crm_laws import ACCOUNTS, HANDOVER_REFUSED, ORIGINS, SALES
from sources.simulator.world.leads import APPROVED, lead_ids
from sources.simulator.world.profiles import rep_ids
from sources.simulator.world.prospects import LOST, NOBODY, WON
from sources.simulator.world.sales_team import holder, numbers

if TYPE_CHECKING:
    from sources.simulator.world.world import World

# In order of time; the second hand-over follows where the first was refused.
LEAD_EVENTS = (
    "created", "form_submitted", "contacted", "replied", "scored", "qualified", "handed_over",
    "handover_refused", "handed_over", "handover_accepted", "converted", "lost",
)  # fmt: skip
TOUCH, SCORED, CONVERTED = 1, 4, 10  # places in LEAD_EVENTS
BY_DEVELOPER, BY_REFUSER, BY_OWNER = (2, 5, 6, 8), (7,), (9, 10)


def lead_event_rows(world: World) -> pl.DataFrame:
    """The lead events feed: from the first contact to the hand-over and its end."""
    leads, calendar = world.prospects.leads, world.calendar
    count = leads.created_at.size
    happens = event_instants(world)
    lead = np.tile(np.arange(count), len(LEAD_EVENTS))
    kind = np.repeat(np.arange(len(LEAD_EVENTS)), count)
    known = np.flatnonzero(np.concatenate(happens) < world.cutoff)
    lead, kind, at = lead[known], kind[known], np.concatenate(happens)[known]
    is_good = leads.good_at < NEVER
    points = pl.Series(20 + hashed(lead, 32, 60) + 20 * is_good[lead])
    first, owner = owners(world)
    lost_by = np.where(is_good, owner, leads.developer)
    desk = np.select(
        [np.isin(kind, BY_DEVELOPER), np.isin(kind, BY_REFUSER), np.isin(kind, BY_OWNER)],
        [leads.developer[lead], first[lead], owner[lead]],
        lost_by[lead],
    )
    touches = tuple(origin.first_touch for origin in ORIGINS)
    word = pick(LEAD_EVENTS, kind)
    return pl.DataFrame(
        {
            "lead_event_id": lead_ids(lead) + numbered("-", kind + 1),
            "lead_id": lead_ids(lead),
            "sales_rep_id": only(
                rep_ids(holder(calendar, desk, at)), ~np.isin(kind, (0, TOUCH, 3, SCORED))
            ),
            "campaign_id": only(
                at_places(world.campaigns.ids, lead_campaigns(world)[lead]), kind <= TOUCH
            ),
            "event_type": word.zip_with(
                pl.Series(kind != TOUCH), pick(touches, leads.origin[lead])
            ),
            "score": points.set(pl.Series(kind != SCORED), None),
            "occurred_at": at,
        }
    )


def event_instants(world: World) -> list[Ints]:
    """When each of LEAD_EVENTS happens to each lead, NEVER where it does not."""
    leads = world.prospects.leads
    rng = stream(world.seed, 204)
    count = leads.created_at.size
    contacted, good = leads.contacted_at, leads.good_at
    answers = (contacted < NEVER) & ((good < NEVER) | (rng.random(count) < 0.3))
    wait = np.where(good < NEVER, good - contacted, 6 * DAY)
    replied = contacted + (wait * rng.uniform(0.2, 0.9, count)).astype(np.int64)
    replied = np.where(answers, replied, NEVER)
    refused = rng.random(count) < HANDOVER_REFUSED
    converted, lost = lead_ends(world)
    # Within the hour that passes before an opportunity is opened, or a vendor admitted.
    return [
        leads.created_at,
        leads.created_at + rng.integers(10, 100, count),
        contacted,
        replied,
        np.minimum(replied + 60, NEVER),
        good,
        np.minimum(good + 60, NEVER),
        np.where(refused, good + 600, NEVER),
        np.where(refused, good + 900, NEVER),
        np.minimum(good + 1_800, NEVER),
        converted,
        lost,
    ]


def owners(world: World) -> tuple[Ints, Ints]:
    """The desks that each lead is first handed over to, and at last: of sellers or of managers."""
    leads, deals = world.prospects.leads, world.prospects
    place = np.arange(leads.created_at.size)
    owner = leads.seller.copy()
    from_lead = deals.lead != NOBODY
    owner[deals.lead[from_lead]] = deals.manager[from_lead]
    sellers, managers = numbers(SALES), numbers(ACCOUNTS)
    colleague = np.where(
        leads.is_vendor,
        sellers[hashed(place, 37, sellers.size)],
        managers[hashed(place, 37, managers.size)],
    )
    return colleague, owner


def lead_campaigns(world: World) -> Ints:
    """The campaign that ran in the lead's channel when it came, NOWHERE without one."""
    leads, campaigns = world.prospects.leads, world.campaigns
    channels = [CHANNELS.index(origin.channel) if origin.channel else NOWHERE for origin in ORIGINS]
    channel = np.array(channels)[leads.origin]
    day = world.calendar.days_of(leads.created_at)
    running = campaigns.active[np.maximum(channel, 0), np.maximum(day, 0)]
    return np.where((channel != NOWHERE) & (day >= 0), running, NOWHERE)


def lead_ends(world: World) -> tuple[Ints, Ints]:
    """When each lead was converted, or lost; the others are still open."""
    leads, deals = world.prospects.leads, world.prospects
    rng = stream(world.seed, 205)
    count = leads.created_at.size
    converted = np.where(leads.is_vendor & (leads.decision == APPROVED), leads.decided_at, NEVER)
    lost = np.where(leads.is_vendor & (leads.decision != APPROVED), leads.decided_at, NEVER)
    from_lead = deals.lead != NOBODY
    won = from_lead & (deals.outcome == WON)
    converted[deals.lead[won]] = deals.closes_at[won]
    failed = from_lead & (deals.outcome == LOST)
    lost[deals.lead[failed]] = deals.closes_at[failed]
    idle = (converted == NEVER) & (lost == NEVER) & (rng.random(count) < 0.7)
    forgotten = leads.created_at + rng.integers(40 * DAY, 80 * DAY, count)
    return converted, np.where(idle, forgotten, lost)
