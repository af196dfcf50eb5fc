"""The vendor applications feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, Ints
from sources.simulator.cells import before, latest, pick
from sources.simulator.world.leads import DECISIONS, PENDING, application_ids, lead_ids
from sources.simulator.world.profiles import rep_ids

if TYPE_CHECKING:
    from sources.simulator.world.catalogue import Categories
    from sources.simulator.world.vendors import Vendors

LEAD_TYPES = ("online_small", "online_medium", "online_big", "offline", "industry")


def application_rows(
    vendors: Vendors,
    categories: Categories,
    parts: tuple[Ints, Ints, Ints],
    cutoff: int,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """The applications of those leads that applied; the first belong to the vendors there are."""
    mine = np.flatnonzero(parts[0] < NEVER)
    applied, decided, decision = (column[mine] for column in parts)
    count, won = mine.size, vendors.joined_day.size
    became = pl.Series((mine < won) & (decided < cutoff))
    vendor_ids = vendors.ids.gather(pl.Series(np.minimum(mine, won - 1)))
    outcome = np.where(decided < cutoff, decision, PENDING)
    revenue_cents = np.rint(np.exp(rng.normal(9.2, 1.1, count))).astype(np.int64) * 100
    return pl.DataFrame(
        {
            "application_id": application_ids(mine),
            "lead_id": lead_ids(mine),
            "vendor_id": vendor_ids.set(~became, None),
            "sales_rep_id": rep_ids(rng.integers(1, 9, count)),
            "development_rep_id": rep_ids(rng.integers(20, 26, count)),
            "decision": pick(DECISIONS, outcome),
            "business_segment": categories.names.gather(
                pl.Series(rng.integers(0, len(categories.names), count))
            ),
            "business_type": pick(("reseller", "manufacturer", "other"), rng.integers(0, 3, count)),
            "lead_type": pick(LEAD_TYPES, rng.integers(0, len(LEAD_TYPES), count)),
            "declared_product_count": rng.integers(5, 900, count),
            "declared_monthly_revenue": revenue_cents,
            "applied_at": applied,
            "decided_at": before(decided, cutoff),
            "updated_at": latest(cutoff, applied, decided),
        }
    ).filter(pl.Series(applied < cutoff))
