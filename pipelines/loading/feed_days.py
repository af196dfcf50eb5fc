"""How many rows of each feed stand on each day: `raw.feed_days`, kept by adding what loads changed.

Counting 45 feeds anew would read the whole history of the largest one at every run. A load adds
its rows to their days, and takes away the rows it overruled from theirs; both are found by the
load's number, so a day's increment costs the same whatever the history holds.
"""

from collections.abc import Iterable

import duckdb

from pipelines.loading.business_days import Zones
from sources.contract import Contract


def count_feed_days(
    connection: duckdb.DuckDBPyConnection, contracts: Iterable[Contract], zones: Zones
) -> None:
    """Brings raw.feed_days up to date; days are those of the business time zone.

    A row without an event time, and every row of a feed that has none, counts on no day (NULL).
    """
    zone_names = f"{zones.storage} {zones.business}"
    last = _last_loads(connection)
    counted = _counted(connection)
    for contract in contracts:
        through, known_zones = counted.get(contract.feed, (0, zone_names))
        if known_zones != zone_names:
            through = 0
        if contract.feed not in last or last[contract.feed] <= through:
            continue
        connection.execute("begin transaction")
        try:
            _add(connection, contract.feed, _day(contract, zones), through)
            connection.execute("delete from raw.feed_days_counted where feed = ?", [contract.feed])
            connection.execute(
                "insert into raw.feed_days_counted values (?, ?, ?)",
                [contract.feed, last[contract.feed], zone_names],
            )
            connection.execute("commit")
        except BaseException:
            connection.execute("rollback")
            raise


def _add(connection: duckdb.DuckDBPyConnection, feed: str, day: str, through: int) -> None:
    """Adds the rows of the loads after `through` and subtracts those they overruled."""
    history = f"raw.{feed}"
    past = "select event_date, row_count from raw.feed_days where feed = ? union all "
    rows = connection.execute(
        f"with changes as ({past if through else ''}"
        f"select {day}, count(*) from {history} as history "
        f"where _sequence > {through} and not _is_deleted group by all "
        f"union all select {day}, -count(*) from {history} as history "
        f"semi join (select _row_id from {history}_superseded where _sequence > {through}) "
        "as overruled on history._row_id = overruled._row_id "
        "where not _is_deleted group by all) "
        "select event_date, cast(sum(row_count) as bigint) as row_count "
        "from changes as change (event_date, row_count) group by event_date "
        "having sum(row_count) <> 0",
        [feed] if through else [],
    ).to_arrow_table()
    connection.execute("delete from raw.feed_days where feed = ?", [feed])
    connection.register("new_feed_days", rows)
    connection.execute("insert into raw.feed_days select ?, * from new_feed_days", [feed])
    connection.unregister("new_feed_days")


def _day(contract: Contract, zones: Zones) -> str:
    column = contract.event_time
    if column is None:
        return "cast(null as date)"
    return zones.day(f"history.{column}", is_date=contract.columns[column].type == "date")


def _last_loads(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    rows = connection.execute(
        "select feed, max(sequence) from raw.loads where status = 'loaded' group by feed"
    )
    return dict(rows.fetchall())


def _counted(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, str]]:
    rows = connection.execute("select feed, through_sequence, zones from raw.feed_days_counted")
    return {feed: (through, zones) for feed, through, zones in rows.fetchall()}
