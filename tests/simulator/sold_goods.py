"""What was sold in the laboratory at which prices, and when there was nothing to sell."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from tests.simulator.simulated_feeds import local_date, rows

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any


def goods(laboratory: Path) -> dict[str, Any]:
    manifest = json.loads((laboratory / "truth" / "manifest.json").read_text())
    return dict(manifest["parameters"]["goods"])


@cache
def sold_lines(laboratory: Path) -> pl.DataFrame:
    """Every line with its order, its product's category and its price list's price and cost."""
    orders = rows(laboratory, "orders").select(
        "order_id", "customer_id", "account_id", "currency_code", "ordered_at", "ship_country_code"
    )
    products = rows(laboratory, "products").select("product_id", "category_id")
    lines = rows(laboratory, "order_lines").join(orders, on="order_id")
    lines = lines.join(products, on="product_id").with_columns(date=local_date("ordered_at"))
    prices = rows(laboratory, "price_history").select(
        "offer_id",
        pl.col("unit_price").alias("listed"),
        "cost_price",
        pl.col("currency_code").alias("price_currency"),
        pl.col("valid_from").alias("ordered_at"),
    )
    return lines.sort("ordered_at").join_asof(
        prices.sort("ordered_at"), on="ordered_at", by="offer_id", check_sortedness=False
    )


@cache
def stock_counts(laboratory: Path) -> pl.DataFrame:
    """The days from which on each offer was out of stock or there again."""
    counts = rows(laboratory, "inventory").sort("stock_date")
    return counts.select("offer_id", pl.col("stock_date").alias("date"), "quantity_on_hand")


def is_out(frame: pl.DataFrame, absences: pl.DataFrame, offer: str) -> pl.DataFrame:
    """The frame's rows (offer, date) with whether the offer had nothing to sell."""
    found = frame.sort("date").join_asof(
        absences, on="date", by_left=offer, by_right="offer_id",
        check_sortedness=False,
    )  # fmt: skip
    return found.with_columns((pl.col("quantity_on_hand") == 0).fill_null(value=False).alias("out"))
