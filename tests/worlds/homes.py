"""A home with published data, and an account for everybody a test may want to be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import sqlalchemy as sa

from operations import accounts
from operations.accounts import By, NewAccount
from operations.store import open_store, sqlite_url
from pipelines.publishing.versions import current_version
from tests.worlds import tiny_marketplace
from tests.worlds.built_once import built_once, copied
from tests.worlds.published_shop import published_shop

PASSWORD = "correct horse battery"
BY = By("tests", datetime(2025, 7, 1, tzinfo=UTC), is_system=True)

# name -> (role, vendor)
PEOPLE: dict[str, tuple[str, str | None]] = {
    "olga": ("operator_admin", None),
    "ana": ("analyst", None),
    "alder": ("vendor_owner", "v-001"),
    "mueller": ("vendor_owner", "v-002"),
    "loewe": ("vendor_owner", "v-003"),
    "nadel": ("vendor_owner", "v/004 ü"),
    "newcomer": ("vendor_owner", "v-005"),
    "ghost": ("vendor_owner", "v-999"),
}
_STORE = "operations.sqlite"


@dataclass(frozen=True)
class Home:
    """Where everything is."""

    path: Path
    store: sa.Engine

    @property
    def published(self) -> Path:
        return self.path / "published"

    @property
    def version(self) -> str:
        version = current_version(self.published)
        assert version is not None
        return version

    @property
    def operator_file(self) -> Path:
        return self.published / self.version / "operator.duckdb"


def make_home(path: Path, damage: Iterable[str] = ()) -> Home:
    """A copy of what the tiny marketplace published, and the accounts.

    A state that no run can publish, such as a failed system, is made by SQL on the operator's file.
    """
    copied(built_once("home", _fill), path)
    home = Home(path, open_store(sqlite_url(path / _STORE)))
    if damage:
        with duckdb.connect(str(home.operator_file)) as connection:
            for statement in damage:
                connection.execute(statement)
    return home


def _fill(path: Path) -> None:
    copied(published_shop().published, path / "published")
    store = open_store(sqlite_url(path / _STORE))
    for name, (role, vendor_id) in PEOPLE.items():
        new = NewAccount(name, role, PASSWORD, vendor_id, tiny_marketplace.NAME)
        accounts.create_account(store, new, BY)
    store.dispose()
