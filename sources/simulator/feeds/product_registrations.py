"""The product registrations feed: owners who have their warranty put on record."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER
from sources.simulator.cells import only, scrambled, taken
from sources.simulator.feeds.products import warranty_months
from sources.simulator.orders.states import Known, line_ids
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.crm_laws import REGISTERED, REGISTERED_WITHIN_DAYS
from sources.simulator.world.profiles import account_ids

if TYPE_CHECKING:
    from sources.simulator.world.world import World

NAMES_THE_LINE = 0.9  # share of owners who say with which order they bought it
MOST_LINES = 64  # of an order


def registration_rows(world: World, known: Known, rng: np.random.Generator) -> pl.DataFrame:
    """The product registrations feed: one unit of some lines that arrived with a warranty."""
    placed, lines, calendar = known.placed, known.lines, world.calendar
    delivered = known.fate.delivered_at[lines.part]
    months = warranty_months(world)[lines.product]
    dice = rng.random((2, lines.order.size))
    share = np.array(REGISTERED)[placed.clock[lines.order]]
    goes_on = (delivered < NEVER) & (months > 0) & ~placed.is_test[lines.order]
    mine = np.flatnonzero(goes_on & (dice[0] < share))
    registered = delivered[mine] + rng.integers(3_600, REGISTERED_WITHIN_DAYS * DAY, mine.size)
    come = registered < known.cutoff
    mine, registered = mine[come], registered[come]
    order = lines.order[mine]
    who, number = placed.who[order], placed.number[order] * MOST_LINES + lines.position[mine]
    begins = calendar.dates_of(calendar.days_of(delivered[mine]))
    ends = pl.DataFrame({"day": begins, "months": months[mine]}).select(
        pl.col("day").dt.offset_by(pl.format("{}mo", "months"))
    )
    return pl.DataFrame(
        {
            "registration_id": scrambled("PR-", number, 11),
            "product_id": taken(world.products.ids, lines.product[mine]),
            "customer_id": customer_ids(who),
            "account_id": only(account_ids(who), placed.clock[order] == 1),
            "order_line_id": only(
                taken(line_ids(placed, lines), mine), dice[1][mine] < NAMES_THE_LINE
            ),
            "serial_hash": [sha256(f"unit {unit}".encode()).hexdigest() for unit in number],
            "registered_at": registered,
            "warranty_until": ends.to_series(),
        }
    )
