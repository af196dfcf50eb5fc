"""Rows of a file with equal versions: each is also judged by its content."""

import duckdb

from pipelines.loading.business_days import Zones
from pipelines.loading.ledger import Load
from sources.contract import DELETED, Contract
from sources.sql import scalar

# How a row that stands today ranks against what comes with its version, or both without one: below
# it where the same path brought it before, or where the version is a day and it was brought before.
# A table is a path, whatever slices of it are called: what is read of it later is its later state.
_RANK = (
    "case when not _is_same_path and not _is_day then 1 "
    "when _position < {position} then 0 when _position > {position} then 2 else 1 end"
)
_IS_TIED = "_key_hash in (select _key_hash from tied_hashes)"


def collect_contested(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    incoming: str,
    base: int,
    load: Load,
) -> None:
    """The rows that come and are held of contested keys, with what must be compared of them.

    A row whose version no other row of its key has is told apart by that: no content is computed.
    """
    version = contract.version or "cast(null as timestamp)"
    connection.execute(
        "create or replace temp table contested as select *, "
        f"case when {_IS_TIED} then {_content(contract, '_is_deleted')} end as _content from ("
        f"select i.*, {base} + _row as _row_id, coalesce({DELETED}, false) as _is_deleted, "
        f"{version} as _version from {incoming} as i semi join contested_hashes using (_key_hash))"
    )
    connection.execute(
        "create or replace temp table positions as select sequence as _sequence, "
        "coalesce(position, min(sequence) over (partition by file_id)) as _position, "
        "(path = $path or $is_extract and extraction is not null) and coalesce(entry, $entry) = "
        "$entry as _is_same_path, "
        "rules_version = $rules or coalesce(entry, $entry) <> $entry as _is_read_alike "
        "from raw.loads where feed = $feed and status = 'loaded'",
        {
            "path": load.path,
            "is_extract": load.extraction is not None,
            "entry": load.entry,
            "rules": load.rules_version,
            "feed": contract.feed,
        },
    )
    compared = "(select place, cast(null as varchar) as _content from held where false)"
    if scalar(connection, f"select count(*) from held where {_IS_TIED}"):
        compared = (
            f"(select rowid as place, {_content(contract, '_is_deleted')} as _content "
            f"from raw.{contract.feed} where rowid in (select place from held where {_IS_TIED}))"
        )
    connection.execute(
        "create or replace temp table known as select held.*, _position, "
        "coalesce(_is_same_path, false) as _is_same_path, "
        "coalesce(_is_read_alike, false) as _is_read_alike, compared._content, "
        "_row_id not in (select _row_id from overruled) as _is_current from held "
        f"left join positions using (_sequence) left join {compared} as compared using (place)"
    )


def judge(
    connection: duckdb.DuckDBPyConnection, contract: Contract, position: int, zones: Zones
) -> dict[str, int]:
    """What becomes of each contested row: applied, unchanged or a duplicate; how many of each."""
    keys = ", ".join(contract.key)
    _rank(connection, position, zones)
    connection.execute(
        f"""
        create or replace temp table judged as
        with copies as (
            select *, row_number() over (partition by {keys}, _content order by _line desc) as copy
            from contested where {_IS_TIED}
        ), last_copies as (
            select *, row_number() over (
                partition by {keys}, copy, _version order by _line desc
            ) as from_end
            from copies
        ), past as (
            select distinct {keys}, _content from known
        ), today as (
            select {keys}, _content as today_content, _version as today_version,
                _is_deleted as today_deleted, _position as today_position, _rank as today_rank
            from known where _is_current
        )
        select last_copies.*, case
            when copy > 1 then 'duplicate'
            when past._content is null then 'applied'
            when from_end > 1 or last_copies._content = today_content then 'unchanged'
            when _version is not distinct from today_version and today_rank = 0 then 'applied'
            when _version is not null then 'unchanged'
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


def supersede(
    connection: duckdb.DuckDBPyConnection, contract: Contract, sequence: int, position: int
) -> None:
    """Names every row that lost its key to another: the one that was current, or the new one."""
    keys = ", ".join(contract.key)
    connection.execute(
        f"""
        insert into raw.{contract.feed}_superseded
        with candidates as (
            select {keys}, _row_id, _sequence, _position, _line, _is_deleted, _version, _content,
                _rank
            from known where _is_current
            union all
            select {keys}, _row_id, {sequence}, {position}, _line, _is_deleted,
                _version, _content, 1
            from judged where verdict = 'applied'
        ), ranked as (
            select _row_id, row_number() over (
                partition by {keys}
                order by _version desc nulls last, _rank desc, _is_deleted desc,
                    case when _version is null then _position end desc nulls last,
                    case when _version is null then _sequence end desc nulls last,
                    case when _version is null then _line end desc nulls last,
                    _content desc
            ) as place
            from candidates
        )
        select _row_id, {sequence} from ranked where place > 1
        """
    )


def day_versions_note(
    connection: duckdb.DuckDBPyConnection, contract: Contract, path: str, position: int
) -> tuple[str, ...]:
    """A note where rows were ordered by their delivery because their version is only a day."""
    if contract.version is None:
        return ()
    keys = ", ".join(contract.key)
    count = scalar(
        connection,
        f"select count(*) from known inner join judged using ({keys}) where known._is_current "
        "and known._is_day and known._version = judged._version and verdict = 'applied' "
        f"and known._position <> {position}",
    )
    if not count:
        return ()
    rows = "row has" if count == 1 else "rows have"
    note = (
        f"{path}: {count} {rows} the {contract.version} of the row that was there, and it tells no "
        "time of day; the later delivery stands"
    )
    return (note,)


def _rank(connection: duckdb.DuckDBPyConnection, position: int, zones: Zones) -> None:
    """Says of each row that is held how it ranks against those that come."""
    rank = _RANK.format(position=position)
    connection.execute(
        "create or replace temp table known as select *, "
        f"{rank} as _rank from (select *, {_is_day(zones)} as _is_day from known)"
    )


def _is_day(zones: Zones) -> str:
    """Whether a version is midnight, here or as it is stored, so most likely a date alone."""
    local = f"timezone('{zones.business}', timezone('{zones.storage}', _version))"
    return (
        "coalesce(cast(_version as time) = time '00:00:00' "
        f"or cast({local} as time) = time '00:00:00', false)"
    )


def _content(contract: Contract, deleted: str) -> str:
    parts = [f"coalesce(cast({name} as varchar), chr(30))" for name in contract.stored_columns]
    return f"md5(concat_ws(chr(31), {', '.join(parts)}, {deleted}))"
