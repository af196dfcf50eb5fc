"""The simulator against only writing the rows that it made; the table says time per 1,000 rows."""

import shutil
from pathlib import Path

from benchmarks.pairs import Pair
from sources.simulator.feed_folders import read, write
from sources.simulator.simulation import simulate

SEED = 1


def prepare(folder: Path) -> list[Pair]:
    """The demo marketplace; one call makes and writes all its rows."""
    made = simulate("small", seed=SEED, out=folder / "made")
    frames = {
        path.relative_to(made.out): read(path) for path in sorted((made.out / "feeds").rglob("*.*"))
    }
    copies = folder / "copies"

    def ours() -> None:
        simulate("small", seed=SEED, out=folder / "again")

    def peer() -> None:
        for name, frame in frames.items():
            write(frame, copies / name)
        shutil.rmtree(copies)

    thousands = sum(made.rows.values()) / 1_000
    name = "simulate: the demo marketplace"
    return [Pair(name, ours, "polars writing it", peer, thousands, "1,000 rows")]
