"""Rows as the bytes of a file: CSV, Parquet or XLSX, with the fields in their order."""

import io
from collections.abc import Sequence
from typing import Literal

import polars as pl

from output.csv_text import csv_text
from output.xlsx import xlsx
from pipelines.exporting.destination import Row

Format = Literal["csv", "parquet", "xlsx"]


def encoded(file_format: Format, columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """The file of rows; a removal is no row of it. Values are texts, as they were mapped."""
    values = (
        [row.fields[column] for column in columns] for row in rows if row.operation == "upsert"
    )
    if file_format == "csv":
        return csv_text(columns, values).encode()
    if file_format == "xlsx":
        return xlsx(columns, values)
    frame = pl.DataFrame(values, schema=dict.fromkeys(columns, pl.String), orient="row")
    content = io.BytesIO()
    frame.write_parquet(content)
    return content.getvalue()
