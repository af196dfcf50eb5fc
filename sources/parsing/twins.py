"""Events that share an id in a file: twins are numbered; of a resent event the last stands."""

from pathlib import Path

import duckdb

from sources.parsing.request import rows_sql
from sources.sql import identifier, literal, scalar

# Whether several events may have the row's id, which its form gives no other way to tell apart.
IS_NUMBERED = "_is_numbered"
_PLACE = {"_line", "_row"}


def settle_repeats(
    connection: duckdb.DuckDBPyConnection, rows: Path, first_line: int | None
) -> int | None:
    """Leaves one row of each id of a file's events; None where that was so already.

    Where one id may mean several events, the second and each further one get an id of their own.
    They are numbered in the order of their content, which another delivery of the same events has,
    too. Of an event that was delivered again the last sound line stands; returned is how many rows
    the others would have made, their products included. The rows then carry `_line`.
    """
    source = rows_sql(str(rows), first_line)
    connection.execute(
        f"create or replace temp table shared_ids as select event_id from {source} "
        "where event_id is not null and _error is null group by event_id having count(*) > 1"
    )
    if not scalar(connection, "select count(*) from shared_ids"):
        return None
    described = connection.execute(f"describe select * from {source}").fetchall()
    content = ", ".join(identifier(row[0]) for row in described if row[0] not in _PLACE)
    connection.execute(
        "create or replace temp table twins as select _line, "
        f"case when {IS_NUMBERED} and number > 1 then md5(event_id || '#' || number) end "
        f"as renamed, not {IS_NUMBERED} and number < total as is_repeated from ("
        f"select _line, event_id, {IS_NUMBERED}, "
        "count(*) over (partition by event_id) as total, "
        "row_number() over (partition by event_id "
        f"order by case when {IS_NUMBERED} then md5(cast(row({content}) as varchar)) end, _line"
        f") as number from {source} semi join shared_ids using (event_id) where _error is null)"
    )
    settled = (
        "select events.* exclude (_row) replace (coalesce(renamed, event_id) as event_id), "
        f"coalesce(is_repeated, false) as is_repeated from {source} as events "
        "left join twins using (_line)"
    )
    repeated = scalar(
        connection,
        "select coalesce(sum(1 + coalesce(len(list_filter(_items, lambda item: item is not null)), "
        f"0)), 0) from ({settled}) where is_repeated",
    )
    target = rows.with_suffix(".settled")
    connection.execute(
        f"copy (select * exclude (is_repeated) from ({settled}) where not is_repeated "
        f"order by _line) to {literal(str(target))} (format parquet)"
    )
    target.replace(rows)
    return int(repeated)
