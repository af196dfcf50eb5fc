import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from operations import accounts, work_requests
from operations.accounts import By, NewAccount
from operations.kernel import NotPermitted
from operations.tables import audit_log, events
from operations.work_requests import NewRequest, WorkRequestError

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
BY = By("olga", NOW)
PIPELINES = By("pipelines", NOW, is_system=True)
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _people(store: sa.Engine) -> None:
    people: list[tuple[str, str, str | None]] = [
        ("olga", "operator_admin", None),
        ("ana", "analyst", None),
        ("mueller", "vendor_owner", "v-001"),
        ("otto", "operator_admin", None),
    ]
    for name, role, vendor in people:
        accounts.create_account(store, NewAccount(name, role, PASSWORD, vendor), PIPELINES)


def a_request(request_id: str = "r1", feed: str = "orders") -> NewRequest:
    return NewRequest(request_id, "demo", feed)


def event_count(store: sa.Engine) -> int:
    with store.connect() as connection:
        return connection.execute(
            sa.select(sa.func.count()).where(events.c.stream == "work_requests")
        ).scalar_one()


def test_a_request_waits_until_it_is_finished_and_then_says_what_became_of_it(
    store: sa.Engine,
) -> None:
    asked = work_requests.request_work(store, a_request(), BY)
    assert [one.request_id for one in work_requests.open_requests(store, "demo")] == ["r1"]

    later = NOW + timedelta(hours=1)
    work_requests.finish_work(
        store, asked, "done", "Rows loaded: 3.", By("pipelines", later, is_system=True)
    )

    [finished] = work_requests.latest_requests(store, "demo", 10)
    assert work_requests.open_requests(store, "demo") == []
    assert (finished.state, finished.outcome) == ("done", "Rows loaded: 3.")
    assert (finished.requested_by, finished.requested_at) == ("olga", NOW)
    assert finished.finished_at == later


def test_the_same_id_twice_is_one_request(store: sa.Engine) -> None:
    work_requests.request_work(store, a_request(), BY)
    again = work_requests.request_work(store, a_request(feed="payments"), BY)

    assert again.argument == "orders"
    assert event_count(store) == 1


def test_asking_for_what_waits_already_adds_nothing(store: sa.Engine) -> None:
    work_requests.request_work(store, a_request("r1"), BY)
    again = work_requests.request_work(store, a_request("r2"), BY)

    assert again.request_id == "r1"
    assert event_count(store) == 1


def test_what_was_done_can_be_asked_for_again(store: sa.Engine) -> None:
    asked = work_requests.request_work(store, a_request("r1"), BY)
    work_requests.finish_work(store, asked, "failed", "The landing lost a file.", PIPELINES)

    again = work_requests.request_work(store, a_request("r2"), BY)

    assert again.request_id == "r2"
    assert again.state == "requested"


def test_whoever_finishes_second_changes_nothing(store: sa.Engine) -> None:
    asked = work_requests.request_work(store, a_request(), BY)
    work_requests.finish_work(store, asked, "done", "first", PIPELINES)
    work_requests.finish_work(store, asked, "failed", "second", PIPELINES)

    [finished] = work_requests.latest_requests(store, "demo", 10)
    assert (finished.state, finished.outcome) == ("done", "first")


def test_a_request_of_another_marketplace_is_not_ours(store: sa.Engine) -> None:
    work_requests.request_work(store, a_request(), BY)

    assert work_requests.open_requests(store, "olist") == []
    assert work_requests.latest_requests(store, "olist", 10) == []


@pytest.mark.parametrize("name", ["ana", "mueller", "nobody"])
def test_only_an_operator_may_ask_whatever_the_page_believed(store: sa.Engine, name: str) -> None:
    with pytest.raises(NotPermitted, match="role operator"):
        work_requests.request_work(store, a_request(), By(name, NOW))

    assert event_count(store) == 0


def test_a_disabled_operator_may_not_ask(store: sa.Engine) -> None:
    accounts.disable_account(store, "olga", PIPELINES)

    with pytest.raises(NotPermitted, match="role operator"):
        work_requests.request_work(store, a_request(), BY)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (NewRequest("", "demo"), "id must have"),
        (NewRequest("r" * 65, "demo"), "id must have"),
        (NewRequest("r1", ""), "must name its marketplace"),
        (NewRequest("r1", "demo", "x" * 201), "printable"),
        (NewRequest("r1", "demo", "or\nders"), "printable"),
    ],
)
def test_a_request_that_says_nothing_usable_is_refused(
    store: sa.Engine, request_: NewRequest, sentence: str
) -> None:
    with pytest.raises(WorkRequestError, match=sentence):
        work_requests.request_work(store, request_, BY)


def test_who_asked_for_what_is_in_the_audit_log(store: sa.Engine) -> None:
    work_requests.request_work(store, a_request(), BY)

    with store.connect() as connection:
        line = connection.execute(
            sa.select(audit_log).order_by(audit_log.c.audit_number.desc())
        ).first()
    assert line is not None
    assert (line.actor, line.action, line.subject) == ("olga", "work_requests.requested", "r1")
    assert json.loads(line.detail)["argument"] == "orders"
    assert line.occurred_at == NOW
