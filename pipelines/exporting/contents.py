"""What is sent of each row, as it was when the run was planned: rows read from the run's file."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, overload

import polars as pl

from operations.exports.rows import PlannedRow
from pipelines.exporting.destination import Row

_KEY: Final = "row_key"
# So many are held, which are some megabytes; a request of more holds its own.
_ROWS_OF_PART: Final = 50_000
_ROWS_READ_AT_ONCE: Final = 10_000


class ContentsLostError(Exception):
    """The file of a run is gone; the run cannot go on."""


def check_contents(path: Path) -> None:
    """Checks that the file of a run is there.

    Raises:
        ContentsLostError: it is not.
    """
    if not path.exists():
        raise ContentsLostError(path.name)


class Contents:
    """The file of a run, read a part at a time: requests take its rows in the order of keys."""

    def __init__(self, path: Path) -> None:
        """Take the file."""
        self._path = path
        self._part = _Part(pl.DataFrame({_KEY: []}, schema={_KEY: pl.String}))

    def rows_of(self, planned: Sequence[PlannedRow]) -> "PlannedRows":
        """The rows with their fields; each is made when it is asked for."""
        keys = [row.key for row in planned]
        first, last = min(keys), max(keys)
        if not self._part.reaches(first, last):
            scan = pl.scan_parquet(self._path)
            following = scan.filter(pl.col(_KEY) >= first)
            self._part = _Part(following.head(max(_ROWS_OF_PART, len(keys))).collect())
        part = self._part
        if not part.reaches(first, last):
            # Rows that are tried again, or removed, are not neighbours.
            asked = pl.Series(_KEY, keys, dtype=pl.String)
            part = _Part(scan.filter(pl.col(_KEY).is_in(asked.implode())).collect())
        return PlannedRows(planned, part.fields, part.places)


class _Part:
    """Rows of the file that follow each other, or those that were asked for."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self._keys = rows[_KEY]
        self.fields = rows.drop(_KEY)
        self.places = {key: place for place, key in enumerate(self._keys)}

    def reaches(self, first: str, last: str) -> bool:
        """Whether it has the rows between two keys; none is lacking from the file."""
        return first in self.places and last in self.places


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

    def __iter__(self) -> Iterator[Row]:
        """One after the other; many are read from the frame at once."""
        names = self._fields.columns
        missing = dict.fromkeys(names)
        for start in range(0, len(self._planned), _ROWS_READ_AT_ONCE):
            planned = self._planned[start : start + _ROWS_READ_AT_ONCE]
            places = [self._places.get(row.key) for row in planned]
            found = iter(self._fields[[at for at in places if at is not None]].rows())
            for row, at in zip(planned, places, strict=True):
                fields = missing if at is None else dict(zip(names, next(found), strict=True))
                yield Row(row.key, row.operation, fields)  # type: ignore[arg-type]

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> "PlannedRows": ...
    def __getitem__(self, place: int | slice) -> "Row | PlannedRows":
        """One row, or some."""
        some = PlannedRows(
            self._planned[place] if isinstance(place, slice) else [self._planned[place]],
            self._fields,
            self._places,
        )
        return some if isinstance(place, slice) else next(iter(some))
