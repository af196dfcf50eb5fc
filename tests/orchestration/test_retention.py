"""What Dagster keeps of runs is bounded, and what it still needs stays."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.run_request import InstigatorType

from pipelines.automation import old_runs
from pipelines.runs.retention import KEPT, forget_old_runs
from pipelines.runs.run import dagster_home
from pipelines.settings import PipelineSettings

pytestmark = pytest.mark.orchestration


@dg.asset
def counted(context: dg.AssetExecutionContext) -> None:
    """Something to write events about."""
    context.log.info("counting")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KONTOR_HOME", str(tmp_path))
    folder = dagster_home(PipelineSettings())
    monkeypatch.setenv("DAGSTER_HOME", str(folder))
    return folder


def kept_of(home: Path, run_id: str) -> list[str]:
    return [path.name for path in home.rglob(f"*{run_id}*")]


def test_old_runs_go_with_their_files_but_the_last_of_an_asset_stays(home: Path) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - Dagster says when a run began
    with dg.DagsterInstance.get() as instance:
        first, last = (dg.materialize([counted], instance=instance).run_id for _ in range(2))
        assert kept_of(home, first)

        context = dg.build_run_status_sensor_context(
            sensor_name="old_runs",
            dagster_event=dg.DagsterEvent("PIPELINE_SUCCESS", job_name="refresh_warehouse"),
            dagster_instance=instance,
            dagster_run=instance.get_runs(limit=1)[0],
        )
        assert "0 old runs" in str(old_runs(context))
        assert forget_old_runs(instance, now + KEPT + timedelta(minutes=5)) == 1

        assert [run.run_id for run in instance.get_runs()] == [last]
        assert kept_of(home, first) == []
        assert instance.all_logs(last)
        [record] = instance.get_asset_records([dg.AssetKey("counted")])
        assert record.asset_entry.last_run_id == last
        # the pages may still ask for it
        assert instance.all_logs(first) == []


def test_looks_of_schedules_and_sensors_are_forgotten_too(home: Path) -> None:
    assert home.is_dir()
    with dg.DagsterInstance.get() as instance:
        kept = {kind: instance.get_tick_retention_settings(kind) for kind in InstigatorType}

    assert all(days > 0 for settings in kept.values() for days in settings.values())
