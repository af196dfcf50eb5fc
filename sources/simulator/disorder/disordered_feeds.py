"""Disorder laid over a clean world's files: what comes late, twice, wrong first, or broken.

Whatever is planted stands in truth/disorder.parquet. Everything but a renamed column and a broken
day heals: once every file is loaded, keys and versions lead to the state of the clean world.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources.simulator.chance import stream
from sources.simulator.disorder.broken_day import break_day
from sources.simulator.disorder.columns import drift
from sources.simulator.disorder.notes import Notes
from sources.simulator.disorder.rows import DISTURBED, disturb
from sources.simulator.feed_folders import FeedFolder

if TYPE_CHECKING:
    from pathlib import Path

    from sources.simulator.disorder.presets import Disorder


def apply_disorder(out: Path, disorder: Disorder, seed: int) -> None:
    """Rewrites the files below OUT/feeds and writes truth/disorder.parquet."""
    notes = Notes()
    feeds = out / "feeds"
    if disorder.disturbs_rows:
        for place, feed in enumerate(DISTURBED):
            disturb(FeedFolder(feeds, feed), disorder, stream(seed, 90, place), notes)
    if disorder.breakages:
        break_day(feeds, disorder.breakages, notes)
    drift(feeds, disorder, notes)
    notes.to_frame().write_parquet(out / "truth" / "disorder.parquet", compression="zstd")
