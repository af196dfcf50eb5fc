"""Everything that was planted, as truth/disorder.parquet lists it."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

AS_CLEAN, ABSENT = "as_clean", "absent"
SCHEMA = {
    "feed": pl.String,
    "kind": pl.String,
    "file": pl.String,
    "key": pl.String,  # of the row, its columns joined by |; empty where a whole file is meant
    "right_state": pl.String,  # as in the clean world, or no such row
    "heals": pl.Boolean,  # whether loading every file leads there
    "detail": pl.String,
}


@dataclass(slots=True)
class Notes:
    """Everything that was planted."""

    frames: list[pl.DataFrame] = field(default_factory=lambda: [pl.DataFrame(schema=SCHEMA)])

    def add(
        self,
        kind: str,
        place: tuple[str, str],
        keys: pl.Series,
        right: str = AS_CLEAN,
        *,
        heals: bool = True,
        detail: str = "",
    ) -> None:
        """Rows of a feed's file, by their keys."""
        feed, file = place
        self.frames.append(
            pl.DataFrame({"key": keys.cast(pl.String)}).select(
                pl.lit(feed).alias("feed"),
                pl.lit(kind).alias("kind"),
                pl.lit(file).alias("file"),
                "key",
                pl.lit(right).alias("right_state"),
                pl.lit(heals).alias("heals"),
                pl.lit(detail).alias("detail"),
            )
        )

    def to_frame(self) -> pl.DataFrame:
        return pl.concat(self.frames)
