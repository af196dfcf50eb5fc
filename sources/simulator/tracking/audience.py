"""Who makes a visit, on what and from which country."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.cells import NOWHERE
from sources.simulator.tracking.visitors import (
    browsers_of,
    devices_of,
    stranger_countries,
    strangers,
    visitor_pools,
)
from sources.simulator.world.visit_laws import (
    ASSIST,
    BOT,
    DESKTOP,
    DEVICES,
    IDLE,
    LOOKS_AT_DESK,
    ORDERS_AT_DESK,
    RETURNING,
    odds_to_shares,
)

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Ints
    from sources.simulator.orders.placed import Placed
    from sources.simulator.world.world import World


@dataclass(frozen=True, slots=True)
class Audience:
    """One entry per visit."""

    who: Ints  # the customer, also one of days to come; NOWHERE where anonymous for good
    visitor: Ints
    device: Ints
    country: Ints


def invite(
    world: World, placed: Placed, visit: tuple[Ints, Ints, Ints], rng: np.random.Generator
) -> Audience:
    """People for visits that are given as their kinds, orders and instants."""
    kind, order, at = visit
    idle, robot = kind == IDLE, kind == BOT
    who = np.where(idle, passers(world, placed, order, rng), placed.who[order])
    known = np.maximum(who, 0)
    first, second = devices_of(world.buyers, known)
    at_desk = rng.random(kind.size) < np.where(kind == ASSIST, LOOKS_AT_DESK, ORDERS_AT_DESK)
    slot = ((second == DESKTOP) & at_desk).astype(np.int64)
    device = np.where(slot == 1, second, first)
    # Visits without order are on the devices that their odds of buying ask for; where the customer
    # has no such device, it is somebody else's visit.
    wanted = rng.choice(len(DEVICES), kind.size, p=odds_to_shares()[0])
    slot = np.where(idle, ((second == wanted) & (first != wanted)).astype(np.int64), slot)
    has_it = (who != NOWHERE) & ((first == wanted) | (second == wanted))
    device = np.where(idle | robot, wanted, device)
    is_stranger = (idle & ~has_it) | robot
    who = np.where(is_stranger, NOWHERE, who)
    own = browsers_of(world.buyers, known, slot)
    visitor = np.where(is_stranger, strangers(world, at, device, rng.random(kind.size)), own)
    _, robots, end = visitor_pools(world)
    visitor = np.where(robot, rng.integers(robots, end, kind.size), visitor)
    country = np.where(is_stranger, stranger_countries(visitor), world.buyers.country[known])
    return Audience(who, visitor, device, country)


def passers(world: World, placed: Placed, order: Ints, rng: np.random.Generator) -> Ints:
    """The customers who may make visits without order: of any time, or who buy in these weeks.

    Of the latter some buy for the first time after the visit: nobody knows them yet.
    """
    count = order.size
    dice = rng.random((2, count))
    anybody = rng.integers(0, world.buyers.rate.size, count)
    soon = placed.who[rng.integers(0, placed.who.size, count)]
    who = np.where(dice[1] < 0.5, anybody, soon)
    first_at = world.profiles.first_at[who]
    near = first_at < world.calendar.midnight[world.calendar.day_count]
    comes: Bools = (dice[0] < RETURNING) & near & ~world.buyers.is_test[who]
    return np.where(comes, who, NOWHERE)
