"""What orders do to their buyers: who leaves for good because of what came of an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import DAY, NEVER, Ints
from sources.simulator.chance import hashed
from sources.simulator.world.leaving import leave_for_good
from sources.simulator.world.people_laws import (
    LATE_DELIVERY,
    LEAVES,
    PRICE_RISE,
    REMEMBERED_DAYS,
    UNANSWERED_MESSAGE,
)

if TYPE_CHECKING:
    from sources.simulator.orders.conversations import Conversations
    from sources.simulator.orders.fulfilment import Fate
    from sources.simulator.orders.placed import Lines, Placed
    from sources.simulator.world.buyers import Buyers
    from sources.simulator.world.offers import Offers


def meet_lateness(
    buyers: Buyers, placed: Placed, lines: Lines, fate: Fate, rng: np.random.Generator
) -> None:
    """Lets some buyers leave at the moment when a promise to deliver is broken, once per order."""
    broken = (fate.shipped_at < NEVER) & (fate.delivered_at > fate.promised_at)
    at = np.where(broken, fate.promised_at, NEVER)
    first = np.minimum.reduceat(at, np.flatnonzero(np.diff(lines.part_order, prepend=-1)))
    leaves = (rng.random(first.size) < LEAVES[LATE_DELIVERY]) & (first < NEVER)
    leave_for_good(buyers, placed.who[leaves], first[leaves], LATE_DELIVERY)


def meet_silence(
    buyers: Buyers, placed: Placed, talks: Conversations, rng: np.random.Generator
) -> None:
    """Lets some buyers leave when their patience with a vendor's answer ends, once per order."""
    at = talks.unanswered_order_at(placed.who.size)
    leaves = (rng.random(at.size) < LEAVES[UNANSWERED_MESSAGE]) & (at < NEVER)
    leave_for_good(buyers, placed.who[leaves], at[leaves], UNANSWERED_MESSAGE)


def meet_price_rises(buyers: Buyers, placed: Placed, lines: Lines, offers: Offers) -> None:
    """Lets some buyers leave when what they bought becomes dearer while they remember its price.

    What counts is the first line of an order, and the first change of its offer's price since.
    """
    offer = lines.offer[np.flatnonzero(np.diff(lines.order, prepend=-1))]
    paid = offers.prices.place(offer, placed.ordered_at)
    change = np.minimum(paid + 1, offers.prices.begins.shape[1] - 1)
    begins = offers.prices.begins[offer, change]
    is_rise = offers.prices.cents[offer, change] > offers.prices.cents[offer, paid]
    is_met = is_rise & (begins > placed.ordered_at)
    is_met &= begins < placed.ordered_at + REMEMBERED_DAYS * DAY
    # Who bought it twice meets with the same rise once: the dice belong to buyer and rise.
    rise = offer * offers.prices.begins.shape[1] + change
    leaves = is_met & (pair_dice(placed.who, rise) < LEAVES[PRICE_RISE] * 10_000)
    leave_for_good(buyers, placed.who[leaves], begins[leaves], PRICE_RISE)


def pair_dice(who: Ints, other: Ints) -> Ints:
    """A number below 10,000 that belongs to a customer and something else for good."""
    return hashed(hashed(who, 143, 2**40) + other, 144, 10_000)
