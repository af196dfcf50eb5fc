"""Coupons: an amount off a whole order, which the marketplace bears and not its vendors."""

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


def coupon_cents(placed: Placed, lines: Lines) -> Ints:
    """The cents before tax that a coupon takes off each order, 0 for most."""
    worth = np.array(COUPON_EUROS)[hashed(placed.number, 213, len(COUPON_EUROS))]
    worth = worth * 100 * UNIT_OF_STOREFRONT[placed.storefront]
    has_one = hashed(placed.number, 212, 1_000) < COUPONS * 1_000
    has_one &= (placed.clock == 0) & ~placed.is_test
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
