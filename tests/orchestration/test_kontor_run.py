"""`kontor run` as a newcomer meets it: one chain of real runs on one shop.

First, unchanged, blocked by a file, blocked by a check, repaired, asked for, in full. A run takes
half a minute, so each test goes on where the last ended.
"""

import json
import os
import signal
import sqlite3
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from operations import accounts, sessions, work_requests
from operations.accounts import By, NewAccount
from operations.store import opened, sqlite_url
from operations.work_requests import NewRequest
from output.findings.finding import Finding
from pipelines.home import Home
from pipelines.loading.warehouse import open_warehouse
from sources.marketplace import load_marketplace
from sources.parsing.client import Parser
from tests.orchestration.processes import children_of, command_of, files_of, wait_until
from tests.orchestration.searched import everything_in
from tests.orchestration.shop import LINES, ORDERS, VENDORS, Shop, open_shop
from tests.unit.loading_desk import Desk

pytestmark = pytest.mark.orchestration

# Where whoever signs in is known by an address, the account's name is one.
OLGA = "olga.canary@example.org"
PASSWORD = "canary horse battery"
ADDRESS = "203.0.113.77"
BY = By(OLGA, datetime(2026, 7, 1, tzinfo=UTC))
SYSTEM = By("tests", datetime(2026, 7, 1, tzinfo=UTC), is_system=True)
STORE = "operations.sqlite"
STORES = {STORE, f"{STORE}-wal", f"{STORE}-shm"}
UNSOLD = "o9,c1,sold,2026-05-04 10:00:00,2026-05-05 00:00:00\n"  # no status that anybody knows
ODD_LINES = """\
l5,o2,v1,p1,1,-3.00,2026-05-06 00:00:00
l6,o2,v9,p1,1,1.00,2026-05-06 00:00:00
l7,o2,v1,p1,one,3.00,2026-05-06 00:00:00
"""  # v9 is a vendor that nobody registered


def lines(rows: str) -> str:
    return LINES.splitlines()[0] + "\n" + rows


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    opened = open_shop(tmp_path_factory.mktemp("corner"))
    opened.put("orders.csv", ORDERS + UNSOLD)
    opened.put("lines-2.csv", lines(ODD_LINES))
    return opened


def test_first_run_publishes_numbers_that_are_right_by_hand(shop: Shop) -> None:
    done = shop.kontor("run")

    assert done.returncode == 0, done.stderr
    assert f"Published {shop.version}" in done.stderr
    # 2 x 10.00 + 5.55 + 10.00 + 3 x 5.55 + 1.00; the cancelled order counts in gmv, not in gmv_net
    [(gmv, gmv_net)] = shop.ask("select sum(gmv), sum(gmv_net) from marts.fct_order_lines")
    assert (gmv, gmv_net) == (Decimal("53.20"), Decimal("36.55"))
    # 22:30 UTC on 3 May is half past midnight on 4 May in Berlin
    assert shop.ask("select cast(order_date as varchar) from marts.fct_orders order by 1") == [
        ("2026-05-01",),
        ("2026-05-04",),
        ("2026-05-04",),
    ]
    assert shop.ask("select sum(paid_amount) from marts.fct_orders") == [(Decimal("35.55"),)]
    vendors = (shop.home / "published" / shop.version / "vendors").iterdir()
    assert {path.name for path in vendors} == {"v1.duckdb", "v2.duckdb", "v9.duckdb"}


def test_dagster_knows_of_each_test_how_it_ended_and_on_what(shop: Shop) -> None:
    history = shop.home / "dagster" / "history" / "runs"
    results = json.loads((shop.home / "dbt" / "build" / "run_results.json").read_text())["results"]
    with sqlite3.connect(history / "index.db") as index:
        # The materialization on which a check looked is the last one of its asset in this run.
        found = index.execute(
            "select check_name, execution_status, materialization_event_storage_id = "
            "(select max(id) from event_logs as made where made.asset_key = checks.asset_key "
            "and made.dagster_event_type = 'ASSET_MATERIALIZATION') "
            "from asset_check_executions as checks"
        ).fetchall()
    told = {name: (status, is_last) for name, status, is_last in found}
    # A test that is of no one model has no asset, thus no check; its id ends with its name.
    parts = [each["unique_id"].split(".") for each in results]
    last_part = {name for kind, _, name, *ending in parts if kind == "test" and ending}

    assert last_part
    assert len(found) > len(last_part)
    assert last_part <= told.keys()
    assert {told[name] for name in last_part} == {("SUCCEEDED", 1)}


def test_nothing_of_a_run_can_be_read_by_another_account(shop: Shop) -> None:
    assert {path.name for path in shop.home.iterdir()} >= {
        "warehouse.duckdb", "landing", "published", "data_docs", "dagster", "dbt", "logs"
    }  # fmt: skip
    assert shop.open_to_others == []


def test_bad_rows_are_put_aside_and_the_rest_is_published_with_a_warning(shop: Shop) -> None:
    assert shop.ask("select count(*) from marts.fct_order_lines") == [(5,)]
    assert shop.ask("select is_registered from marts.dim_vendors where vendor_id = 'v9'") == [
        (False,)
    ]
    assert shop.manifest["quality"]["state"] == "warning"
    assert "below_minimum" in shop.kontor("quarantine", "list").stdout
    listed = shop.kontor("quarantine", "list", "--feed", "order_lines", "--format", "json").stdout
    assert [
        (row["feed"], row["reason"], row["columns"], row["rows"], row["files"], row["first_at"])
        for row in json.loads(listed)
    ] == [
        ("order_lines", "below_minimum", "unit_price", 1, 1, "lines-2.csv:2"),
        ("order_lines", "invalid_decimal", "quantity", 1, 1, "lines-2.csv:4"),
    ]
    shown = shop.kontor("quarantine", "show", "order_lines").stdout
    assert "lines-2.csv:2: below_minimum" in shown
    assert "l5,o2,v1,p1,1,-3.00" in shown


def test_second_run_does_nothing_but_notice_that(shop: Shop) -> None:
    before = shop.version

    done = shop.kontor("run")

    assert done.returncode == 0
    assert "Nothing changed" in done.stderr
    assert shop.version == before
    assert shop.last_run["outcome"] == "unchanged"
    assert "starting" not in done.stderr  # Dagster was not even imported


def test_file_that_cannot_be_used_stops_publication_and_says_why(shop: Shop) -> None:
    before = shop.version
    shop.put("orders-2.csv", ORDERS.replace("ordered_at", "order_time"))
    link = shop.folder / "inbox" / "orders-3.csv"
    link.symlink_to("/etc/hosts")

    done = shop.kontor("run")
    link.unlink()

    assert done.returncode == 1
    assert "orders-3.csv: is a symbolic link, which is not followed" in done.stderr
    assert "orders-2.csv: rejected (a mapped column is missing): line 1" in done.stderr
    assert "column 'ordered_at' is missing (renamed to 'order_time'?)" in done.stderr
    assert "Traceback" not in done.stderr
    assert shop.version == before
    assert shop.last_run["outcome"] == "blocked"
    told = "\n".join(Finding.model_validate(each).english for each in shop.last_run["reasons"])
    assert "orders-2.csv" in told
    assert "orders-3.csv" in told


def test_data_of_another_system_is_not_published(shop: Shop) -> None:
    before = shop.version
    late = "o4,c3,delivered,2026-04-01 10:00:00,2026-04-02 00:00:00\n"  # forty days late
    shop.put("orders-2.csv", ORDERS + late)
    foreign = (f"m{number},o1,x1,p1,1,1.00,2026-05-02 00:00:00\n" for number in range(40))
    shop.put("lines-3.csv", lines("".join(foreign)))

    done = shop.kontor("run")

    assert done.returncode == 1
    # the forty and the line of v9
    sentence = "41 of 45 rows fail: vendor_id refers to a row of vendors (vendor_id)."
    assert f"order_lines, expectations: {sentence}" in done.stderr
    assert "1 failed check holds back the publication" in done.stderr
    assert shop.last_run["outcome"] == "blocked"
    assert shop.version == before
    assert (shop.home / "data_docs" / "order_lines.html").exists()


def test_publishing_alone_is_refused_for_the_same_reason(shop: Shop) -> None:
    done = shop.kontor("publish")

    assert done.returncode == 1
    assert "vendor_id refers to a row of vendors" in done.stderr


def test_repaired_files_publish_again(shop: Shop) -> None:
    shop.put("vendors.csv", VENDORS + "x1,Third\n")

    done = shop.kontor("run")

    assert done.returncode == 0, done.stderr
    assert shop.ask("select count(*) from marts.fct_orders") == [(4,)]
    assert shop.ask("select count(*) from marts.fct_order_lines") == [(45,)]
    assert shop.last_run["outcome"] == "published"


def test_run_replays_what_was_asked_for_and_publishes_though_no_file_changed(shop: Shop) -> None:
    before = shop.version
    with opened(sqlite_url(shop.home / STORE)) as store:
        accounts.create_account(store, NewAccount(OLGA, "operator_admin", PASSWORD), SYSTEM)
        work_requests.request_work(store, NewRequest("request-1", "corner", "orders"), BY)

    done = shop.kontor("run")

    assert done.returncode == 0, done.stderr
    with opened(sqlite_url(shop.home / STORE)) as store:
        [request] = work_requests.latest_requests(store, "corner", 10)
    assert request.state == "done"
    assert request.outcome is not None
    assert "Rows loaded: 0." in request.outcome
    assert "Rows that remain in quarantine: 1." in request.outcome
    assert "repair the mapping or the file" in request.outcome
    assert request.finished_at is not None
    assert request.finished_at >= request.requested_at
    assert shop.version != before


def test_what_a_run_decided_itself_is_in_the_warehouse_with_it(shop: Shop) -> None:
    events = "select stream_id, stream_version, event_kind from staging.stg_operations__events"
    with open_warehouse(shop.home / "warehouse.duckdb") as connection:
        found = connection.execute(f"{events} order by event_number").fetchall()
        states = connection.execute("select state from staging.stg_operations__states").fetchall()

    assert found == [("request-1", 1, "requested"), ("request-1", 2, "done")]
    assert [json.loads(state)["state"] for (state,) in states] == ["done"]
    # Nobody delivers it, so it lags behind nobody.
    status = "select feed, state, finding, load_lag_hours from marts.mart_feed_status"
    assert shop.ask(f"{status} where system = 'operations' order by feed") == [
        ("export_rows", "ok", "undecided", None),
        ("operation_events", "ok", "complete", None),
        ("operation_states", "ok", "complete", None),
        ("vendor_looks", "ok", "undecided", None),
    ]
    assert "Nothing changed" in shop.kontor("run").stderr


def test_a_sign_in_starts_no_run_and_no_secret_leaves_the_store(shop: Shop) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - a session lives a day of the real clock
    with opened(sqlite_url(shop.home / STORE)) as store:
        account = accounts.find_account(store, OLGA)
        assert account is not None
        cookie = sessions.open_session(
            store, account, kind="password", remote_address=ADDRESS, now=now
        )
    secrets = {
        "name": OLGA, "password": PASSWORD, "hash": account.password_hash, "address": ADDRESS,
        "cookie": cookie, "session": sessions.hash_of(cookie),
    }  # fmt: skip

    assert "Nothing changed" in shop.kontor("run").stderr

    holders: dict[str, set[str]] = {kind: set() for kind in ("request", *secrets)}
    for name, content in everything_in(shop.home):
        for kind, text in {"request": "request-1", **secrets}.items():
            if text.encode() in content:
                holders[kind].add(name.partition("/")[0])
    outside = {kind: names - STORES for kind, names in holders.items()}
    # The search finds what may leave.
    assert {"landing", "warehouse.duckdb"} <= outside.pop("request")
    assert not any(outside.values()), outside
    assert all(STORE in holders[kind] for kind in ("name", "hash", "address", "session"))


def test_feeds_that_nobody_delivers_are_not_checked(shop: Shop) -> None:
    pages = {page.stem for page in (shop.home / "data_docs").iterdir()}

    assert {"index", "orders", "order_lines", "vendors", "payments"} <= pages
    assert not {"events", "shipments", "consents"} & pages


def test_full_rebuild_ends_in_the_same_marts(shop: Shop) -> None:
    incremental = shop.marts()

    done = shop.kontor("run", "--full")

    assert done.returncode == 0, done.stderr
    assert shop.manifest["mode"] == "full"
    assert shop.marts() == incremental


def test_other_order_of_delivery_ends_in_the_same_marts(shop: Shop, tmp_path: Path) -> None:
    other = open_shop(tmp_path / "other")
    inbox = shop.folder / "inbox"
    names = sorted(path.name for path in inbox.iterdir())
    for path in (other.folder / "inbox").iterdir():
        path.unlink()
    other.put("vendors.csv", VENDORS)
    with Parser() as parser:
        marketplace = load_marketplace(other.folder / "corner.yml", {})
        desk = Desk(Home(other.home), marketplace, parser, "2026-07-01 12:00:00")
        # Of each delivery only its own feed: the others have no file yet.
        feeds = {"orders": "orders", "lines": "order_lines", "payments": "payments"}
        for name in reversed(names):
            other.put(name, (inbox / name).read_text())
            desk.ingest(feeds.get(name.split(".")[0].split("-")[0], "vendors"))

    done = other.kontor("run")

    assert done.returncode == 0, done.stderr
    # What was foretold on the way stays as it was said, by what was known then.
    as_issued = {"mart_forecast", "mart_forecast_accuracy"}
    assert _without(other.marts(), as_issued) == _without(shop.marts(), as_issued)


def _without(marts: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: rows for name, rows in marts.items() if name not in names}


def test_question_in_sql_is_answered_from_the_published_file(shop: Shop) -> None:
    done = shop.kontor("sql", "select sum(gmv) as gmv from fct_orders", "--format", "csv")

    assert done.stdout == '"gmv"\n"93.20"\n'


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("select * from nowhere", "nowhere"),
        ("select * from read_text('/etc/passwd')", "disabled"),
        ("create table x (a int)", "read-only"),
    ],
)
def test_question_that_may_not_be_asked_is_refused(shop: Shop, query: str, message: str) -> None:
    done = shop.kontor("sql", query)

    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_arguments_end_with_a_sentence_and_code_2(shop: Shop) -> None:
    for arguments in (
        ("run", "--as-of", "yesterday-ish"),
        ("run", "--marketplace", "nosuch"),
        ("run", "--marketplace", "no/such.yml"),
        ("accounts", "add", "x", "--role", "king"),
        ("accounts", "add", "x", "--role", "vendor_owner", "--vendor-id", "w1"),
        ("accounts", "disable", "nobody"),
        ("quarantine", "list", "--format", "xml"),
        ("quarantine", "list", "--feed", "ordrs"),
        ("quarantine", "replay", "--marketplace", "demo"),
        ("doctor", "--marketplace", "demo"),
        ("simulate", "--out", str(shop.folder)),
    ):
        done = shop.kontor(*arguments)

        assert done.returncode == 2, (arguments, done.stderr)
        assert "Traceback" not in done.stderr


def test_doctor_closes_what_others_can_read_and_finds_nothing_else_wrong(shop: Shop) -> None:
    # As is the store, which tests above made: in a process with the usual umask.
    (shop.home / "published").chmod(0o755)

    told = shop.kontor("doctor")
    assert told.returncode == 1
    assert "accessible to other accounts of this machine" in told.stdout
    done = shop.kontor("doctor", "--repair")
    assert done.returncode == 0, done.stdout
    assert shop.open_to_others == []
    assert shop.kontor("doctor").returncode == 0


def test_accounts_of_published_vendors_are_added_moved_and_disabled(shop: Shop) -> None:
    added = shop.kontor("accounts", "add", "anna", "--role", "vendor_owner", "--vendor-id", "v1")
    assert added.returncode == 0, added.stderr
    assert "password" in added.stdout

    moved = shop.kontor("accounts", "role", "anna", "vendor_owner", "--vendor", "v2")
    assert moved.stdout == "anna is now vendor_owner of v2; its sessions have ended.\n"
    wrong = shop.kontor("accounts", "role", "anna", "vendor_owner", "--vendor", "v22")
    assert (wrong.returncode, "did you mean 'v2'?" in wrong.stderr) == (2, True)
    listed = shop.kontor("accounts", "list", "--format", "csv").stdout.splitlines()
    assert '"anna","vendor_owner","v2","corner","enabled"' in listed
    # What the group was called before still works in scripts.
    assert shop.kontor("user", "disable", "anna").returncode == 0


def test_names_that_are_not_known_get_the_nearest(shop: Shop) -> None:
    listed = shop.kontor("quarantine", "show", "ordr_lines")
    added = shop.kontor("accounts", "add", "berta", "--role", "vendor_owner", "--vendor-id", "V1")

    assert "there is no feed 'ordr_lines'; did you mean 'order_lines'?" in listed.stderr
    assert "marketplace corner has no vendor 'V1'; did you mean 'v1'?" in added.stderr
    assert (listed.returncode, added.returncode) == (2, 2)


def test_killed_dbt_is_a_sentence_and_the_last_version_stays(shop: Shop) -> None:
    before = shop.version
    with shop.begun("build", "--full") as running:
        _kill_dbt(running.pid)
        _, said = running.communicate(timeout=120)

    assert running.returncode == 1
    assert "building the models: dbt was killed by signal 9 (SIGKILL), most likely because" in said
    assert "KONTOR_MEMORY_LIMIT" in said
    assert "--vars" not in said
    assert len(said) < 1_000
    assert shop.version == before


def _kill_dbt(kontor: int) -> None:
    """Kills the first command of the warm dbt of a process that has a database open."""

    def building() -> list[int]:
        servers = [pid for pid in children_of(kontor) if b"warm_server" in command_of(pid)]
        commands = [command for server in servers for command in children_of(server)]
        return [
            command
            for command in commands
            if any(path.endswith(".duckdb") for path in files_of(command))
        ]

    wait_until(building)
    os.kill(building()[0], signal.SIGKILL)
