"""Cells of a feed: words and ids, fractions as exact text, null for what is absent or to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Ints

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


def pick(words: tuple[str, ...], which: Ints) -> pl.Series:
    """The words at the given places, wrapping around."""
    return pl.Series(words, dtype=pl.String).gather(pl.Series(which % len(words)))


def scrambled(prefix: str, numbers: Ints, digits: int) -> pl.Series:
    """Unique ids that do not tell their order: an affine bijection modulo 10**digits."""
    modulus = 10**digits
    mixed = (numbers.astype(np.int64) * 387_420_489 + 123_456_787) % modulus
    return (prefix + pl.Series(mixed).cast(pl.String).str.zfill(digits)).alias("id")


def before(instant: Ints, cutoff: int) -> pl.Series:
    """The instants before the cutoff, null for the rest."""
    return pl.select(
        pl.when(pl.Series(instant < cutoff)).then(pl.Series(instant)).alias("at")
    ).to_series()


def latest(cutoff: int, *instants: Ints) -> Ints:
    """The latest of the instants before the cutoff."""
    last: Ints = np.maximum.reduce([np.where(at < cutoff, at, 0) for at in instants])
    return last


def named(words: tuple[str, ...], which: Ints) -> pl.Series:
    """The words at the given places, null for the empty word."""
    return pl.Series([word or None for word in words], dtype=pl.String).gather(pl.Series(which))
