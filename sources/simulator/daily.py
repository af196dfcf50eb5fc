"""A marketplace delivered day by day: every morning the files of what is new or has changed."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from sources.contract import all_contracts
from sources.simulator.feed_files import feed_path
from sources.simulator.feed_folders import FeedFolder, write
from sources.simulator.simulation import simulate
from sources.simulator.world.sizes import DEFAULT_END, WorldSize

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Known = dict[str, pl.DataFrame]


def deliver_days(
    size: str | WorldSize,
    days: int,
    seed: int,
    out: Path,
    first: date,
    end: date = DEFAULT_END,
) -> Iterator[tuple[date, dict[str, int]]]:
    """Writes a world as a shop delivers it: all that is known on `first`, then a file a day.

    Yields each day with the number of rows delivered by feed, after the day's files are below
    OUT/feeds. Rows that did not change are not delivered again. OUT/truth is that of the day.
    """
    simulate(size, days, seed, out, end, known_until=first)
    before = known_rows(out / "feeds")
    yield first, {feed: frame.height for feed, frame in before.items()}
    day = first
    while day < end:
        day += timedelta(days=1)
        fresh = out.with_name(f"{out.name}.{day}")
        simulate(size, days, seed, fresh, end, known_until=day)
        after = known_rows(fresh / "feeds")
        delivered = deliver(before, after, out / "feeds", day)
        shutil.rmtree(out / "truth")
        (fresh / "truth").rename(out / "truth")
        shutil.rmtree(fresh)
        before = after
        yield day, delivered


def known_rows(feeds: Path) -> Known:
    """Every feed's rows, from however many files."""
    known = {}
    for feed in all_contracts():
        frames = [frame for _, frame in FeedFolder(feeds, feed).frames()]
        if frames:
            known[feed] = pl.concat(frames, how="vertical_relaxed")
    return known


def deliver(before: Known, after: Known, feeds: Path, day: date) -> dict[str, int]:
    """Writes what is in `after` and was not in `before`, and says how many rows by feed."""
    delivered = {}
    for feed, frame in after.items():
        rows = frame
        if feed in before:
            old = before[feed].cast(dict(frame.schema))  # type: ignore[arg-type]
            rows = frame.join(
                old, on=frame.columns, how="anti", nulls_equal=True, maintain_order="left"
            )
        if rows.height:
            write(rows, day_path(feeds, feed, day))
            delivered[feed] = rows.height
    return delivered


def day_path(feeds: Path, feed: str, day: date) -> Path:
    """A day's file: after the months in the feed's folder, or after the feed's first file."""
    return feeds / feed_path(feed, day.isoformat())
