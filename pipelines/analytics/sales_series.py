"""A marketplace's series of sales: its own, categories, vendors, and vendors within categories."""

from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl
from scipy import sparse

from pipelines.analytics.time_series.reconciliation import Sums

ALL: Final = "all"
KINDS: Final = ("marketplace", "category", "vendor", "vendor_category")
# Vendors within categories; of more, the rows of past origins alone would be millions.
_MOST_PARTS: Final = 1_500
NAMES: Final = ("series_kind", "series_id", "vendor_id", "category_id")


def whole_periods(every: str, first: date, known: date) -> pl.Series:
    """The first days of the periods that began at the first day or later and are over."""
    begin = pl.Series([first]).dt.truncate(every)
    if begin[0] < first:
        begin = begin.dt.offset_by(every)
    days = pl.date_range(begin[0], max(begin[0], known), every, eager=True)
    return days.filter(days.dt.offset_by(every) <= known + timedelta(days=1)).alias("ds")


def series_of(sales: pl.DataFrame, every: str, periods: pl.Series) -> pl.DataFrame:
    """Sales of each series and period from the series' first on; without sales they are zero.

    What a vendor did not sell before its first sale says nothing of what it will sell. Of a series
    that began in none of the periods the last one is not known.
    """
    every_name = named(sales, kinds_of(sales)).select("unique_id", *NAMES).unique()
    dated = sales.with_columns(ds=pl.col("order_date").dt.truncate(every))
    rows = named(dated.filter(pl.col("ds").is_in(periods.implode())), kinds_of(sales))
    # sums of floats in an order of their own, so that the bytes are the same
    totals = (
        rows.sort("unique_id", "ds", "gmv")
        .group_by("unique_id", "ds", *NAMES, maintain_order=True)
        .agg(y=pl.col("gmv").sum())
    )
    first = totals.group_by("unique_id", *NAMES).agg(first=pl.col("ds").min())
    spine = first.join(periods.to_frame(), how="cross").filter(pl.col("ds") >= pl.col("first"))
    seen = spine.join(
        totals.select("unique_id", "ds", "y"), on=["unique_id", "ds"], how="left"
    ).select("unique_id", *NAMES, "ds", pl.col("y").fill_null(0.0))
    begun = every_name.join(seen, on="unique_id", how="anti").join(
        periods.tail(1).to_frame(), how="cross"
    )
    return pl.concat([seen, begun.with_columns(y=pl.lit(None, pl.Float64))])


def named(sales: pl.DataFrame, wanted: tuple[str, ...]) -> pl.DataFrame:
    """The rows of each series that they are part of, by its name."""
    vendor, category, none = pl.col("vendor_id"), pl.col("category_id"), pl.lit(None, pl.String)
    kinds = zip(
        KINDS,
        (pl.lit(ALL), category, vendor, vendor + "/" + category),
        (none, none, vendor, vendor),
        (none, category, none, category),
        strict=True,
    )
    summed = pl.concat(
        sales.with_columns(
            series_kind=pl.lit(kind), series_id=name, vendor_id=of_vendor, category_id=of_category
        )
        for kind, name, of_vendor, of_category in kinds
        if kind in wanted
    )
    return summed.with_columns(unique_id=pl.col("series_kind") + ":" + pl.col("series_id"))


def kinds_of(sales: pl.DataFrame) -> tuple[str, ...]:
    """The kinds of series: of too many vendors within categories, categories and their sum."""
    parts = sales.select("vendor_id", "category_id").n_unique()
    return KINDS if parts <= _MOST_PARTS else KINDS[:2]


def sums_of(names: pl.DataFrame) -> Sums:
    """Which of the series, in this order, are sums of which."""
    kind = names["series_kind"].to_numpy()
    is_part = kind == (KINDS[-1] if KINDS[-1] in kind else KINDS[1])
    parts, sums = names.filter(pl.Series(is_part)), names.filter(pl.Series(~is_part))
    none = pl.lit(None, pl.String)
    summed = pl.concat(
        parts.with_row_index("part").select("part", vendor_id=vendor, category_id=category)
        for vendor, category in ((none, none), (none, "category_id"), ("vendor_id", none))
    ).unique(maintain_order=True)  # parts without a vendor are in the whole once
    pairs = sums.with_row_index("sum").join(
        summed, on=["vendor_id", "category_id"], nulls_equal=True
    )
    ones = (np.ones(pairs.height), (pairs["sum"].to_numpy(), pairs["part"].to_numpy()))
    shape = (sums.height, parts.height)
    return Sums(
        np.flatnonzero(~is_part),
        np.flatnonzero(is_part),
        sparse.csr_array(ones, shape=shape),  # type: ignore[no-untyped-call]
    )


def seasons_of(names: pl.DataFrame) -> dict[object, str]:
    """By series what shares its season: the category, and of vendors the whole."""
    pool = pl.col("series_kind") + ":" + pl.col("category_id").fill_null(ALL)
    return dict(names.select("unique_id", pool).rows())
