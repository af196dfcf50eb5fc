"""Columns that rows had and their newer versions lack: renamed in the source, mostly.

A column that a row need not have may be missing from a file, so nothing is refused there; only
what was known of the same rows before tells that it used to come.
"""

from collections.abc import Iterator

import duckdb

from sources.contract import Contract
from sources.sql import scalar

# Fewer rows may lose a value for reasons of their own.
_FEWEST_ROWS = 20
_LARGEST_LOST_SHARE = 0.9


def emptied_columns(connection: duckdb.DuckDBPyConnection, contract: Contract) -> Iterator[str]:
    """The columns that the newest load of a feed emptied in nearly all rows that had them."""
    names = [name for name, column in contract.stored_columns.items() if not column.required]
    feed = contract.feed
    newest = scalar(
        connection,
        "select max(sequence) from raw.loads where feed = ? and status = 'loaded' and applied > 0",
        [feed],
    )
    if newest is None or not names:
        return
    same = " and ".join(f"loser.{key} = winner.{key}" for key in contract.key)
    counts = ", ".join(
        f"count(loser.{name}), count(loser.{name}) filter (where winner.{name} is null)"
        for name in names
    )
    found = connection.execute(
        f"select {counts} from raw.{feed}_superseded as lost "
        f"join raw.{feed} as loser on lost._row_id = loser._row_id "
        f"join raw.{feed} as winner on {same} and winner._sequence = {newest} "
        f"where lost._sequence = {newest} and not winner._is_deleted "
        "and loser._row_id <> winner._row_id"
    ).fetchone()
    for name, had, lost in zip(names, (found or ())[::2], (found or ())[1::2], strict=True):
        if had >= _FEWEST_ROWS and lost > had * _LARGEST_LOST_SHARE:
            yield name
