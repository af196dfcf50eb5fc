"""Days on which trade is different everywhere: holidays of countries, and the peaks of autumn."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

import polars as pl

_THURSDAY: Final = 4
SCHEMA: Final = {
    "kind": pl.String,
    "event_name": pl.String,
    "country_code": pl.String,
    "order_date": pl.Date,
}


def special_days(countries: Collection[str], first: date, last: date) -> pl.DataFrame:
    """Holidays and peaks between two days, `kind event_name country_code order_date`.

    Holidays are public ones of the whole country (the library `holidays`); of a country that it
    does not know there are none. Peaks hold in every country, ZZ.
    """
    years = range(first.year, last.year + 1)
    rows = [
        *(
            ("holiday", name, code, day)
            for code in sorted(countries)
            for day, name in _of(code, years)
        ),
        *(("peak", name, "ZZ", day) for year in years for day, name in peaks(year)),
    ]
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return frame.filter(pl.col("order_date").is_between(first, last))


def peaks(year: int) -> tuple[tuple[date, str], tuple[date, str]]:
    """Black Friday, the day after the fourth Thursday of November, and the Monday after it."""
    begin = date(year, 11, 1)
    thursday = begin + timedelta(days=(_THURSDAY - begin.isoweekday()) % 7 + 21)
    return (
        (thursday + timedelta(days=1), "Black Friday"),
        (thursday + timedelta(days=4), "Cyber Monday"),
    )


def _of(code: str, years: range) -> list[tuple[date, str]]:
    import holidays  # noqa: PLC0415 - needed where forecasts are made alone

    try:
        found = holidays.country_holidays(code, years=years, language="en_US")
    except NotImplementedError:
        return []
    return sorted((day, str(name)) for day, name in found.items())
