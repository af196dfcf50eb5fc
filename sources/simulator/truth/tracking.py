"""What the tracker cannot know: whose browsers, which robots, which visits led to an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import at_places, pick
from sources.simulator.orders.states import Known, order_ids
from sources.simulator.tracking.visitors import (
    has_second_device,
    says_it_is_a_robot,
    visitor_ids,
    visitor_pools,
    visitors_of,
)
from sources.simulator.tracking.visits import ASSIST, MEDIUMS, ORDER, SOURCES, Visits, session_ids
from sources.simulator.world.buyers import customer_ids

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.world.world import World


def identity_rows(who: Ints) -> pl.DataFrame:
    """Whose browsers are whose, as nobody but the simulator knows."""
    device = np.tile([0, 1], who.size)
    mine = np.repeat(who, 2)
    visitor = visitors_of(mine, device)
    frame = pl.DataFrame({"visitor_id": visitor_ids(visitor), "customer_id": customer_ids(mine)})
    return frame.filter(pl.Series((device == 0) | has_second_device(mine)))


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
            "is_order": visits.kind[mine] == ORDER,
            "occurred_at": (pl.Series(at) * 1000).cast(pl.Datetime("ms")),
        }
    ).sort("order_id", "occurred_at", "session_id")
    touch = pl.int_range(1, pl.len() + 1).over("order_id").alias("touch_number")
    return frame.with_columns(touch)
