"""Randomness: a generator for each purpose, and numbers that need no memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints


def stream(seed: int, *purpose: int) -> np.random.Generator:
    """A generator of its own for each purpose: a change in one part leaves the others alone."""
    return np.random.default_rng([seed, *purpose])


def hashed(numbers: Ints, salt: int, modulus: int) -> Ints:
    """A number below `modulus` that belongs to each number for good and needs no memory."""
    mixed = (numbers.astype(np.uint64) + np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = mixed ^ (mixed >> np.uint64(32))
    found: Ints = (mixed % np.uint64(modulus)).astype(np.int64)
    return found
