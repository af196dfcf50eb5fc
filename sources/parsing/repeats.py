"""Rows of a file that share a key, one of which says all that another does, and more.

Exports that write an order's fields on its first row only repeat the order emptier on the further
rows. Such a row adds nothing: it is counted as a repetition, and neither overrules the fuller one
nor lacks anything that the fuller one has.
"""

from pathlib import Path

import duckdb

from sources.contract import DELETED, Contract
from sources.parsing.request import HAND_OVER, REPEATS
from sources.sql import identifier, literal, scalar

# Beside the sound rows, those that could only be emptier: something is missing in them.
CANDIDATE = "(_error is null or starts_with(_error, 'missing_value:'))"


def write_without_repeats(
    connection: duckdb.DuckDBPyConnection, contract: Contract, parsed: str, target: Path
) -> int:
    """Writes the rows with the emptier ones marked; returns how many these are, 0 if none."""
    found = [row[0] for row in connection.execute(f"describe select * from {parsed}").fetchall()]
    keys = [identifier(name) for name in contract.key]
    names = [identifier(n) for n in found if n in contract.columns and n not in contract.key]
    filled = " + ".join(f"(case when {name} is null then 0 else 1 end)" for name in names) or "0"
    has_key = " and ".join(f"{name} is not null" for name in keys)
    living = f"not coalesce({identifier(DELETED)}, false)" if DELETED in found else "true"
    connection.execute(
        "create or replace temp table ranked as "
        f"select _row, _error, {', '.join([*keys, *names])}, {filled} as _filled "
        f"from {parsed} where {CANDIDATE} and {has_key} and {living} "
        f"qualify count(*) over (partition by {', '.join(keys)}) > 1"
    )
    agrees = " and ".join(
        f"(emptier.{name} is null or emptier.{name} = fuller.{name})" for name in names
    )
    connection.execute(
        "create or replace temp table repeats as select emptier._row from ranked as emptier "
        "inner join (select * from ranked where _error is null qualify row_number() over "
        f"(partition by {', '.join(keys)} order by _filled desc, _row) = 1) as fuller "
        f"using ({', '.join(keys)}) where emptier._filled < fuller._filled and {agrees or 'true'}"
    )
    count = int(scalar(connection, "select count(*) from repeats"))
    if count:
        connection.execute(
            f"copy (select * exclude (_row) replace (case when _row in (select _row from repeats) "
            f"then {literal(REPEATS)} else _error end as _error) from {parsed} order by _line) "
            f"to {literal(str(target))} {HAND_OVER}"
        )
    return count
