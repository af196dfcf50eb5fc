"""A mailing, what becomes of it, and the orders that it causes and that are yet to come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import NEVER
from sources.simulator.cells import NOWHERE

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Ints


@dataclass(frozen=True, slots=True)
class Mailing:
    """Some of a campaign's members, and who of them is not mailed."""

    campaign: int
    piece: int
    begins: int | Ints  # of all, or of each
    who: Ints
    is_holdout: Bools

    @property
    def reached(self) -> Ints:
        """Those who are mailed."""
        found: Ints = self.who[~self.is_holdout]
        return found


@dataclass(frozen=True, slots=True)
class Sent:
    """What becomes of the messages to those reached; NEVER where nothing does."""

    way: Ints  # place in WAYS
    status: Ints  # 0 delivered, 1 bounced, 2 complained
    sent_at: Ints
    opened_at: Ints
    clicked_at: Ints
    stopped_at: Ints  # when it makes the person unsubscribe
    replied_at: Ints
    ordered_at: Ints  # the order it causes, unless the person has left by then
    cart: Ints | None = None  # the visit after which the cart is named that is bought then


class Answers:
    """The orders that campaigns have caused and that are yet to come, and how many were reached."""

    def __init__(self, campaigns: int) -> None:
        self.reached = np.zeros(campaigns, dtype=np.int64)
        self.held_out = np.zeros(campaigns, dtype=np.int64)
        self.orders = np.zeros(campaigns, dtype=np.int64)
        self._reminded: dict[int, Bools] = {}  # by month: who has been reminded of a cart
        self._coming = np.zeros((4, 0), dtype=np.int64)  # who, at, campaign, cart

    def expect(self, mailing: Mailing, sent: Sent) -> None:
        """Counts whom a mailing reaches, and remembers what it causes."""
        self.reached[mailing.campaign] += mailing.reached.size
        self.held_out[mailing.campaign] += mailing.who.size - mailing.reached.size
        mine = np.flatnonzero(sent.ordered_at < NEVER)
        cart = np.full(mine.size, NOWHERE) if sent.cart is None else sent.cart[mine]
        campaign = np.full(mine.size, mailing.campaign)
        rows = (mailing.reached[mine], sent.ordered_at[mine], campaign, cart)
        self._coming = np.concatenate([self._coming, np.stack(rows)], axis=1)

    def due(self, before: int) -> tuple[Ints, Ints, Ints, Ints]:
        """Customer, instant, campaign and cart of the orders before an instant; it forgets them."""
        is_due = self._coming[1] < before
        who, at, campaign, cart = self._coming[:, is_due]
        self._coming = self._coming[:, ~is_due]
        return who, at, campaign, cart

    def first_of_month(self, month: int, who: Ints, people: int) -> Bools:
        """Who of some, each named once, is not reminded yet in a month; it remembers them."""
        reminded = self._reminded.setdefault(month, np.zeros(people, dtype=np.bool_))
        found: Bools = ~reminded[who]
        reminded[who] = True
        return found
