"""Whose warehouse it is: a home serves one marketplace at a time and keeps the others aside."""

from pathlib import Path

from pipelines.home import Home
from pipelines.loading.warehouse import create_tables, open_warehouse
from sources.contract import all_contracts
from sources.sql import scalar


def claim_warehouse(home: Home, marketplace: str) -> None:
    """Makes the build file that of this marketplace; the caller holds the home's lock.

    Another marketplace's build file is renamed to `warehouse.<name>.duckdb` and comes back,
    untouched, when that marketplace runs again.
    """
    owner = _owner(home.warehouse)
    if owner is not None and owner != marketplace:
        home.warehouse.rename(home.path / f"warehouse.{owner}.duckdb")
    aside = home.path / f"warehouse.{marketplace}.duckdb"
    if not home.warehouse.exists() and aside.exists():
        aside.rename(home.warehouse)
    with open_warehouse(home.warehouse) as connection:
        create_tables(connection, all_contracts().values())
        connection.execute("delete from raw.marketplace")
        connection.execute("insert into raw.marketplace values (?)", [marketplace])


def _owner(warehouse: Path) -> str | None:
    if not warehouse.exists():
        return None
    # Opened for writing so that a crashed run's log is applied and no file but this one is moved.
    with open_warehouse(warehouse) as connection:
        is_claimed = scalar(
            connection,
            "select count(*) from duckdb_tables() where schema_name = 'raw' "
            "and table_name = 'marketplace'",
        )
        if not is_claimed:
            return None
        name = scalar(connection, "select max(name) from raw.marketplace")
        connection.execute("checkpoint")
    return str(name) if name else None
