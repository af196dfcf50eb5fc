"""Dagster's event log while a run of ours is on: its files stay open, so that writing is cheap."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import dagster as dg
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME


@contextmanager
def kept_open(instance: dg.DagsterInstance, run_id: str) -> Iterator[None]:
    """Holds a connection to each file of the log that the run writes to.

    Dagster connects anew for each of some thousand statements of a run. The last connection that
    closes copies SQLite's log back into the file and deletes it, which takes twice as long as all
    the rest (https://sqlite.org/wal.html); while ours is open, none of theirs is last.
    """
    storage = instance.event_log_storage
    with ExitStack() as connections:
        if isinstance(storage, SqliteEventLogStorage):
            for shard in (INDEX_SHARD_NAME, run_id):
                path = Path(storage.path_for_shard(shard))
                connections.enter_context(closing(_opened(path)))
        yield


def _opened(path: Path) -> sqlite3.Connection:
    """A connection that has read the file; one that has not is not counted."""
    connection = sqlite3.connect(path, timeout=60, check_same_thread=False)
    connection.execute("pragma journal_mode = wal")
    connection.execute("select count(*) from sqlite_master").fetchall()
    return connection
