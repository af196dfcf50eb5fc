"""What did not arrive is sent again when somebody asks, by the export's next run."""

from datetime import timedelta

import pytest

from operations import accounts
from operations.accounts import NewAccount
from operations.exports import retries
from operations.exports.runs import ExportRefusedError, Run
from operations.kernel import By, NotPermitted
from pipelines.exporting.destinations import folder
from pipelines.exporting.jobs import Job
from pipelines.exporting.running import run_export
from tests.exports.worlds import START, World

MARK = By("mark", START)


def a_job(world: World) -> Job:
    return world.job(
        settings=folder.Settings(format="customer_match"),
        fields={"email": "email"},
        mode="full_file",
        guards={"change": 5},
    )


def sent(world: World) -> Run:
    run = run_export(a_job(world)).run
    assert run is not None
    return run


@pytest.fixture
def desk(world: World) -> World:
    admin = By("setup", START, is_system=True)
    for name, role in (("mark", "marketer"), ("ana", "analyst")):
        accounts.create_account(world.store, NewAccount(name, role, "correct horse battery"), admin)
    world.publish({"a": "ann@x.example", "b": "no address"})
    return world


def test_a_refused_row_is_asked_for_once_and_the_next_run_takes_it_up(desk: World) -> None:
    first = sent(desk)
    assert first.results == {"confirmed": 1, "refused": 1}

    desk.time.now += timedelta(minutes=5)
    asked = retries.ask(desk.store, "shop", first.run_id, By("mark", desk.time.now), "k1")
    again = retries.ask(desk.store, "shop", first.run_id, By("mark", START), "k2")
    assert again == asked
    assert retries.waiting(desk.store, "shop") == [asked]
    desk.addresses({"b": "bob@x.example"})
    desk.time.now += timedelta(minutes=5)
    second = sent(desk)

    assert second.results == {"confirmed": 2}
    assert retries.waiting(desk.store, "shop") == []


def test_who_may_not_decide_exports_may_not_retry_one(desk: World) -> None:
    run = sent(desk)

    with pytest.raises(NotPermitted):
        retries.ask(desk.store, "shop", run.run_id, By("ana", START))


def test_of_a_run_that_arrived_or_that_another_followed_nothing_is_sent_again(desk: World) -> None:
    first = sent(desk)
    desk.addresses({"b": "bob@x.example"})
    desk.time.now += timedelta(minutes=5)
    second = sent(desk)

    for run in (first, second):
        with pytest.raises(ExportRefusedError):
            retries.ask(desk.store, "shop", run.run_id, MARK)
