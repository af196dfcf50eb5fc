"""What `kontor doctor` says of the operational store."""

from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from operations import accounts
from operations.accounts import NewAccount
from operations.kernel import By
from operations.store import open_store
from operations.tables import audit_log
from pipelines.cli.doctor import _store
from pipelines.settings import PipelineSettings

BY = By("tests", datetime(2026, 7, 1, tzinfo=UTC), is_system=True)


def test_a_home_where_nobody_has_logged_in_needs_no_store(tmp_path: Path) -> None:
    assert list(_store(PipelineSettings(home=tmp_path))) == []


def test_a_changed_line_of_the_audit_log_is_told(tmp_path: Path) -> None:
    settings = PipelineSettings(home=tmp_path)
    store = open_store(settings.store_url)
    for name in ("anna", "berta"):
        accounts.create_account(store, NewAccount(name, "operator", "correct horse battery"), BY)

    assert [(found.is_fine, found.sentence) for found in _store(settings)] == [
        (True, "the audit log is whole")
    ]
    with store.begin() as connection:
        first = audit_log.c.audit_number == 1
        connection.execute(sa.update(audit_log).where(first).values(actor="nobody"))
    store.dispose()

    [found] = _store(settings)
    assert not found.is_fine
    assert found.sentence.startswith("audit_log: line 1 does not follow")


def test_a_store_that_cannot_be_opened_is_told_without_its_address(tmp_path: Path) -> None:
    url = "postgresql://kontor:secret-canary@127.0.0.1:1/kontor"

    [found] = _store(PipelineSettings(home=tmp_path, operations_url=url))

    assert not found.is_fine
    assert "cannot be opened" in found.sentence
    assert "secret-canary" not in found.sentence
