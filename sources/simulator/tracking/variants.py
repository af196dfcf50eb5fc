"""What experiments do to visits: who takes part, and how often a cart is filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.tracking.visitors import refuses_analytics
from sources.simulator.world.experiments import CART_BUTTON, LAWS, SAME_AGAIN, variant_of
from sources.simulator.world.visit_laws import BOT

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Floats, Ints
    from sources.simulator.world.world import World


def cart_rates(world: World, visitor: Ints, at: Ints) -> Floats:
    """How likely a visit without an order adds to its cart; the button's experiment moves it."""
    rate = np.full(visitor.size, LAWS[CART_BUTTON].rate[0])
    for which in (CART_BUTTON, SAME_AGAIN):
        runs = world.experiments.running(which, at)
        mine = np.array(LAWS[which].rate)[variant_of(which, visitor)]
        rate = np.where(runs, mine, rate)
    return rate


def takes_part(world: World, which: int, kind: Ints, visitor: Ints, at: Ints) -> Bools:
    """Whether visits fall into an experiment: those of people who let themselves be analysed."""
    agrees = (kind != BOT) & ~refuses_analytics(visitor)
    found: Bools = world.experiments.running(which, at) & agrees
    return found
