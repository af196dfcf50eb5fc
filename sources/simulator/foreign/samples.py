"""A sample of the world in other systems' forms, with the truth of which row is which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from sources.simulator.foreign.ga4 import ga4_rows, write_ga4
from sources.simulator.foreign.postgres import write_postgres
from sources.simulator.foreign.segment import segment_rows

if TYPE_CHECKING:
    from pathlib import Path


def write_foreign(out: Path, days: int) -> None:
    """Writes OUT/foreign: the last days of the clickstream twice, and the shop's tables."""
    foreign = out / "foreign"
    events = recent_events(out / "feeds" / "events", days)
    by_day = events.with_columns(pl.col("occurred_at").dt.date().alias("day"))
    names = []
    for (day,), frame in by_day.sort("day", "received_at", "event_id", "item_number").group_by(
        "day", maintain_order=True
    ):
        names.append(write_segment(frame.drop("day"), foreign / "segment", f"{day:%Y-%m-%d}"))
        names.append(write_ga4_day(frame.drop("day"), foreign / "ga4", f"{day:%Y%m%d}"))
    if names:
        pl.concat(names).write_parquet(out / "truth" / "foreign_events.parquet", compression="zstd")
    write_postgres(out / "feeds", foreign / "postgres")


def recent_events(folder: Path, days: int) -> pl.DataFrame:
    """The clickstream's rows of the last days."""
    paths = sorted(folder.glob("*.parquet")) if folder.exists() else []
    if not paths:
        return pl.DataFrame(schema={"occurred_at": pl.Datetime("ms")})
    last = pl.read_parquet(paths[-1])["occurred_at"].max()
    first = pl.lit(last).dt.truncate("1d") - pl.duration(days=days - 1)
    return pl.concat([pl.read_parquet(path) for path in paths[-1 - days // 28 - 1 :]]).filter(
        pl.col("occurred_at") >= first
    )


def write_segment(frame: pl.DataFrame, folder: Path, day: str) -> pl.DataFrame:
    """Writes a day's calls; the truth names each event's line."""
    calls = segment_rows(frame)
    folder.mkdir(parents=True, exist_ok=True)
    calls.write_ndjson(folder / f"calls-{day}.jsonl")
    return calls.select(
        pl.lit("segment").alias("dialect"),
        pl.lit(f"foreign/segment/calls-{day}.jsonl").alias("file"),
        pl.int_range(1, pl.len() + 1).alias("line"),
        pl.col("messageId").alias("event_id"),
    )


def write_ga4_day(frame: pl.DataFrame, folder: Path, day: str) -> pl.DataFrame:
    """Writes a day's export in both forms; the truth names each event's row."""
    ids, rows = ga4_rows(frame)
    write_ga4(rows, folder, day)
    return pl.DataFrame({"event_id": ids}).select(
        pl.lit("ga4").alias("dialect"),
        pl.lit(f"foreign/ga4/events_{day}.parquet").alias("file"),
        pl.int_range(1, pl.len() + 1).alias("line"),
        "event_id",
    )
