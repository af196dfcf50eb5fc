"""Browsers: whose they are, which are robots', and what their owners allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources.simulator.cells import scrambled
from sources.simulator.chance import hashed

if TYPE_CHECKING:
    import polars as pl

    from sources.simulator.arrays import Bools, Ints
    from sources.simulator.world.world import World

HONEST_BOTS = 0.8  # share of robots whose user agent says so


def visitor_pools(world: World) -> tuple[int, int, int]:
    """Where the numbers of anonymous browsers begin, those of robots, and where they end."""
    people = 2 * world.buyers.rate.size
    return people, 2 * people, 2 * people + max(3, people // 1_000)


def visitors_of(who: Ints, device: Ints) -> Ints:
    """The tracker's number of a customer's first (0) or second (1) device."""
    return who * 2 + device


def visitor_ids(visitor: Ints) -> pl.Series:
    return scrambled("vis-", visitor + 1, 10)


def has_second_device(who: Ints) -> Bools:
    """Whether customers have two browsers; decided by their number, so that it needs no memory."""
    return hashed(who, 3, 100) < 55


def says_it_is_a_robot(visitor: Ints) -> Bools:
    """Whether a robot's user agent admits what it is; asked of robots only."""
    found: Bools = hashed(visitor, 5, 100) < HONEST_BOTS * 100
    return found


def refuses_analytics(visitor: Ints) -> Bools:
    """The eighth of all browsers that does not want to be analysed."""
    return hashed(visitor, 1, 1000) < 125


def refuses_marketing(visitor: Ints) -> Bools:
    return refuses_analytics(visitor) | (hashed(visitor, 2, 1000) < 400)
