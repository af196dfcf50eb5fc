"""The reviews feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, Ints, number_within
from sources.simulator.cells import latest, only, pick, taken
from sources.simulator.orders.states import Known, line_ids, order_ids
from sources.simulator.world.vendor_laws import (
    FOLLOW_UP_REVIEW,
    OF_PRODUCT,
    ORDER_IS_REVIEWED,
    RATING_LOST_BY_DEFECTS,
    RATING_LOST_BY_LATENESS,
)

if TYPE_CHECKING:
    from sources.simulator.world.world import World

COMMENTS = (
    "Arrived as described.", "Very good quality, would buy again.", "Packaging was damaged.",
    "Took longer than promised.", "Exactly what we needed.", "Colour differs from the picture.",
    "Fast and friendly.", "Not what I expected; the manual is missing.", "Good value.",
    "Please ship sooner next time.",
)  # fmt: skip


def rate(world: World, known: Known, part: Ints, rng: np.random.Generator) -> Ints:
    """Stars from 1 to 5: as its vendor is liked, less for lateness and for goods at fault."""
    fate = known.fate
    day = known.placed.day[known.lines.part_order[part]]
    late = fate.delivered_at[part] > fate.promised_at[part]
    mean = world.vendors.quality.of("rating_mean", known.lines.part_vendor[part], day)
    mean = mean - late * RATING_LOST_BY_LATENESS
    mean = mean - fate.is_defective[part] * RATING_LOST_BY_DEFECTS
    # One plus a binomial of four has exactly the mean asked for, and stays within 1 and 5.
    stars: Ints = 1 + rng.binomial(4, np.clip((mean - 1) / 4, 0, 1))
    return stars


def review_rows(world: World, known: Known, rng: np.random.Generator) -> pl.DataFrame:
    """The reviews feed: some parts that arrived are reviewed, a few of them twice.

    Some speak of a product, the part's first; the others of how the vendor served.
    """
    vendors = world.vendors
    placed, lines, fate, cutoff = known.placed, known.lines, known.fate, known.cutoff
    parts = lines.part_order.size
    reviewed = (rng.random(parts) < ORDER_IS_REVIEWED) & (fate.delivered_at < NEVER)
    again = np.flatnonzero(reviewed & (rng.random(parts) < FOLLOW_UP_REVIEW))
    part = np.sort(np.concatenate([np.flatnonzero(reviewed), again]))
    follow = np.diff(part, prepend=-1) == 0
    order, vendor = lines.part_order[part], lines.part_vendor[part]
    rating = rate(world, known, part, rng)
    created = fate.delivered_at[part] + rng.integers(3_600, 12 * 86_400, part.size)
    created = created + np.where(follow, 20 * 86_400, 0)
    answered = created + rng.integers(3_600, 5 * 86_400, part.size)
    answered = np.where(rng.random(part.size) < 0.35, answered, NEVER)
    speaks = rng.random(part.size) < 0.4
    comment = pick(COMMENTS, rng.integers(0, len(COMMENTS), part.size))
    alone = np.bincount(lines.part_order, minlength=placed.who.size)[order] == 1
    unnamed = alone & (rng.random(part.size) < 0.2)
    of_product = rng.random(part.size) < OF_PRODUCT
    line = np.unique(lines.part, return_index=True)[1][part]
    product = taken(world.products.ids, lines.product[line])
    number = pl.Series(number_within(order)).cast(pl.String)
    return pl.DataFrame(
        {
            "review_id": order_ids(placed.number[order]) + "-R" + number,
            "order_id": order_ids(placed.number[order]),
            "vendor_id": taken(vendors.ids, vendor).set(pl.Series(unnamed), None),
            "order_line_id": only(taken(line_ids(placed, lines), line), of_product),
            "product_id": only(product, of_product),
            "comment": comment.set(pl.Series(~speaks), None),
            "rating": rating,
            "created_at": created,
            "answered_at": pl.Series(answered).set(pl.Series(answered >= cutoff), None),
            "updated_at": latest(cutoff, created, answered),
        }
    ).filter(pl.Series(created < cutoff))
