"""What to know of a feed's files beside what they hold: none found, a snapshot is an old one."""

import duckdb

from pipelines.loading.known_files import KnownFiles, known_files
from sources.connectors.files import SourceFile, discover
from sources.marketplace import Marketplace


def file_notes(
    connection: duckdb.DuckDBPyConnection, marketplace: Marketplace, feed: str
) -> list[str]:
    """A sentence for each entry whose glob matches nothing and each snapshot that came too late."""
    files = list(discover(marketplace, feed))
    known = known_files(connection, feed, ((file.spec, file.name) for file in files))
    matched = {file.spec.entry for file in files}
    unmatched = [
        f"no file matches {spec.files} in {marketplace.folder}"
        for spec in marketplace.file_feeds(feed)
        if spec.entry not in matched
    ]
    older = [_older(file, known) for file in files if known.is_older_snapshot(file.spec, file.name)]
    return unmatched + older


def _older(file: SourceFile, known: KnownFiles) -> str:
    newest = known.newest_snapshots[file.spec.entry]
    return (
        f"{file.name}: by its name this snapshot is older than {newest}, so it tells of the past; "
        "names are compared as people count, 9 before 10"
    )
