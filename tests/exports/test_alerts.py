"""What is told of exports: failures, silence, rows that wait, and fewer that arrive than usual."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from operations.exports import alerts, runs
from operations.exports.runs import Run
from pipelines.assets.export_watch import look
from pipelines.exporting.running import run_export
from tests.exports.worlds import START, World

NOW = datetime(2026, 7, 10, 12, 0, tzinfo=UTC)
DUE = NOW - timedelta(hours=3)


def a_run(hours_ago: float = 2, **more: object) -> Run:
    moment = NOW - timedelta(hours=hours_ago)
    given = {
        "run_id": "r",
        "marketplace": "shop",
        "export": "mailing",
        "destination": "somewhere",
        "mode": "mirror",
        "promise": "whole_file",
        "published_version": "v1",
        "state": "finished",
        "counts": {},
        "held_by": (),
        "results": {"confirmed": 100},
        "interrupted": None,
        "planned_at": moment,
        "changed_at": moment,
        "decided_by": None,
        "limits": {},
    }
    return Run(**(given | more))  # type: ignore[arg-type]


def codes(*history: Run, last_due: datetime | None = DUE, has_failed: bool = False) -> list[str]:
    found = alerts.found(history, NOW, last_due, has_failed=has_failed)
    return [each.code for each in found]


def test_an_export_that_was_sent_when_it_was_due_is_well() -> None:
    assert codes(a_run()) == []
    assert codes(last_due=None) == []


def test_one_that_stopped_lost_its_rows_or_failed_before_it_began_is_told() -> None:
    stopped = a_run(state="ready", interrupted="the destination does not answer")

    assert codes(stopped) == ["export_failed"]
    assert codes(a_run(state="abandoned")) == ["export_failed"]
    assert codes(a_run(), has_failed=True) == ["export_failed"]


@pytest.mark.parametrize(("hours_since_due", "is_told"), [(1.9, False), (2.1, True)])
def test_silence_is_told_after_two_hours(hours_since_due: float, is_told: bool) -> None:
    due = NOW - timedelta(hours=hours_since_due)

    assert codes(a_run(hours_ago=24), last_due=due) == ["export_silent"] * is_told
    assert codes(last_due=due) == ["export_silent"] * is_told


@pytest.mark.parametrize("state", ["held", "ready"])
def test_rows_that_wait_for_more_than_half_a_day_are_told(state: str) -> None:
    assert codes(a_run(11.9, state=state)) == []
    assert codes(a_run(12.1, state=state)) == ["export_rows_wait"]


@pytest.mark.parametrize(
    ("confirmed", "refused", "told"),
    # Three of four before; more than ten points less is told, of twenty rows or more.
    [(66, 34, []), (64, 36, ["export_delivers_less"]), (1, 18, []), (100, 0, [])],
)
def test_fewer_that_arrive_than_usual_are_told(
    confirmed: int, refused: int, told: list[str]
) -> None:
    before = [a_run(24 * day, results={"confirmed": 75, "unknown": 25}) for day in range(1, 4)]

    now = a_run(results={"confirmed": confirmed, "refused": refused})

    assert codes(now, *before) == told


def events(store: sa.Engine) -> int:
    with store.connect() as connection:
        query = sa.text("select count(*) from events where stream = 'export_alerts'")
        return int(connection.execute(query).scalar_one())


def test_what_is_wrong_is_noted_once_and_gone_when_it_is_mended(world: World) -> None:
    world.publish({"a": "ann@x.example"})
    job = world.job(cron="0 6 * * *")
    seen = START - timedelta(days=2)  # 06:30, two days before

    def looked(now: datetime) -> list[str]:
        return look(world.store, "shop", [job.named], now, seen)

    assert looked(START + timedelta(hours=1)) == []
    late = START + timedelta(hours=2)
    assert looked(late) == looked(late) == ["mailing: it was to run 2 hours ago and did not"]
    [raised] = alerts.raised(world.store, "shop")
    assert (raised.export, raised.since, events(world.store)) == ("mailing", late, 1)

    world.time.now = late
    run_export(job)

    assert looked(late) == []
    assert alerts.raised(world.store, "shop") == []


def test_what_was_due_before_anybody_looked_and_what_is_switched_off_is_not_told(
    world: World,
) -> None:
    job = world.job(cron="0 6 * * *")
    late = START + timedelta(hours=5)
    off = replace(job.named, export=job.named.export.model_copy(update={"is_enabled": False}))

    assert look(world.store, "shop", [job.named], late, late) == []
    assert look(world.store, "shop", [off], late, START - timedelta(days=2)) == []


def test_of_a_destination_that_stopped_the_alert_names_no_address(world: World) -> None:
    world.publish({"a": "ann@x.example"})
    job = world.job(approval="always")
    held = run_export(job).run
    assert held is not None
    runs.approve(world.store, held.run_id, world.time.clock.by)
    runs.interrupt(world.store, held.run_id, "ann@x.example is unknown", world.time.clock.by)

    look(world.store, "shop", [job.named], START, START)

    with world.store.connect() as connection:
        query = sa.text("select payload from events where stream = 'export_alerts'")
        [payload] = connection.execute(query).scalars()
    assert "export_failed" in str(payload)
    assert "ann" not in str(payload)
