"""A replay asked for on the pages starts a run; test_kontor_run.py says what becomes of it."""

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
from tests.orchestration.shop import Shop, open_shop

pytestmark = pytest.mark.orchestration

BY = By("olga", datetime(2026, 7, 1, tzinfo=UTC))
SYSTEM = By("tests", datetime(2026, 7, 1, tzinfo=UTC), is_system=True)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    opened = open_shop(tmp_path)
    monkeypatch.setenv("KONTOR_HOME", str(opened.home))
    monkeypatch.setenv("KONTOR_MARKETPLACE", str(tmp_path / "corner.yml"))
    return opened


def store_of(shop: Shop) -> sa.Engine:
    shop.home.mkdir(exist_ok=True)
    store = open_store(sqlite_url(shop.home / "operations.sqlite"))
    accounts.create_account(
        store, NewAccount("olga", "operator_admin", "correct horse battery"), SYSTEM
    )
    return store


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
