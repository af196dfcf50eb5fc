"""Columns that every delivery filled and the newest leaves empty: renamed in the source, mostly.

A column that a row need not have may be missing from a file, so nothing is refused there; only the
deliveries before tell that it used to come.
"""

from collections.abc import Iterator

import duckdb

from sources.contract import Contract

# Fewer rows may be empty by chance; fewer deliveries are no habit.
_FEWEST_ROWS = 20
_FEWEST_DELIVERIES, _MOST_DELIVERIES = 3, 10
_USUALLY_FILLED = 0.5


def emptied_columns(connection: duckdb.DuckDBPyConnection, contract: Contract) -> Iterator[str]:
    """The columns of a feed that are empty in its newest load and were not in those before."""
    loads = connection.execute(
        "select sequence from raw.loads where feed = ? and applied >= ? "
        "order by sequence desc limit ?",
        [contract.feed, _FEWEST_ROWS, _MOST_DELIVERIES + 1],
    ).fetchall()
    names = [name for name, column in contract.stored_columns.items() if not column.required]
    if len(loads) <= _FEWEST_DELIVERIES or not names:
        return
    filled = ", ".join(f"count({name}) / count(*)" for name in names)
    newest, *before = [int(sequence) for (sequence,) in loads]
    shares = connection.execute(
        f"select _sequence, {filled} from raw.{contract.feed} "
        f"where _sequence in ({', '.join(map(str, [newest, *before]))}) and not _is_deleted "
        "group by _sequence"
    ).fetchall()
    by_load = {int(row[0]): row[1:] for row in shares}
    if newest not in by_load:
        return
    for place, name in enumerate(names):
        usual = [by_load[load][place] for load in before if load in by_load]
        if by_load[newest][place] == 0 and usual and min(usual) >= _USUALLY_FILLED:
            yield name
