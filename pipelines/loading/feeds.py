"""What the models must know of the feeds themselves: which exist, and which this shop delivers."""

import duckdb

from sources.contract import all_contracts
from sources.marketplace import Marketplace


def write_feeds(connection: duckdb.DuckDBPyConnection, marketplace: Marketplace) -> dict[str, int]:
    """Writes raw.feeds anew; returns the row counts of the ledger's tables by their names."""
    rows = [
        (
            contract.feed,
            contract.title,
            contract.required_feed,
            contract.feed in marketplace.feeds,
            contract.event_time,
        )
        for contract in all_contracts().values()
    ]
    connection.execute("begin transaction")
    connection.execute("delete from raw.feeds")
    connection.executemany("insert into raw.feeds values (?, ?, ?, ?, ?)", rows)
    # Files of a feed that the marketplace no longer names are as good as gone.
    connection.execute(
        "update raw.loads set is_present = false where is_present and feed not in "
        "(select feed from raw.feeds where is_configured)"
    )
    connection.execute("commit")
    counts = {}
    for name, table in (
        ("loads", "raw.loads"),
        ("feeds", "raw.feeds"),
        ("rows", "quarantine.rows"),
    ):
        found = connection.execute(f"select count(*) from {table}").fetchone()
        counts[name] = int(found[0]) if found else 0
    return counts
