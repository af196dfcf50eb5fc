"""Who sits at which desk of the sales team, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.world.crm_laws import DESKS, desks

if TYPE_CHECKING:
    from sources.simulator.arrays import Floats, Ints
    from sources.simulator.world.calendar import Calendar

LEAVES_AT = 17 * 3600  # on the last day


def holder(calendar: Calendar, desk: Ints, at: Ints) -> Ints:
    """The number of the person at each desk at an instant; `desk` is its first holder's number."""
    found = desk.copy()
    for place in DESKS:
        if place.successor:
            moved = (desk == place.number) & (at >= passed_on_at(calendar, place.passed_on))
            found = np.where(moved, place.successor, found)
    return found


def passed_on_at(calendar: Calendar, share: float) -> int:
    """When a desk is passed on that is so at a share of the world's time."""
    return int(calendar.midnight[int(calendar.day_count * share)]) + LEAVES_AT


def numbers(role: str) -> Ints:
    """The desks of a role, by their first holders."""
    return np.array([desk.number for desk in desks(role)])


def odds(role: str) -> Floats:
    return np.array([desk.odds for desk in desks(role)])
