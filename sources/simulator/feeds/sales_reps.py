"""The sales reps feed: who works on leads, companies and vendors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER
from sources.simulator.cells import pick
from sources.simulator.chance import stream
from sources.simulator.world.names import email_addresses, person_names
from sources.simulator.world.profiles import rep_ids

if TYPE_CHECKING:
    from sources.simulator.world.world import World

# First number, how many, team, role: the numbers that leads, accounts and steps name.
TEAMS = (
    (1, 8, "new vendors", "sales"),
    (20, 6, "new vendors", "development"),
    (40, 6, "companies", "account_manager"),
    (60, 3, "vendors", "vendor_manager"),
)


def rep_rows(world: World) -> pl.DataFrame:
    """The sales reps feed; the last seller leaves in the middle of the world's time."""
    number = np.concatenate([np.arange(first, first + many) for first, many, _, _ in TEAMS])
    team = np.repeat(np.arange(len(TEAMS)), [many for _, many, _, _ in TEAMS])
    name = person_names(number.size, stream(world.seed, 64))
    calendar = world.calendar
    middle = calendar.day_count // 2
    leaves = number == TEAMS[0][0] + TEAMS[0][1] - 1
    left_at = np.where(leaves, calendar.midnight[middle] + 17 * 3600, NEVER)
    gone = left_at < world.cutoff
    started = np.full(number.size, calendar.midnight[0] - 900 * DAY)
    last = calendar.dates_of(np.full(number.size, middle))
    return pl.DataFrame(
        {
            "sales_rep_id": rep_ids(number),
            "name": name,
            "email": email_addresses(name, number + 9_000_000),
            "team": pick(tuple(team for _, _, team, _ in TEAMS), team),
            "role": pick(tuple(role for _, _, _, role in TEAMS), team),
            "is_active": ~gone,
            "started_on": calendar.dates_of(np.full(number.size, -900)),
            "ended_on": last.set(pl.Series(~gone), None),
            "updated_at": np.where(gone, left_at, started),
        }
    )
