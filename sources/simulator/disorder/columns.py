"""Files with a column more, a column less, or a column under another name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from sources.simulator.feed_folders import FeedFolder, read, write

if TYPE_CHECKING:
    from pathlib import Path

    from sources.simulator.disorder.notes import Notes
    from sources.simulator.disorder.presets import Disorder

ADDED, DROPPED, RENAMED = ("orders", "loyalty_tier"), ("reviews", "title"), ("shipments", "carrier")
RENAMED_TO = "carrier_name"


def drift(feeds: Path, disorder: Disorder, notes: Notes) -> None:
    """Files from the middle on with a column more, a column less, a column under another name."""
    none = pl.Series([""])
    for wanted, (feed, column), kind, heals in (
        (disorder.adds_column, ADDED, "column_added", True),
        (disorder.drops_column, DROPPED, "column_dropped", True),
        (disorder.renames_column, RENAMED, "column_renamed", False),
    ):
        folder = FeedFolder(feeds, feed)
        months = [path for path in folder.paths() if "later" not in path.name]
        for path in months[len(months) // 2 :] if wanted else []:
            if "broken" in path.name:
                continue
            write(with_drift(read(path), kind, column), path)
            place = (feed, folder.name(path))
            notes.add(kind, place, none, heals=heals, detail=column)


def with_drift(frame: pl.DataFrame, kind: str, column: str) -> pl.DataFrame:
    """A file whose columns are not the contract's."""
    if kind == "column_added":
        return frame.with_columns(pl.lit("silver").alias(column))
    return frame.drop(column) if kind == "column_dropped" else frame.rename({column: RENAMED_TO})
