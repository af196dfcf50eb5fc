"""A feed from the operational store: what was appended since, landed as JSON lines and loaded.

How far the store was read is told by the ledger alone, by the number of the newest event of the
last copy that was committed. The store is closed before anything is loaded: loading starts
subprocesses, and a SQLite file must not be open while a process forks.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import orjson

from operations.errors import StoreUnavailableError
from pipelines.loading import ledger
from pipelines.loading.ledger import LoadOutcome
from pipelines.loading.reading import Loader, Progress, Reading, load_files, new_load
from pipelines.loading.rules import rules_version
from sources.contract import Contract, all_contracts, own_feeds
from sources.errors import TransientSourceError
from sources.landing import land_made
from sources.marketplace import Marketplace, own_feed

if TYPE_CHECKING:
    import sqlalchemy as sa

_FORMAT = "jsonl"


def load_new_operations(loader: Loader, feed: str, progress: Progress) -> list[LoadOutcome]:
    """Copies what is new in the operational store; nothing where there is no store yet.

    Raises:
        TransientSourceError: the store cannot be read.
    """
    contract, spec = all_contracts()[feed], own_feed(feed)
    rules = rules_version(loader.marketplace, contract, spec)
    target = loader.home.scratch / f"{feed}.{_FORMAT}"
    with _reading(loader.store_url) as store:
        if store is None:
            return []
        progress(f"{feed}: reading the operational store")
        extraction = _extraction(store, rules)
        begin = _begin(loader.connection, store, feed, extraction)
        last = _write(store, contract, begin, target)
    if last == begin:
        target.unlink()
        return []
    landed = land_made(target, loader.home.landing)
    path = spec.files.replace("*", f"{begin + 1}-{last}")
    sequence = ledger.next_sequence(loader.connection)
    load = new_load(loader, spec, landed, (feed, rules, sequence, path))
    load = replace(load, extraction=extraction, cursor_to=str(last))
    outcomes = list(load_files(loader, [Reading(contract, spec, _FORMAT, load)], progress))
    _forget_refused(loader.connection, feed, sequence)
    return outcomes


def are_copied(
    connection: duckdb.DuckDBPyConnection, marketplace: Marketplace, store_url: str | None
) -> bool:
    """Whether the store holds nothing that is not copied yet.

    Raises:
        TransientSourceError: the store cannot be read.
    """
    with _reading(store_url) as store:
        if store is None:
            return True
        from operations import analytical  # noqa: PLC0415 - imports SQLAlchemy

        rules = {
            feed: rules_version(marketplace, all_contracts()[feed], own_feed(feed))
            for feed in own_feeds()
        }
        return all(
            _begin(connection, store, feed, _extraction(store, rules[feed]))
            == analytical.FEEDS[feed].last_number(store)
            for feed in own_feeds()
        )


@contextmanager
def _reading(url: str | None) -> Iterator["sa.Connection | None"]:
    if url is None:
        yield None
        return
    # Half a second to import, which a home without a store is spared.
    from operations.store import opened  # noqa: PLC0415

    try:
        with opened(url) as engine, engine.connect() as store:
            yield store
    except StoreUnavailableError as error:
        raise TransientSourceError(str(error)) from None


def _extraction(store: "sa.Connection", rules: str) -> str:
    """A short hash of which store is read, what of it and how; another begins at the beginning."""
    from operations import analytical, audit  # noqa: PLC0415 - imports SQLAlchemy

    parts = [audit.first_line_hash(store), analytical.declared(), rules]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()[:12]


def _begin(
    connection: duckdb.DuckDBPyConnection, store: "sa.Connection", feed: str, extraction: str
) -> int:
    """The number up to which everything is copied; 0 where the store went back behind it."""
    from operations import analytical  # noqa: PLC0415 - imports SQLAlchemy

    row = connection.execute(
        "select cast(cursor_to as bigint) from raw.loads where feed = ? and extraction = ? "
        "and status = 'loaded' order by sequence desc limit 1",
        [feed, extraction],
    ).fetchone()
    copied = int(row[0]) if row else 0
    return copied if copied <= analytical.FEEDS[feed].last_number(store) else 0


def _write(store: "sa.Connection", contract: Contract, begin: int, target: Path) -> int:
    """Writes what came after a number as JSON lines; returns the number of the newest event."""
    from operations import analytical  # noqa: PLC0415 - imports SQLAlchemy

    last = begin
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as lines:
        for row in analytical.FEEDS[contract.feed].rows_after(store, begin):
            lines.write(orjson.dumps(row) + b"\n")
            last = row["event_number"]
    return last


def _forget_refused(connection: duckdb.DuckDBPyConnection, feed: str, sequence: int) -> None:
    """A copy that was refused blocks until its events are copied again, which is now."""
    connection.execute(
        "update raw.loads set is_present = false "
        "where feed = ? and is_present and status <> 'loaded' and sequence < ?",
        [feed, sequence],
    )
