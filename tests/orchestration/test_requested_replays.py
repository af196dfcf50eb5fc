"""A replay asked for on the pages: the next run carries it out and says what became of it."""

from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa

from operations import accounts, work_requests
from operations.accounts import By, NewAccount
from operations.store import open_store, sqlite_url
from operations.work_requests import NewRequest
from pipelines.automation import replays_requested
from tests.orchestration.shop import ORDERS, Shop, open_shop

pytestmark = pytest.mark.orchestration

BY = By("olga", datetime(2026, 7, 1, tzinfo=UTC))


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    opened = open_shop(tmp_path)
    monkeypatch.setenv("KONTOR_HOME", str(opened.home))
    monkeypatch.setenv("KONTOR_MARKETPLACE", str(tmp_path / "corner.yml"))
    return opened


def store_of(shop: Shop) -> sa.Engine:
    shop.home.mkdir(exist_ok=True)
    store = open_store(sqlite_url(shop.home / "operations.sqlite"))
    accounts.create_account(store, NewAccount("olga", "operator", "correct horse battery"), BY)
    return store


def test_run_replays_what_was_asked_for_and_publishes_though_no_file_changed(shop: Shop) -> None:
    shop.put("orders.csv", ORDERS + "o4,c1,sold,2026-05-04 10:00:00,2026-05-05 00:00:00\n")
    first = shop.kontor("run")
    assert first.returncode == 0, first.stderr
    before = shop.version
    store = store_of(shop)
    work_requests.request_work(store, NewRequest("r1", "corner", "orders"), BY)
    store.dispose()

    done = shop.kontor("run")

    assert done.returncode == 0, done.stderr
    [request] = work_requests.latest_requests(store, "corner", 10)
    assert request.state == "done"
    assert request.outcome is not None
    assert "Rows loaded: 0." in request.outcome
    assert "Rows that remain in quarantine: 1." in request.outcome
    assert "repair the mapping or the file" in request.outcome
    assert request.finished_at is not None
    assert request.finished_at >= request.requested_at
    assert shop.version != before
    assert "Nothing changed" in shop.kontor("run").stderr


def test_sensor_asks_for_one_run_per_request(shop: Shop) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance)
        nobody = replays_requested(context)
        store = store_of(shop)
        nothing = replays_requested(context)
        work_requests.request_work(store, NewRequest("r1", "corner"), BY)
        asked = replays_requested(context)
        store.dispose()

    assert isinstance(nobody, dg.SkipReason)
    assert isinstance(nothing, dg.SkipReason)
    assert isinstance(asked, dg.RunRequest)
    assert asked.run_key == "replay-r1"
