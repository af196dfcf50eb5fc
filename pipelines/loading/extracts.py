"""A feed from its databases: each slice is landed as a Parquet file and loaded as one.

How far a table was read is told by the ledger alone: the cursor's value at the end of the last
extract that was committed. A run that is killed between any two steps begins there again.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import orjson

from pipelines.loading import ledger
from pipelines.loading.known_files import known_files
from pipelines.loading.ledger import LoadOutcome
from pipelines.loading.reading import Loader, Progress, Reading, load_files, new_load
from pipelines.loading.rebuild import load_again
from pipelines.loading.rules import rules_version
from sources.connectors import postgres, postgres_extension, postgres_slices
from sources.connectors.postgres_columns import SourceColumn, columns_of, wanted_columns
from sources.connectors.postgres_slices import Clock, Slice
from sources.contract import Contract, all_contracts
from sources.databases import DatabaseFeed
from sources.errors import PermanentSourceError, SourceError, TransientSourceError
from sources.file_feeds import FileFeed
from sources.kill_points import reached
from sources.landing import land_made
from sources.marketplace import extract_feed
from sources.sql import scalar


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a feed's databases gave: loads, notes for people, and what kept one from being read."""

    outcomes: list[LoadOutcome]
    notes: list[str]
    faults: list[SourceError]


def load_new_extracts(loader: Loader, feed: str, progress: Progress) -> Extracted:
    """Loads what is new of a feed in its databases.

    A database that cannot be read does not keep the others from being loaded.
    """
    done = Extracted([], [], [])
    for entry in loader.marketplace.database_feeds(feed):
        loads = _load_entry(loader, all_contracts()[feed], entry, done.notes, progress)
        try:
            done.outcomes.extend(loads)
        except (PermanentSourceError, TransientSourceError) as fault:
            done.faults.append(fault)
    _forget_entries_that_left(loader, feed)
    return done


def _load_entry(
    loader: Loader, contract: Contract, entry: DatabaseFeed, notes: list[str], progress: Progress
) -> Iterator[LoadOutcome]:
    """Reads and applies one table or query slice by slice, each in a transaction of its own."""
    database = loader.marketplace.databases[entry.database]
    spec = extract_feed(entry)
    rules = rules_version(loader.marketplace, contract, spec)
    with postgres.session(database) as connection:
        warning = postgres.check_role(connection, database)
        found = columns_of(connection, entry)
        columns = wanted_columns(entry, contract, found)
        if warning:
            progress(warning)
            notes.append(warning)
        unmapped = [name for name in found if name not in {column.name for column in columns}]
        if unmapped:
            notes.append(f"{entry.entry}: not mapped: {', '.join(unmapped)}")
        extraction = _extraction(entry, columns, found)
        yield from _load_stale(loader, contract.feed, spec, extraction, rules)
        if entry.cursor is None:
            slices = [postgres_slices.whole(entry, columns)]
        else:
            state = _state(loader.connection, contract.feed, spec.entry, extraction)
            zone = entry.time_zone or loader.marketplace.time_zone
            clock = Clock(loader.recorded_at, zone)
            slices = postgres_slices.since(
                connection, entry, columns, found[entry.cursor], state, clock
            )
    yield from _load_slices(loader, contract, entry, extraction, slices, progress)


def _load_slices(
    loader: Loader,
    contract: Contract,
    entry: DatabaseFeed,
    extraction: str,
    slices: list[Slice],
    progress: Progress,
) -> Iterator[LoadOutcome]:
    database = loader.marketplace.databases[entry.database]
    spec = extract_feed(entry)
    present: list[tuple[str, str]] = []
    with postgres_extension.reader(database) as connection:
        for part in slices:
            progress(f"{contract.feed}: reading {entry.entry} {part.name}")
            target = loader.home.scratch / "extract.parquet"
            count = postgres_extension.extract(connection, database, entry, part, target)
            if count == 0 and not spec.snapshot:
                target.unlink()
                continue
            reading = _landed(loader, contract, spec, extraction, part, target, present)
            if reading is None:
                continue
            [outcome] = load_files(loader, [reading], progress)
            yield outcome
            if outcome.status != "loaded":
                # A later slice would move the state past the rows that were refused here.
                break
    _note_present(loader.connection, contract.feed, spec, present)


def _landed(
    loader: Loader,
    contract: Contract,
    spec: FileFeed,
    extraction: str,
    part: Slice,
    target: Path,
    present: list[tuple[str, str]],
) -> Reading | None:
    """The extract in the landing and how it is read; None where the same bytes are loaded."""
    landed = land_made(target, loader.home.landing)
    reached("extract: landed")
    path = spec.files.replace("*", part.name)
    present.append((path, landed.file_id))
    rules = rules_version(loader.marketplace, contract, spec)
    known = known_files(loader.connection, contract.feed, [(spec, path)])
    if known.holds(spec, path, (landed.file_id, rules)):
        return None
    sequence = ledger.next_sequence(loader.connection)
    load = new_load(loader, spec, landed, (contract.feed, rules, sequence, path))
    position = known.position_of(spec, path, landed.file_id)
    load = replace(load, extraction=extraction, cursor_to=part.cursor_to, position=position)
    return Reading(contract, spec, "parquet", load)


def _load_stale(
    loader: Loader, feed: str, spec: FileFeed, extraction: str, rules: str
) -> list[LoadOutcome]:
    """Applies the extracts that other rules read, as files are; snapshots are made anew anyway."""
    if spec.snapshot:
        return []
    loads = ledger.latest_loads(loader.connection, feed, spec.entry)
    stale = [
        load for load in loads if load.extraction == extraction and load.rules_version != rules
    ]
    return load_again(loader, stale)


def _extraction(
    entry: DatabaseFeed, columns: list[SourceColumn], found: dict[str, SourceColumn]
) -> str:
    """A short hash of what is read and how; where it changes, reading starts at the beginning."""
    cursor = None if entry.cursor is None else [entry.cursor, found[entry.cursor].type_name]
    parts = [
        entry.entry,
        entry.query,
        entry.table,
        entry.deleted_when,
        cursor,
        sorted(column.name for column in columns),
    ]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()[:12]


def _state(
    connection: duckdb.DuckDBPyConnection, feed: str, entry: str, extraction: str
) -> str | None:
    """The largest value of the cursor up to which everything is committed.

    Times are compared as PostgreSQL wrote them, year first and in UTC; numbers as numbers.
    """
    cursor_to = scalar(
        connection,
        "select cursor_to from raw.loads where feed = ? and entry = ? and extraction = ? "
        "and status = 'loaded' and cursor_to is not null "
        "order by try_cast(cursor_to as hugeint) desc nulls last, cursor_to desc limit 1",
        [feed, entry, extraction],
    )
    return None if cursor_to is None else str(cursor_to)


def _note_present(
    connection: duckdb.DuckDBPyConnection,
    feed: str,
    spec: FileFeed,
    present: list[tuple[str, str]],
) -> None:
    """Notes what the database holds today: all that was loaded by cursor, one state in full.

    A refused extract blocks as long as it is read again.
    """
    connection.execute(
        "update raw.loads set is_present = ((path, file_id) in "
        "(select (unnest(?::varchar[]), unnest(?::varchar[]))) or (status = 'loaded' and not ?)) "
        "where feed = ? and entry = ? and extraction is not null",
        [
            [path for path, _ in present],
            [file_id for _, file_id in present],
            spec.snapshot,
            feed,
            spec.entry,
        ],
    )


def _forget_entries_that_left(loader: Loader, feed: str) -> None:
    """Extracts of a table that the marketplace no longer names no longer block."""
    entries = [extract_feed(entry).entry for entry in loader.marketplace.database_feeds(feed)]
    loader.connection.execute(
        "update raw.loads set is_present = false where feed = ? and extraction is not null "
        "and is_present and not list_contains(?::varchar[], entry)",
        [feed, entries],
    )
