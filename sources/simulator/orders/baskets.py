"""What is in an order: offers of one or several vendors at prices exact to the cent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import Bools, Ints, number_within, values_at
from sources.simulator.cells import NOWHERE
from sources.simulator.chance import hashed
from sources.simulator.orders.choices import Wishes
from sources.simulator.orders.placed import Lines, Placed
from sources.simulator.orders.stock_outs import Unmet, meet_stock_outs
from sources.simulator.orders.terms import (
    Terms,
    Wanted,
    amount_of,
    discounts,
    find_terms,
    share_of,
    tax_of,
)
from sources.simulator.orders.thinning import chosen
from sources.simulator.world.catalogue import LEAST_MEASURED
from sources.simulator.world.promotions import FREE_SHIPPING

if TYPE_CHECKING:
    from sources.simulator.orders.shelves import Shelf
    from sources.simulator.world.world import World

# By storefront, in its cents; a part that is worth more is sent free of charge.
FREE_SHIPPING_CENTS = np.array([4_900, 4_900, 19_900])
SHIPPING_CENTS = np.array([490, 490, 1_990])


def fill_baskets(
    placed: Placed, shelf: Shelf, world: World, rng: np.random.Generator
) -> tuple[Placed, Lines, Unmet]:
    """The orders that find anything to buy, their lines, and what stock-outs took from them.

    An order's goods are worth its buyer's value on average.
    """
    wishes = Wishes(placed, shelf, world, rng)
    left, unmet = meet_stock_outs(wishes, rng)
    found, order = np.unique(wishes.order[left], return_inverse=True)
    placed = chosen(placed, {}, found)
    order, offer, units = merged(order, wishes.offer[left], wishes.units[left], world)
    wanted = Wanted(
        order=order,
        offer=offer,
        thousandths=measure(offer, units, placed.ordered_at[order], world),
        who=placed.who[order],
        storefront=placed.storefront[order],
        day=placed.day[order],
        at=placed.ordered_at[order],
    )
    return placed, priced(wanted, placed.country[order], world, rng), unmet


def merged(order: Ints, offer: Ints, units: Ints, world: World) -> tuple[Ints, Ints, Ints]:
    """The lines without those whose product is in the order already; theirs are more units of it.

    So the money is spent either way.
    """
    products = world.products.price.size
    _, first, line = np.unique(
        order * products + world.offers.product[offer], return_index=True, return_inverse=True
    )
    total = np.rint(np.bincount(line, units)).astype(np.int64)
    in_order = np.argsort(first)
    kept = first[in_order]
    return order[kept], offer[kept], total[in_order]


def measure(offer: Ints, units: Ints, at: Ints, world: World) -> Ints:
    """Thousandths of a unit: so many whole ones, or about as many of what is weighed or cut."""
    products, product = world.products, world.offers.product[offer]
    step = products.step[product]
    least = LEAST_MEASURED
    about = least + hashed(at * 65_536 + offer, 211, 2 * (1_000 - least) + 1)
    cut = np.maximum(units * about // step, 1) * step
    return np.where(products.is_measured[product], cut, units * 1_000)


def priced(wanted: Wanted, country: Ints, world: World, rng: np.random.Generator) -> Lines:
    """The lines with their money; a lower price than the list's buys more for the same money."""
    order, offer, thousandths = wanted.order, wanted.offer, wanted.thousandths
    product, vendor = world.offers.product[offer], world.offers.vendor[offer]
    terms = find_terms(wanted, world, rng)
    paid = amount_of(terms.unit_cents, thousandths)
    paid = paid - discounts(terms.promotion, paid, world.promotions)
    step = world.products.step[product]
    thousandths = bought(terms, thousandths, paid, step, rng)
    goods = amount_of(terms.unit_cents, thousandths)
    saved = discounts(terms.promotion, goods, world.promotions)
    vendors = len(world.vendors.ids)
    parts, part = np.unique(order * vendors + vendor, return_inverse=True)
    is_free = values_at(world.promotions.kind, terms.promotion, NOWHERE) == FREE_SHIPPING
    shipping = shipping_of(part, goods - saved, wanted.storefront, is_free)
    points = world.categories.commission_basis_points[world.products.category[product]]
    return Lines(
        order=order,
        position=number_within(order),
        offer=offer,
        product=product,
        vendor=vendor,
        part=part,
        part_order=parts // vendors,
        part_vendor=parts % vendors,
        promotion=terms.promotion,
        agreement=terms.agreement,
        is_misbilled=terms.is_ignored,
        thousandths=thousandths,
        step=step,
        list_cents=terms.list_cents,
        unit_cents=terms.unit_cents,
        discount_cents=saved,
        gmv_cents=goods - saved,
        shipping_cents=shipping,
        tax_cents=tax_of(goods - saved + shipping, country),
        cost_cents=amount_of(world.offers.cost_at(offer, wanted.at), thousandths),
        commission_cents=share_of(goods - saved, points),
    )


def bought(
    terms: Terms, thousandths: Ints, paid: Ints, step: Ints, rng: np.random.Generator
) -> Ints:
    """How much is bought for what the wanted thousandths cost at the list price.

    An agreement may have become dearer than the list: nobody takes less for it than was wanted.
    """
    more = amount_of(terms.list_cents, thousandths) * thousandths / (paid * step)
    more = np.maximum(more, thousandths // step)
    found: Ints = np.floor(more + rng.random(more.size)).astype(np.int64) * step
    return found


def shipping_of(part: Ints, gmv: Ints, storefront: Ints, is_free: Bools) -> Ints:
    """Shipping is charged once per vendor's part, on its first line, unless the part is large.

    A promotion with free shipping on any of its lines frees the whole part.
    """
    value, freed = np.bincount(part, gmv), np.bincount(part, is_free) > 0
    first = np.zeros(part.size, dtype=np.bool_)
    first[np.unique(part, return_index=True)[1]] = True
    is_small = (value[part] < FREE_SHIPPING_CENTS[storefront]) & ~freed[part]
    return np.where(first & is_small, SHIPPING_CENTS[storefront], 0)


def order_cents(lines: Lines) -> Ints:
    """The goods of each order."""
    return per_order(lines, lines.gmv_cents)


def per_order(lines: Lines, cents: Ints) -> Ints:
    """The sum of each order's lines."""
    first = np.flatnonzero(np.diff(lines.order, prepend=-1))
    found: Ints = np.add.reduceat(cents, first)
    return found
