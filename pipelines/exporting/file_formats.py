"""Rows as the bytes of a file: CSV, Parquet, XLSX, or a list that Google Ads takes by upload."""

import io
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal

import polars as pl

from output.csv_text import csv_text
from output.xlsx import xlsx
from pipelines.exporting.destination import Row
from pipelines.exporting.identifiers import formats as identifiers
from pipelines.exporting.identifiers.formats import GOOGLE, identified

Format = Literal["csv", "parquet", "xlsx", "customer_match"]
ENDINGS: Final[Mapping[Format, str]] = MappingProxyType(
    {"csv": "csv", "parquet": "parquet", "xlsx": "xlsx", "customer_match": "csv"}
)
# By what the people of a list are found by whoever takes it.
FOUND_BY: Final[Mapping[str, identifiers.Format]] = MappingProxyType({"customer_match": GOOGLE})
# The heads of Google's template, https://support.google.com/google-ads/answer/7659867.
_CUSTOMER_MATCH: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Email": "emailAddress",
        "Phone": "phoneNumber",
        "First Name": "givenName",
        "Last Name": "familyName",
        "Country": "regionCode",
        "Zip": "postalCode",
    }
)


def unusable(file_format: Format, row: Row) -> str | None:
    """Why a row cannot be in the file, if so: nobody would be found by it."""
    if file_format != "customer_match" or row.operation == "remove":
        return None
    person = identified(GOOGLE, row.fields)
    return None if person.is_sufficient else person.reason


def encoded(file_format: Format, columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """The file of rows; a removal is no row of it. Values are texts, as they were mapped."""
    if file_format == "customer_match":
        return _customer_match(rows)
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


def _customer_match(rows: Sequence[Row]) -> bytes:
    people = (identified(GOOGLE, row.fields).values for row in rows if row.operation == "upsert")
    lines = ([person.get(name) for name in _CUSTOMER_MATCH.values()] for person in people)
    return csv_text(list(_CUSTOMER_MATCH), lines).encode()
