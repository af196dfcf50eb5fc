"""Arrays of the simulation: their types, instants in UTC seconds, and counting within groups."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
NEVER = np.iinfo(np.int64).max // 4  # an instant after everything, still safe to add to
DAY = 86_400  # seconds


def number_within(group: Ints) -> Ints:
    """1, 2, ... within each run of equal values."""
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    return np.arange(group.size) - np.repeat(starts, np.diff(np.append(starts, group.size))) + 1


def values_at(values: Ints, places: Ints, otherwise: int) -> Ints:
    """The values at the given places, `otherwise` where a place is negative."""
    found = np.full(places.shape, otherwise, dtype=np.int64)
    some = places >= 0
    found[some] = values[places[some]]
    return found
