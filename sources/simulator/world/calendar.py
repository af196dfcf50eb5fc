"""Days, months, working days and the instants they begin, in the business time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.world.countries import COUNTRIES
from sources.simulator.world.holidays import public_holidays
from sources.simulator.world.laws import BUSINESS_TIME_ZONE

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Ints

MARGIN_DAYS = 120  # orders of the last day still need days to be planned for


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a world, numbered from 0, and what is needed to reckon with them."""

    first_day: date
    day_count: int
    midnight: Ints  # UTC second at which each local day begins
    weekday: Ints  # 0 Monday
    day_of_year: Ints
    month: Ints  # 0 for the first month
    month_names: tuple[str, ...]
    working_number: Ints  # [countries, days] working days up to and including the day
    working_day: Ints  # [countries, numbers] day of each working number

    def date_of(self, day: int) -> date:
        return self.first_day + timedelta(days=day)

    def day_of(self, day: date) -> int:
        return (day - self.first_day).days

    def at(self, day: Ints, second: Ints) -> Ints:
        """UTC seconds of a local time; a time that a short day lacks moves to the day's end."""
        length = self.midnight[day + 1] - self.midnight[day]
        instant: Ints = self.midnight[day] + np.minimum(second, length - 1)
        return instant

    def days_of(self, instant: Ints) -> Ints:
        """The local day of each instant; days before the world's first are -1."""
        found: Ints = np.searchsorted(self.midnight, instant, side="right") - 1
        return found

    def dates_of(self, day: Ints) -> pl.Series:
        """The dates of days, also of days before the world's first."""
        origin = (self.first_day - date(1970, 1, 1)).days
        return pl.Series((day + origin).astype(np.int32)).cast(pl.Date)

    def month_days(self, month: int) -> tuple[int, int]:
        """First day of a month and the day after its last, within the world."""
        days = np.flatnonzero(self.month[: self.day_count] == month)
        return int(days[0]), int(days[-1]) + 1


def build_calendar(end: date, days: int) -> Calendar:
    """The calendar of the days that end with `end`, and a margin after them."""
    first = end - timedelta(days=days - 1)
    total = days + MARGIN_DAYS
    dates = pl.date_range(first, first + timedelta(days=total), eager=True)
    midnight = (
        dates.cast(pl.Datetime("ms"))
        .dt.replace_time_zone(BUSINESS_TIME_ZONE)
        .dt.epoch("s")
        .to_numpy()
        .astype(np.int64)
    )
    weekday = dates.dt.weekday().to_numpy().astype(np.int64) - 1
    months = dates.dt.year().to_numpy().astype(np.int64) * 12 + dates.dt.month().to_numpy() - 1
    free = [[day in public_holidays(day.year, c.code) for day in dates] for c in COUNTRIES]
    works: Bools = (weekday < 5) & ~np.array(free)
    numbers = np.cumsum(works, axis=1).astype(np.int64)
    return Calendar(
        first_day=first,
        day_count=days,
        midnight=midnight,
        weekday=weekday,
        day_of_year=dates.dt.ordinal_day().to_numpy().astype(np.int64),
        month=months - months[0],
        month_names=tuple(f"{m // 12:04d}-{m % 12 + 1:02d}" for m in np.unique(months[:days])),
        working_number=numbers,
        working_day=np.stack(
            [np.searchsorted(line, np.arange(numbers.min(axis=0)[-1] + 1)) for line in numbers]
        ),
    )


def instants(calendar: Calendar, day: Ints, second: Ints) -> Ints:
    """UTC seconds of local times whose days may lie before the world began."""
    before = calendar.midnight[0] + np.minimum(day, 0) * 86_400 + second
    return np.where(day < 0, before, calendar.at(np.maximum(day, 0), second))
