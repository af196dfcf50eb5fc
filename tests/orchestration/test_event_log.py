"""Dagster's event log as we keep it: the same files, for everybody who reads or writes them."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import deserialize_value

from pipelines.runs.event_log import PooledEventLogStorage
from pipelines.runs.run import dagster_home
from pipelines.settings import PipelineSettings
from tests.orchestration.processes import wait_until

pytestmark = pytest.mark.orchestration

_WRITERS, _EACH = 4, 3
# Materializes an asset in an instance of a process of its own.
_WRITING = """
import sys, dagster as dg
@dg.asset
def counted(): pass
with dg.DagsterInstance.get() as instance:
    for _ in range(int(sys.argv[1])):
        assert dg.materialize([counted], instance=instance).success
"""


@dg.asset
def counted() -> None:
    """Something to write events about."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new DAGSTER_HOME with the configuration that we deliver."""
    monkeypatch.setenv("KONTOR_HOME", str(tmp_path))
    folder = dagster_home(PipelineSettings())
    monkeypatch.setenv("DAGSTER_HOME", str(folder))
    return folder


def _materializations(storage: SqliteEventLogStorage) -> int:
    key = dg.AssetKey("counted")
    found = storage.get_event_records(
        dg.EventRecordsFilter(dg.DagsterEventType.ASSET_MATERIALIZATION, asset_key=key)
    )
    return len(found)


def test_dagster_reads_what_we_wrote_and_we_read_what_it_wrote(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        ours = instance.event_log_storage
        assert isinstance(ours, PooledEventLogStorage)
        run = dg.materialize([counted], instance=instance)
        folder = home / "history" / "runs"
        theirs = SqliteEventLogStorage(str(folder))
        theirs.register_instance(instance)
        assert _materializations(theirs) == _materializations(ours) == 1
        told = theirs.get_records_for_run(run.run_id).records
        assert [r.event_log_entry for r in told] == [
            r.event_log_entry for r in ours.get_records_for_run(run.run_id).records
        ]
        theirs.store_event(told[-1].event_log_entry)
        assert len(ours.get_records_for_run(run.run_id).records) == len(told) + 1


@pytest.mark.usefixtures("home")
def test_index_holds_of_each_event_what_dagster_itself_would_write(tmp_path: Path) -> None:
    own = dg.AssetCheckSpec("is_even", asset="checked", blocking=True)

    @dg.asset(check_specs=[own], name="checked")
    def checked() -> dg.MaterializeResult:  # type: ignore[type-arg]  # Dagster reads it
        passed = dg.AssetCheckResult(passed=True, metadata={"rows": 4})
        return dg.MaterializeResult(check_results=[passed], tags={"dagster/data_version": "7"})

    with dg.DagsterInstance.get() as instance:
        run = dg.materialize([checked, counted], instance=instance)
        dg.materialize([checked], instance=instance)  # the same asset again
        instance.report_runless_asset_event(
            dg.AssetCheckEvaluation(
                asset_key=dg.AssetKey("checked"), check_name="is_even", passed=False
            )
        )
        theirs = SqliteEventLogStorage(str(tmp_path / "theirs"))
        theirs.register_instance(instance)
        ours = instance.event_log_storage
        assert isinstance(ours, PooledEventLogStorage)
        with ours.index_connection() as connection:
            indexed = connection.execute(sa.text("select event from event_logs order by id"))
            events = [deserialize_value(row[0], EventLogEntry) for row in indexed]
        for event in events:
            theirs.store_event(event)

        assert len(events) > len(instance.all_logs(run.run_id)) / 4
        assert _index(ours) == _index(theirs)
        together = PooledEventLogStorage(str(tmp_path / "together"))
        together.store_event_batch(events)
        assert _index(together) == _index(theirs)


def _index(storage: SqliteEventLogStorage) -> dict[str, list[tuple[object, ...]]]:
    """The rows of the index of all runs, without the moments when they were written."""
    told: dict[str, list[tuple[object, ...]]] = {}
    with storage.index_connection() as connection:
        for table in ("event_logs", "asset_keys", "asset_check_executions", "asset_event_tags"):
            found = connection.execute(sa.text(f"select * from {table} order by id"))
            rows = [dict(row) for row in found.mappings()]
            told[table] = [tuple({**row, "create_timestamp": None}.values()) for row in rows]
    return told


@pytest.mark.usefixtures("home")
def test_threads_of_one_process_lose_no_event() -> None:
    def write(_: int) -> None:
        for _ in range(_EACH):
            instance.report_runless_asset_event(dg.AssetMaterialization("counted"))

    with dg.DagsterInstance.get() as instance:
        with ThreadPoolExecutor(_WRITERS) as pool:
            list(pool.map(write, range(_WRITERS)))
        assert _materializations(instance.event_log_storage) == _WRITERS * _EACH


@pytest.mark.usefixtures("home")
def test_processes_lose_no_event() -> None:
    with dg.DagsterInstance.get():
        pass  # Dagster's other files do not bear being made by two at once
    command = [sys.executable, "-c", _WRITING, str(_EACH)]
    writers = [subprocess.Popen(command) for _ in range(2)]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    with dg.DagsterInstance.get() as instance:
        assert _materializations(instance.event_log_storage) == 2 * _EACH
        assert len(instance.get_runs()) == 2 * _EACH


@pytest.mark.usefixtures("home")
def test_who_looks_at_a_run_is_told_while_it_goes_on() -> None:
    heard: list[str] = []
    with dg.DagsterInstance.get() as instance:
        run = dg.materialize([counted], instance=instance).dagster_run
        end = instance.get_records_for_run(run.run_id).cursor
        instance.watch_event_logs(run.run_id, end, lambda entry, _: heard.append(entry.message))

        instance.report_engine_event("half of it is done", run)

        wait_until(lambda: heard == ["half of it is done"])


@pytest.mark.usefixtures("home")
def test_an_older_run_is_read_after_many_others() -> None:
    with dg.DagsterInstance.get() as instance:
        first = dg.materialize([counted], instance=instance).run_id
        for _ in range(9):
            dg.materialize([counted], instance=instance)
        storage = instance.event_log_storage
        assert isinstance(storage, PooledEventLogStorage)
        assert storage.open_file_count <= 8
        assert instance.all_logs(first)
