"""A destination that is one file, replaced as a whole, with a manifest beside it.

The manifest is written last: whoever reads it and finds its SHA-256 in the file has all of it.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipelines.exporting.destination import Limits, Opening, Outcome, Promise, Row
from pipelines.exporting.file_formats import ENDINGS, Format, encoded, unusable
from sources.kill_points import reached


class PlaceUnavailableError(Exception):
    """A file may or may not have been written; to write it again does no harm. Says why."""


class Place(Protocol):
    """Where files are put, each whole or not at all."""

    def put(self, name: str, content: bytes) -> None:
        """Replaces a file.

        Raises:
            PlaceUnavailableError: it cannot be reached now.
            DestinationStoppedError: it does not let us in.
        """
        ...


@dataclass(frozen=True, slots=True)
class WholeFile:
    """The file of an export at some place."""

    opening: Opening
    file_format: Format
    place: Place

    @property
    def limits(self) -> Limits:
        """Everything at once."""
        return Limits(rows_per_request=None)

    @property
    def promise(self) -> Promise:
        """The same name is replaced."""
        return "whole_file"

    def send(self, rows: Sequence[Row], idempotency_key: str) -> Sequence[Outcome]:
        """All rows, confirmed once file and manifest are there, but for those that are unusable."""
        name = f"{self.opening.export}.{ENDINGS[self.file_format]}"
        refused = {row.key: why for row in rows if (why := unusable(self.file_format, row))}
        written = [row for row in rows if row.key not in refused] if refused else rows
        content = encoded(self.file_format, self.opening.columns, written)
        manifest = {
            "file": name,
            "rows": sum(row.operation == "upsert" for row in written),
            "removed": sum(row.operation == "remove" for row in written),
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "columns": list(self.opening.columns),
            "request": idempotency_key,
        }
        try:
            self.place.put(name, content)
            reached("file_put")
            self.place.put(f"{name}.manifest.json", json.dumps(manifest, indent=1).encode())
        except PlaceUnavailableError as error:
            return [Outcome(row.key, "unknown", str(error)) for row in rows]
        return [
            Outcome(row.key, "refused", refused[row.key])
            if row.key in refused
            else Outcome(row.key, "confirmed")
            for row in rows
        ]

    def holds(self) -> Collection[str] | None:
        """Nothing is asked: to write the file again does no harm."""
        return None
