"""A mailing, what becomes of it, and the orders that it causes and that are yet to come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import NEVER

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Ints


@dataclass(frozen=True, slots=True)
class Mailing:
    """Some of a campaign's members, and who of them is not mailed."""

    campaign: int
    piece: int
    begins: int
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


class Answers:
    """The orders that campaigns have caused and that are yet to come, and how many were reached."""

    def __init__(self, campaigns: int) -> None:
        self.reached = np.zeros(campaigns, dtype=np.int64)
        self.held_out = np.zeros(campaigns, dtype=np.int64)
        self.orders = np.zeros(campaigns, dtype=np.int64)
        self._coming = np.zeros((3, 0), dtype=np.int64)  # who, at, campaign

    def expect(self, mailing: Mailing, sent: Sent) -> None:
        """Remembers what a mailing causes."""
        mine = np.flatnonzero(sent.ordered_at < NEVER)
        rows = (mailing.reached[mine], sent.ordered_at[mine], np.full(mine.size, mailing.campaign))
        self._coming = np.concatenate([self._coming, np.stack(rows)], axis=1)

    def due(self, before: int) -> tuple[Ints, Ints, Ints]:
        """Customer, instant and campaign of the orders before an instant, which it forgets."""
        is_due = self._coming[1] < before
        who, at, campaign = self._coming[:, is_due]
        self._coming = self._coming[:, ~is_due]
        return who, at, campaign
