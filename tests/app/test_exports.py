"""The page of exports: who may decides there what is held, and everybody else reads."""

from datetime import timedelta

import pytest

from dashboards import exports, resources
from dashboards.viewer import NotAllowed, Viewer
from operations import accounts
from operations.accounts import NewAccount
from operations.exports import retries, rows, runs, setups
from operations.exports.quality import Correction, Quality, Unfound
from operations.exports.rows import PlannedRow
from operations.exports.runs import NewRun
from operations.exports.setups import Setup
from operations.kernel import By
from output.findings.finding import Finding
from tests.app.pages import visit
from tests.worlds.homes import BY, PASSWORD, Home

pytestmark = pytest.mark.app

PAGE = "exports"
SYSTEM = By("exports", BY.at, is_system=True)


@pytest.fixture(scope="module")
def marketer(shared_home: Home) -> str:
    accounts.create_account(shared_home.store, NewAccount("mark", "marketer", PASSWORD, None), BY)
    return "mark"


def held(home: Home, run_id: str, export: str = "win_back") -> str:
    planned = [PlannedRow(f"{run_id}-{at}", "upsert", "h", "2025-01", is_new=True) for at in (1, 2)]
    rows.write(home.store, run_id, planned)
    new = NewRun(
        run_id=run_id,
        marketplace="tiny",
        export=export,
        destination=f"list_{run_id}",
        mode="mirror",
        promise="natural_key",
        published_version="v",
        counts={
            "members": 7,
            "before": 0,
            "after": 2,
            "upsert": 2,
            "remove": 0,
            "not_refused": 3,
            "match_valid": 4,
            "match_no_country_code": 3,
        },
        quality=Quality(
            (Correction("phone", "national_phone", 31, "999 9999", "+99999999"),),
            (Unfound("invalid", "email", "xx xxxx"),),
        ),
        limits={"rows_per_request": 500, "requests_per_second": 10.0},
        held_by=(Finding.of("export_removes_much", n=9, before=10, most=20),),
    )
    runs.plan(home.store, new, SYSTEM)
    return run_id


def test_a_marketer_sees_why_a_run_is_held_and_approves_it(home: Home, marketer: str) -> None:
    run_id = held(home, "first")
    shown = visit(home.store, marketer, PAGE)

    assert "9 of 10 would be removed, more than 20 %" in shown.text()
    assert "Refused" in shown.said()
    shown.test.button(key=f"export_approve_{run_id}").click().run()

    assert not shown.test.exception
    run = runs.run_of(home.store, run_id)
    assert run is not None
    assert (run.state, run.decided_by) == ("ready", marketer)


def test_what_is_declined_is_not_sent_and_says_who_did_it(home: Home, marketer: str) -> None:
    run_id = held(home, "second")
    shown = visit(home.store, marketer, PAGE)
    shown.test.text_input(key=f"export_reason_{run_id}").set_value("too many")
    shown.test.button(key=f"export_decline_{run_id}").click().run()

    run = runs.run_of(home.store, run_id)
    assert run is not None
    assert (run.state, run.decided_by) == ("declined", marketer)


def test_an_analyst_reads_the_runs_and_decides_none(home: Home) -> None:
    run_id = held(home, "third")
    shown = visit(home.store, "ana", PAGE)

    assert not shown.test.exception
    assert "Waits for approval" in shown.said()
    with pytest.raises(KeyError):
        shown.test.button(key=f"export_approve_{run_id}")
    ana = Viewer("ana", "analyst", None, home.version)
    with pytest.raises(NotAllowed):
        exports.decide(ana, run_id, "", "key", is_approved=True)


def test_what_was_refused_a_marketer_asks_to_send_again_and_an_analyst_cannot(
    home: Home, marketer: str
) -> None:
    run_id = held(home, "refused", export="carts")
    runs.approve(home.store, run_id, SYSTEM)
    runs.finish(home.store, run_id, {"confirmed": 1, "refused": 1}, SYSTEM)
    [run] = [each for each in runs.runs(home.store, "tiny") if each.run_id == run_id]
    with pytest.raises(NotAllowed):
        exports.retry(Viewer("ana", "analyst", None, home.version), run, "key")

    shown = visit(home.store, marketer, PAGE, run=run_id)
    shown.test.button(key=f"export_retry_{run_id}").click().run()

    assert not shown.test.exception
    assert [each.run_id for each in retries.waiting(home.store, "tiny")] == [run_id]
    assert "Asked for again" in shown.text()


def test_a_marketer_sees_what_is_set_up_and_when_it_runs_next(home: Home, marketer: str) -> None:
    soon = (resources.now() + timedelta(days=1)).isoformat()
    found = [
        Setup("carts", "By mail", "cart_abandoners", "mailer", "0 6 * * *", True, 0, (soon,)),
        Setup("torn", problem_count=2),
    ]
    setups.note(home.store, "tiny", found, SYSTEM)
    held(home, "set_up")

    shown = visit(home.store, marketer, PAGE, section="setups")

    assert not shown.test.exception
    for said in ("By mail", "Cart abandoners", "daily, 06:00", "Mistakes in its file"):
        assert said in shown.said()


def test_a_vendor_asks_a_marketer_approves_and_the_vendor_reads_it(
    home: Home, marketer: str
) -> None:
    alder = Viewer("alder", "vendor_owner", "v-001", home.version)
    with pytest.raises(NotAllowed):
        exports.ask(Viewer("alder", "vendor_owner", "v-002", home.version), "tiny", "all", "r0")
    exports.ask(alder, "tiny", "all", "r1")
    with pytest.raises(NotAllowed):
        exports.requests_of_vendors(alder, "tiny")

    queue = visit(home.store, marketer, PAGE, section="vendors")
    assert "v-001: All buyers of twelve months" in queue.text()
    queue.test.button(key="vendor_export_approve_r1").click().run()

    assert not queue.test.exception
    [request] = exports.own_requests(alder, "tiny")
    assert (request.state, request.decided_by) == ("approved", marketer)
    other = Viewer("mueller", "vendor_owner", "v-002", home.version)
    assert exports.own_requests(other, "tiny") == []


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("destinations", "500 rows, 10 requests a second"),
        ("quality", "Number without a country code"),
        ("quality", "Country code added"),
        ("quality", "xx\u2423xxxx"),
    ],
)
def test_each_part_says_what_the_runs_say(home: Home, section: str, said: str) -> None:
    held(home, f"{section}-{said}"[:40])

    shown = visit(home.store, "ana", PAGE, section=section)

    assert not shown.test.exception
    assert said in shown.said()
