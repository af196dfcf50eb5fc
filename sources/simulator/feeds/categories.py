"""The categories feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import pick

if TYPE_CHECKING:
    from sources.simulator.world.calendar import Calendar
    from sources.simulator.world.catalogue import Categories


def category_rows(categories: Categories, calendar: Calendar) -> pl.DataFrame:
    """The categories feed: two branches and the leaves below them."""
    count = len(categories.ids)
    parent = pick(tuple(categories.parent_ids), np.arange(count))
    ids = pl.concat([categories.parent_ids, categories.ids])
    return pl.DataFrame(
        {
            "category_id": ids,
            "parent_category_id": pl.concat([pl.Series([None, None], dtype=pl.String), parent]),
            "name": pl.concat([categories.parent_names, categories.names]),
            # Each was renamed or moved once before the first day.
            "updated_at": calendar.midnight[0] - (40 + np.arange(count + 2) * 37 % 460) * 86_400,
        }
    )
