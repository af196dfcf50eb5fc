"""What a unit of each line costs: the list price, an agreement's, or less by a promotion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import Bools, Ints, values_at
from sources.simulator.cells import NOWHERE
from sources.simulator.world.agreements import EACH
from sources.simulator.world.countries import TAX_BASIS_POINTS
from sources.simulator.world.goods_laws import AGREEMENT_IGNORED, PROMOTION_REACH
from sources.simulator.world.promotions import AMOUNT, BUNDLE, BUNDLE_UNITS, LEAST_GOODS

if TYPE_CHECKING:
    from sources.simulator.world.promotions import Promotions
    from sources.simulator.world.world import World


@dataclass(frozen=True, slots=True)
class Wanted:
    """Lines before they have a price: who wants how much of what, and when."""

    order: Ints
    offer: Ints
    thousandths: Ints  # of the product's unit
    who: Ints
    storefront: Ints
    day: Ints
    at: Ints


@dataclass(frozen=True, slots=True)
class Terms:
    """The price of a unit of each line, and why."""

    list_cents: Ints
    unit_cents: Ints
    promotion: Ints  # NOWHERE without one
    agreement: Ints  # NOWHERE without one
    is_ignored: Bools  # the agreement was not applied, by mistake


def find_terms(wanted: Wanted, world: World, rng: np.random.Generator) -> Terms:
    """The terms of the lines; whoever has an agreement gets no promotion on top of it."""
    offers, promotions = world.offers, world.promotions
    asked = offers.price_at(wanted.offer, wanted.at)
    category = world.products.category[offers.product[wanted.offer]]
    agreement = find_agreements(wanted, category, world)
    dice = rng.random((2, asked.size))
    ignored = (agreement >= 0) & (dice[0] < AGREEMENT_IGNORED)
    unit = asked.copy()
    applied = np.flatnonzero((agreement >= 0) & ~ignored)
    unit[applied] = world.agreements.price(agreement[applied], asked[applied])
    own = promotions.given(offers.vendor[wanted.offer], wanted.storefront, wanted.day)
    platform = promotions.of_category[category, wanted.day]
    reached = (platform >= 0) & (dice[1] < PROMOTION_REACH)
    promotion = np.where(reached, platform, own)
    kind = values_at(promotions.kind, promotion, NOWHERE)
    least = values_at(promotions.discount_cents, promotion, 0) * LEAST_GOODS
    fits = (kind != BUNDLE) | (wanted.thousandths >= BUNDLE_UNITS * 1_000)
    fits &= (kind != AMOUNT) | (amount_of(asked, wanted.thousandths) >= least)
    promotion = np.where(fits & (agreement < 0), promotion, NOWHERE)
    return Terms(asked, unit, promotion, agreement, ignored)


def find_agreements(wanted: Wanted, category: Ints, world: World) -> Ints:
    """The agreement that holds for each line, NOWHERE where none does."""
    agreements = world.agreements
    found = np.full(wanted.offer.size, NOWHERE)
    for number in range(EACH):
        place = agreements.first_of[wanted.who] + number
        mine = np.flatnonzero((place < agreements.last_of[wanted.who]) & (found < 0))
        place = place[mine]
        holds = agreements.covers(place, wanted.offer[mine], category[mine], wanted.day[mine])
        holds &= wanted.thousandths[mine] >= agreements.least_units[place] * 1_000
        found[mine[holds]] = place[holds]
    return found


def discounts(promotion: Ints, goods: Ints, promotions: Promotions) -> Ints:
    """The cents that each line's promotion takes off its goods."""
    points = values_at(promotions.discount_points, promotion, 0)
    return share_of(goods, points) + values_at(promotions.discount_cents, promotion, 0)


def amount_of(unit_cents: Ints, thousandths: Ints) -> Ints:
    """What so many thousandths of a unit are worth, half a cent rounded up."""
    found: Ints = (unit_cents * thousandths + 500) // 1_000
    return found


def share_of(cents: Ints, points: Ints) -> Ints:
    """A share of amounts in hundredths of a percent, half a cent rounded up."""
    found: Ints = (cents * points + 5_000) // 10_000
    return found


def tax_of(cents: Ints, country: Ints) -> Ints:
    """The tax of each country on amounts before tax."""
    return share_of(cents, TAX_BASIS_POINTS[country])
