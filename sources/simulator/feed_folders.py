"""A feed's files as frames: read, altered, written again in their own format."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import polars as pl

from sources.contract import Contract, all_contracts
from sources.simulator.feed_files import DATED_SUFFIX, TIMESTAMP_FORMAT, feed_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class FeedFolder:
    """The files of one feed in the order in which they are loaded."""

    def __init__(self, feeds: Path, feed: str) -> None:
        self.feed = feed
        self.contract: Contract = all_contracts()[feed]
        self._feeds = feeds

    def paths(self) -> list[Path]:
        """Its files by name."""
        if self.feed in DATED_SUFFIX:
            folder = self._feeds / self.feed
            return sorted(folder.iterdir()) if folder.exists() else []
        return [path for path in [self._feeds / feed_path(self.feed)] if path.exists()]

    def frames(self) -> Iterator[tuple[Path, pl.DataFrame]]:
        """Its files one by one; CSV as text throughout, so that nothing changes on the way."""
        for path in self.paths():
            yield path, read(path)

    def further(self, tag: str) -> Path:
        """A further file; a tag that begins with a letter is loaded after those that are there."""
        return self._feeds / feed_path(self.feed, tag)

    def name(self, path: Path) -> str:
        """A file's name below OUT, as the truth lists it."""
        return path.relative_to(self._feeds.parent).as_posix()


def read(path: Path) -> pl.DataFrame:
    """A feed's file as written."""
    if path.suffix == ".csv":
        return pl.read_csv(path, infer_schema=False)
    if path.suffix == ".parquet":
        return pl.read_parquet(path)
    return pl.read_ndjson(path, infer_schema_length=None)


def write(frame: pl.DataFrame, path: Path) -> None:
    """The file with these rows, the same bytes for the same rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        frame.write_csv(path)
    elif path.suffix == ".parquet":
        frame.write_parquet(path, compression="zstd")
    else:
        with (
            path.open("wb") as raw,
            gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as file,
        ):
            file.write(frame.write_ndjson().encode())


def shifted(frame: pl.DataFrame, column: str, seconds: int) -> pl.Expr:
    """A column of timestamps, moved; as text where it is text."""
    moved = instant(frame, column) + pl.duration(seconds=seconds)
    if frame.schema[column] == pl.String:
        moved = moved.dt.strftime(TIMESTAMP_FORMAT)
    return moved.alias(column)


def instant(frame: pl.DataFrame, column: str) -> pl.Expr:
    """A column of timestamps as such."""
    value = pl.col(column)
    return value.str.to_datetime(TIMESTAMP_FORMAT) if frame.schema[column] == pl.String else value


def keys_of(frame: pl.DataFrame, contract: Contract) -> pl.Series:
    """The key of every row as one text."""
    return frame.select(
        pl.concat_str([pl.col(name).cast(pl.String) for name in contract.key], separator="|")
    ).to_series()
