"""How fast requests follow each other, what is asked before each, and what an exit code says."""

import base64
import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.cli.exports import exit_code
from pipelines.exporting.destination import Opening
from pipelines.exporting.destinations import webhook
from pipelines.exporting.jobs import Job
from pipelines.exporting.running import run_export
from pipelines.exporting.sending import ExportInterruptedError
from tests.exports.local_server import HOST, Asked, Local, Reply, serving
from tests.exports.worlds import World

SIX = {f"c{number}": f"c{number}@example.com" for number in range(6)}
SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()


@contextmanager
def to_webhook(
    world: World, answer: Callable[[Asked], Reply], pace: float | None = None
) -> Iterator[tuple[Local, Job]]:
    """Two rows a request."""
    with serving(answer) as server:
        settings = webhook.Settings(
            url=server.address,
            rows_per_message=2,
            requests_per_second=pace,
            loopback_hosts=(HOST,),
        )
        opening = Opening("shop", "mailing", ("id", "email"), {"signing_secret": SECRET}, Path())
        yield server, world.job(webhook.KIND.open(settings, opening))


def keys_of(asked: Asked) -> list[str]:
    return [row["key"] for row in asked.json()["data"]["rows"]]


def test_a_destination_that_takes_nothing_now_is_left_alone_for_as_long_as_it_says(
    world: World,
) -> None:
    world.publish(SIX)

    with to_webhook(world, lambda _: Reply(204)) as (server, job):
        server.faults.append(Reply(429, None, {"Retry-After": "60"}))
        ended = run_export(job)

    # not two more requests that it would have to turn away as well
    assert [keys_of(asked) for asked in server.asked] == [
        ["c0", "c1"],
        ["c0", "c1"],
        ["c2", "c3"],
        ["c4", "c5"],
    ]
    assert sum(world.time.waited) == pytest.approx(60, abs=0.1)
    assert ended.run is not None
    assert ended.run.results == {"confirmed": 6}


def test_a_destination_that_asks_for_an_hour_is_left_to_the_next_run(world: World) -> None:
    world.publish(SIX)

    with to_webhook(world, lambda _: Reply(503, None, {"Retry-After": "3600"})) as (server, job):
        with pytest.raises(ExportInterruptedError, match="asks to wait 3,600 seconds"):
            run_export(job)

        assert len(server.asked) == 1


def test_requests_follow_each_other_at_the_pace_that_is_allowed(world: World) -> None:
    world.publish(SIX)

    with to_webhook(world, lambda _: Reply(204), pace=4) as (server, job):
        run_export(job)

    # three requests: a quarter of a second before the second and the third
    assert len(server.asked) == 3
    assert sum(world.time.waited) == pytest.approx(0.5, abs=0.01)


def test_who_withdraws_between_two_requests_is_not_in_the_second(world: World) -> None:
    world.publish(SIX)

    def answer(asked: Asked) -> Reply:
        if keys_of(asked) == ["c0", "c1"]:
            world.withdraw("c3")
        return Reply(204)

    with to_webhook(world, answer) as (server, job):
        ended = run_export(job)

    assert [keys_of(asked) for asked in server.asked] == [["c0", "c1"], ["c2"], ["c4", "c5"]]
    assert ended.run is not None
    assert ended.run.results == {"confirmed": 5, "suppressed": 1}


@contextmanager
def another_run(world: World, *, waits: int) -> Iterator[Callable[[Asked], Reply]]:
    """A destination during whose first answer a run takes the home, until so many waits."""
    with (world.home.path / ".writer.lock").open("a") as lock:

        def answer(asked: Asked) -> Reply:
            if keys_of(asked) == ["c0", "c1"]:
                world.withdraw("c3")
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return Reply(204)

        def sleep(seconds: float) -> None:
            world.time.waited.append(seconds)
            if len(world.time.waited) == waits:
                fcntl.flock(lock, fcntl.LOCK_UN)

        world.time.sleep = sleep  # type: ignore[method-assign]
        yield answer


def test_a_run_that_begins_while_rows_are_sent_is_waited_for(world: World) -> None:
    world.publish(SIX)

    with another_run(world, waits=3) as answer, to_webhook(world, answer) as (server, job):
        told: list[str] = []
        ended = run_export(replace(job, note=told.append))

    # whoever withdrew meanwhile is asked about once the home is free
    assert [keys_of(asked) for asked in server.asked] == [["c0", "c1"], ["c2"], ["c4", "c5"]]
    assert ended.run is not None
    assert ended.run.results == {"confirmed": 5, "suppressed": 1}
    assert told == ["waits for the run that uses the home"] * 3


def test_a_run_that_does_not_end_leaves_the_rest_to_the_next_export(world: World) -> None:
    world.publish(SIX)

    with another_run(world, waits=361) as answer, to_webhook(world, answer) as (server, job):
        with pytest.raises(ExportInterruptedError, match="another run is using"):
            run_export(job)
        # half an hour, every five seconds
        assert sum(world.time.waited) == 1_800
        job.clock.sleep(0)
        ended = run_export(job)

    # nobody has to wonder whether what never went has arrived
    assert [keys_of(asked) for asked in server.asked] == [["c0", "c1"], ["c2"], ["c4", "c5"]]
    assert ended.run is not None
    assert ended.run.results == {"confirmed": 5, "suppressed": 1}


@pytest.mark.parametrize(("status", "expected"), [(204, 0), (400, 4)])
def test_an_exit_code_says_whether_all_rows_arrived(
    world: World, status: int, expected: int
) -> None:
    world.publish(SIX)

    with to_webhook(world, lambda _: Reply(status)) as (_, job):
        ended = run_export(job)

    assert exit_code([ended]) == expected


def test_what_a_guard_holds_is_the_graver_of_two_endings(world: World) -> None:
    world.publish(SIX)
    with to_webhook(world, lambda _: Reply(400)) as (_, job):
        in_part = run_export(job)
    held = run_export(world.job(name="other", sink="elsewhere", approval="always"))

    assert exit_code([in_part, held]) == 1
