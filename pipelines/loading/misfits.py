"""Which values of a load were emptied, recorded beside its ledger row."""

from collections.abc import Sequence

import duckdb

from pipelines.loading.ledger import Load
from sources.parsing.request import Misfits


def note_misfits(
    connection: duckdb.DuckDBPyConnection, load: Load, misfits: Sequence[Misfits]
) -> None:
    """Notes which columns of the load's rows were emptied, and why."""
    if misfits:
        connection.executemany(
            "insert into raw.misfits values (?, ?, ?, ?, ?, ?)",
            [
                (load.feed, load.sequence, one.column, one.code, one.count, one.first_line)
                for one in misfits
            ],
        )
