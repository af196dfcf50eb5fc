"""The feeds of a simulated marketplace as polars reads them, with nothing of the models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from datetime import date

    import duckdb

ZONE = "Europe/Berlin"
PART = ["order_id", "vendor_id"]
LINE = ["order_id", "order_line_id"]


def day(name: str) -> pl.Expr:
    """The marketplace's day of a moment in UTC."""
    return pl.col(name).dt.replace_time_zone("UTC").dt.convert_time_zone(ZONE).dt.date()


def half_up(hours: pl.Expr) -> pl.Expr:
    """Hours to the hundredth."""
    return (hours * 100 + 0.5 + 1e-6).floor() / 100


@dataclass(frozen=True)
class Feeds:
    """The feeds as delivered; `end` is the day after the last."""

    connection: duckdb.DuckDBPyConnection
    end: date

    def of(self, name: str) -> pl.DataFrame:
        return self.connection.execute(f"from raw.{name}_current").pl()

    @cached_property
    def lines(self) -> pl.DataFrame:
        """The lines of orders that are no tests, with the order's day and cancellation."""
        orders = self.of("orders").filter(~pl.col("is_test").fill_null(value=False))
        orders = orders.select(
            "order_id",
            order_date=day("ordered_at"),
            order_status="status",
            order_cancelled_by="cancelled_by",
            order_cancelled_at="cancelled_at",
        ).filter(pl.col("order_date") < self.end)
        return (
            self.of("order_lines")
            .join(orders, on="order_id")
            .with_columns(
                status=pl.coalesce("status", "order_status"),
                cancelled_by=pl.coalesce("cancelled_by", "order_cancelled_by"),
                cancelled_at=pl.coalesce("cancelled_at", "order_cancelled_at"),
            )
        )

    @cached_property
    def parts(self) -> pl.DataFrame:
        return self.lines.select(*PART, "order_date").unique()

    @cached_property
    def shipped(self) -> pl.DataFrame:
        """The shipment of each line: that of the line, else that of the vendor's part."""
        shipments = self.of("shipments").drop("updated_at")
        own = shipments.drop_nulls("order_line_id").drop("vendor_id")
        shared = shipments.filter(pl.col("order_line_id").is_null()).drop("order_line_id")
        by_line = self.lines.join(own, on=LINE, suffix="_shipment")
        others = self.lines.join(own, on=LINE, how="anti")
        by_part = others.join(shared, on=PART, suffix="_shipment")
        return pl.concat([by_line, by_part], how="diagonal")

    def between(self, frame: pl.DataFrame, column: str, days: int) -> pl.DataFrame:
        first = self.end - timedelta(days=days)
        return frame.filter(pl.col(column).is_between(first, self.end, closed="left"))
