"""Feeds and truth on disk, byte for byte the same for the same world."""

from __future__ import annotations

import gzip
import io
from contextlib import ExitStack
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from sources.contract import all_contracts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import Self

DATED_SUFFIX = {
    "orders": "csv",
    "order_lines": "csv",
    "order_events": "parquet",
    "payments": "jsonl.gz",
    "shipments": "csv",
    "reviews": "csv",
    "invoices": "csv",
    "events": "parquet",
}
# Feeds that follow from orders or months and come in one file: fewer files load faster.
GATHERED_SUFFIX = {
    "returns": "csv",
    "quotes": "csv",
    "approvals": "csv",
    "tickets": "csv",
    "ticket_events": "csv",
    "survey_responses": "csv",
    "product_registrations": "csv",
    "vendor_messages": "csv",
    "experiment_assignments": "csv",
    "messages": "parquet",
    "campaign_members": "parquet",
    "inventory": "parquet",
    "shipment_events": "parquet",
}


QUANTITY = "decimal(18,3)"


def feed_path(feed: str, tag: str = "") -> str:
    """Where a feed's file lies below feeds/.

    The tag is the first month that the file holds, a day, or what the file is about.
    """
    if feed in DATED_SUFFIX:
        return f"{feed}/{feed}-{tag}.{DATED_SUFFIX[feed]}"
    stem = f"{feed}_{tag}" if tag else feed
    return f"{stem}.{GATHERED_SUFFIX.get(feed, 'csv')}"


ROWS_AT_ONCE = 50_000
TIMESTAMP_FORMAT = "%Y-%m-%d %H:%M:%S"


def contract_types(feed: str) -> dict[str, str]:
    """Column names and types of a feed, in the contract's order."""
    return {name: column.type for name, column in all_contracts()[feed].columns.items()}


def shaped(frame: pl.DataFrame, feed: str, suffix: str) -> pl.DataFrame:
    """A frame of whole seconds and cents in the contract's columns, typed for a file format."""
    return frame.select(shape(feed, suffix, tuple(frame.schema.items())))


@cache
def shape(feed: str, suffix: str, given: tuple[tuple[str, pl.DataType], ...]) -> list[pl.Expr]:
    """A feed's columns, made of those given; ValueError where some are not the contract's."""
    types, schema = contract_types(feed), dict(given)
    unknown = set(schema) - set(types)
    if unknown:
        message = f"columns without a contract: {sorted(unknown)}"
        raise ValueError(message)
    return [column(schema, name, kind, suffix) for name, kind in types.items()]


def column(schema: dict[str, pl.DataType], name: str, kind: str, suffix: str) -> pl.Expr:
    if name == "is_deleted" and name not in schema:
        return pl.lit(value=False).alias(name)
    if name not in schema:
        return pl.lit(None, dtype=pl.String).alias(name)
    value = pl.col(name)
    if kind == "timestamp":
        return moment(value, suffix)
    # What is no amount of cents, a rate say, comes as the text it shall be.
    if kind == QUANTITY:
        return quantity(value, suffix)
    if kind.startswith("decimal") and schema[name] != pl.String:
        return money(value, suffix)
    return value


def moment(seconds: pl.Expr, suffix: str) -> pl.Expr:
    """UTC seconds as a timestamp; as text where the format has no timestamps."""
    instant = (seconds.cast(pl.Int64) * 1_000).cast(pl.Datetime("ms"))
    return instant.dt.strftime(TIMESTAMP_FORMAT) if suffix == "jsonl.gz" else instant


def money(cents: pl.Expr, suffix: str) -> pl.Expr:
    """Cents as an amount, written with a point and never divided: polars divides inexactly.

    JSON has numbers: the double nearest to the text, whose shortest form is the text again.
    """
    size = cents.abs()
    rest = (size % 100).cast(pl.String).str.zfill(2)
    sign = pl.when(cents < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    text = sign + (size // 100).cast(pl.String) + "." + rest
    amount = text.cast(pl.Float64) if suffix == "jsonl.gz" else text
    return amount.alias(cents.meta.output_name())


def quantity(thousandths: pl.Expr, suffix: str) -> pl.Expr:
    """Thousandths of a unit in their shortest form: 2, 1.5, 0.335."""
    rest = (thousandths % 1_000).cast(pl.String).str.zfill(3)
    digits = pl.when(thousandths % 1_000 > 0).then("." + rest.str.strip_chars_end("0"))
    text = (thousandths // 1_000).cast(pl.String) + digits.otherwise(pl.lit(""))
    amount = text.cast(pl.Float64) if suffix == "jsonl.gz" else text
    return amount.alias(thousandths.meta.output_name())


class Waiting:
    """Rows that are not yet written: many small pieces cost a writer more than few large ones."""

    def __init__(self) -> None:
        self._frames: list[pl.DataFrame] = []
        self._rows = 0

    def add(self, frame: pl.DataFrame) -> bool:
        """Keeps rows; whether they are enough to be written."""
        self._frames.append(frame)
        self._rows += frame.height
        return self._rows >= ROWS_AT_ONCE

    def taken(self) -> Iterator[pl.DataFrame]:
        """What is kept, as one frame where the columns are the same."""
        for _, frames in groupby(self._frames, key=lambda frame: frame.columns):
            # a piece in which a column is null throughout has no type for it
            yield pl.concat(frames, how="vertical_relaxed")
        self._frames, self._rows = [], 0


class FeedFile:
    """One file of a feed, written piece by piece so that a month never has to fit into memory."""

    def __init__(self, feeds: Path, feed: str, tag: str = "") -> None:
        path = feeds / feed_path(feed, tag)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._feed = feed
        self.suffix = suffix = path.name.partition(".")[2]
        self.rows = 0
        self._has_header = False
        self._waiting = Waiting()
        self._open = ExitStack()
        self._parquet: pq.ParquetWriter | None = None
        self._file = self._open.enter_context(path.open("wb"))
        if suffix == "jsonl.gz":
            # No name and no time in the header: they would differ from run to run.
            self._file = self._open.enter_context(  # type: ignore[assignment]
                gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=self._file, mtime=0)
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the file."""
        self._write()
        if self._parquet is not None:
            self._parquet.close()
        self._open.close()

    def append(self, frame: pl.DataFrame) -> None:
        """Writes the frame's rows behind those already there, at the latest with the file's end."""
        self.rows += frame.height
        if self._waiting.add(frame):
            self._write()

    def _write(self) -> None:
        for frame in self._waiting.taken():
            rows = shaped(frame, self._feed, self.suffix)
            if self.suffix == "csv":
                header, self._has_header = not self._has_header, True
                buffer = io.BytesIO()
                rows.write_csv(buffer, include_header=header, datetime_format=TIMESTAMP_FORMAT)
                self._file.write(buffer.getbuffer())
            elif self.suffix == "jsonl.gz":
                self._file.write(rows.write_ndjson().encode())
            else:
                self._append_parquet(rows)

    def _append_parquet(self, rows: pl.DataFrame) -> None:
        table = rows.to_arrow()
        if self._parquet is None:
            key = all_contracts()[self._feed].key
            repeats = [
                field.name
                for field in table.schema
                if field.name not in key and not pa.types.is_timestamp(field.type)
            ]
            # Whoever reads a feed reads all of it; smallest and largest values would help nobody.
            self._parquet = pq.ParquetWriter(
                self._file,
                table.schema,
                compression="zstd",
                write_statistics=False,
                use_dictionary=repeats,
            )
        self._parquet.write_table(table)


class TruthFile:
    """One table of the truth, written piece by piece."""

    def __init__(self, folder: Path, table: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{table}.parquet"
        self._writer: pq.ParquetWriter | None = None
        self._waiting = Waiting()

    def append(self, frame: pl.DataFrame) -> None:
        if self._waiting.add(frame):
            self._write()

    def _write(self) -> None:
        for frame in self._waiting.taken():
            table = frame.to_arrow()
            if self._writer is None:
                self._writer = pq.ParquetWriter(self._path, table.schema, compression="zstd")
            self._writer.write_table(table)

    def close(self) -> None:
        self._write()
        if self._writer is not None:
            self._writer.close()


def write_entity(feeds: Path, feed: str, pieces: Iterable[pl.DataFrame]) -> int:
    """Writes OUT/feeds/<feed>.csv and says how many rows it has."""
    with FeedFile(feeds, feed) as file:
        for piece in pieces:
            file.append(piece)
        return file.rows


def write_truth(folder: Path, tables: dict[str, pl.DataFrame]) -> None:
    """Writes OUT/truth/<table>.parquet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        pq.write_table(frame.to_arrow(), folder / f"{name}.parquet", compression="zstd")
