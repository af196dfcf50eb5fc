"""Which marketplace a home serves: one at a time; the others' warehouses are set aside."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from installation.settings import lasting_name
from pipelines.home import Home
from pipelines.loading.warehouse import create_tables, open_warehouse
from pipelines.marketplaces import marketplace_named
from sources.contract import all_contracts
from sources.errors import ConfigurationError, SourceError
from sources.marketplace import Marketplace
from sources.sql import scalar


@dataclass(frozen=True, slots=True)
class Owner:
    """The marketplace of a build file, and the name or path by which it was given last.

    A build file of before that was kept does not know how it was given.
    """

    name: str
    given: str | None


class OtherMarketplaceError(ConfigurationError):
    """A marketplace was asked for, and the build file is another's."""


def claim_warehouse(home: Home, marketplace: str, given: str = "") -> None:
    """Makes the build file that of this marketplace; the caller holds the home's lock.

    `given` is the name or path that led to it. Another marketplace's build file is renamed to
    `warehouse.<name>.duckdb` and comes back, untouched, when that marketplace runs again.

    Raises:
        FileHeldError: another program has the build file open.
    """
    owner = owner_of(home.warehouse)
    if owner is not None and owner.name != marketplace:
        home.warehouse.rename(home.path / f"warehouse.{owner.name}.duckdb")
    aside = home.path / f"warehouse.{marketplace}.duckdb"
    if not home.warehouse.exists() and aside.exists():
        aside.rename(home.warehouse)
    with open_warehouse(home.warehouse) as connection:
        create_tables(connection, all_contracts().values())
        connection.execute("delete from raw.marketplace")
        connection.execute(
            "insert into raw.marketplace (name, given) values (?, ?)",
            [marketplace, lasting_name(given) if given else None],
        )


def owner_of(warehouse: Path) -> Owner | None:
    """Whose a build file is, if anyone's; the caller holds the home's lock.

    Raises:
        FileHeldError: another program has the build file open.
    """
    if not warehouse.exists():
        return None
    # Opened for writing so that a crashed run's log is applied and no file but this one is moved.
    with open_warehouse(warehouse) as connection:
        columns = scalar(
            connection,
            "select list(column_name) from duckdb_columns() where schema_name = 'raw' "
            "and table_name = 'marketplace'",
        )
        if not columns:
            return None
        given = "max(given)" if "given" in columns else "null"
        found = connection.execute(f"select max(name), {given} from raw.marketplace").fetchone()
        connection.execute("checkpoint")
    return Owner(*found) if found and found[0] else None


def own_marketplace(home: Home, asked: str, usual: str) -> Marketplace:
    """The marketplace of the home's build file; where there is none, the one asked for, or usual.

    `asked` is what a person named just now, `usual` what the settings name. The caller holds the
    home's lock.

    Raises:
        OtherMarketplaceError: another one was asked for than the build file's.
        ConfigurationError: its file is wrong.
        FileHeldError: another program has the build file open.
    """
    owner = owner_of(home.warehouse)
    if owner is None:
        return marketplace_named(asked or usual, home)
    if asked:
        return _only(owner, marketplace_named(asked, home), home)
    if owner.given is None:
        shop = marketplace_named(usual, home)
        return shop if shop.name == owner.name else marketplace_named(owner.name, home)
    # A file that was moved since is found by the settings.
    with suppress(SourceError):
        shop = marketplace_named(usual, home)
        if shop.name == owner.name:
            return shop
    return marketplace_named(owner.given, home)


def _only(owner: Owner, shop: Marketplace, home: Home) -> Marketplace:
    if shop.name == owner.name:
        return shop
    what = f"{home.path} holds the warehouse of marketplace {owner.name}, not of {shop.name}"
    remedy = f"leave --marketplace out, or run `kontor run` for {shop.name} first"
    raise OtherMarketplaceError([f"{what}; {remedy}"])
