"""Rows of one file that have one key: how many were overruled, and whether anything told which.

A higher version, or a deletion, says which row stands. Without either the last line would, by
chance; and where rows of one key belong to different parents, they are different things.
"""

import duckdb

from sources.contract import Contract
from sources.sql import scalar

_LINES_SHOWN = 3


def repeats(
    connection: duckdb.DuckDBPyConnection, contract: Contract, path: str
) -> tuple[int, str | None]:
    """How many rows another of their file overruled, and what is wrong with that, if anything.

    Reads `judged`, the rows of the file whose keys are contested.
    """
    keys = ", ".join(contract.key)
    said = "from judged where verdict <> 'duplicate'"
    replaced = scalar(
        connection,
        f"select coalesce(sum(n - 1), 0) from (select count(*) as n {said} group by {keys})",
    )
    if not replaced or not contract.repeats_are_judged:
        return int(replaced), None
    parents = "".join(f" or min({name}) <> max({name})" for name in contract.parents)
    connection.execute(
        f"create or replace temp table contradictions as select {keys}, count(*) as _count, "
        f"min(_line) as _first {said} and not _is_deleted group by {keys} having count(*) > "
        f"count(distinct coalesce(cast(_version as varchar), '')){parents}"
    )
    found = connection.execute("select count(*), sum(_count) from contradictions").fetchone()
    if found is None or not found[0]:
        return int(replaced), None
    return int(replaced), _sentence(connection, contract, path, (int(found[0]), int(found[1])))


def _sentence(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    path: str,
    counts: tuple[int, int],
) -> str:
    key_count, row_count = counts
    keys, last = ", ".join(contract.key), contract.key[-1]
    columns = [name for name in contract.stored_columns if name not in contract.key]
    rows = connection.execute(
        f"select judged._line, {keys}, {', '.join(f'judged.{name}' for name in columns)} "
        f"from judged inner join (from contradictions order by _first limit 1) using ({keys}) "
        "where verdict <> 'duplicate' and not _is_deleted order by judged._line"
    ).fetchall()
    lines = ", ".join(str(row[0]) for row in rows[:_LINES_SHOWN])
    more = " and more" if len(rows) > _LINES_SHOWN else ""
    start = 1 + len(contract.key)
    differing = [
        name
        for place, name in enumerate(columns, start)
        if any(row[place] != rows[0][place] for row in rows)
    ]
    keyed = "1 key stands" if key_count == 1 else f"{key_count} keys stand"
    version = f"; or map {contract.version} to what says which is newer" if contract.version else ""
    return (
        f"{path}: {keyed} for {row_count} rows that differ, and only the last of each would count: "
        f"the same {keys} in lines {lines}{more}, with different "
        f"{', '.join(differing)}. Give each row a key of its own: map {last} to a template of the "
        "columns that tell rows apart, or add {occurrence}, {line} or {file} to it "
        f"({last}: {{template: '{{{last}}}-{{occurrence}}'}}); leave out rows that are none of "
        f"{contract.feed} with drop_when{version}"
    )
