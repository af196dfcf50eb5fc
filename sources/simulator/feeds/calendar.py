"""The calendar feed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.world.countries import COUNTRIES
from sources.simulator.world.holidays import black_friday, public_holidays, regional_holidays
from sources.simulator.world.vendors import REST_MONTHS

if TYPE_CHECKING:
    from sources.simulator.world.world import World

SALE_ENTERED = timedelta(days=30)  # before its first day
REST_ENTERED = timedelta(days=45)
YEAR_ENTERED = timedelta(days=120)
EVERYWHERE = EVERYBODY = "all"
COLUMNS = (
    "calendar_date", "country_code", "region", "vendor_id", "occasion", "kind", "is_working_day",
    "entered",
)  # fmt: skip
Row = tuple[date, str, str, str, str, str, bool | None, date]


def calendar_rows(world: World) -> pl.DataFrame:
    """The calendar feed: holidays, peaks of trade, sales, and shops that rest for a season."""
    frame = pl.DataFrame(
        [*given_days(world), *sales(world), *rests(world)], schema=list(COLUMNS), orient="row"
    )
    entered_at = frame["entered"].cast(pl.Datetime("ms")).dt.epoch("s")
    weekend = frame["calendar_date"].dt.weekday() > 5
    return (
        frame.drop("entered")
        .with_columns(
            (pl.col("is_working_day") & ~weekend).alias("is_working_day"),
            entered_at.alias("updated_at"),
        )
        .filter(entered_at < world.cutoff)
    )


def given_days(world: World) -> list[Row]:
    """What stands in everybody's calendar; where parts of a country rest, carriers decide."""
    rows: list[Row] = []
    last = world.calendar.date_of(world.calendar.day_count - 1)
    everyone = (EVERYWHERE, EVERYBODY)
    for year in range(world.calendar.first_day.year, last.year + 1):
        entered = date(year, 1, 1) - YEAR_ENTERED
        for country in COUNTRIES:
            for day, name in public_holidays(year, country.code).items():
                rows.append((day, country.code, *everyone, name, "public_holiday", False, entered))
        for day, state, name in regional_holidays(year):
            rows.append((day, "DE", state, EVERYBODY, name, "public_holiday", None, entered))
        friday = black_friday(year)
        for day, name in ((friday, "Black Friday"), (friday + timedelta(days=3), "Cyber Monday")):
            rows.append((day, "ZZ", *everyone, name, "peak", True, entered))
    return rows


def sales(world: World) -> list[Row]:
    """The marketplace's own sales."""
    rows: list[Row] = []
    for promotion in world.demand.promotions:
        first = world.calendar.date_of(promotion.first_day)
        for place in range(promotion.first_day, promotion.day_after):
            day = world.calendar.date_of(place)
            works = day not in public_holidays(day.year, "DE")
            where = ("DE", EVERYWHERE, EVERYBODY)
            rows.append((day, *where, promotion.name, "sale", works, first - SALE_ENTERED))
    return rows


def rests(world: World) -> list[Row]:
    """The months in which seasonal shops are closed, every year."""
    vendors, calendar = world.vendors, world.calendar
    rows: list[Row] = []
    for vendor in np.flatnonzero(vendors.rest_month > 0):
        month = int(vendors.rest_month[vendor])
        name = "Winter break" if month == 1 else "Summer break"
        where = (COUNTRIES[vendors.country[vendor]].code, EVERYWHERE, vendors.ids[int(vendor)])
        last = calendar.date_of(calendar.day_count - 1)
        for year in range(calendar.first_day.year, last.year + 1):
            first, after = date(year, month, 1), date(year, month + REST_MONTHS, 1)
            joined = calendar.date_of(int(vendors.joined_day[vendor]))
            if first < joined:
                continue
            entered = max(first - REST_ENTERED, joined)
            for place in range((after - first).days):
                day = first + timedelta(days=place)
                rows.append((day, *where, name, "company_closure", False, entered))
    return rows
