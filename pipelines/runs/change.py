"""Is there anything to do? Answered without Dagster, so that a run without changes ends at once."""

from datetime import date, datetime

import duckdb

from pipelines.home import Home
from pipelines.loading import ledger
from pipelines.loading.arrivals import unchanged_files
from pipelines.loading.checks import account_of
from pipelines.loading.known_files import known_files
from pipelines.loading.operational import are_copied
from pipelines.loading.refusals import refused_files
from pipelines.loading.rules import rules_by_entry
from pipelines.loading.warehouse import open_warehouse
from pipelines.runs.as_of import as_of_date
from pipelines.runs.fingerprint import build_fingerprint
from pipelines.runs.last_run import current_manifest
from sources.connectors.files import SourceFile, discover
from sources.contract import all_contracts
from sources.inbox import FileRefusedError
from sources.landing import content_hash
from sources.marketplace import Marketplace


def unchanged_version(
    home: Home,
    marketplace: Marketplace,
    requested_as_of: date | None,
    recorded_at: datetime,
    *,
    full: bool,
    store_url: str | None,
) -> str | None:
    """The published version that a run would build again bit for bit; None where there is none.

    All files are known under today's rules, none came or went, nothing was decided that is not
    copied, and code, marketplace and day are those of the version. Where a full rebuild is asked
    for, the version must be one. What a database holds is known only by reading it, so a
    marketplace with one may always have changed.
    """
    manifest = current_manifest(home.published)
    is_ours = manifest is not None and manifest["marketplace"] == marketplace.name
    if manifest is None or not is_ours or marketplace.databases:
        return None
    if full and manifest["mode"] != "full":
        return None
    with open_warehouse(home.warehouse) as connection:
        if not all(is_loaded(connection, marketplace, feed) for feed in marketplace.feeds):
            return None
        if not are_copied(connection, marketplace, store_url):
            return None
        as_of = as_of_date(connection, marketplace, requested_as_of, recorded_at)
        if build_fingerprint(connection, marketplace, as_of) != manifest["fingerprint"]:
            return None
    return str(manifest["version"])


def settled_feeds(home: Home, marketplace: Marketplace) -> frozenset[str]:
    """The feeds of which a run would load nothing, and of whose loads nothing holds a run back.

    Only files that did not change since they were read count; a database is always asked.
    """
    if not home.warehouse.exists():
        return frozenset()
    with open_warehouse(home.warehouse) as connection:
        return frozenset(
            feed
            for feed in marketplace.feeds
            if not marketplace.database_feeds(feed)
            and is_loaded(connection, marketplace, feed, must_be_unread=True)
            and account_of(connection, feed).is_sound
        )


def is_loaded(
    connection: duckdb.DuckDBPyConnection,
    marketplace: Marketplace,
    feed: str,
    *,
    must_be_unread: bool = False,
) -> bool:
    """Whether a feed's files are just those that the ledger holds, read by today's rules.

    A file that was touched is read to tell, unless it must not be. What is refused is told anew.
    """
    discovery = discover(marketplace, feed)
    if discovery.refused or refused_files(connection, feed):
        return False
    files = discovery.files
    known = known_files(connection, feed, ((file.spec, file.name) for file in files))
    rules_of = rules_by_entry(marketplace, all_contracts()[feed], files)
    unread = unchanged_files(connection, files)
    if must_be_unread and not (files and all(file.name in unread for file in files)):
        return False
    found: set[tuple[str, str]] = set()
    for file in files:
        file_id = unread.get(file.name) or _hash_of(file)
        read = (file_id, rules_of[id(file.spec)])
        if not known.holds(file.spec, file.name, read):
            return False
        found.add(read)
    return ledger.presence_agrees(connection, feed, found)


def _hash_of(file: SourceFile) -> str:
    """The hash of a file's bytes; an empty one, which no load has, where it is refused by now."""
    try:
        with file.opened() as stream:
            return content_hash(stream)
    except FileRefusedError:
        return ""
