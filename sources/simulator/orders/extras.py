"""What orders charge and take off beside their lines, which no vendor gets or bears."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.chance import hashed
from sources.simulator.orders.baskets import order_cents
from sources.simulator.world.countries import UNIT_OF_STOREFRONT
from sources.simulator.world.money_laws import COUPON_EUROS, COUPONS, LEAST_GOODS_PER_COUPON

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.orders.placed import Lines, Placed


EXPRESS_CENTS = np.array([399, 399, 1_690])  # by storefront, in its cents


def express_cents(placed: Placed) -> Ints:
    """The surcharge some orders carry on top of their lines' shipping."""
    return np.where(placed.number * 7_919 % 100 < 4, EXPRESS_CENTS[placed.storefront], 0)


def coupon_cents(placed: Placed, lines: Lines) -> Ints:
    """The cents before tax that a coupon takes off each order, 0 for most and for express."""
    worth = np.array(COUPON_EUROS)[hashed(placed.number, 213, len(COUPON_EUROS))]
    worth = worth * 100 * UNIT_OF_STOREFRONT[placed.storefront]
    has_one = hashed(placed.number, 212, 1_000) < COUPONS * 1_000
    has_one &= (placed.clock == 0) & ~placed.is_test & (express_cents(placed) == 0)
    has_one &= order_cents(lines) >= LEAST_GOODS_PER_COUPON * worth
    return np.where(has_one, worth, 0)


def coupon_shares(placed: Placed, lines: Lines) -> Ints:
    """Each line's share of its order's coupon: differences of running sums, which add up to it."""
    coupon, goods = coupon_cents(placed, lines), order_cents(lines)
    first = np.flatnonzero(np.diff(lines.order, prepend=-1))
    before = np.cumsum(lines.gmv_cents) - lines.gmv_cents
    before -= before[first][lines.order]
    edges = (before, before + lines.gmv_cents)
    low, high = (coupon[lines.order] * edge // goods[lines.order] for edge in edges)
    found: Ints = high - low
    return found
