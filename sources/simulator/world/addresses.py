"""Where customers have their orders sent: decided by their number, so that it needs no memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import pick
from sources.simulator.chance import hashed
from sources.simulator.world.countries import COUNTRIES

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints

# Region and the first two digits of its postal codes, by the places of COUNTRIES.
REGIONS = (
    (
        ("Berlin", "10"), ("Hamburg", "20"), ("Bayern", "80"), ("Nordrhein-Westfalen", "50"),
        ("Sachsen", "04"), ("Baden-Württemberg", "70"), ("Thüringen", "99"), ("Hessen", "60"),
    ),
    (
        ("Wien", "10"), ("Niederösterreich", "31"), ("Oberösterreich", "40"), ("Salzburg", "50"),
        ("Tirol", "60"), ("Vorarlberg", "68"), ("Steiermark", "80"), ("Kärnten", "90"),
    ),
    (
        ("Vaud", "10"), ("Genève", "12"), ("Bern", "30"), ("Basel-Stadt", "40"), ("Aargau", "50"),
        ("Luzern", "60"), ("Zürich", "80"), ("St. Gallen", "90"),
    ),
    (
        ("Mazowieckie", "00"), ("Łódzkie", "90"), ("Małopolskie", "30"), ("Śląskie", "40"),
        ("Dolnośląskie", "50"), ("Wielkopolskie", "60"), ("Zachodniopomorskie", "70"),
        ("Pomorskie", "80"),
    ),
)  # fmt: skip
PLACES = len(REGIONS[0])
SENT_ELSEWHERE = 8  # one order in so many goes to another address than usual


def addresses(who: Ints, country: Ints, number: Ints) -> pl.DataFrame:
    """Country, region and postal code of where each order is sent."""
    elsewhere = hashed(number, 105, SENT_ELSEWHERE) == 0
    home = np.where(elsewhere, number + 1_000_000_007, who)
    # Larger places come first and have more people.
    place = np.minimum(hashed(home, 106, PLACES), hashed(home, 107, PLACES))
    index = country * PLACES + place
    regions = [region for of_country in REGIONS for region in of_country]
    start = pick(tuple(code for _, code in regions), index)
    rest = pl.Series(hashed(home, 108, 1_000))
    three = rest.cast(pl.String).str.zfill(3)
    two = (rest % 100).cast(pl.String).str.zfill(2)
    codes = np.array([land.code for land in COUNTRIES])[country]
    is_short = pl.Series(np.isin(codes, ("AT", "CH")))
    long = start + pl.Series(np.where(codes == "PL", "-", "")) + three
    return pl.DataFrame(
        {
            "ship_country_code": codes,
            "ship_region": pick(tuple(name for name, _ in regions), index),
            "ship_postal_code": (start + two).zip_with(is_short, long),
        }
    )
