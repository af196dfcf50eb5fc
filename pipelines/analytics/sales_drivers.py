"""What is known ahead of the days of each series: sales, promotions, holidays, peaks, closures."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from pipelines.analytics.special_days import special_days
from pipelines.analytics.time_series.panels import CLOSED

# In the order in which the models get them.
DRIVERS: Final = ("sale", "vendor_promotion", "holiday", "peak")
EVERY: Final = "all"


def drivers_of(
    events: pl.DataFrame, names: pl.DataFrame, sales: pl.DataFrame, days: pl.Series
) -> pl.DataFrame:
    """By series and day the drivers and the share that was closed; rows where one is not zero.

    Args:
        events: `kind event_name vendor_id category_id country_code weight line_count order_date`.
        names: the series, `unique_id vendor_id category_id`, NULL where it has none.
        sales: `vendor_id category_id gmv` of days before the first one that is forecast: they say
            how much of a series a sale in one category is.
        days: the days wanted.
    """
    kind = pl.col("kind")
    everywhere = _of_all(events, days).join(names.select("unique_id"), how="cross")
    of_vendor = events.filter(kind.is_in(["vendor_promotion", "closure", "stock_out"])).join(
        names, on="vendor_id", suffix="_of_series"
    )
    category, own = pl.col("category_id"), pl.col("category_id_of_series")
    of_vendor = of_vendor.filter((category == EVERY) | (category == own)).select(
        "unique_id", "order_date", "kind", "weight"
    )
    empty = _empty_vendors(events.filter(kind="stock_out"), names)
    rows = pl.concat(
        [
            everywhere.select("unique_id", "order_date", "kind", "weight"),
            of_vendor,
            empty,
            _sales_of(events, names, sales),
        ]
    ).filter(pl.col("order_date").is_in(days.implode()))
    # most of what there was is as good as all of it: what was sold of the rest says little
    closed = pl.when(kind.is_in(["closure", "stock_out"])).then(1.0).max().fill_null(0.0)
    return (
        rows.sort("unique_id", "order_date", "kind", "weight")
        .group_by("unique_id", "order_date", maintain_order=True)
        .agg(
            *(
                pl.col("weight").filter(kind == name).max().fill_null(0.0).alias(name)
                for name in DRIVERS
            ),
            closed.alias(CLOSED),
        )
    )


def with_drivers(
    frame: pl.DataFrame, drivers: pl.DataFrame, every: str, names: Sequence[str]
) -> pl.DataFrame:
    """The rows `unique_id ds` with the means over each period's days of what drives them."""
    begin = pl.col("order_date").dt.truncate(every).alias("ds")
    length = begin.dt.offset_by(every).sub(begin).dt.total_days()
    means = (
        drivers.with_columns(begin, length=length)
        .group_by("unique_id", "ds", maintain_order=True)
        .agg(*(pl.col(name).sum() / pl.col("length").first() for name in names))
    )
    return frame.join(
        means, on=["unique_id", "ds"], how="left", maintain_order="left"
    ).with_columns(pl.col(names).fill_null(0.0))


def _empty_vendors(stock_outs: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Days on which nothing of any category of a vendor could be sold."""
    vendor, category = pl.col("vendor_id"), pl.col("category_id")
    counts = names.filter(vendor.is_not_null() & category.is_not_null()).group_by("vendor_id").len()
    out = stock_outs.group_by("vendor_id", "order_date").agg(out=category.n_unique())
    whole = names.filter(vendor.is_not_null() & category.is_null())
    return (
        whole.select("unique_id", "vendor_id")
        .join(counts, on="vendor_id")
        .join(out, on="vendor_id")
        .filter(pl.col("out") >= pl.col("len"))
        .select("unique_id", "order_date", kind=pl.lit("stock_out"), weight=pl.lit(1.0))
    )


def _of_all(events: pl.DataFrame, days: pl.Series) -> pl.DataFrame:
    """Holidays, by the share of orders of their countries, and peaks: a row per kind and day."""
    orders = events.filter(kind="country").select(
        "country_code", share=pl.col("line_count") / pl.col("line_count").sum()
    )
    first, last = _span(days)
    known = pl.concat(
        [
            events.filter(pl.col("kind").is_in(["holiday", "peak"])).select(
                "kind", "country_code", "order_date"
            ),
            special_days(orders["country_code"].to_list(), first, last).drop("event_name"),
        ]
    ).unique()
    weighted = known.join(orders, on="country_code", how="left").with_columns(
        weight=pl.when(pl.col("country_code") == "ZZ").then(1.0).otherwise(pl.col("share"))
    )
    return (
        weighted.sort("kind", "order_date", "country_code")
        .group_by("kind", "order_date", maintain_order=True)
        .agg(pl.col("weight").sum().clip(0.0, 1.0))
    )


def _span(days: pl.Series) -> tuple[date, date]:
    first, last = days.min(), days.max()
    if not isinstance(first, date) or not isinstance(last, date):
        raise TypeError("days must be dates, at least one")
    return first, last


def _sales_of(events: pl.DataFrame, names: pl.DataFrame, sales: pl.DataFrame) -> pl.DataFrame:
    """The marketplace's sales, weighted by how much of each series the category is."""
    category = pl.col("category_id")
    own = names.filter(category.is_not_null()).select("unique_id", "category_id", share=1.0)
    # summed first: five hundred vendors times half a million rows of sales would be 16 GB
    totals = (
        sales.select("category_id", "gmv", of_vendor="vendor_id")
        .sort("of_vendor", "category_id", "gmv")
        .group_by("of_vendor", "category_id", maintain_order=True)
        .agg(pl.col("gmv").sum())
    )
    parts = names.filter(category.is_null()).drop("category_id").join(totals, how="cross")
    vendor = pl.col("vendor_id")
    mixed = (
        parts.filter(vendor.is_null() | (vendor == pl.col("of_vendor")))
        .sort("unique_id", "category_id", "gmv")
        .group_by("unique_id", "category_id", maintain_order=True)
        .agg(pl.col("gmv").sum())
        .with_columns(share=pl.col("gmv") / pl.col("gmv").sum().over("unique_id"))
        .select("unique_id", "category_id", "share")
    )
    shares = pl.concat([own, mixed])
    found = events.filter(kind="sale")
    of_one = found.filter(category != EVERY).join(shares, on="category_id")
    of_all = found.filter(category == EVERY).join(names.select("unique_id"), how="cross")
    return (
        pl.concat(
            [
                of_one.select(
                    "unique_id", "order_date", "kind", weight=pl.col("weight") * pl.col("share")
                ),
                of_all.select("unique_id", "order_date", "kind", "weight"),
            ]
        )
        .sort("unique_id", "order_date", "weight")
        .group_by("unique_id", "order_date", "kind", maintain_order=True)
        .agg(pl.col("weight").sum())
        .select("unique_id", "order_date", "kind", "weight")
    )
