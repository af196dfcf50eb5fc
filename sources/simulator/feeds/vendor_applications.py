"""The vendor applications feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER
from sources.simulator.cells import before, latest, pick, taken
from sources.simulator.chance import stream
from sources.simulator.world.leads import DECISIONS, PENDING, application_ids, lead_ids
from sources.simulator.world.profiles import rep_ids
from sources.simulator.world.sales_team import holder

if TYPE_CHECKING:
    from sources.simulator.world.world import World

LEAD_TYPES = ("online_small", "online_medium", "online_big", "offline", "industry")
BUSINESS_TYPES = ("reseller", "reseller", "manufacturer", "other")


def application_rows(world: World) -> pl.DataFrame:
    """The applications of those leads that applied; the first belong to the vendors there are."""
    leads, vendors, cutoff = world.prospects.leads, world.vendors, world.cutoff
    rng = stream(world.seed, 206)
    mine = np.flatnonzero(leads.applied_at < NEVER)
    applied, decided = leads.applied_at[mine], leads.decided_at[mine]
    count, is_over = mine.size, decided < cutoff
    became = pl.Series((mine < leads.won) & is_over)
    vendor = np.minimum(mine, leads.won - 1)
    # Whoever will sell more says so, give or take a half.
    share = vendors.weight / vendors.weight.mean()
    size = np.where(mine < leads.won, share[vendor], rng.gamma(0.6, 1.0, count))
    revenue = 9_000 * np.maximum(size, 0.05) * np.exp(rng.normal(0, 0.4, count))
    products = 40 * np.maximum(size, 0.1) * np.exp(rng.normal(0, 0.7, count))
    seller = holder(world.calendar, leads.seller[mine], np.where(is_over, decided, applied))
    return pl.DataFrame(
        {
            "application_id": application_ids(mine),
            "lead_id": lead_ids(mine),
            "vendor_id": taken(vendors.ids, vendor).set(~became, None),
            "sales_rep_id": rep_ids(seller),
            "development_rep_id": rep_ids(holder(world.calendar, leads.developer[mine], applied)),
            "decision": pick(DECISIONS, np.where(is_over, leads.decision[mine], PENDING)),
            "business_segment": world.categories.names.gather(
                pl.Series(rng.integers(0, len(world.categories.names), count))
            ),
            "business_type": pick(BUSINESS_TYPES, rng.integers(0, len(BUSINESS_TYPES), count)),
            "lead_type": pick(LEAD_TYPES, rng.integers(0, len(LEAD_TYPES), count)),
            "declared_product_count": np.rint(products).astype(np.int64) + 1,
            "declared_monthly_revenue": np.rint(revenue).astype(np.int64) * 100,
            "applied_at": applied,
            "decided_at": before(decided, cutoff),
            "updated_at": latest(cutoff, applied, decided),
        }
    ).filter(pl.Series(applied < cutoff))
