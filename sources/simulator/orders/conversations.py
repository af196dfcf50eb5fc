"""What buyers ask vendors about their orders, and whether they get an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import DAY, NEVER, Ints
from sources.simulator.orders.fulfilment import first_of
from sources.simulator.world.vendor_laws import ASKS_VENDOR, ASKS_WHEN_LATE, PATIENCE_HOURS, THANKS

if TYPE_CHECKING:
    from sources.simulator.orders.fulfilment import Fate
    from sources.simulator.orders.placed import Lines, Placed
    from sources.simulator.world.vendors import Vendors

PATIENCE = PATIENCE_HOURS * 3_600


@dataclass(frozen=True, slots=True)
class Conversations:
    """A question to a vendor each, sorted by part; instants are NEVER where nothing happens."""

    part: Ints  # place among the parts of Lines
    order: Ints  # place in Placed
    vendor: Ints
    asked_at: Ints
    replied_at: Ints  # by a machine, which is no answer
    answered_at: Ints
    thanked_at: Ints
    unanswered_at: Ints  # when the buyer's patience ended without an answer

    def unanswered_order_at(self, orders: int) -> Ints:
        """Per order the first instant at which a question stayed unanswered, NEVER for most."""
        return first_of(orders, self.order, self.unanswered_at)


def hold_conversations(
    placed: Placed, lines: Lines, fate: Fate, vendors: Vendors, rng: np.random.Generator
) -> Conversations:
    """The questions that follow from orders; more of those that arrive late lead to one.

    A question is asked once the vendor has the order. Whoever answers does so after a time that
    follows the vendor's law, also too late for the buyer's patience.
    """
    parts = lines.part_order.size
    out = np.where(fate.delivered_at < NEVER, fate.delivered_at, fate.promised_at + 3 * DAY)
    out = np.minimum(out, fate.ended_at)
    span = np.maximum(out - fate.sent_at, 3_600) + 2 * DAY
    asked = fate.sent_at + (rng.random(parts) * span).astype(np.int64)
    late = (fate.delivered_at > fate.promised_at) & (fate.shipped_at < NEVER)
    dice = rng.random(parts)
    where_is_it = late & (dice > 1 - ASKS_WHEN_LATE)
    waited = fate.promised_at + rng.integers(3_600, 2 * DAY, parts)
    asked = np.where(where_is_it, np.minimum(waited, out - 60), asked)
    asks = (fate.sent_at < NEVER) & ((dice < ASKS_VENDOR) | where_is_it)
    part = np.flatnonzero(asks)
    vendor, day = lines.part_vendor[part], placed.day[lines.part_order[part]]
    asked = asked[part]
    hours = vendors.quality.of("answer_hours", vendor, day)
    answered = asked + 60 + (rng.exponential(hours) * 3_600).astype(np.int64)
    silent = rng.random(part.size) < vendors.quality.of("unanswered", vendor, day)
    answered = np.where(silent, NEVER, answered)
    thanks = (rng.random(part.size) < THANKS) & (answered < NEVER)
    thanked = answered + rng.integers(300, DAY, part.size)
    return Conversations(
        part=part,
        order=lines.part_order[part],
        vendor=vendor,
        asked_at=asked,
        replied_at=np.where(vendors.replies_by_machine[vendor], asked + 45, NEVER),
        answered_at=answered,
        thanked_at=np.where(thanks, thanked, NEVER),
        unanswered_at=np.where(answered > asked + PATIENCE, asked + PATIENCE, NEVER),
    )
