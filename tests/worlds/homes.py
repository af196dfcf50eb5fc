"""A home with published data, and an account for everybody a test may want to be."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from operations import accounts
from operations.accounts import By, NewAccount
from operations.store import open_store, sqlite_url
from tests.worlds.published_world import World, write_world

PASSWORD = "correct horse battery"
BY = By("tests", datetime(2026, 7, 1, tzinfo=UTC), is_system=True)

# name -> (role, vendor)
PEOPLE: dict[str, tuple[str, str | None]] = {
    "olga": ("operator", None),
    "ana": ("analyst", None),
    "alder": ("vendor", "v-001"),
    "mueller": ("vendor", "v-002"),
    "loewe": ("vendor", "v-003"),
    "nadel": ("vendor", "v/004 ü"),
    "newcomer": ("vendor", "v-005"),
    "ghost": ("vendor", "v-999"),
}


@dataclass(frozen=True)
class Home:
    """Where everything is."""

    path: Path
    world: World
    store: sa.Engine


def make_home(path: Path) -> Home:
    """Write a published version and the accounts below a folder."""
    world = write_world(path)
    store = open_store(sqlite_url(path / "operations.sqlite"))
    for name, (role, vendor_id) in PEOPLE.items():
        accounts.create_account(store, NewAccount(name, role, PASSWORD, vendor_id, "demo"), BY)
    return Home(path, world, store)


def copy_home(home: Home, path: Path) -> Home:
    """Return a copy of a home that nobody is writing to; much quicker than another one."""
    home.store.dispose()
    shutil.copytree(home.path, path, dirs_exist_ok=True)
    store = open_store(sqlite_url(path / "operations.sqlite"))
    return Home(path, World(path, home.world.version), store)
