"""The last day's file of one feed, before it is delivered: read, altered, written again."""

import gzip
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from sources.marketplace import Marketplace
from sources.simulator.daily import day_path, known_rows
from sources.simulator.feed_folders import read, write


@dataclass(frozen=True)
class Delivery:
    """A feed of the last day, in an inbox that holds nothing but this feed's files."""

    feed: str
    day: date
    inbox: Path

    @property
    def path(self) -> Path:
        """Where the day's file lies, or would lie if something had come."""
        return day_path(self.inbox / "feeds", self.feed, self.day)

    @property
    def rows(self) -> pl.DataFrame:
        """The right rows of the day; text where the file is."""
        return read(self.path)

    @property
    def known(self) -> pl.DataFrame:
        """The right rows of all days; a row that changed occurs more than once."""
        return pl.concat(
            [read(path) for path in sorted(self.inbox.glob(f"feeds/{self.feed}[._]*"))]
            or [known_rows(self.inbox / "feeds")[self.feed]],
            how="vertical_relaxed",
        )

    @property
    def raw(self) -> bytes:
        """The day's bytes, unpacked."""
        packed = self.path.read_bytes()
        return gzip.decompress(packed) if self.path.suffix == ".gz" else packed

    def put(self, frame: pl.DataFrame) -> None:
        """Delivers these rows in the place of the right ones."""
        write(frame, self.path)

    def put_raw(self, raw: bytes) -> None:
        """Delivers these bytes, packed as agreed."""
        self.path.write_bytes(gzip.compress(raw) if self.path.suffix == ".gz" else raw)

    def put_beside(self, name: str, raw: bytes) -> None:
        """Delivers a further file; the name is one below the inbox."""
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)


def delivery_of(shop: Marketplace, feed: str, day: date, inbox: Path) -> Delivery:
    """A copy of all that the shop delivered of a feed."""
    for spec in shop.file_feeds(feed):
        for path in shop.folder.glob(spec.files):
            copy = inbox / path.relative_to(shop.folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    inbox.mkdir(parents=True, exist_ok=True)
    return Delivery(feed, day, inbox)
