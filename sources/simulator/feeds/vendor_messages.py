"""The vendor messages feed: questions of buyers, answers of vendors, never their text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import numbered, pick, taken
from sources.simulator.orders.states import Known, order_ids, part_ids
from sources.simulator.world.buyers import customer_ids

if TYPE_CHECKING:
    from sources.simulator.orders.conversations import Conversations
    from sources.simulator.world.vendors import Vendors

ASKED, REPLIED, ANSWERED, THANKED = range(4)
DIRECTIONS = ("inbound", "outbound", "outbound", "inbound")  # seen from the vendor


def vendor_message_rows(
    known: Known, conversations: Conversations, vendors: Vendors
) -> pl.DataFrame:
    """The messages sent before the cutoff."""
    placed, talks = known.placed, conversations
    at = np.stack([talks.asked_at, talks.replied_at, talks.answered_at, talks.thanked_at], axis=1)
    which, kind = np.nonzero(at < known.cutoff)
    order = talks.order[which]
    conversation = taken(part_ids(placed, talks.order, "Q"), which)
    return pl.DataFrame(
        {
            "message_id": conversation + numbered("-", kind + 1),
            "conversation_id": conversation,
            "vendor_id": taken(vendors.ids, talks.vendor[which]),
            "customer_id": customer_ids(placed.who[order]),
            "order_id": order_ids(placed.number[order]),
            "direction": pick(DIRECTIONS, kind),
            "needs_answer": kind == ASKED,
            "is_automatic": kind == REPLIED,
            "sent_at": at[which, kind],
        }
    )
