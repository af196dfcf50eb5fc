"""Daily series of simulated marketplaces, and of one that is larger than they are."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from sources.simulator.simulation import simulate

# As in the product: feeds that not every marketplace needs; no carrier comes on holidays.
_NEVER_BLOCK = ("shipments", "reviews")
SCHEMA = ("series_id", "kind", "can_block", "day", "value", "weight")


def simulated(folder: Path, seed: int, days: int) -> pl.DataFrame:
    """What a simulated shop delivers per day, with its own noise and promotions."""
    out = folder / f"world-{seed}"
    simulate("small", days, seed, out)
    orders = _read(out, "orders").select("order_id", "currency_code", _day("ordered_at"))
    rates = _read(out, "exchange_rates").select(
        "currency_code", "rate", pl.col("rate_date").str.to_date().alias("day")
    )
    number = pl.col("quantity", "unit_price", "rate").cast(pl.Float64)
    lines = (
        _read(out, "order_lines")
        .join(orders, on="order_id")
        .join(rates, on=["currency_code", "day"], how="left")
        .with_columns(number)
        .with_columns(
            (pl.col("quantity") * pl.col("unit_price") / pl.col("rate").fill_null(1)).alias("gmv")
        )
    )
    shipments = _read(out, "shipments").filter(pl.col("shipped_at").is_not_null())
    reviews = _read(out, "reviews").filter(pl.col("created_at").is_not_null())
    end = orders["day"].max()
    parts = [
        _series("orders", "count", orders, pl.len()),
        _series("lines", "count", lines, pl.len()),
        _series("vendors", "count", lines, pl.col("vendor_id").n_unique()),
        _series("shipments", "count", shipments.select(_day("shipped_at")), pl.len()),
        _series("reviews", "count", reviews.select(_day("created_at")), pl.len()),
        _series("gmv", "amount", lines, pl.col("gmv").sum()),
        _series("aov", "average", lines, pl.col("gmv").sum() / pl.col("order_id").n_unique()),
    ]
    # What happens after the last order is not all known yet.
    first = end - timedelta(days=days - 1)
    return pl.concat(parts).filter(pl.col("day").is_between(first, end))


def announced(folder: Path, seed: int) -> frozenset[date]:
    """The days that the calendar of a simulated shop says are unlike others."""
    days = _read(folder / f"world-{seed}", "calendar").filter(
        pl.col("region") == "all", pl.col("vendor_id") == "all", pl.col("kind") != "school_holiday"
    )
    return frozenset(days["calendar_date"].str.to_date())


def large(seed: int, days: int, level: float) -> pl.DataFrame:
    """A count that grows by a third a year, with a week, ten per cent of weather, and chance."""
    generator = np.random.default_rng(seed)
    week = np.array([1.0, 0.95, 0.9, 0.95, 1.1, 1.3, 1.2])
    first = date(2025, 1, 6)
    at = np.arange(days)
    mean = level * 1.33 ** (at / 365) * week[at % 7] * generator.lognormal(0, 0.1, days)
    values = generator.poisson(mean).astype(float)
    return pl.DataFrame(
        {
            "series_id": ["rows"] * days,
            "kind": ["count"] * days,
            "can_block": [True] * days,
            "day": [first + timedelta(days=int(place)) for place in at],
            "value": values,
            "weight": values,
        }
    )


def changed(history: pl.DataFrame, day: date, factor: float) -> pl.DataFrame:
    """The same history with one day's values multiplied."""
    is_day = pl.col("day") == day
    value = pl.when(is_day).then((pl.col("value") * factor).round(2)).otherwise(pl.col("value"))
    return history.with_columns(value.alias("value"))


def _read(out: Path, feed: str) -> pl.DataFrame:
    whole = out / "feeds" / f"{feed}.csv"
    files = whole if whole.exists() else out / "feeds" / feed / "*.csv"
    return pl.read_csv(files, infer_schema=False)


def _day(column: str) -> pl.Expr:
    return pl.col(column).str.slice(0, 10).str.to_date().alias("day")


def _series(name: str, kind: str, rows: pl.DataFrame, value: pl.Expr) -> pl.DataFrame:
    weight = pl.col("order_id").n_unique() if "order_id" in rows.columns else pl.len()
    return (
        rows.group_by("day")
        .agg(value.cast(pl.Float64).alias("value"), weight.cast(pl.Float64).alias("weight"))
        .with_columns(
            pl.lit(name).alias("series_id"),
            pl.lit(kind).alias("kind"),
            pl.lit(value=name not in _NEVER_BLOCK).alias("can_block"),
        )
        .select(SCHEMA)
    )
