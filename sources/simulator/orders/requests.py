"""What companies ask for before they order: quotes and approvals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import DAY, NEVER, Bools, Ints
from sources.simulator.orders.baskets import order_cents
from sources.simulator.orders.shelves import PRICE_LEVEL
from sources.simulator.world.crm_laws import (
    APPROVAL_ENDS,
    APPROVAL_EXPIRES_DAYS,
    APPROVAL_LIMIT_CENTS,
    APPROVED_ABOVE,
    APPROVED_BELOW,
    DENIED,
    LOST_QUOTES,
    QUOTE_ENDS,
    QUOTED,
    SECOND_STEP_CENTS,
)

if TYPE_CHECKING:
    from sources.simulator.orders.states import Known
    from sources.simulator.world.world import World

LOOK_AHEAD_DAYS = 16  # how long before an order anything it causes may happen
GRANTED, TURNED_DOWN, LAPSED = 0, 1, 2  # as APPROVAL_ENDS has them, after the granted
ACCEPTED, REFUSED, EXPIRED, WITHDRAWN = 0, 1, 2, 3  # as QUOTE_ENDS has them, after the accepted
VALID_DAYS = np.array([14, 30, 30, 60])


@dataclass(frozen=True, slots=True)
class Requests:
    """Quotes and approvals of a piece; `order` is a place in Placed, also where it never came.

    An order has at most one quote and one approval that led to it, and one that did not.
    """

    quote_order: Ints
    quote_outcome: Ints  # ACCEPTED, REFUSED, EXPIRED or WITHDRAWN
    quote_at: Ints
    quote_sent_at: Ints  # NEVER where it was withdrawn before
    quote_valid_until: Ints  # the last day
    quote_over_at: Ints  # when it got its outcome
    approval_order: Ints
    approval_outcome: Ints  # GRANTED, TURNED_DOWN or LAPSED
    approval_at: Ints
    approval_passed_on_at: Ints  # when the first of two steps was approved; NEVER where one is all
    approval_decided_at: Ints  # the last step's; of LAPSED when it lapsed

    @property
    def quote_is_won(self) -> Bools:
        found: Bools = self.quote_outcome == ACCEPTED
        return found

    @property
    def approval_is_granted(self) -> Bools:
        found: Bools = self.approval_outcome == GRANTED
        return found


def euro_cents(known: Known) -> Ints:
    """What the goods of each order would cost in the storefront in euros: limits are in euros."""
    cents = order_cents(known.lines) / PRICE_LEVEL[known.placed.storefront]
    found: Ints = np.rint(cents).astype(np.int64)
    return found


def make_requests(world: World, known: Known, rng: np.random.Generator) -> Requests:
    """Which orders were quoted or approved first, and what was asked for and never ordered."""
    order, asked, sent, until, over, ends = ask_for_quotes(world, known, rng)
    held, outcome, begun, passed_on, decided = ask_for_approval(world, known, rng)
    # Whatever was asked for before the first day is in no feed.
    first = world.calendar.midnight[0]
    in_time, seen = asked > first, begun > first
    return Requests(
        quote_order=order[in_time],
        quote_outcome=ends[in_time],
        quote_at=asked[in_time],
        quote_sent_at=sent[in_time],
        quote_valid_until=until[in_time],
        quote_over_at=over[in_time],
        approval_order=held[seen],
        approval_outcome=outcome[seen],
        approval_at=begun[seen],
        approval_passed_on_at=passed_on[seen],
        approval_decided_at=decided[seen],
    )


def ask_for_quotes(
    world: World, known: Known, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
    """Order, request, sending, last day, end and outcome of each quote: those won first."""
    placed, calendar = known.placed, world.calendar
    dice = rng.random((2, placed.who.size))
    company = (placed.clock == 1) & ~placed.is_test
    later = world.profiles.first_at[placed.who] < placed.ordered_at - LOOK_AHEAD_DAYS * DAY
    won = np.flatnonzero(company & later & (dice[0] < QUOTED))
    lost = np.flatnonzero(company & later & (dice[1] < QUOTED * LOST_QUOTES))
    order = np.concatenate([won, lost])
    ends = 1 + rng.choice(len(QUOTE_ENDS), order.size, p=[end.share for end in QUOTE_ENDS])
    ends[: won.size] = ACCEPTED
    ordered = placed.ordered_at[order]
    # One that is lost waits for no order: else the last days would lack the quotes whose orders
    # are yet to come.
    is_won, span = ends == ACCEPTED, rng.integers(2 * DAY, 13 * DAY, order.size)
    asked = ordered - np.where(is_won, span, rng.integers(60, 3 * DAY, order.size))
    wanted_by = np.where(is_won, ordered, asked + span)
    sent = asked + rng.integers(3_600, DAY, order.size)
    until = calendar.days_of(sent) + rng.choice(VALID_DAYS, order.size)
    decided = sent + (rng.random(order.size) * (wanted_by - sent)).astype(np.int64)
    early = (ends == WITHDRAWN) & (rng.random(order.size) < 0.5)
    over = np.select(
        [ends == ACCEPTED, ends == EXPIRED, early],
        [ordered, calendar.midnight[until + 1], asked + 1_800],
        decided,
    )
    return order, asked, np.where(early, NEVER, sent), until, over, ends


def ask_for_approval(
    world: World, known: Known, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Order, outcome, request, passing on and decision of each approval."""
    placed = known.placed
    dice = rng.random((2, placed.who.size))
    company = (placed.clock == 1) & ~placed.is_test
    cents = euro_cents(known)
    share = np.where(cents > APPROVAL_LIMIT_CENTS, APPROVED_ABOVE, APPROVED_BELOW)
    granted = np.flatnonzero(company & (dice[0] < share))
    denied = np.flatnonzero(company & (dice[1] < share * DENIED))
    held = np.concatenate([granted, denied])
    ends = 1 + rng.choice(len(APPROVAL_ENDS), held.size, p=[end.share for end in APPROVAL_ENDS])
    ends[: granted.size] = GRANTED
    begun = placed.ordered_at[held] - rng.integers(1_800, 40 * 3_600, held.size)
    begun = np.maximum(begun, world.profiles.first_at[placed.who[held]] - 20)
    wait = (rng.random(held.size) * (placed.ordered_at[held] - begun)).astype(np.int64)
    wait = np.where(ends == LAPSED, APPROVAL_EXPIRES_DAYS * DAY, wait)
    # Somebody higher up decides as well; nobody asks him where the first lets it lapse.
    two = (cents[held] > SECOND_STEP_CENTS) & (ends != LAPSED)
    passed_on = np.where(two, begun + wait // 2, NEVER)
    return held, ends, begun, passed_on, begun + wait
