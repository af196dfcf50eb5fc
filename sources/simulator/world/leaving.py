"""Customers who leave for good: by chance after a purchase, or because of what they met with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.world.buyers import Buyers


def leave_for_good(buyers: Buyers, who: Ints, at: Ints, reason: int) -> None:
    """Notes that customers leave at an instant, unless they had left before it."""
    in_time = np.lexsort((at, who))
    buyer, first = np.unique(who[in_time], return_index=True)
    at = at[in_time][first]
    sooner = at < buyers.gone_at[buyer]
    buyers.gone_at[buyer[sooner]] = at[sooner]
    buyers.left_because[buyer[sooner]] = reason
