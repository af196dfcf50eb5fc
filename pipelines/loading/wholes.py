"""What a file says by omission: rows that its newer delivery or newer reading lacks.

An event comes with all its rows, so what a later delivery of it lacks is gone. A file that is read
again, under a corrected mapping or new rules, stands for what its entry read of it before; what a
rule of the mapping drops today is not there. Both bury rows and bring buried ones back as snapshots
do (see there), and both keep the place of their delivery: what a newer one said stays.
"""

from dataclasses import dataclass

import duckdb

from pipelines.loading.ledger import Load
from pipelines.loading.snapshot import NOTHING_DERIVED, Derived, bury, revive
from sources.contract import Contract
from sources.sql import literal, scalar


@dataclass(frozen=True, slots=True)
class Beside:
    """What else may have read rows of its own off the same bytes: it keeps them.

    `entries` are the feed's other entries of today. Where rows say in which file they came, copies
    of it under other names have rows of their own.
    """

    entries: tuple[str, ...] = ()
    tells_files: bool = False

    @property
    def of_entries(self) -> str:
        """SQL of whether a load is another entry's."""
        return f"_entry in ({', '.join(map(literal, self.entries))})" if self.entries else "false"

    def keeps(self, path: str) -> str:
        """SQL of whether what a load brought is none of a path's."""
        return (
            f"{self.of_entries} or path <> {literal(path)}" if self.tells_files else self.of_entries
        )


def derive(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    load: Load,
    rows: str,
    beside: Beside,
) -> Derived:
    """Deletes and restores the rows that an applied file implies; for the caller's transaction.

    A snapshot says by itself what is gone. Rows of a table come one by one.
    """
    if load.is_snapshot:
        return NOTHING_DERIVED
    position = load.sequence if load.position is None else load.position
    connection.execute(
        "create or replace temp table positions_of_loads as select sequence as _sequence, "
        "coalesce(position, sequence) as _position, file_id, path, coalesce(entry, '') as _entry "
        "from raw.loads "
        "where feed = ? and status = 'loaded'",
        [contract.feed],
    )
    restored = _revived(connection, contract, load, rows, position)
    conditions = [
        condition
        for condition in (
            _of_delivered_units(connection, contract, load, rows, position),
            _of_earlier_readings(connection, load, beside),
        )
        if condition is not None
    ]
    if not conditions or not _collect_missing(connection, contract, rows, conditions):
        return Derived(restored=restored)
    return Derived(bury(connection, contract, load), restored)


def _revived(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    load: Load,
    rows: str,
    position: int,
) -> int:
    """Restores rows that an earlier file deleted by omission."""
    has_buried = scalar(
        connection,
        "select count(*) from raw.loads where feed = ? and deleted > 0 "
        "and not coalesce(is_snapshot, false)",
        [contract.feed],
    )
    if not has_buried:
        return 0
    buriers = (
        "_sequence in (select sequence from raw.loads where feed = "
        f"'{contract.feed}' and deleted > 0 and not coalesce(is_snapshot, false) "
        f"and coalesce(position, sequence) <= {position})"
    )
    return revive(connection, contract, load, rows, buriers)


def _collect_missing(
    connection: duckdb.DuckDBPyConnection, contract: Contract, rows: str, conditions: list[str]
) -> bool:
    """Collects in `vanished` the standing rows of which the file says that they are gone."""
    keys = ", ".join(contract.key)
    version = contract.version or "cast(null as timestamp)"
    connection.execute(
        f"create or replace temp table vanished as select {keys}, _row_id, {version} as _version "
        f"from raw.{contract.feed}_current as current "
        "inner join positions_of_loads as of_load using (_sequence) "
        f"anti join (select {keys} from {rows} where _error is null) as present using ({keys}) "
        f"where {' or '.join(conditions)}"
    )
    return bool(scalar(connection, "select count(*) from vanished"))


def _of_delivered_units(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    load: Load,
    rows: str,
    position: int,
) -> str | None:
    """A condition for rows of the units that the file delivers again; None where it has none."""
    if not contract.unit or load.extraction is not None:
        return None
    unit = ", ".join(contract.unit)
    # The rows of a unit are numbered from 0 or 1, so one of two keys tells whether it is known: the
    # history's narrow column of hashes is read, as ever, and its texts only where something is.
    hashes = f"unnest([{', '.join(_hash_of_number(contract, number) for number in (0, 1))}])"
    connection.execute(
        f"create or replace temp table delivered as select distinct {unit} from {rows} "
        "where _error is null"
    )
    connection.execute(
        f"create or replace temp table delivered_again as select distinct {unit} from ("
        f"select {unit}, {hashes} as _key_hash from delivered) "
        f"semi join (select _key_hash from raw.{contract.feed} where _sequence <> ?) as known "
        "using (_key_hash)",
        [load.sequence],
    )
    if not scalar(connection, "select count(*) from delivered_again"):
        return None
    return f"(({unit}) in (select ({unit}) from delivered_again) and _position <= {position})"


def _hash_of_number(contract: Contract, number: int) -> str:
    parts = [name if name in contract.unit else f"{number}::bigint" for name in contract.key]
    return f"hash({', '.join(parts)})"


def _of_earlier_readings(
    connection: duckdb.DuckDBPyConnection, load: Load, beside: Beside
) -> str | None:
    """A condition for rows that an earlier reading of the same bytes brought; None without one."""
    # Another entry's file may have said the same and found it known: then nobody knows whether the
    # row is gone. Files of the same entry are read again with this one.
    kept = beside.keeps(load.path)
    earlier = scalar(
        connection,
        "with loads as (select file_id, path, unchanged, coalesce(entry, '') as _entry "
        "from raw.loads where feed = $3 and status = 'loaded' and sequence <> $4) "
        f"select count(*) filter (where file_id = $1 and not ({kept})) > 0 "
        "and count(*) filter (where unchanged > 0 "
        f"and (file_id <> $1 and _entry not in ('', $2) or {beside.of_entries})) = 0 from loads",
        [load.file_id, load.entry, load.feed, load.sequence],
    )
    if not earlier:
        return None
    return (
        f"(of_load.file_id = {literal(load.file_id)} and _sequence <> {load.sequence} "
        f"and not ({kept}))"
    )
