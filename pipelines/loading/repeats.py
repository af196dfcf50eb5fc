"""Rows of a file that share a key: how many were overruled, and whether anything said which.

A higher version, or a deletion, says which row stands. Without either the last line would, by
chance; and where rows of one key belong to different parents, they are different things.
"""

from collections.abc import Sequence

import duckdb

from output.findings.finding import Finding
from sources.contract import Contract
from sources.sql import scalar

_LINES_SHOWN = 3


def repeats(
    connection: duckdb.DuckDBPyConnection, contract: Contract, path: str
) -> tuple[int, Finding | None]:
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
    return int(replaced), _contradiction(connection, contract, path, (int(found[0]), int(found[1])))


def _contradiction(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    path: str,
    counts: tuple[int, int],
) -> Finding:
    key_count, row_count = counts
    keys, last = ", ".join(contract.key), contract.key[-1]
    columns = [name for name in contract.stored_columns if name not in contract.key]
    rows = connection.execute(
        f"select judged._line, {keys}, {', '.join(f'judged.{name}' for name in columns)} "
        f"from judged inner join (from contradictions order by _first limit 1) using ({keys}) "
        "where verdict <> 'duplicate' and not _is_deleted order by judged._line"
    ).fetchall()
    start = 1 + len(contract.key)
    differing = [
        name
        for place, name in enumerate(columns, start)
        if any(row[place] != rows[0][place] for row in rows)
    ]
    advice = [
        Finding.of(
            "give_own_keys",
            column=last,
            places=("{occurrence}", "{line}", "{file}"),
            template=f"{last}: {{template: '{{{last}}}-{{occurrence}}'}}",
        ),
        Finding.of("drop_other_rows", feed=contract.feed),
    ]
    return Finding.of(
        "keys_repeated",
        path=path,
        n=key_count,
        rows=row_count,
        keys=tuple(contract.key),
        lines=first_lines([row[0] for row in rows]),
        columns=tuple(differing),
        advice=(*advice, *map_newer(contract)),
    )


def first_lines(lines: Sequence[int]) -> Finding | tuple[str, ...]:
    """The first of some lines as an argument of a finding, with whether there are more."""
    shown = tuple(str(line) for line in lines[:_LINES_SHOWN])
    return Finding.of("and_others", examples=shown) if len(lines) > _LINES_SHOWN else shown


def map_newer(contract: Contract) -> tuple[Finding, ...]:
    """The advice to map a version, for a feed that can have one."""
    return (Finding.of("map_newer", column=contract.version),) if contract.version else ()
