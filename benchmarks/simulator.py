"""The simulator against only writing the rows that it made."""

import shutil
from pathlib import Path

import polars as pl

from benchmarks.pairs import Pair
from sources.simulator.simulation import simulate

SEED = 1


def prepare(folder: Path) -> list[Pair]:
    """The demo marketplace; one call makes and writes all its rows."""
    made = simulate("small", seed=SEED, out=folder / "made")
    frames = {
        path.relative_to(made.out): pl.read_csv(path, infer_schema=False)
        for path in sorted((made.out / "feeds").rglob("*.csv"))
    }
    frames |= {
        path.relative_to(made.out): pl.read_parquet(path)
        for path in sorted((made.out / "feeds").rglob("*.parquet"))
    }
    copies = folder / "copies"

    def ours() -> None:
        simulate("small", seed=SEED, out=folder / "again")

    def peer() -> None:
        for name, frame in frames.items():
            (copies / name).parent.mkdir(parents=True, exist_ok=True)
            if name.suffix == ".csv":
                frame.write_csv(copies / name)
            else:
                frame.write_parquet(copies / name)
        shutil.rmtree(copies)

    rows = sum(made.rows.values())
    return [Pair("simulate: the demo marketplace", ours, "polars writing it", peer, rows, "row")]
