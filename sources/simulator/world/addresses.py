"""Where customers live and where orders are sent: decided by numbers, without any memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.chance import hashed
from sources.simulator.world.countries import COUNTRIES, STOREFRONT_OF
from sources.simulator.world.names import places

if TYPE_CHECKING:
    import polars as pl

    from sources.simulator.arrays import Ints

SENT_ELSEWHERE = 8  # one order in so many goes to another address than the customer's
SENT_ABROAD = 0.02  # share of orders that go to another country of the same storefront
FIRST_GIFT = 1_000_000_007  # homes from here on are those of other people


def neighbours() -> Ints:
    """For each country another one that is served by its storefront, or itself."""
    places = np.arange(len(COUNTRIES))
    is_other = (STOREFRONT_OF[:, None] == STOREFRONT_OF) & (places[:, None] != places)
    return np.where(is_other.any(axis=1), is_other.argmax(axis=1), places)


def sent_to(who: Ints, country: Ints, at: Ints) -> Ints:
    """The country that each order is sent to, of customers who live in a country."""
    goes_abroad = hashed(who * 100_003 + at, 216, 1_000) < SENT_ABROAD * 1_000
    return np.where(goes_abroad, neighbours()[country], country)


def homes(who: Ints, country: Ints) -> pl.DataFrame:
    """Postal code, city, region and country of where customers live."""
    return places(country, who)


def addresses(who: Ints, lives_in: Ints, country: Ints, number: Ints) -> pl.DataFrame:
    """Country, region and postal code of where each order is sent: mostly the customer's own."""
    elsewhere = (hashed(number, 105, SENT_ELSEWHERE) == 0) | (country != lives_in)
    where = places(country, np.where(elsewhere, number + FIRST_GIFT, who))
    return where.select(
        ship_country_code="country_code",
        ship_region="region",
        ship_postal_code="postal_code",
    )
