"""Dagster's event log with connections that stay open, so that writing an event is cheap."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from dagster._core.errors import DagsterHomeNotSetError
from dagster._core.event_api import EventHandlerFn
from dagster._core.events import ASSET_CHECK_EVENTS, ASSET_EVENTS
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable, AssetKeyTable
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorageWatchdog
from dagster._core.storage.sql import create_engine
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import QueuePool

from installation.private_files import keep_files_private
from pipelines.runs.event_rows import NEW_EVENT, executions, is_indexed, put
from pipelines.settings import environment_value

# The index and the runs that are written or looked at just now; the pages may ask for any run.
_OPEN_SHARDS = 8


class PooledEventLogStorage(SqliteEventLogStorage):
    """Dagster's own storage and files, but one connection to a file instead of one a statement.

    The last connection that closes copies SQLite's write-ahead log back into the file, which takes
    twice as long as all the rest. With that log a commit need not wait for the disk; what a power
    cut takes is the last events of a run that it ended (https://sqlite.org/wal.html).
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, Engine] = {}
        self._there: set[str] = set()  # of tables, columns and indexes
        self._process = os.getpid()
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """No options: the files lie where Dagster's own storage would have them."""
        return {}

    @classmethod
    def from_config_value(  # type: ignore[override]
        cls, inst_data: ConfigurableClassData | None, config_value: dict[str, str]
    ) -> "PooledEventLogStorage":
        """The storage of the instance in DAGSTER_HOME."""
        # Every process that opens the instance comes by here, also those in which no code of ours
        # runs: Dagster's pages, its daemon.
        keep_files_private()
        del config_value
        home = environment_value("DAGSTER_HOME")
        if home is None:
            raise DagsterHomeNotSetError("DAGSTER_HOME names no folder")
        return cls(str(Path(home) / "history" / "runs"), inst_data)

    def has_table(self, table_name: str) -> bool:
        """Whether the log has a table; one that is there stays."""
        return self._stays(table_name, super().has_table)

    def has_asset_key_col(self, column_name: str) -> bool:
        """Whether the table of assets has a column; asked three times for each asset's record."""
        return self._stays(column_name, super().has_asset_key_col)

    def has_secondary_index(self, name: str) -> bool:
        """Whether the log's rows are all of a later kind; asked as often."""
        return self._stays(name, super().has_secondary_index)

    def _stays(self, what: str, is_there: Callable[[str], bool]) -> bool:
        if what not in self._there and is_there(what):
            self._there.add(what)
        return what in self._there

    def store_event(self, event: EventLogEntry) -> None:
        """Keeps one event."""
        self.store_event_batch([event])

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Keeps events, in one transaction for their run and one for the index of all runs.

        What is written is what Dagster's own storage writes; it makes each statement anew, with a
        connection for each, which takes three times as long.
        """
        rows = [self._event_to_row(each) for each in events]
        for run_id in {each.run_id for each in events}:
            with self.run_connection(run_id) as connection:
                connection.execute(NEW_EVENT, [row for row in rows if row["run_id"] == run_id])
        indexed = [pair for pair in zip(events, rows, strict=True) if is_indexed(pair[0])]
        if indexed:
            with self.index_connection() as connection:
                for each, row in indexed:
                    self._index(connection, each, row)

    def _index(self, connection: Connection, event: EventLogEntry, row: dict[str, Any]) -> None:
        made = connection.execute(NEW_EVENT, row)
        event_id = int(cast("Any", made.inserted_primary_key)[0])
        if event.dagster_event_type in ASSET_EVENTS:
            self._store_asset_event_tags(connection, [event], [event_id])
            values = self._get_asset_entry_values(event, event_id, True)  # noqa: FBT003
            if values and row["asset_key"]:
                put(connection, AssetKeyTable, {"asset_key": row["asset_key"]}, values)
        elif event.dagster_event_type in ASSET_CHECK_EVENTS:
            for key, values in executions(event, row, event_id):
                put(connection, AssetCheckExecutionsTable, key, values)

    @property
    def open_file_count(self) -> int:
        """How many of its files are kept open."""
        return len(self._engines)

    def delete_events(self, run_id: str) -> None:
        """Deletes a run's events, and the file that held them."""
        super().delete_events(run_id)
        with self._db_lock:
            engine = self._engines.pop(run_id, None)
            if engine is not None:
                engine.dispose()
            self._initialized_dbs.discard(run_id)
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self.path_for_shard(run_id)}{suffix}").unlink(missing_ok=True)

    def dispose(self) -> None:
        """Closes the files."""
        super().dispose()
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()

    def watch(self, run_id: str, cursor: str | None, callback: EventHandlerFn) -> None:
        """Tells of a run's new events, as Dagster's pages ask while somebody looks at it."""
        super().watch(run_id, cursor, callback)
        theirs, watched = self._watchers[run_id][callback]
        ours, observer = _Watch(self, run_id, callback, cursor), cast("Any", self._obs)
        observer.add_handler_for_watch(ours, watched)
        observer.remove_handler_for_watch(theirs, watched)
        self._watchers[run_id][callback] = (ours, watched)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        if shard not in self._initialized_dbs:
            with super()._connect(shard):
                pass
        with self._db_lock, self._engine(shard).connect() as connection, connection.begin():
            yield connection

    def _engine(self, shard: str) -> Engine:
        if self._process != os.getpid():
            # SQLite's connections must not be used after a fork, nor closed.
            for engine in self._engines.values():
                engine.dispose(close=False)
            self._engines, self._process = {}, os.getpid()
        engine = self._engines.get(shard) or _pooled(self.conn_string_for_shard(shard))
        self._engines.pop(shard, None)
        self._engines[shard] = engine  # the last one is the one used last
        if len(self._engines) > _OPEN_SHARDS:
            self._engines.pop(next(iter(self._engines))).dispose()
        return engine


class _Watch(SqliteEventLogStorageWatchdog):
    """Looks at the write-ahead log, too: as long as connections stay open, all is written there."""

    @property
    def patterns(self) -> list[str]:
        """The files whose changes matter."""
        return [self._log_path, f"{self._log_path}-wal"]

    def on_modified(self, event: object) -> None:
        """Tells of what was written."""
        del event
        self._process_log()


def _pooled(address: str) -> Engine:
    options = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False}
    engine = create_engine(address, poolclass=QueuePool, pool_size=1, connect_args=options)
    event.listen(engine, "connect", _write_without_waiting)
    return engine


def _write_without_waiting(connection: Any, record: object) -> None:
    del record
    connection.execute("pragma synchronous = normal")
