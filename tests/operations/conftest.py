"""Every test of the operational store runs on both engines."""

from collections.abc import Iterator
from pathlib import Path

import argon2
import pytest
import sqlalchemy as sa

from operations import passwords
from operations.store import open_store, sqlite_url
from operations.tables import METADATA
from tests.operations.stores import postgresql, why_no_postgresql


@pytest.fixture(scope="session")
def postgresql_store() -> Iterator[sa.Engine]:
    reason = why_no_postgresql()
    if reason:
        pytest.skip(reason)
    with postgresql() as url:
        engine = open_store(url)
        yield engine
        engine.dispose()


@pytest.fixture(autouse=True)
def _quick_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with the smallest parameters argon2 allows, except where the cost is the subject."""
    if "full_price" not in request.fixturenames:
        cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        monkeypatch.setattr(passwords, "_HASHER", cheap)
    passwords._hash_of_nothing.cache_clear()


@pytest.fixture
def full_price() -> None:
    """Ask for argon2's real parameters."""


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    if request.param == "sqlite":
        engine = open_store(sqlite_url(tmp_path / "operations.sqlite"))
        yield engine
        engine.dispose()
        return
    engine = request.getfixturevalue("postgresql_store")
    with engine.begin() as connection:
        for table in METADATA.sorted_tables:
            connection.execute(sa.delete(table))
    yield engine
