"""What companies ask for before they order: quotes and approvals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import DAY, Bools, Ints

if TYPE_CHECKING:
    from sources.simulator.orders.states import Known
    from sources.simulator.world.world import World

QUOTED = 0.08  # share of companies' orders that a quote came before
LOST_QUOTES = 0.6  # quotes per quoted order that led to nothing
APPROVED_FIRST = 0.22  # share of companies' orders that somebody had to allow
REFUSED_APPROVALS = 0.1  # requests per approved order that were refused
LOOK_AHEAD_DAYS = 16  # how long before an order anything it causes may happen


@dataclass(frozen=True, slots=True)
class Requests:
    """Quotes and approvals of a piece; `order` is a place in Placed, also where it never came."""

    quote_order: Ints
    quote_is_won: Bools
    quote_at: Ints
    quote_sent_at: Ints
    quote_decided_at: Ints
    approval_order: Ints
    approval_is_granted: Bools
    approval_at: Ints
    approval_decided_at: Ints


def make_requests(world: World, known: Known, rng: np.random.Generator) -> Requests:
    """Which orders were quoted or approved first, and what was asked for and never ordered."""
    placed = known.placed
    count = placed.who.size
    dice = rng.random((4, count))
    company = (placed.clock == 1) & ~placed.is_test
    later = world.profiles.first_at[placed.who] < placed.ordered_at - LOOK_AHEAD_DAYS * DAY
    quoted = company & later & (dice[0] < QUOTED)
    lost = company & later & (dice[1] < QUOTED * LOST_QUOTES)
    order = np.concatenate([np.flatnonzero(quoted), np.flatnonzero(lost)])
    is_won = np.arange(order.size) < int(quoted.sum())
    asked = placed.ordered_at[order] - rng.integers(2 * DAY, 13 * DAY, order.size)
    sent = asked + rng.integers(3_600, DAY, order.size)
    decided = np.where(is_won, placed.ordered_at[order], placed.ordered_at[order] - 3_600)
    allowed = company & (dice[2] < APPROVED_FIRST)
    denied = company & (dice[3] < APPROVED_FIRST * REFUSED_APPROVALS)
    held = np.concatenate([np.flatnonzero(allowed), np.flatnonzero(denied)])
    is_granted = np.arange(held.size) < int(allowed.sum())
    begun = placed.ordered_at[held] - rng.integers(1_800, 40 * 3_600, held.size)
    begun = np.maximum(begun, world.profiles.first_at[placed.who[held]] - 20)
    wait = (rng.random(held.size) * (placed.ordered_at[held] - begun)).astype(np.int64)
    return Requests(
        quote_order=order,
        quote_is_won=is_won,
        quote_at=asked,
        quote_sent_at=sent,
        quote_decided_at=decided,
        approval_order=held,
        approval_is_granted=is_granted,
        approval_at=begun,
        approval_decided_at=begun + wait,
    )
