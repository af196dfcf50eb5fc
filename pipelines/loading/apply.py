"""Applying a parsed file: which rows are new, which overrule, which are overruled.

The winner of a key does not depend on the order in which files arrive where rows carry a version:
the higher version wins, then a deletion, then the greater content. Rows without a version are
overruled by files that came later; a deletion stays. A file that is read again, by a replay or
under new rules, keeps the place of its first reading. Everything new is kept in the history.
"""

from dataclasses import dataclass

import duckdb

from sources.contract import DELETED, Contract


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
) -> Applied:
    """Adds the valid of a file's parsed rows to the history; the caller's transaction holds it."""
    incoming = f"(select * from {rows} where _error is null)"
    keys = ", ".join(contract.key)
    history_rows = _scalar(connection, f"select count(*) from raw.{contract.feed}")
    total, distinct = connection.execute(
        f"select count(*), count(distinct row({keys})) from {incoming}"
    ).fetchone() or (0, 0)
    base = _scalar(connection, f"select coalesce(max(_row_id), 0) from raw.{contract.feed}")
    if history_rows == 0 and total == distinct:
        _insert(connection, contract, incoming, base, stamp)
        return Applied(total, 0, 0)

    _collect_contested(connection, contract, incoming)
    fresh = f"(select i.* from {incoming} as i anti join contested_keys using ({keys}))"
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
    inserted = connection.execute(
        f"insert into raw.{contract.feed} ({names}, _is_deleted, _row_id, _load_id, _line, "
        f"_recorded_at, _sequence) select {names}, coalesce({DELETED}, false), "
        f"{base} + _row, ?, _line, cast(? as timestamp), ? from {relation}",
        [stamp.load_id, stamp.recorded_at, stamp.sequence],
    ).fetchone()
    return int(inserted[0]) if inserted else 0


def _content(contract: Contract, deleted: str) -> str:
    parts = [f"coalesce(cast({name} as varchar), chr(30))" for name in contract.stored_columns]
    return f"md5(concat_ws(chr(31), {', '.join(parts)}, {deleted}))"


def _collect_contested(
    connection: duckdb.DuckDBPyConnection, contract: Contract, incoming: str
) -> None:
    """The keys that are known already or come twice; the rest needs no comparison."""
    keys = ", ".join(contract.key)
    version = contract.version or "cast(null as timestamp)"
    connection.execute(
        f"create or replace temp table contested_keys as "
        f"select {keys} from {incoming} group by {keys} having count(*) > 1 "
        f"union select distinct {keys} from raw.{contract.feed} semi join {incoming} as i "
        f"using ({keys})"
    )
    connection.execute(
        f"create or replace temp table contested as select i.*, "
        f"{version} as _version, {_content(contract, f'coalesce({DELETED}, false)')} as _content "
        f"from {incoming} as i semi join contested_keys using ({keys})"
    )
    connection.execute(
        "create or replace temp table positions as select sequence as _sequence, "
        "coalesce(position, min(sequence) over (partition by file_id)) as _position from raw.loads "
        "where feed = ? and status = 'loaded'",
        [contract.feed],
    )
    connection.execute(
        f"create or replace temp table known as select {keys}, _row_id, _sequence, _position, "
        f"_line, _is_deleted, {version} as _version, "
        f"{_content(contract, '_is_deleted')} as _content, "
        f"_row_id not in (select _row_id from raw.{contract.feed}_superseded) as _is_current "
        f"from raw.{contract.feed} left join positions using (_sequence) "
        f"semi join contested_keys using ({keys})"
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
            from contested
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
        """
    )
    counted = connection.execute("select verdict, count(*) from judged group by verdict")
    return dict(counted.fetchall())


def _supersede(connection: duckdb.DuckDBPyConnection, contract: Contract, stamp: LoadStamp) -> None:
    """Names every row that lost its key to another: the one that was current, or the new one."""
    keys = ", ".join(contract.key)
    version = contract.version or "cast(null as timestamp)"
    connection.execute(
        f"""
        insert into raw.{contract.feed}_superseded
        with candidates as (
            select {keys}, _row_id, _sequence, _position, _line, _is_deleted, _version, _content
            from known where _is_current
            union all
            select {keys}, _row_id, _sequence, {stamp.position}, _line, _is_deleted,
                {version} as _version,
                {_content(contract, "_is_deleted")} as _content
            from raw.{contract.feed} semi join contested_keys using ({keys})
            where _sequence = {stamp.sequence}
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
