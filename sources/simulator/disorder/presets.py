"""What can go wrong with a delivery, and how often."""

from __future__ import annotations

from dataclasses import dataclass

BREAKAGES = (
    "half_written", "garbled_encoding", "open_quote", "wrong_delimiter", "negative_amounts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Disorder:
    """What goes wrong, and how often; rates are shares of a feed's rows. By default nothing."""

    late_rate: float = 0.0  # rows that come in a later file only
    duplicate_rate: float = 0.0  # rows that come twice, in the same file or in a later one
    corrected_rate: float = 0.0  # rows that come wrong, and right with a newer version later
    outrun_rate: float = 0.0  # rows of which an older version comes after the newer one
    deleted_rate: float = 0.0  # rows that never should have been, and their tombstones
    is_shuffled: bool = False  # rows of a file in any order
    skewed_days: int = 0  # days on which one source's clock is wrong, until it sends them again
    gap_days: int = 0  # days that are missing until a later file brings them
    adds_column: bool = False  # orders get a column that nobody knows, from the middle on
    drops_column: bool = False  # reviews lose the title that they never filled, from the middle on
    renames_column: bool = False  # shipments call the carrier something else, from the middle on
    breakages: tuple[str, ...] = ()  # of BREAKAGES: what is wrong with the last day's files
    delivers_late: bool = True  # whether the later files come at all

    def __post_init__(self) -> None:
        unknown = set(self.breakages) - set(BREAKAGES)
        if unknown:
            raise ValueError(f"breakages must be of {', '.join(BREAKAGES)}, not {sorted(unknown)}")

    @property
    def disturbs_rows(self) -> bool:
        """Whether any row is touched before the last day."""
        rates = (
            self.late_rate, self.duplicate_rate, self.corrected_rate, self.outrun_rate,
            self.deleted_rate,
        )  # fmt: skip
        return any(rates) or self.is_shuffled or self.skewed_days + self.gap_days > 0


PRESETS: dict[str, Disorder] = {
    "none": Disorder(),
    "realistic": Disorder(
        late_rate=0.01,
        duplicate_rate=0.005,
        corrected_rate=0.005,
        outrun_rate=0.003,
        deleted_rate=0.002,
        is_shuffled=True,
        skewed_days=2,
        gap_days=1,
        adds_column=True,
        drops_column=True,
    ),
    "broken_day": Disorder(renames_column=True, breakages=BREAKAGES),
}
