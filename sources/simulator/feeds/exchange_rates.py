"""The exchange rates feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import fraction, pick
from sources.simulator.chance import stream

if TYPE_CHECKING:
    from sources.simulator.world.world import World

# What one euro was worth about when the world begins, and how much that wavers in a day.
CURRENCIES = (
    ("USD", 1.08, 0.0045), ("GBP", 0.85, 0.0035), ("CHF", 0.96, 0.003), ("PLN", 4.30, 0.004),
    ("SEK", 11.3, 0.004), ("CZK", 25.1, 0.003),
)  # fmt: skip
PUBLISHED_SECOND = 16 * 3600


def rate_rows(world: World) -> pl.DataFrame:
    """The exchange rates feed: a random walk for each currency, a row for every day."""
    days = world.calendar.day_count
    rng = stream(world.seed, 61)
    start = np.array([rate for _, rate, _ in CURRENCIES])
    wavers = np.array([spread for _, _, spread in CURRENCIES])
    steps = rng.normal(0, 1, (days, start.size)) * wavers
    rate = start * np.exp(np.cumsum(steps, axis=0))
    day, which = (axis.ravel() for axis in np.indices(rate.shape))
    published = world.calendar.midnight[day] + PUBLISHED_SECOND
    return pl.DataFrame(
        {
            "base_currency_code": pl.repeat("EUR", day.size, eager=True),
            "currency_code": pick(tuple(code for code, _, _ in CURRENCIES), which),
            "rate": fraction(np.rint(rate.ravel() * 1_000_000).astype(np.int64), 6),
            "rate_date": world.calendar.dates_of(day),
            "source": pl.repeat("simulated fixing", day.size, eager=True),
            "updated_at": published,
        }
    ).filter(pl.Series(published < world.cutoff))
