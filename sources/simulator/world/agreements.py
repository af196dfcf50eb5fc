"""Prices and discounts agreed with companies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import DAY, NEVER
from sources.simulator.cells import NOWHERE, scrambled
from sources.simulator.chance import hashed
from sources.simulator.world.calendar import instants
from sources.simulator.world.countries import STOREFRONT_OF, STOREFRONTS

if TYPE_CHECKING:
    import polars as pl

    from sources.simulator.arrays import Bools, Ints
    from sources.simulator.world.buyers import Buyers
    from sources.simulator.world.calendar import Calendar
    from sources.simulator.world.catalogue import Categories
    from sources.simulator.world.offers import Offers
    from sources.simulator.world.prospects import Prospects

HAVE_AGREEMENTS = 6  # one company in so many
EACH = 2  # agreements of such a company
DAYS_VALID = 365
LEAST_UNITS = np.array([1, 1, 2, 5])


@dataclass(frozen=True, slots=True)
class Agreements:
    """Agreements on the offer of a vendor or on a category, in order of companies."""

    ids: pl.Series
    who: Ints
    offer: Ints  # place in Offers, NOWHERE where a category is meant
    category: Ints  # NOWHERE where an offer is meant
    storefront: Ints
    discount_points: Ints  # hundredths of a percent off the list price of a category's goods
    unit_cents: Ints  # the agreed price of an offer, 0 for a category
    least_units: Ints
    first_day: Ints
    day_after: Ints
    signed_at: Ints
    first_of: Ints  # per customer: the first of its agreements
    last_of: Ints  # the place after its last

    def covers(self, place: Ints, offer: Ints, category: Ints, day: Ints) -> Bools:
        """Whether each agreement holds for an offer in a category on a day."""
        found: Bools = (
            (place >= 0)
            & ((self.offer[place] == offer) | (self.category[place] == category))
            & (self.first_day[place] <= day)
            & (day < self.day_after[place])
        )
        return found

    def price(self, place: Ints, list_cents: Ints) -> Ints:
        """The price of a unit by each agreement."""
        reduced = (list_cents * (10_000 - self.discount_points[place]) + 5_000) // 10_000
        return np.where(self.offer[place] >= 0, self.unit_cents[place], reduced)


def make_agreements(
    buyers: Buyers,
    prospects: Prospects,
    goods: tuple[Categories, Offers],
    calendar: Calendar,
) -> Agreements:
    """Two agreements for one company in six, each on an offer or on a category."""
    categories, offers = goods
    who = np.flatnonzero(prospects.account_from < NEVER)
    who = np.repeat(who[hashed(who, 25, HAVE_AGREEMENTS) == 0], EACH)
    key = who * EACH + np.tile(np.arange(1, EACH + 1), who.size // EACH)
    storefront = STOREFRONT_OF[buyers.country[who]]
    edges = np.searchsorted(offers.storefront, np.arange(len(STOREFRONTS) + 1))
    on_sale = np.diff(edges)[storefront]
    offer = edges[storefront] + hashed(key, 27, 1 << 40) % np.maximum(on_sale, 1)
    start = np.maximum(calendar.days_of(prospects.account_from[who]), 0) + 10
    start = start + hashed(key, 29, 60)
    begun = instants(calendar, np.minimum(start, calendar.day_count), np.full(key.size, 7 * 3600))
    on_offer = (hashed(key, 26, 2) == 0) & (on_sale > 0)
    points = (2 + hashed(key, 30, 14)) * 100
    agreed = offers.price_at(offer, begun - DAY) * (10_000 - points) // 10_000
    begins = (start < calendar.day_count) & (~on_offer | (offers.listed_day[offer] < start - 1))
    category = np.where(on_offer, NOWHERE, hashed(key, 28, len(categories.ids)))
    mine = np.flatnonzero(begins)
    customers = np.arange(buyers.rate.size)
    return Agreements(
        ids=scrambled("PA-", key[mine], 9),
        who=who[mine],
        offer=np.where(on_offer, offer, NOWHERE)[mine],
        category=category[mine],
        storefront=storefront[mine],
        discount_points=np.where(on_offer, 0, points)[mine],
        unit_cents=np.where(on_offer, np.maximum(agreed, 1), 0)[mine],
        least_units=LEAST_UNITS[hashed(key, 31, LEAST_UNITS.size)][mine],
        first_day=start[mine],
        day_after=start[mine] + DAYS_VALID,
        signed_at=begun[mine] - DAY,
        first_of=np.searchsorted(who[mine], customers),
        last_of=np.searchsorted(who[mine], customers, side="right"),
    )
