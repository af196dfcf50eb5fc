"""Events of one id in one file, numbered so that none passes for a repetition of another."""

from pathlib import Path

import duckdb

from sources.parsing.request import rows_sql
from sources.sql import identifier, literal, scalar


def number_twins(connection: duckdb.DuckDBPyConnection, rows: Path, first_line: int | None) -> bool:
    """Gives the second and each further event of an id an id of its own; True where there were any.

    They are numbered in the order of their content, which another delivery of the same events has
    too. The rows then carry `_line`.
    """
    source = rows_sql(str(rows), first_line)
    connection.execute(
        f"create or replace temp table shared_ids as select event_id from {source} "
        "where event_id is not null group by event_id having count(*) > 1"
    )
    if not scalar(connection, "select count(*) from shared_ids"):
        return False
    described = connection.execute(f"describe select * from {source}").fetchall()
    content = ", ".join(identifier(row[0]) for row in described if row[0] not in {"_line", "_row"})
    connection.execute(
        "create or replace temp table twins as "
        "select _line, md5(event_id || '#' || number) as renamed from ("
        "select _line, event_id, row_number() over ("
        f"partition by event_id order by md5(cast(row({content}) as varchar)), _line) as number "
        f"from {source} semi join shared_ids using (event_id)) where number > 1"
    )
    numbered = rows.with_suffix(".numbered")
    connection.execute(
        f"copy (select events.* exclude (_row) replace (coalesce(renamed, event_id) as event_id) "
        f"from {source} as events left join twins using (_line) order by _line) "
        f"to {literal(str(numbered))} (format parquet)"
    )
    numbered.replace(rows)
    return True
