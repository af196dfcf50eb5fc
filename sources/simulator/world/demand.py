"""When people buy and what: weekdays, the year, each category's season, and promotions.

Every buyer's purchases run on a clock that ticks faster on busy days, so that a customer's true
rate is per average day and the marketplace still has its weekdays, Christmas and promotions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.chance import stream
from sources.simulator.world.people_laws import DEAL_FACTOR

if TYPE_CHECKING:
    from sources.simulator.arrays import Floats, Ints
    from sources.simulator.world.calendar import Calendar

CONSUMER_WEEK = np.array([1.05, 1.02, 1.00, 0.98, 0.94, 0.88, 1.13])
BUSINESS_WEEK = np.array([1.55, 1.50, 1.40, 1.35, 1.00, 0.12, 0.08])
# Share of a day's orders in each local hour: quiet nights, lunch, evenings.
CONSUMER_HOURS = np.array(
    [8, 4, 2, 1, 1, 3, 9, 20, 34, 44, 50, 52, 54, 52, 48, 46, 46, 48, 54, 62, 66, 58, 38, 18]
)
BUSINESS_HOURS = np.array(
    [1, 1, 1, 1, 1, 4, 16, 50, 90, 110, 105, 95, 60, 80, 95, 85, 65, 40, 20, 10, 6, 4, 2, 1]
)


@dataclass(frozen=True, slots=True)
class Promotion:
    """A price action: where, when, how much cheaper, how much more is sold."""

    name: str
    first_day: int
    day_after: int
    discount_rate: float
    lift: float
    categories: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """Everything that makes one day differ from another."""

    week: Floats  # [2, days] consumers, businesses
    year: Floats
    season: Floats  # [categories, days], mean about 1
    lift: Floats  # [categories, days], 1 without a promotion
    discount: Floats  # [categories, days], 0 without a promotion
    share: Floats  # [days, categories], sums to 1 over categories
    factor: Floats  # [3, days] demand of a day by Buyers.pace, mean 1
    elapsed: Floats  # [3, days + 1] the clocks at the beginning of each day
    promotions: tuple[Promotion, ...]

    def local_time(self, clock: Ints, moment: Floats) -> tuple[Ints, Ints]:
        """Day and second of the day for moments on the consumers' (0) or businesses' (1) clock.

        The days before the world's first, whose numbers are negative, are all average ones.
        """
        day = np.empty(moment.size, dtype=np.int64)
        second = np.empty(moment.size, dtype=np.int64)
        for which, hours in enumerate((CONSUMER_HOURS, BUSINESS_HOURS, CONSUMER_HOURS)):
            mine = np.flatnonzero(clock == which)
            early = np.floor(np.minimum(moment[mine], 0.0))
            found = np.searchsorted(self.elapsed[which], moment[mine], side="right") - 1
            found = np.clip(found, 0, self.factor.shape[1] - 1)
            part = (moment[mine] - self.elapsed[which][found]) / self.factor[which][found]
            found = np.where(early < 0, early.astype(np.int64), found)
            part = np.where(early < 0, moment[mine] - early, part)
            curve = np.concatenate([[0.0], np.cumsum(hours / hours.sum())])
            day[mine] = found
            second[mine] = np.interp(part, curve, np.arange(25) * 3600.0).astype(np.int64)
        return day, np.minimum(second, 86_399)


def build_demand(calendar: Calendar, popularity: Floats, seed: int) -> Demand:
    """The demand of every day and category; `popularity` are the categories' shares on average."""
    rng = stream(seed, 2)
    days = calendar.day_count
    count = popularity.size
    angle = 2 * np.pi * calendar.day_of_year[:days] / 365.25
    strength = rng.uniform(0.05, 0.6, count)
    peak = rng.uniform(0, 2 * np.pi, count)
    season = 1 + strength[:, None] * np.cos(angle[None, :] - peak[:, None])
    promotions = plan_promotions(calendar, count, rng)
    lift, discount = np.ones((count, days)), np.zeros((count, days))
    for promotion in promotions:
        span = slice(promotion.first_day, promotion.day_after)
        chosen = list(promotion.categories)
        lift[chosen, span] = promotion.lift
        discount[chosen, span] = promotion.discount_rate
    rate = popularity[:, None] * season * lift
    year = yearly_factor(calendar)
    week = np.stack([CONSUMER_WEEK, BUSINESS_WEEK])[:, calendar.weekday[:days]]
    factor = week * year * rate.sum(axis=0)
    on_sale = np.where((lift > 1).any(axis=0), DEAL_FACTOR, 1.0)
    factor = np.vstack([factor, factor[0] * on_sale])
    factor /= factor.mean(axis=1, keepdims=True)
    elapsed = np.concatenate([np.zeros((3, 1)), np.cumsum(factor, axis=1)], axis=1)
    share = (rate / rate.sum(axis=0)).T
    return Demand(week, year, season, lift, discount, share, factor, elapsed, promotions)


def yearly_factor(calendar: Calendar) -> Floats:
    """A calm summer and the weeks before Christmas, as factors per day."""
    day = calendar.day_of_year[: calendar.day_count].astype(np.float64)
    advent = 0.55 * np.exp(-0.5 * ((day - 338) / 13) ** 2)
    summer = -0.14 * np.exp(-0.5 * ((day - 212) / 22) ** 2)
    after = -0.35 * np.exp(-0.5 * ((day - 361) / 3) ** 2)
    return 1 + advent + summer + after


# Day of the year, length in days, discount, lift, and the share of categories that take part.
YEARLY_PROMOTIONS = (
    ("Winter sale", 15, 10, 0.20, 1.5, 0.5),
    ("Spring weeks", 82, 8, 0.10, 1.35, 0.4),
    ("Early summer", 150, 6, 0.15, 1.4, 0.4),
    ("Back to work", 244, 7, 0.10, 1.3, 0.5),
    ("Black week", 326, 7, 0.25, 2.1, 1.0),
)


def plan_promotions(
    calendar: Calendar, categories: int, rng: np.random.Generator
) -> tuple[Promotion, ...]:
    """Every promotion that begins within the world, in order of time, none overlapping another."""
    planned = []
    for start in range(calendar.day_count):
        for name, day_of_year, length, discount, lift, share in YEARLY_PROMOTIONS:
            if int(calendar.day_of_year[start]) != day_of_year:
                continue
            size = max(1, round(share * categories))
            chosen = tuple(sorted(int(c) for c in rng.permutation(categories)[:size]))
            stop = min(start + length, calendar.day_count)
            title = f"{name} {calendar.date_of(start).year}"
            planned.append(Promotion(title, start, stop, discount, lift, chosen))
    return tuple(planned)
