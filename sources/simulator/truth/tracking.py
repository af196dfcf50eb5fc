"""What the tracker cannot know: whose browsers, which robots, which visits led to an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import at_places, pick
from sources.simulator.orders.states import Known, order_ids
from sources.simulator.tracking.visitors import (
    browsers_of,
    devices_of,
    says_it_is_a_robot,
    visitor_ids,
    visitor_pools,
)
from sources.simulator.tracking.visits import MEDIUMS, SOURCES, Visits, session_ids
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.visit_laws import ASSIST, NO_DEVICE, ORDER

if TYPE_CHECKING:
    from sources.simulator.world.buyers import Buyers
    from sources.simulator.world.world import World


def identity_rows(buyers: Buyers) -> pl.DataFrame:
    """Whose browsers are whose, as nobody but the simulator knows; two people may have one."""
    who = np.arange(buyers.rate.size)
    mine, slot = np.repeat(who, 2), np.tile([0, 1], who.size)
    has_second = devices_of(buyers, who)[1] != NO_DEVICE
    frame = pl.DataFrame(
        {
            "visitor_id": visitor_ids(browsers_of(buyers, mine, slot)),
            "customer_id": customer_ids(mine),
        }
    )
    is_shared = pl.col("visitor_id").is_duplicated().alias("is_shared")
    return frame.filter(pl.Series((slot == 0) | has_second[mine])).with_columns(is_shared)


def bot_rows(world: World) -> pl.DataFrame:
    """The robots, and whether their user agents say so."""
    _, first, end = visitor_pools(world)
    robots = np.arange(first, end)
    return pl.DataFrame({"visitor_id": visitor_ids(robots), "says_so": says_it_is_a_robot(robots)})


def path_rows(world: World, known: Known, visits: Visits) -> pl.DataFrame:
    """The visits that led to each order of the web, in order of time; the last one ordered."""
    mine = np.flatnonzero(
        (visits.kind <= ASSIST) & (known.placed.ordered_at[visits.order] < world.cutoff)
    )
    at = visits.at[mine]
    frame = pl.DataFrame(
        {
            "order_id": order_ids(known.placed.number[visits.order[mine]]),
            "session_id": session_ids(visits.number[mine]),
            "visitor_id": visitor_ids(visits.visitor[mine]),
            "campaign_id": at_places(world.campaigns.ids, visits.campaign[mine]),
            "source": pick(SOURCES, visits.origin[mine]),
            "medium": pick(MEDIUMS, visits.origin[mine]),
            "is_cause": visits.is_caused[mine],
            "is_order": visits.kind[mine] == ORDER,
            "occurred_at": (pl.Series(at) * 1000).cast(pl.Datetime("ms")),
        }
    ).sort("order_id", "occurred_at", "session_id")
    touch = pl.int_range(1, pl.len() + 1).over("order_id").alias("touch_number")
    return frame.with_columns(touch)
