"""Events of one type before they are put in order: of which visits, where within them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.cells import NOWHERE

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Ints

EVENTS = (
    "page_viewed", "content_viewed", "vendor_viewed", "product_list_viewed", "products_searched",
    "product_viewed", "product_added", "cart_viewed", "coupon_applied", "checkout_started",
    "checkout_step_completed", "payment_info_entered", "order_completed", "quote_requested",
    "approval_requested", "approval_granted", "credit_check_failed", "reorder_started",
    "signed_in", "promotion_viewed", "newsletter_subscribed",
)  # fmt: skip
PLACE = {name: place for place, name in enumerate(EVENTS)}
STEPS = 2  # of the checkout before the payment: the address, the delivery
# Where events stand within a visit; products follow their first by one or by two.
RANKS = 4_096
FIRST_VIEW, ADDED, FIRST_BOUGHT, CART, COMPLETED, LAST = 8, 90, 100, 3_000, 3_100, 4_095

Block = tuple["Ints", str, "int | Ints", "Ints | None"]  # visit, event, rank within the visit, line


def nothing(visit: Ints) -> Ints:
    return np.full(visit.size, NOWHERE)


def plain(visit: Ints | Bools, event: str, rank: int) -> Block:
    """Events without a product, for the visits named or marked."""
    which: Ints = np.flatnonzero(visit) if visit.dtype == np.bool_ else visit.astype(np.int64)
    return which, event, rank, None
