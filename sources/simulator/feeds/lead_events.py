"""The lead events feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER, Ints
from sources.simulator.cells import only, pick
from sources.simulator.chance import hashed, stream
from sources.simulator.world.leads import APPROVED, lead_ids
from sources.simulator.world.profiles import rep_ids
from sources.simulator.world.prospects import LOST, NOBODY, WON

if TYPE_CHECKING:
    from sources.simulator.world.world import World

LEAD_EVENTS = (
    "created", "contacted", "replied", "scored", "qualified", "handed_over", "handover_accepted",
    "converted", "lost",
)  # fmt: skip


def lead_event_rows(world: World) -> pl.DataFrame:
    """The lead events feed: from the first contact to the hand-over and its end."""
    leads, deals = world.prospects.leads, world.prospects
    rng = stream(world.seed, 65)
    count = leads.created_at.size
    made = leads.created_at
    good_at = np.where(leads.is_vendor, leads.applied_at, deals.handed_over_at)
    # Vendors' leads are worked on until they apply, buyers' until they are handed over.
    span = np.where(good_at < NEVER, good_at - made, 6 * DAY)
    worked = [made + (span * share * rng.random(count)).astype(np.int64) for share in (0.4, 0.9)]
    answered = (good_at < NEVER) | (rng.random(count) < 0.3)
    replied = np.where(answered, np.maximum(*worked), NEVER)
    converted, lost = lead_ends(world, rng)
    # In the order of LEAD_EVENTS; what is later than NEVER never happens either.
    happens = (
        made,
        np.minimum(*worked),
        replied,
        replied + 60,
        good_at,
        good_at + 60,
        good_at + 1_800,
        converted,
        lost,
    )
    lead = np.tile(np.arange(count), len(happens))
    kind = np.repeat(np.arange(len(happens)), count)
    at = np.concatenate(happens)
    score = np.where(kind == 3, 20 + hashed(lead, 32, 60) + 20 * (good_at < NEVER)[lead], -1)
    points = pl.Series(score)
    rep = np.where(leads.is_vendor[lead], 20 + lead % 6, 40 + lead % 6)
    return pl.DataFrame(
        {
            "lead_event_id": lead_ids(lead) + "-" + pl.Series(kind + 1).cast(pl.String),
            "lead_id": lead_ids(lead),
            "sales_rep_id": only(rep_ids(rep), np.isin(kind, (1, 5, 6, 7, 8))),
            "event_type": pick(LEAD_EVENTS, kind),
            "score": points.set(points < 0, None),
            "occurred_at": at,
        }
    ).filter(pl.Series(at < world.cutoff))


def lead_ends(world: World, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """When each lead was converted, or lost; the others are still open."""
    leads, deals = world.prospects.leads, world.prospects
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
