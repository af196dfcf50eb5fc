"""Cells of a feed: words and ids, fractions as exact text, null for what is absent or to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Ints

NOWHERE = -1  # a place without a word


# A month has thousands of small columns: what goes through polars' lazy engine, as `gather` and
# `when` do, costs each of them more than its values.


def taken(words: pl.Series, places: Ints) -> pl.Series:
    """The words at the given places."""
    return words[pl.Series(places.astype(np.uint32))]


def at_places(words: pl.Series, places: Ints) -> pl.Series:
    """The words at the given places, null for NOWHERE."""
    return words[only(pl.Series(places.astype(np.uint32)), places >= 0)]


def repeated(word: str | None, count: int) -> pl.Series:
    """A word so many times."""
    return pl.Series([word], dtype=pl.String).new_from_index(0, count)


def prefixed(prefix: str, words: pl.Series) -> pl.Series:
    """Every word behind a prefix."""
    return pl.Series([prefix]) + words


def numbered(prefix: str, numbers: Ints | pl.Series) -> pl.Series:
    """Whole numbers, written behind a prefix."""
    return prefixed(prefix, pl.Series(numbers).cast(pl.String))


def word_at(words: tuple[str, ...], places: Ints) -> pl.Series:
    """As `at_places`, of a tuple."""
    return at_places(pl.Series(words, dtype=pl.String), places)


def only(values: pl.Series, wanted: Bools) -> pl.Series:
    """The values where wanted, null elsewhere."""
    return values.zip_with(pl.Series(wanted), pl.Series([None], dtype=values.dtype))


def fraction(units: Ints, digits: int) -> pl.Series:
    """Whole units of 10**-digits written as a number with a point: 125 of 4 digits is 0.0125."""
    scale = 10**digits
    rest = pl.Series(units % scale).cast(pl.String).str.zfill(digits)
    return pl.Series(units // scale).cast(pl.String) + "." + rest


def pick(words: tuple[str, ...], which: Ints) -> pl.Series:
    """The words at the given places, wrapping around."""
    return taken(pl.Series(words, dtype=pl.String), which % len(words))


def scrambled(prefix: str, numbers: Ints, digits: int) -> pl.Series:
    """Unique ids that do not tell their order: an affine bijection modulo 10**digits."""
    modulus = 10**digits
    mixed = (numbers.astype(np.int64) * 387_420_489 + 123_456_787) % modulus
    return padded(prefix, mixed, digits)


def padded(prefix: str, numbers: Ints, digits: int) -> pl.Series:
    """Numbers in so many digits, with zeros before them, behind a prefix."""
    start = np.frombuffer(prefix.encode(), dtype=np.uint8)
    width = start.size + digits
    text = np.empty((numbers.size, width), dtype=np.uint8)
    text[:, : start.size] = start
    rest = numbers.astype(np.uint64)
    for place in range(width - 1, start.size - 1, -1):
        rest, digit = np.divmod(rest, np.uint64(10))
        text[:, place] = digit + ord("0")
    ends = pa.py_buffer(np.arange(numbers.size + 1, dtype=np.int64) * width)
    array = pa.LargeStringArray.from_buffers(numbers.size, ends, pa.py_buffer(text))
    return pl.Series("id", array)


def before(instant: Ints, cutoff: int) -> pl.Series:
    """The instants before the cutoff, null for the rest."""
    return only(pl.Series("at", instant), instant < cutoff)


def latest(cutoff: int, *instants: Ints) -> Ints:
    """The latest of the instants before the cutoff."""
    last: Ints = np.maximum.reduce([np.where(at < cutoff, at, 0) for at in instants])
    return last


def named(words: tuple[str, ...], which: Ints) -> pl.Series:
    """The words at the given places, null for the empty word."""
    return taken(pl.Series([word or None for word in words], dtype=pl.String), which)
