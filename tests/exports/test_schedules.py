"""Exports run at their own times, apart from `kontor run`, and add nobody who is out of date."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa

from operations.exports import retries, runs, setups
from operations.exports.runs import NewRun
from operations.exports.setups import Setup
from pipelines.assets.export_jobs import retries_of
from pipelines.assets.export_setups import note_setups
from pipelines.assets.exports import export_assets, export_schedules, exports_of
from pipelines.home import Home
from pipelines.runs.last_run import LastRun, Outcome, write_last_run
from pipelines.runs.run import dagster_home
from pipelines.settings import PROJECT_ROOT, PipelineSettings, child_environment
from sources.marketplace import load_marketplace
from tests.exports.worlds import SEGMENT, START, World
from tests.orchestration.shop import YAML

pytestmark = pytest.mark.orchestration

EXPORT = f"""
title: Mailing
segment: {SEGMENT}
destination: outbox
purpose: marketing
channel: email
fields: {{id: customer_id, email: email}}
cron: "* * * * *"
"""
DESTINATION = "{title: Outbox, kind: folder, consent: {marketing: [email]}}"
LOCATION = """
import dagster as dg

from pipelines.assets.exports import export_assets, export_schedules, exports_of
from pipelines.settings import PipelineSettings

exports = exports_of(PipelineSettings())
defs = dg.Definitions(assets=export_assets(exports), schedules=export_schedules(exports))
"""
SECONDS = 180


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KONTOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KONTOR_MARKETPLACE", "demo")
    return tmp_path / "home"


@pytest.fixture
def corner(world: World, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A shop with one export that is due each minute, and two people to send."""
    assert world.home == Home(home)
    folder = tmp_path / "exports" / "corner"
    (folder / "destinations").mkdir(parents=True)
    (folder / "mailing.yml").write_text(EXPORT)
    (folder / "destinations" / "outbox.yml").write_text(DESTINATION)
    (tmp_path / "corner.yml").write_text(YAML)
    monkeypatch.setenv("KONTOR_MARKETPLACE", str(tmp_path / "corner.yml"))
    world.publish({"a": "ann@x.example", "b": "bob@x.example"})
    return world


def test_what_is_switched_on_has_an_asset_and_a_schedule(home: Path) -> None:
    exports = exports_of(PipelineSettings())

    assets = {key.path[-1] for each in export_assets(exports) for key in each.keys}
    schedules = {each.name: each.cron_schedule for each in export_schedules(exports)}

    assert not home.exists()
    assert assets == {
        "for_vendors",
        "high_value",
        "leads_to_call",
        "vendors_in_trouble",
        "win_back",
    }
    assert schedules == {
        "export_for_vendors_when_due": "0 8 * * *",
        "export_high_value_when_due": "0 7 * * 1",
        "export_leads_to_call_when_due": "45 6 * * 1-5",
        "export_vendors_in_trouble_when_due": "0 6 * * 1",
        "export_win_back_when_due": "30 6 * * *",
    }


@pytest.mark.usefixtures("home")
def test_an_export_is_stale_two_hours_after_it_was_due_and_not_sent() -> None:
    windows = {
        spec.key.path[-1]: spec.freshness_policy.fail_window.to_timedelta()  # type: ignore[union-attr]
        for each in export_assets(exports_of(PipelineSettings()))
        for spec in each.specs
    }

    hours = {name: window.total_seconds() / 3600 for name, window in windows.items()}
    assert hours == {
        "for_vendors": 26,
        "high_value": 7 * 24 + 2,
        "leads_to_call": 3 * 24 + 2,  # over the weekend
        "vendors_in_trouble": 7 * 24 + 2,
        "win_back": 26,
    }


def test_nobody_is_added_while_a_check_holds_back_what_is_published(corner: World) -> None:
    assets = export_assets(exports_of(PipelineSettings()))
    file = corner.home.exports / "corner" / "mailing.csv"
    there = {}
    outcomes: list[Outcome] = ["blocked", "failed", "published"]

    for outcome in outcomes:
        last = LastRun("2026-07-01T05:10:00Z", outcome, "v1", [])
        write_last_run(corner.home.published, last)
        assert dg.materialize(assets).success
        there[outcome] = file.exists()

    assert there == {"blocked": False, "failed": False, "published": True}


def test_what_somebody_asks_to_send_again_starts_the_exports_job_once(corner: World) -> None:
    by = corner.time.clock.by
    new = NewRun("r1", "corner", "mailing", "outbox", "mirror", "whole_file", "v1", {"upsert": 1})
    runs.plan(corner.store, new, by)
    runs.finish(corner.store, "r1", {"refused": 1}, by)
    sensor = retries_of(exports_of(PipelineSettings()))

    def started() -> list[tuple[str | None, str | None]]:
        requests = sensor.evaluate_tick(dg.build_sensor_context()).run_requests or []
        return [(each.job_name, each.run_key) for each in requests]

    assert started() == []
    retries.ask(corner.store, "corner", "r1", by)

    assert started() == started() == [("export_mailing", f"retry-r1-{by.at.isoformat()}")]


def test_what_is_set_up_is_noted_once_until_it_changes_or_its_moments_are_over(
    corner: World, tmp_path: Path
) -> None:
    shop = load_marketplace(tmp_path / "corner.yml", {})

    def noted(now: datetime) -> tuple[list[Setup], int]:
        note_setups(corner.store, shop, now)
        with corner.store.connect() as connection:
            query = sa.text("select count(*) from events where stream = 'export_setups'")
            return setups.setups(corner.store, "corner"), int(
                connection.execute(query).scalar_one()
            )

    [first], count = noted(START)
    assert (first.segment, first.destination, first.is_enabled) == (SEGMENT, "outbox", True)
    # each minute; START is one, and the next one counts
    assert first.next_due(START) == START + timedelta(minutes=1)
    assert (count, noted(START + timedelta(minutes=5))[1]) == (1, 1)

    later = START + timedelta(minutes=50)
    [again], count = noted(later)
    assert (again.next_due(later), count) == (later + timedelta(minutes=1), 2)

    (tmp_path / "exports" / "corner" / "mailing.yml").write_text("title: [")
    [broken], count = noted(later)
    assert (broken.problem_count, broken.next_due(later), count) == (1, None, 3)


@contextmanager
def the_daemon(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Dagster's daemon, as `kontor serve` starts it, over the exports alone."""
    settings = PipelineSettings()
    location = folder / "location.py"
    location.write_text(LOCATION)
    home = dagster_home(settings)
    daemon = subprocess.Popen(
        [Path(sys.executable).with_name("dagster-daemon"), "run", "--python-file", str(location)],
        env=child_environment({"DAGSTER_HOME": str(home), "PYTHONPATH": str(PROJECT_ROOT)}),
        cwd=home,
        stdout=(folder / "daemon.log").open("wb"),
        stderr=subprocess.STDOUT,
    )
    try:
        yield daemon
    finally:
        daemon.terminate()
        daemon.wait(60)


def test_the_running_daemon_fires_a_schedule_and_the_file_is_there(
    corner: World, tmp_path: Path
) -> None:
    file = corner.home.exports / "corner" / "mailing.csv"
    end = time.monotonic() + SECONDS

    with the_daemon(tmp_path) as daemon:
        while not file.with_name(f"{file.name}.manifest.json").exists():
            log = (tmp_path / "daemon.log").read_text()
            assert daemon.poll() is None, log
            assert time.monotonic() < end, log
            time.sleep(0.5)

    assert file.read_text().splitlines() == [
        '"id","email"',
        '"a","ann@x.example"',
        '"b","bob@x.example"',
    ]
