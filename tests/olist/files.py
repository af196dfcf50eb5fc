"""Olist's CSV files as polars reads them."""

from pathlib import Path
from typing import Final

import polars as pl

TIMES: Final = (
    "order_purchase_timestamp",
    "order_delivered_carrier_date",
    "order_delivered_customer_date",
    "order_estimated_delivery_date",
    "shipping_limit_date",
    "review_creation_date",
)


def read(folder: Path, name: str) -> pl.DataFrame:
    """All columns as text, and what is a time as one."""
    frame = pl.read_csv(folder / f"olist_{name}_dataset.csv", infer_schema=False)
    times = [pl.col(column).str.to_datetime() for column in TIMES if column in frame.columns]
    return frame.with_columns(times)
