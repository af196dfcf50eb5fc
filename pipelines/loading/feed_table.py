"""What the models must know of the feeds themselves: which exist, and which this shop delivers."""

import duckdb

from pipelines.loading.business_days import Zones
from pipelines.loading.feed_days import count_feed_days
from sources.contract import Contract, all_contracts
from sources.marketplace import Marketplace
from sources.sql import scalar

_COLUMNS = (
    "feed, title, is_required, is_configured, event_time_column, system, delivery, what_depends, "
    "is_own"
)


def write_feeds(connection: duckdb.DuckDBPyConnection, marketplace: Marketplace) -> dict[str, int]:
    """Writes raw.feeds anew and brings raw.feed_days up to date with what was loaded.

    Returns the row counts of the ledger's tables by their names.
    """
    rows = [
        (
            contract.feed,
            contract.title,
            contract.required_feed,
            contract.feed in marketplace.loaded_feeds,
            contract.event_time,
            _system_of(contract, marketplace),
            contract.delivery,
            contract.what_depends,
            contract.is_own,
        )
        for contract in all_contracts().values()
    ]
    connection.execute("begin transaction")
    connection.execute("delete from raw.feeds")
    connection.executemany(
        f"insert into raw.feeds ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
    )
    # Files of a feed that the marketplace no longer names count as gone.
    connection.execute(
        "update raw.loads set is_present = false where is_present and feed not in "
        "(select feed from raw.feeds where is_configured)"
    )
    connection.execute("commit")
    zones = Zones(marketplace.storage_time_zone, marketplace.time_zone)
    count_feed_days(connection, all_contracts().values(), zones)
    tables = ("raw.loads", "raw.feeds", "raw.feed_days", "quarantine.rows")
    return {
        table.partition(".")[2]: int(scalar(connection, f"select count(*) from {table}"))
        for table in tables
    }


def _system_of(contract: Contract, marketplace: Marketplace) -> str:
    """Who delivers a feed: the first that the marketplace names for it, else the usual holder."""
    named = [spec.system for spec in marketplace.feeds.get(contract.feed, ()) if spec.system]
    return named[0] if named else contract.system
