"""Orders and their lines, before anything becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.cells import NOWHERE
from sources.simulator.world.countries import STOREFRONT_OF
from sources.simulator.world.visit_laws import NUMBERS_PER_ORDER

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class Placed:
    """Orders in order of time."""

    number: Ints
    who: Ints
    clock: Ints  # 0 consumer, 1 business
    is_test: Bools
    country: Ints  # place in COUNTRIES: where it is sent
    value: Floats  # in euros
    day: Ints
    ordered_at: Ints
    cause: Ints  # place in the campaigns of the one that caused it, NOWHERE for the rest
    left_cart: Ints  # the visit after which the cart is named that is bought late, NOWHERE else

    @property
    def cart(self) -> Ints:
        """The visit that each order's cart is named after: mostly the one that orders."""
        own = self.number * NUMBERS_PER_ORDER
        return np.where(self.left_cart == NOWHERE, own, self.left_cart)

    @property
    def storefront(self) -> Ints:
        """Where each was placed, as a place in STOREFRONTS; all its amounts are in its currency."""
        found: Ints = STOREFRONT_OF[self.country]
        return found


@dataclass(frozen=True, slots=True)
class Lines:
    """Order lines, sorted by order; a part is one vendor's share of an order.

    Amounts are cents of the order's currency, for the whole line but for `unit_cents` and
    `list_cents`; they are before tax, and `gmv_cents` are the goods less their discount.
    """

    order: Ints  # place in Placed
    position: Ints  # from 1 within the order
    offer: Ints  # place in Offers
    product: Ints
    vendor: Ints
    part: Ints
    part_order: Ints
    part_vendor: Ints
    promotion: Ints  # place in Promotions, NOWHERE without one
    agreement: Ints  # place in Agreements, NOWHERE without one
    is_misbilled: Bools  # the agreement was not applied, by mistake
    thousandths: Ints  # how much was bought, in thousandths of the product's unit
    step: Ints  # the thousandths in multiples of which it is sold
    list_cents: Ints  # the price list's price of a unit at the instant of the order
    unit_cents: Ints
    discount_cents: Ints
    gmv_cents: Ints
    shipping_cents: Ints
    tax_cents: Ints  # of the goods and the shipping
    cost_cents: Ints  # what the goods cost the vendor
    commission_cents: Ints
