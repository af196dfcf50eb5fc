"""Applying a parsed file: which rows are new, which overrule, which are overruled.

The winner of a key does not depend on the order in which files arrive where rows carry a version:
the higher version wins, then a deletion, then the greater content. Rows without a version are
overruled by files that came later; a deletion stays. A file that is read again, by a replay or
under new rules, keeps the place of its first reading. Everything new is kept in the history.
"""

from dataclasses import dataclass

import duckdb

from pipelines.loading.warehouse import key_hash
from sources.contract import DELETED, Contract
from sources.parsing.conversion import quoted

_IS_TIED = "_key_hash in (select _key_hash from tied_hashes)"


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a file's valid rows."""

    applied: int
    unchanged: int
    duplicate: int


def apply_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    rows: str,
    stamp: "LoadStamp",
    *,
    has_distinct_keys: bool = False,
) -> Applied:
    """Adds the valid of a file's parsed rows to the history; the caller's transaction holds it.

    Where the parser saw that no two rows share a key, they are not compared with each other.
    """
    incoming = _incoming(connection, contract, rows)
    base = _last_row_id(connection, contract)
    if not _collect_contested_hashes(connection, contract, incoming, base, has_distinct_keys):
        return Applied(_insert(connection, contract, incoming, base, stamp), 0, 0)
    _collect_contested(connection, contract, incoming, base)
    fresh = f"(select i.* from {incoming} as i anti join contested_hashes using (_key_hash))"
    fresh_count = _insert(connection, contract, fresh, base, stamp)
    verdicts = _judge(connection, contract, stamp.position)
    if verdicts.get("applied"):
        judged = "(select * from judged where verdict = 'applied')"
        _insert(connection, contract, judged, base, stamp)
        _supersede(connection, contract, stamp)
    return Applied(
        fresh_count + verdicts.get("applied", 0),
        verdicts.get("unchanged", 0),
        verdicts.get("duplicate", 0),
    )


def completed(connection: duckdb.DuckDBPyConnection, contract: Contract, rows: str) -> str:
    """Parsed rows with all the contract's columns, also those that the source cannot fill."""
    found = connection.execute(f"describe select * from {rows}").fetchall()
    absent = sorted(contract.columns.keys() - {column[0] for column in found})
    empty = [f"cast(null as {contract.columns[name].sql_type}) as {name}" for name in absent]
    return f"(select {', '.join(['*', *empty])} from {rows})"


def _incoming(connection: duckdb.DuckDBPyConnection, contract: Contract, rows: str) -> str:
    """The valid rows with the hash of their key."""
    whole = completed(connection, contract, rows)
    return f"(select *, {key_hash(contract)} as _key_hash from {whole} where _error is null)"


@dataclass(frozen=True, slots=True)
class LoadStamp:
    """Which load a row came with, the first that read its file, and when it was recorded (UTC)."""

    load_id: str
    sequence: int
    position: int
    recorded_at: str


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
        inserted = connection.execute(
            f"insert into raw.{contract.feed} ({names}, _is_deleted, _row_id, _load_id, _line, "
            f"_recorded_at, _sequence, _key_hash) select {names}, coalesce({DELETED}, false), "
            f"{base} + _row, ?, _line, cast(? as timestamp), ?, _key_hash from {relation}",
            [stamp.load_id, stamp.recorded_at, stamp.sequence],
        ).fetchone()
    finally:
        connection.execute("set preserve_insertion_order = true")
    return int(inserted[0]) if inserted else 0


def _content(contract: Contract, deleted: str) -> str:
    parts = [f"coalesce(cast({name} as varchar), chr(30))" for name in contract.stored_columns]
    return f"md5(concat_ws(chr(31), {', '.join(parts)}, {deleted}))"


def _last_row_id(connection: duckdb.DuckDBPyConnection, contract: Contract) -> int:
    """The highest row number given so far: that of the last load, which is all that is read."""
    last = _scalar(
        connection,
        "select coalesce(max(sequence), 0) from raw.loads "
        f"where feed = {quoted(contract.feed)} "
        "and applied + coalesce(deleted, 0) + coalesce(restored, 0) > 0",
    )
    return _scalar(
        connection,
        f"select coalesce(max(_row_id), 0) from raw.{contract.feed} where _sequence >= {last}",
    )


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
    return bool(_scalar(connection, "select count(*) from contested_hashes"))


def _collect_contested(
    connection: duckdb.DuckDBPyConnection, contract: Contract, incoming: str, base: int
) -> None:
    """The rows that come and are held of contested keys, with what must be compared of them.

    A row whose version no other row of its key has is told apart by that: no content is computed.
    """
    keys = ", ".join(contract.key)
    version = contract.version or "cast(null as timestamp)"
    deleted = f"coalesce({DELETED}, false)"
    connection.execute(
        f"create or replace temp table arrived as select i.*, {base} + _row as _row_id, "
        f"{deleted} as _is_deleted, {version} as _version "
        f"from {incoming} as i semi join contested_hashes using (_key_hash)"
    )
    connection.execute(
        "create or replace temp table positions as select sequence as _sequence, "
        "coalesce(position, min(sequence) over (partition by file_id)) as _position from raw.loads "
        "where feed = ? and status = 'loaded'",
        [contract.feed],
    )
    connection.execute(
        f"create or replace temp table held as select {keys}, _key_hash, _row_id, _sequence, "
        f"_position, _line, _is_deleted, {version} as _version, history.rowid as place, "
        f"_row_id not in (select _row_id from raw.{contract.feed}_superseded) as _is_current "
        f"from raw.{contract.feed} as history left join positions using (_sequence) "
        "where history.rowid in (select place from known_rows)"
    )
    connection.execute(
        "create or replace temp table tied_hashes as "
        "select _key_hash from arrived where _version is null "
        "union select _key_hash from arrived group by _key_hash having count(*) > 1 "
        "union select arrived._key_hash from arrived inner join held "
        "on arrived._key_hash = held._key_hash and arrived._version = held._version"
    )
    connection.execute(
        f"create or replace temp table contested as select *, case when {_IS_TIED} "
        f"then {_content(contract, '_is_deleted')} end as _content from arrived"
    )
    compared = "(select place, cast(null as varchar) as _content from held where false)"
    if _scalar(connection, f"select count(*) from held where {_IS_TIED}"):
        compared = (
            f"(select rowid as place, {_content(contract, '_is_deleted')} as _content "
            f"from raw.{contract.feed} where rowid in (select place from held where {_IS_TIED}))"
        )
    connection.execute(
        "create or replace temp table known as select held.*, compared._content from held "
        f"left join {compared} as compared on held.place = compared.place"
    )


def _judge(
    connection: duckdb.DuckDBPyConnection, contract: Contract, position: int
) -> dict[str, int]:
    keys = ", ".join(contract.key)
    connection.execute(
        f"""
        create or replace temp table judged as
        with copies as (
            select *, row_number() over (partition by {keys}, _content order by _line desc) as copy
            from contested where {_IS_TIED}
        ), last_copies as (
            select *, row_number() over (
                partition by {keys}, copy, _version is null order by _line desc
            ) as from_end
            from copies
        ), past as (
            select distinct {keys}, _content from known
        ), today as (
            select {keys}, _content as today_content, _version as today_version,
                _is_deleted as today_deleted, _position as today_position
            from known where _is_current
        )
        select last_copies.*, case
            when copy > 1 then 'duplicate'
            when past._content is null then 'applied'
            when _version is not null or from_end > 1 then 'unchanged'
            when last_copies._content = today_content then 'unchanged'
            when today_version is not null or today_position > {position} then 'unchanged'
            when today_deleted and not coalesce({DELETED}, false) then 'unchanged'
            else 'applied'
        end as verdict
        from last_copies
        left join past using ({keys}, _content)
        left join today using ({keys})
        union all by name
        select *, 'applied' as verdict from contested where not {_IS_TIED}
        """
    )
    counted = connection.execute("select verdict, count(*) from judged group by verdict")
    return dict(counted.fetchall())


def _supersede(connection: duckdb.DuckDBPyConnection, contract: Contract, stamp: LoadStamp) -> None:
    """Names every row that lost its key to another: the one that was current, or the new one."""
    keys = ", ".join(contract.key)
    connection.execute(
        f"""
        insert into raw.{contract.feed}_superseded
        with candidates as (
            select {keys}, _row_id, _sequence, _position, _line, _is_deleted, _version, _content
            from known where _is_current
            union all
            select {keys}, _row_id, {stamp.sequence}, {stamp.position}, _line, _is_deleted,
                _version, _content
            from judged where verdict = 'applied'
        ), ranked as (
            select _row_id, row_number() over (
                partition by {keys}
                order by _version desc nulls last, _is_deleted desc,
                    case when _version is null then _position end desc nulls last,
                    case when _version is null then _sequence end desc nulls last,
                    case when _version is null then _line end desc nulls last,
                    _content desc
            ) as place
            from candidates
        )
        select _row_id, {stamp.sequence} from ranked where place > 1
        """
    )


def _scalar(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
