"""What is sent of each row, as it was when the run was planned: rows read from the run's file."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import overload

import polars as pl

from operations.exports.rows import PlannedRow
from pipelines.exporting.destination import Row

_KEY = "row_key"


class ContentsLostError(Exception):
    """The file of a run is gone; the run cannot go on."""


def check_contents(path: Path) -> None:
    """Checks that the file of a run is there.

    Raises:
        ContentsLostError: it is not.
    """
    if not path.exists():
        raise ContentsLostError(path.name)


def rows_of(path: Path, planned: Sequence[PlannedRow]) -> "PlannedRows":
    """The rows with their fields; each is made when it is asked for."""
    keys = pl.Series(_KEY, [row.key for row in planned], dtype=pl.String)
    found = pl.scan_parquet(path).filter(pl.col(_KEY).is_in(keys.implode())).collect()
    places = {key: place for place, key in enumerate(found[_KEY])}
    return PlannedRows(planned, found.drop(_KEY), places)


class PlannedRows(Sequence[Row]):
    """Rows of a request; a million of them hold a frame and not a million mappings."""

    def __init__(
        self, planned: Sequence[PlannedRow], fields: pl.DataFrame, places: Mapping[str, int]
    ) -> None:
        """Take the rows, their fields, and where the fields of each key are."""
        self._planned, self._fields, self._places = planned, fields, places

    def __len__(self) -> int:
        """How many."""
        return len(self._planned)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> "PlannedRows": ...
    def __getitem__(self, place: int | slice) -> "Row | PlannedRows":
        """One row, or some."""
        if isinstance(place, slice):
            return PlannedRows(self._planned[place], self._fields, self._places)
        planned = self._planned[place]
        at = self._places.get(planned.key)
        fields = (
            dict.fromkeys(self._fields.columns) if at is None else self._fields.row(at, named=True)
        )
        return Row(planned.key, planned.operation, fields)  # type: ignore[arg-type]
