"""Browsers: whose they are, which are robots', and what their owners allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.cells import numbered, scrambled
from sources.simulator.chance import hashed
from sources.simulator.world.countries import BUYER_SHARES
from sources.simulator.world.visit_laws import DEVICES, HABITS, SHARED_BROWSERS, odds_to_shares

if TYPE_CHECKING:
    import polars as pl

    from sources.simulator.arrays import Bools, Floats, Ints
    from sources.simulator.world.buyers import Buyers
    from sources.simulator.world.world import World

HONEST_BOTS = 0.8  # share of robots whose user agent says so
STRANGERS_PER_CUSTOMER = 10
STRANGER_DAYS = 30  # within how many days a stranger comes again, if ever


def visitor_pools(world: World) -> tuple[int, int, int]:
    """Where the numbers of anonymous browsers begin, those of robots, and where they end."""
    people = world.buyers.rate.size
    robots = 2 * people + len(DEVICES) * STRANGERS_PER_CUSTOMER * people
    return 2 * people, robots, robots + max(3, people // 1_000)


def visitor_ids(visitor: Ints) -> pl.Series:
    return scrambled("vis-", visitor + 1, 10)


def first_browser_owner(buyers: Buyers, who: Ints) -> Ints:
    """Whose first browser each customer uses: the own one, or the one shared with a neighbour."""
    other = who ^ 1
    there = other < buyers.country.size
    same = there & (buyers.country[np.where(there, other, who)] == buyers.country[who])
    shares = same & (hashed(who // 2, 11, 1000) < SHARED_BROWSERS * 1000)
    return np.where(shares, np.minimum(who, other), who)


def browsers_of(buyers: Buyers, who: Ints, slot: Ints) -> Ints:
    """The tracker's number of a customer's first (0) or second (1) browser."""
    return np.where(slot == 0, first_browser_owner(buyers, who), who) * 2 + slot


def devices_of(buyers: Buyers, who: Ints) -> tuple[Ints, Ints]:
    """What a customer's first and second browser run on; NO_DEVICE without a second."""
    limits = np.rint(np.cumsum([habit.share for habit in HABITS]) * 1000)
    # People with one browser between them have one habit, so that it is one device to both.
    place = np.searchsorted(limits, hashed(first_browser_owner(buyers, who), 3, 1000), "right")
    first = np.array([habit.first for habit in HABITS])
    second = np.array([habit.second for habit in HABITS])
    return first[place], second[place]


def strangers(world: World, at: Ints, device: Ints, dice: Floats) -> Ints:
    """A browser of nobody known for each visit; the same one comes again within some weeks."""
    first, robots, _ = visitor_pools(world)
    begin = int(world.calendar.midnight[0])
    end = int(world.calendar.midnight[world.calendar.day_count])
    pool = (robots - first) // len(DEVICES)
    span = min(1.0, STRANGER_DAYS * 86_400 / (end - begin))
    place = ((at - begin) / (end - begin) + dice * span) % 1.0
    # A device that is rarer has fewer browsers, each seen as often as others.
    share = odds_to_shares()[0]
    number = (place * pool * (share / share.max())[device]).astype(np.int64)
    found: Ints = first + number * len(DEVICES) + device
    return found


def stranger_countries(visitor: Ints) -> Ints:
    """The country that each anonymous browser is in, as often as buyers live there."""
    limits = np.rint(np.cumsum(BUYER_SHARES) * 1000)
    found: Ints = np.searchsorted(limits, hashed(visitor, 7, 1000), "right")
    return np.minimum(found, BUYER_SHARES.size - 1)


def says_it_is_a_robot(visitor: Ints) -> Bools:
    """Whether a robot's user agent admits what it is; asked of robots only."""
    found: Bools = hashed(visitor, 5, 100) < HONEST_BOTS * 100
    return found


def refuses_analytics(visitor: Ints) -> Bools:
    """The eighth of all browsers that does not want to be analysed."""
    return hashed(visitor, 1, 1000) < 125


def refuses_marketing(visitor: Ints) -> Bools:
    return refuses_analytics(visitor) | (hashed(visitor, 2, 1000) < 400)


def session_ids(number: Ints) -> pl.Series:
    """The tracker's names of visits by their numbers."""
    return numbered("s-", number)
