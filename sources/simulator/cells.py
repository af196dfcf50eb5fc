"""Cells of a feed: words at places that may be empty, fractions as exact text, dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from sources.simulator.world import Bools, Ints

NOWHERE = -1  # a place without a word


def at_places(words: pl.Series, places: Ints) -> pl.Series:
    """The words at the given places, null for NOWHERE."""
    return words.gather(pl.Series(places).set(pl.Series(places < 0), None))


def word_at(words: tuple[str, ...], places: Ints) -> pl.Series:
    """As `at_places`, of a tuple."""
    return at_places(pl.Series(words, dtype=pl.String), places)


def only(values: pl.Series, wanted: Bools) -> pl.Series:
    """The values where wanted, null elsewhere."""
    return pl.select(pl.when(pl.Series(wanted)).then(values).alias(values.name)).to_series()


def fraction(units: Ints, digits: int) -> pl.Series:
    """Whole units of 10**-digits written as a number with a point: 125 of 4 digits is 0.0125."""
    scale = 10**digits
    rest = pl.Series(units % scale).cast(pl.String).str.zfill(digits)
    return pl.Series(units // scale).cast(pl.String) + "." + rest


def hashed(numbers: Ints, salt: int, modulus: int) -> Ints:
    """A number below `modulus` that belongs to each number for good and needs no memory."""
    mixed = (numbers.astype(np.uint64) + np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = mixed ^ (mixed >> np.uint64(32))
    found: Ints = (mixed % np.uint64(modulus)).astype(np.int64)
    return found
