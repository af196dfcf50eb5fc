"""The calendar feed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from sources.simulator.world.countries import COUNTRIES
from sources.simulator.world.holidays import black_friday, public_holidays

if TYPE_CHECKING:
    from sources.simulator.world.world import World

ANNOUNCED_AHEAD = 30  # days before its first that a sale is entered


def calendar_rows(world: World) -> pl.DataFrame:
    """The calendar feed: holidays of Germany, peaks of trade, and the marketplace's own sales."""
    first = world.calendar.first_day
    last = world.calendar.date_of(world.calendar.day_count - 1)
    rows = []
    for year in range(first.year, last.year + 1):
        entered = (date(year, 1, 1) - timedelta(days=120), "DE")
        rows += [
            (day, country.code, name, "public_holiday", False, entered[0])
            for country in COUNTRIES
            for day, name in public_holidays(year, country.code).items()
        ]
        friday = black_friday(year)
        for day, name in ((friday, "Black Friday"), (friday + timedelta(days=3), "Cyber Monday")):
            rows.append((day, "ZZ", name, "peak", True, entered[0]))
    for promotion in world.demand.promotions:
        for place in range(promotion.first_day, promotion.day_after):
            day = world.calendar.date_of(place)
            works = day.weekday() < 5 and day not in public_holidays(day.year, "DE")
            entered_on = world.calendar.date_of(promotion.first_day - ANNOUNCED_AHEAD)
            rows.append((day, "DE", promotion.name, "sale", works, entered_on))
    names = ("calendar_date", "country_code", "occasion", "kind", "is_working_day", "entered")
    frame = pl.DataFrame(rows, schema=list(names), orient="row")
    entered_at = frame["entered"].cast(pl.Datetime("ms")).dt.epoch("s")
    weekend = frame["calendar_date"].dt.weekday() > 5
    return frame.select(
        "calendar_date",
        "country_code",
        "occasion",
        "kind",
        (pl.col("is_working_day") & ~weekend).alias("is_working_day"),
        entered_at.alias("updated_at"),
    ).filter(entered_at < world.cutoff)
