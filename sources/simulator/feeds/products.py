"""The products feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import pick
from sources.simulator.world.calendar import Calendar, instants
from sources.simulator.world.names import PRODUCT_KINDS, STEMS

if TYPE_CHECKING:
    from sources.simulator.world.catalogue import Categories, Products
    from sources.simulator.world.vendors import Vendors


def product_rows(
    products: Products, vendors: Vendors, categories: Categories, calendar: Calendar, cutoff: int
) -> pl.DataFrame:
    """The products feed as known before the cutoff."""
    count = len(products.ids)
    numbers = np.arange(count)
    created = instants(calendar, products.created_day, np.full(count, 10 * 3600))
    closed_day = vendors.closed_day[products.vendor]
    closed = instants(
        calendar, np.minimum(closed_day, calendar.day_count + 1), np.full(count, 36_000)
    )
    gone = (closed_day < calendar.day_count) & (closed < cutoff)
    kind = pick(PRODUCT_KINDS, numbers * 7 + products.category)
    name = pick(STEMS, numbers * 5 + products.vendor) + " "
    name = (
        name + categories.names.gather(pl.Series(products.category)).str.to_lowercase() + " " + kind
    )
    return pl.DataFrame(
        {
            "product_id": products.ids,
            "vendor_id": vendors.ids.gather(pl.Series(products.vendor)),
            "category_id": categories.ids.gather(pl.Series(products.category)),
            "name": name + " " + pl.Series(numbers % 97 + 3).cast(pl.String),
            # GS1 sets prefix 2 aside for numbers that mean something inside one company only.
            "gtin": "2" + pl.Series(numbers).cast(pl.String).str.zfill(12),
            "weight_grams": 50 + (numbers * 7_919) % 9_000,
            "is_active": ~gone,
            "created_at": created,
            "updated_at": np.where(gone, closed, created),
        }
    ).filter(pl.Series(created < cutoff))
