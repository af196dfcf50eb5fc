"""Applying a parsed file: which rows are new, which overrule others, and which are overruled.

The winner of a key does not depend on the order in which files arrive where rows carry a version:
the higher version wins, then a deletion, then the greater content. Rows without a version are
overruled by files that came later; a deletion stays. What one path brings overrules what it brought
before of the same version or without one, deletions too; and so does any later file where the
version is a day without a time. A delivery that is read again, by a replay or under new rules,
keeps the place of its first reading. Everything new is kept in the history.
"""

from dataclasses import dataclass

import duckdb

from output.findings.finding import Finding
from pipelines.loading.across_files import taken_over
from pipelines.loading.business_days import Zones
from pipelines.loading.key_hashes import key_hash
from pipelines.loading.ledger import Load
from pipelines.loading.repeats import repeats
from pipelines.loading.verdicts import collect_contested, day_versions_note, judge, supersede
from sources.contract import DELETED, Contract
from sources.sql import scalar


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a file's valid rows.

    `replaced` of the applied and unchanged are overruled by another row of the same file;
    `contradiction` says so where nothing tells which of them, or of those of two files, is right.
    """

    applied: int
    unchanged: int
    duplicate: int
    replaced: int = 0
    contradiction: Finding | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadStamp:
    """The load that brings the rows, with its position, and the zones of its times."""

    load: Load
    zones: Zones

    @property
    def position(self) -> int:
        """The place of the delivery: the number of the load that first read it."""
        return self.load.sequence if self.load.position is None else self.load.position


def apply_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    rows: str,
    stamp: LoadStamp,
    *,
    has_distinct_keys: bool = False,
) -> Applied:
    """Adds the valid of a file's completed rows to the history; the caller's transaction holds it.

    Where the parser saw that no two rows share a key, they are not compared with each other.
    """
    incoming = _incoming(contract, rows)
    base = _last_row_id(connection, contract)
    if not _collect_contested_hashes(connection, contract, incoming, base, has_distinct_keys):
        return Applied(_insert(connection, contract, incoming, base, stamp), 0, 0)
    _collect_versions(connection, contract, incoming, base)
    if not scalar(connection, "select count(*) from tied_hashes"):
        # No two rows are in doubt: all are inserted at once, and each key's lower version loses.
        count = _insert(connection, contract, incoming, base, stamp)
        _supersede_lower(connection, contract, stamp)
        return Applied(count, 0, 0)
    collect_contested(connection, contract, incoming, base, stamp.load)
    fresh = f"(select i.* from {incoming} as i anti join contested_hashes using (_key_hash))"
    fresh_count = _insert(connection, contract, fresh, base, stamp)
    verdicts = judge(connection, contract, stamp.position, stamp.zones)
    applied = fresh_count + verdicts.get("applied", 0)
    notes: tuple[str, ...] = ()
    taken: Finding | None = None
    if verdicts.get("applied"):
        taken, told = taken_over(connection, contract, stamp.load, applied)
        notes = () if told is None else (told,)
        judged = "(select * from judged where verdict = 'applied')"
        _insert(connection, contract, judged, base, stamp)
        supersede(connection, contract, stamp.load.sequence, stamp.position)
        notes += day_versions_note(connection, contract, stamp.load.path, stamp.position)
    replaced, contradiction = repeats(connection, contract, stamp.load.path)
    return Applied(
        applied,
        verdicts.get("unchanged", 0),
        verdicts.get("duplicate", 0),
        replaced,
        contradiction or taken,
        notes,
    )


def completed(connection: duckdb.DuckDBPyConnection, contract: Contract, rows: str) -> str:
    """Parsed rows with all the contract's columns, including those that the source lacks."""
    found = connection.execute(f"describe select * from {rows}").fetchall()
    absent = sorted(contract.columns.keys() - {column[0] for column in found})
    empty = [f"cast(null as {contract.columns[name].sql_type}) as {name}" for name in absent]
    return f"(select {', '.join(['*', *empty])} from {rows})"


def _incoming(contract: Contract, rows: str) -> str:
    """The valid rows with the hash of their key."""
    return f"(select *, {key_hash(contract)} as _key_hash from {rows} where _error is null)"


def _insert(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    relation: str,
    base: int,
    stamp: LoadStamp,
) -> int:
    names = ", ".join(contract.stored_columns)
    # In the order of the file rows would come in row groups of odd sizes, and the next checkpoint
    # would write them all anew; each row tells its line.
    connection.execute("set preserve_insertion_order = false")
    try:
        count = scalar(
            connection,
            f"insert into raw.{contract.feed} ({names}, _is_deleted, _row_id, _load_id, _line, "
            f"_recorded_at, _sequence, _key_hash) select {names}, coalesce({DELETED}, false), "
            f"{base} + _row, ?, _line, cast(? as timestamp), ?, _key_hash from {relation}",
            [stamp.load.load_id, stamp.load.recorded_at, stamp.load.sequence],
        )
    finally:
        connection.execute("set preserve_insertion_order = true")
    return int(count)


def _last_row_id(connection: duckdb.DuckDBPyConnection, contract: Contract) -> int:
    """The highest row number given so far: that of the last load, which is all that is read."""
    last = scalar(
        connection,
        "select coalesce(max(sequence), 0) from raw.loads where feed = ? "
        "and applied + coalesce(deleted, 0) + coalesce(restored, 0) > 0",
        [contract.feed],
    )
    highest = f"select coalesce(max(_row_id), 0) from raw.{contract.feed} where _sequence >= ?"
    return int(scalar(connection, highest, [last]))


def _collect_contested_hashes(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    incoming: str,
    base: int,
    has_distinct_keys: bool,  # noqa: FBT001 - passed on
) -> bool:
    """Collects the keys that are known already or come twice; the rest needs no comparison.

    Only the narrow column of the keys' hashes is read of the history. Two keys of one hash are
    compared by their values like any others.
    """
    if base == 0 and has_distinct_keys:
        return False
    connection.execute(
        f"create or replace temp table incoming_hashes as select _key_hash from {incoming}"
    )
    connection.execute(
        f"create or replace temp table known_rows as select rowid as place, _key_hash "
        f"from raw.{contract.feed} where _key_hash in (select _key_hash from incoming_hashes)"
    )
    repeated = (
        ""
        if has_distinct_keys
        else "union select _key_hash from incoming_hashes group by _key_hash having count(*) > 1"
    )
    connection.execute(
        "create or replace temp table contested_hashes as "
        f"select distinct _key_hash from known_rows {repeated}"
    )
    return bool(scalar(connection, "select count(*) from contested_hashes"))


def _collect_versions(
    connection: duckdb.DuckDBPyConnection, contract: Contract, incoming: str, base: int
) -> None:
    """The versions that come and are held of contested keys; `tied_hashes` are not told apart.

    The rows overruled before are looked for among those held, which are few, and not the other way
    round.
    """
    keys = ", ".join(contract.key)
    version = contract.version or "cast(null as timestamp)"
    connection.execute(
        f"create or replace temp table arrived as select {keys}, _key_hash, "
        f"{base} + _row as _row_id, {version} as _version "
        f"from {incoming} semi join contested_hashes using (_key_hash)"
    )
    connection.execute(
        f"create or replace temp table held as select {keys}, _key_hash, _row_id, _sequence, "
        f"_line, _is_deleted, {version} as _version, rowid as place from raw.{contract.feed} "
        "where rowid in (select place from known_rows)"
    )
    connection.execute(
        "create or replace temp table overruled as "
        f"select _row_id from raw.{contract.feed}_superseded semi join held using (_row_id)"
    )
    connection.execute(
        "create or replace temp table tied_hashes as "
        "select _key_hash from arrived where _version is null "
        "union select _key_hash from arrived group by _key_hash having count(*) > 1 "
        "union select arrived._key_hash from arrived inner join held "
        "on arrived._key_hash = held._key_hash and arrived._version = held._version"
    )


def _supersede_lower(
    connection: duckdb.DuckDBPyConnection, contract: Contract, stamp: LoadStamp
) -> None:
    """Names of each key the row of the lower version, where the two versions always differ."""
    connection.execute(
        f"insert into raw.{contract.feed}_superseded select "
        "case when arrived._version < held._version then arrived._row_id else held._row_id end, "
        f"{stamp.load.sequence} from arrived inner join held using ({', '.join(contract.key)}) "
        "where held._row_id not in (select _row_id from overruled)"
    )
