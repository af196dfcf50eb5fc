"""Which of a feed's files are already loaded: the same bytes under today's rules."""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from pipelines.loading import ledger, snapshot
from pipelines.loading.deliveries import Delivery, deliveries
from sources.connectors.files import in_natural_order
from sources.file_feeds import FileFeed

# What is read (file_id) and how (rules_version).
BytesUnderRules = tuple[str, str]


@dataclass(frozen=True, slots=True)
class KnownFiles:
    """What a feed's ledger holds, and of each snapshot's entry its last file and last state.

    Bytes are loaded once for all; but those of a snapshot's last file are the entry's state, which
    can come again after another, and so can what a path delivers.
    """

    loaded: set[BytesUnderRules]
    by_path: dict[tuple[str, str], list[Delivery]]
    first_places: dict[tuple[str, str], int]
    last_names: dict[str, str]
    states: dict[str, BytesUnderRules | None]
    newest_snapshots: dict[str, str]

    def holds(self, spec: FileFeed, name: str, read: BytesUnderRules) -> bool:
        """Whether a file of these bytes brings nothing new."""
        if self.last_names.get(spec.entry) == name:
            return self.states[spec.entry] == read or self.is_older_snapshot(spec, name)
        if self.is_older_snapshot(spec, name):
            return True
        if self.is_new_delivery(spec, name, read[0]):
            return False
        return read in self.loaded

    def is_older_snapshot(self, spec: FileFeed, name: str) -> bool:
        """Whether a snapshot arrives after one with a later name, and so describes the past."""
        newest = self.newest_snapshots.get(spec.entry) if spec.snapshot else None
        return newest is not None and in_natural_order(name) < in_natural_order(newest)

    def is_new_delivery(self, spec: FileFeed, name: str, file_id: str) -> bool:
        """Whether a path brings known bytes that are not what it last delivered."""
        if spec.snapshot:
            return False
        past = self._past(spec, name)
        if past and past[-1].file_id == file_id:
            return False
        return spec.tells_files or any(one.file_id == file_id for one in past)

    def position_of(self, spec: FileFeed, name: str, file_id: str) -> int | None:
        """The place of bytes that were delivered before, under this name or another.

        A snapshot's is that of the state, which the ledger knows when it is applied.
        """
        if spec.snapshot:
            return None
        past = self._past(spec, name)
        if past and past[-1].file_id == file_id:
            return past[-1].position
        if self.is_new_delivery(spec, name, file_id):
            return None
        found = (self.first_places.get((entry, file_id)) for entry in (spec.entry, ""))
        return min((place for place in found if place is not None), default=None)

    def is_noted(self, spec: FileFeed, name: str, file_id: str) -> bool:
        """Whether the path's newest delivery is known to be these bytes."""
        past = self._past(spec, name)
        return bool(past) and past[-1].file_id == file_id

    def _past(self, spec: FileFeed, name: str) -> list[Delivery]:
        return self.by_path.get((spec.entry, name)) or self.by_path.get(("", name)) or []


def known_files(
    connection: duckdb.DuckDBPyConnection, feed: str, found: Iterable[tuple[FileFeed, str]]
) -> KnownFiles:
    """What is known of a feed; `found` are its entries and files, in the order of their names."""
    last_names = {spec.entry: name for spec, name in found if spec.snapshot}
    states = {entry: snapshot.newest(connection, feed, entry) for entry in last_names}
    newest = {entry: snapshot.newest_name(connection, feed, entry) for entry in last_names}
    by_path: dict[tuple[str, str], list[Delivery]] = {}
    first_places: dict[tuple[str, str], int] = {}
    for one in deliveries(connection, feed):
        by_path.setdefault((one.entry, one.path), []).append(one)
        place = first_places.setdefault((one.entry, one.file_id), one.position)
        first_places[one.entry, one.file_id] = min(place, one.position)
    return KnownFiles(
        ledger.known_files(connection, feed),
        by_path,
        first_places,
        last_names,
        states,
        {entry: name for entry, name in newest.items() if name is not None},
    )
