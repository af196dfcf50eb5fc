"""What to know about a feed's files beside their content: none found, a link, an old snapshot."""

import duckdb

from pipelines.loading.known_files import KnownFiles, known_files
from pipelines.loading.refusals import refused_files
from sources.connectors.files import SourceFile, discover
from sources.marketplace import Marketplace


def file_notes(
    connection: duckdb.DuckDBPyConnection, marketplace: Marketplace, feed: str
) -> list[str]:
    """A sentence for each entry whose glob matches nothing, file refused and snapshot too late."""
    files = discover(marketplace, feed).files
    known = known_files(connection, feed, ((file.spec, file.name) for file in files))
    matched = {file.spec.entry for file in files}
    unmatched = [
        f"no file matches {spec.files} in {marketplace.folder}"
        for spec in marketplace.file_feeds(feed)
        if spec.entry not in matched
    ]
    older = [_older(file, known) for file in files if known.is_older_snapshot(file.spec, file.name)]
    refused = [finding.english for finding in refused_files(connection, feed)]
    return [*unmatched, *refused, *_linked(files), *older]


def _linked(files: list[SourceFile]) -> list[str]:
    """A note where files are hard links: somebody may write to them under another name."""
    linked = sorted({file.name for file in files if file.facts.st_nlink > 1})
    if not linked:
        return []
    who = "has a second name" if len(linked) == 1 else f"and {len(linked) - 1} more have two names"
    meant = "deliver a copy where that is not meant"
    return [f"{linked[0]} {who} (a hard link): who writes to the other writes here; {meant}"]


def _older(file: SourceFile, known: KnownFiles) -> str:
    newest = known.newest_snapshots[file.spec.entry]
    return (
        f"{file.name}: by its name this snapshot is older than {newest}, so it tells of the past; "
        "names are compared as people count, 9 before 10"
    )
