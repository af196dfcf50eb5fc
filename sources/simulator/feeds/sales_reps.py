"""The sales reps feed: who works on leads, companies and vendors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER
from sources.simulator.cells import NOWHERE
from sources.simulator.chance import hashed, stream
from sources.simulator.world.crm_laws import DESKS
from sources.simulator.world.names import email_addresses, person_names
from sources.simulator.world.profiles import rep_ids
from sources.simulator.world.sales_team import passed_on_at

if TYPE_CHECKING:
    from sources.simulator.world.world import World


def rep_rows(world: World) -> pl.DataFrame:
    """The sales reps feed: the people at their desks, those who left, and those who came."""
    calendar = world.calendar
    left = [desk for desk in DESKS if desk.successor]
    people = [*DESKS, *left]  # the holders first, then who came after them
    came = np.arange(len(people)) >= len(DESKS)
    number = np.array(
        [*(desk.number for desk in DESKS), *(desk.successor for desk in left)], dtype=np.int64
    )
    passed_on = [int(calendar.day_count * desk.passed_on) for desk in people]
    changed_at = [
        passed_on_at(calendar, desk.passed_on) if desk.successor else NEVER for desk in people
    ]
    day, instant = np.array(passed_on), np.array(changed_at)
    left_at = np.where(came, NEVER, instant)
    first_day = np.where(came, day - 14, -200 - hashed(number, 38, 1_500))
    started = np.where(
        first_day < 0,
        calendar.midnight[0] + first_day * DAY,
        calendar.midnight[np.maximum(first_day, 0)],
    )
    gone = left_at < world.cutoff
    name = person_names(number.size, stream(world.seed, 64))
    return pl.DataFrame(
        {
            "sales_rep_id": rep_ids(number),
            "name": name,
            "email": email_addresses(name, number + 9_000_000),
            "team": [desk.team for desk in people],
            "role": [desk.role for desk in people],
            "is_active": ~gone,
            "started_on": calendar.dates_of(first_day),
            "ended_on": calendar.dates_of(np.where(gone, day, NOWHERE)).set(pl.Series(~gone), None),
            "updated_at": np.where(gone, left_at, started),
        }
    ).filter(pl.Series(started < world.cutoff))
