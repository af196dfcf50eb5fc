"""The exchange rates feed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import fraction, pick, repeated
from sources.simulator.chance import stream
from sources.simulator.world.calendar import instants
from sources.simulator.world.holidays import easter_sunday
from sources.simulator.world.money_laws import CURRENCIES, RATE_KEPT

if TYPE_CHECKING:
    from sources.simulator.world.world import World

PUBLISHED_SECOND = 16 * 3600
DAYS_BEFORE = 10  # longer than the central banks ever rest


def rate_rows(world: World) -> pl.DataFrame:
    """The exchange rates feed: what wavers around its level, a row for every day of business.

    It begins before the world does, so that its first days have a rate.
    """
    calendar = world.calendar
    level = np.array([level for _, level, _ in CURRENCIES])
    wavers = np.array([spread for _, _, spread in CURRENCIES])
    steps = stream(world.seed, 61).normal(0, 1, (DAYS_BEFORE + calendar.day_count, level.size))
    steps *= wavers
    for today in range(1, len(steps)):
        steps[today] += RATE_KEPT * steps[today - 1]
    day, which = (axis.ravel() for axis in np.indices(steps.shape))
    day -= DAYS_BEFORE
    rate = (level * np.exp(steps)).ravel()
    dates = calendar.dates_of(day)
    published = instants(calendar, day, np.full(day.size, PUBLISHED_SECOND))
    is_business = (dates.dt.weekday() < 6) & ~dates.is_in(free_days(dates))
    return pl.DataFrame(
        {
            "base_currency_code": repeated("EUR", day.size),
            "currency_code": pick(tuple(code for code, _, _ in CURRENCIES), which),
            "rate": fraction(np.rint(rate * 1_000_000).astype(np.int64), 6),
            "rate_date": dates,
            "source": repeated("simulated fixing", day.size),
            "updated_at": published,
        }
    ).filter(is_business & pl.Series(published < world.cutoff))


def free_days(dates: pl.Series) -> list[date]:
    """The days on which the central banks of the euro (TARGET) rest, beside weekends."""
    found = []
    for year in dates.dt.year().unique():
        easter = easter_sunday(year)
        found += [easter - timedelta(days=2), easter + timedelta(days=1)]
        found += [date(year, *day) for day in ((1, 1), (5, 1), (12, 25), (12, 26))]
    return found
