"""Customers whom paid campaigns bring: they come when money is spent, and would not have come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.cells import NOWHERE
from sources.simulator.chance import stream
from sources.simulator.world.people_laws import ACQUIRED, ARRIVES_WITHIN

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.world.buyers import Buyers
    from sources.simulator.world.campaigns import Campaigns
    from sources.simulator.world.demand import Demand


def bring_customers(buyers: Buyers, campaigns: Campaigns, demand: Demand, seed: int) -> Ints:
    """The campaign that brings each customer, NOWHERE for most; it moves their first moments.

    Every cent spent on clicks brings as many, so that arrivals rise and fall with what is spent.
    """
    rng = stream(seed, 147)
    brought_by = np.full(buyers.rate.size, NOWHERE)
    spent = np.cumsum(campaigns.spent * campaigns.acquires())
    dice = rng.random((3, brought_by.size))
    comes = (buyers.first_moment >= 0) & ~buyers.is_test & (dice[0] < ACQUIRED)
    mine = np.flatnonzero(comes & (spent[-1] > 0))
    cell = np.searchsorted(spent, dice[1][mine] * spent[-1], side="right")
    day, brought_by[mine] = np.divmod(cell, campaigns.spent.shape[1])
    pace = buyers.pace[mine]
    begin = demand.elapsed[pace, day]
    end = demand.elapsed[pace, np.minimum(day + ARRIVES_WITHIN, campaigns.spent.shape[0])]
    buyers.first_moment[mine] = begin + dice[2][mine] * (end - begin)
    buyers.next_moment[mine] = buyers.first_moment[mine]
    return brought_by
