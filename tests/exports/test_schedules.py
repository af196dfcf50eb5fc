"""Exports run at their own times, apart from `kontor run`, and never from what is out of date."""

from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from pipelines.assets.exports import export_assets, export_schedules, exports_of
from pipelines.runs.last_run import LastRun, Outcome, write_last_run
from pipelines.settings import PipelineSettings

pytestmark = pytest.mark.orchestration


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KONTOR_HOME", str(tmp_path))
    monkeypatch.setenv("KONTOR_MARKETPLACE", "demo")
    return tmp_path


def test_what_is_switched_on_has_an_asset_and_a_schedule(home: Path) -> None:
    exports = exports_of(PipelineSettings())

    assets = {key.path[-1] for each in export_assets(exports) for key in each.keys}
    schedules = {each.name: each.cron_schedule for each in export_schedules(exports)}

    assert home.exists()
    assert assets == {"high_value", "win_back"}
    assert schedules == {
        "export_high_value_when_due": "0 7 * * 1",
        "export_win_back_when_due": "30 6 * * *",
    }


@pytest.mark.parametrize(
    ("outcome", "runs"), [("published", 1), ("unchanged", 1), ("blocked", 0), ("failed", 0)]
)
def test_an_export_waits_while_the_last_run_did_not_publish(
    home: Path, outcome: Outcome, runs: int
) -> None:
    write_last_run(home / "published", LastRun("2026-07-01T05:10:00Z", outcome, "v1", []))
    [schedule] = [
        each for each in export_schedules(exports_of(PipelineSettings())) if "win" in each.name
    ]
    due = datetime(2026, 7, 1, 6, 30, tzinfo=UTC)

    tick = schedule.evaluate_tick(dg.build_schedule_context(scheduled_execution_time=due))

    assert len(tick.run_requests or []) == runs
