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
from pipelines.cli.variables import unknown_variables
from pipelines.settings import PipelineSettings, temporary_environment

BY = By("tests", datetime(2026, 7, 1, tzinfo=UTC), is_system=True)


def test_a_home_where_nobody_has_logged_in_needs_no_store(tmp_path: Path) -> None:
    assert list(_store(PipelineSettings(home=tmp_path))) == []


def test_a_changed_line_of_the_audit_log_is_told(tmp_path: Path) -> None:
    settings = PipelineSettings(home=tmp_path)
    store = open_store(settings.store_url)
    for name in ("anna", "berta"):
        accounts.create_account(
            store, NewAccount(name, "operator_admin", "correct horse battery"), BY
        )

    assert [(found.is_fine, found.sentence) for found in _store(settings)] == [
        (True, "the audit log is intact")
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


def test_a_misspelt_variable_is_told_and_one_of_a_marketplace_is_not(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text("folder: ${KONTOR_SHOP_DIR}")
    given = {
        "KONTOR_MEMORY_LIMT": "2GB",
        "kontor_hoem": "/srv",
        "KONTOR_SHOP_DIR": "/srv/shop",
        "KONTOR_ELSEWHERE": "1",
        "OTHER_THREAD": "1",
    }
    settings = PipelineSettings(home=tmp_path, marketplace=str(tmp_path / "mine.yml"))

    with temporary_environment(given):
        told = {found.sentence: found.is_fine for found in unknown_variables(settings)}

    assert (
        told.items()
        >= {
            "KONTOR_MEMORY_LIMT is not a setting; did you mean KONTOR_MEMORY_LIMIT?": False,
            "kontor_hoem is not a setting; did you mean KONTOR_HOME?": False,
            "KONTOR_ELSEWHERE is not a setting, and no marketplace's file refers to it": True,
        }.items()
    )
    assert not [sentence for sentence in told if "SHOP_DIR" in sentence or "OTHER" in sentence]
