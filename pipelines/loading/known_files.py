"""Which of a feed's files are loaded already: their bytes, under the rules of today."""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from pipelines.loading import ledger, snapshot
from sources.file_feeds import FileFeed

# What is read (file_id) and how (rules_version).
BytesUnderRules = tuple[str, str]


@dataclass(frozen=True, slots=True)
class KnownFiles:
    """What a feed's ledger holds, and of each snapshot's entry its last file and last state.

    Bytes are loaded once for all; but those of a snapshot's last file are the entry's state, which
    can come again after another.
    """

    loaded: set[BytesUnderRules]
    last_names: dict[str, str]
    states: dict[str, BytesUnderRules | None]

    def holds(self, spec: FileFeed, name: str, read: BytesUnderRules) -> bool:
        """Whether a file of these bytes brings nothing new."""
        if self.last_names.get(spec.files) == name:
            return self.states[spec.files] == read
        return read in self.loaded


def known_files(
    connection: duckdb.DuckDBPyConnection, feed: str, found: Iterable[tuple[FileFeed, str]]
) -> KnownFiles:
    """What is known of a feed; `found` are its entries and files, in the order of their names."""
    last_names = {spec.files: name for spec, name in found if spec.snapshot}
    states = {entry: snapshot.newest(connection, feed, entry) for entry in last_names}
    return KnownFiles(ledger.known_files(connection, feed), last_names, states)
