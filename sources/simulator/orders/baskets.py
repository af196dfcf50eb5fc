"""What is in an order: offers of one or several vendors at prices exact to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.cells import NOWHERE
from sources.simulator.orders.choices import choose_offers
from sources.simulator.world.countries import STOREFRONT_OF, TAX_BASIS_POINTS
from sources.simulator.world.goods_laws import PROMOTION_REACH

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Floats, Ints
    from sources.simulator.orders.shelves import Shelf
    from sources.simulator.world.world import World

# By storefront, in its cents; a part that is worth more is sent free of charge.
FREE_SHIPPING_CENTS = np.array([4_900, 4_900, 19_900])
SHIPPING_CENTS = np.array([490, 490, 1_990])


@dataclass(frozen=True, slots=True)
class Placed:
    """Orders in order of time."""

    number: Ints  # NOWHERE until it is known which of them stand
    who: Ints
    clock: Ints  # 0 consumer, 1 business
    is_test: Bools
    country: Ints  # place in COUNTRIES: where it is sent
    value: Floats  # in euros
    day: Ints
    ordered_at: Ints
    cause: Ints  # place in Campaigns of what caused the order, NOWHERE for the rest

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
    promotion: Ints  # place in the promotions, NOWHERE without one
    agreement: Ints  # place in the agreements, NOWHERE without one
    quantity: Ints
    list_cents: Ints  # the price list's price of a unit at the instant of the order
    unit_cents: Ints
    discount_cents: Ints
    gmv_cents: Ints
    shipping_cents: Ints
    tax_cents: Ints  # of the goods and the shipping
    cost_cents: Ints  # what the goods cost the vendor
    commission_cents: Ints


def fill_baskets(placed: Placed, shelf: Shelf, world: World, rng: np.random.Generator) -> Lines:
    """The lines of the orders; an order's goods are worth its buyer's value on average."""
    order, offer, units = choose_offers(placed, shelf, world, rng)
    first_of_order = np.flatnonzero(np.diff(order, prepend=-1))
    product, vendor = world.offers.product[offer], world.offers.vendor[offer]
    category = world.products.category[product]
    at = placed.ordered_at[order]
    promoted = rng.random(order.size) < PROMOTION_REACH
    discount = np.where(promoted, world.demand.discount[category, placed.day[order]], 0.0)
    # What is cheaper than its usual price is bought in greater numbers for the same money.
    quantity = rounded(units / (1 - discount), rng)
    asked = world.offers.price_at(offer, at)
    basis_points = np.rint(discount * 10_000).astype(np.int64)
    discount_cents = share_of(asked * quantity, basis_points)
    gmv = asked * quantity - discount_cents
    parts, part = np.unique(order * len(world.vendors.ids) + vendor, return_inverse=True)
    shipping = shipping_of(part, gmv, placed.storefront[order])
    return Lines(
        order=order,
        position=np.arange(order.size) - first_of_order[order] + 1,
        offer=offer,
        product=product,
        vendor=vendor,
        part=part,
        part_order=parts // len(world.vendors.ids),
        part_vendor=parts % len(world.vendors.ids),
        promotion=np.full(order.size, NOWHERE),
        agreement=np.full(order.size, NOWHERE),
        quantity=quantity,
        list_cents=asked,
        unit_cents=asked,
        discount_cents=discount_cents,
        gmv_cents=gmv,
        shipping_cents=shipping,
        tax_cents=share_of(gmv + shipping, TAX_BASIS_POINTS[placed.country[order]]),
        cost_cents=world.offers.cost_at(offer, at) * quantity,
        commission_cents=share_of(gmv, world.categories.commission_basis_points[category]),
    )


def rounded(units: Floats, rng: np.random.Generator) -> Ints:
    """Whole units, rounded up or down by chance, so that their mean stays."""
    found: Ints = np.floor(units + rng.random(units.size)).astype(np.int64)
    return found


def share_of(cents: Ints, basis_points: Ints) -> Ints:
    """A share of amounts, half a cent rounded up."""
    found: Ints = (cents * basis_points + 5_000) // 10_000
    return found


def shipping_of(part: Ints, gmv: Ints, storefront: Ints) -> Ints:
    """Shipping is charged once per vendor's part, on its first line, unless the part is large."""
    value = np.bincount(part, gmv)
    first = np.zeros(part.size, dtype=np.bool_)
    first[np.unique(part, return_index=True)[1]] = True
    is_small = value[part] < FREE_SHIPPING_CENTS[storefront]
    return np.where(first & is_small, SHIPPING_CENTS[storefront], 0)


def order_cents(lines: Lines) -> Ints:
    """The goods of each order."""
    return per_order(lines, lines.gmv_cents)


def per_order(lines: Lines, cents: Ints) -> Ints:
    """The sum of each order's lines."""
    first = np.flatnonzero(np.diff(lines.order, prepend=-1))
    found: Ints = np.add.reduceat(cents, first)
    return found
