"""Reads what the simulator wrote, for tests that compare feeds with each other and the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from sources.contract import all_contracts
from sources.simulator.world.sizes import WorldSize

if TYPE_CHECKING:
    from pathlib import Path

TINY = WorldSize(
    vendors=12,
    customers=300,
    categories=4,
    products=80,
    leads=40,
    orders_per_piece=200,
    visits_per_order=2.0,
    differences_per_thousand=30.0,
)
# Read by the fixture `laboratory`, in which the planted effects are looked for.
LABORATORY = WorldSize(
    vendors=40,
    customers=15_000,
    categories=8,
    products=600,
    leads=3_000,
    days=540,
    visits_per_order=0.2,
)
DEMO_SEED = 3
TYPES = {"integer": pl.Int64, "text": pl.String}


def files_of(out: Path, feed: str) -> list[Path]:
    """The files of a feed in the order in which the demo's mapping loads them."""
    folder = out / "feeds"
    alone = [*folder.glob(f"{feed}*.csv"), *folder.glob(f"{feed}*.parquet")]
    return sorted(alone) or sorted((folder / feed).iterdir())


def as_text(path: Path) -> pl.DataFrame:
    """A file with every value as text."""
    if path.suffix == ".csv":
        return pl.read_csv(path, infer_schema=False)
    if path.suffix == ".parquet":
        return pl.read_parquet(path).select(pl.all().cast(pl.String))
    return pl.read_ndjson(path, infer_schema_length=None).select(pl.all().cast(pl.String))


def rows(out: Path, feed: str) -> pl.DataFrame:
    """A feed typed as its contract says, with exact decimals."""
    text = pl.concat([as_text(path) for path in files_of(out, feed)], how="diagonal")
    columns = all_contracts()[feed].columns
    return text.select(typed(name, columns[name].type) for name in columns if name in text.columns)


def typed(name: str, kind: str) -> pl.Expr:
    if kind.startswith("decimal"):
        return pl.col(name).cast(pl.Decimal(18, int(kind[-2])))
    if kind == "timestamp":
        return pl.col(name).str.slice(0, 19).str.to_datetime("%Y-%m-%d %H:%M:%S")
    if kind == "boolean":
        return pl.col(name) == "true"
    if kind == "date":
        return pl.col(name).str.to_date()
    return pl.col(name).cast(TYPES[kind])


def truth(out: Path, table: str) -> pl.DataFrame:
    return pl.read_parquet(out / "truth" / f"{table}.parquet")


def local_date(column: str) -> pl.Expr:
    """The day of an instant where the marketplace is."""
    zoned = pl.col(column).dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/Berlin")
    return zoned.dt.date()
