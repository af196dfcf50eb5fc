"""Values that do not fit a column which their row can do without.

They are emptied where they stand and counted by column and reason; `_misfits` of a row lists them
as `code:column`, between commas.
"""

from collections.abc import Iterable, Iterator

import duckdb

from sources.contract import Contract
from sources.parsing.request import Misfits
from sources.sql import identifier, literal

MISFITS = "_misfits"
# A check: the column, the code of the reason, and the condition under which it fails.
Check = tuple[str, str, str]


def by_weight(contract: Contract, checks: Iterable[Check]) -> tuple[list[Check], list[Check]]:
    """The checks whose failure puts a row into the quarantine, and those that empty a value."""
    strict: list[Check] = []
    lenient: list[Check] = []
    for check in checks:
        is_essential = not contract.essential or check[0] in contract.essential
        (strict if is_essential else lenient).append(check)
    return strict, lenient


def emptied(name: str, checks: Iterable[Check]) -> str:
    """The column's value, or nothing where one of its checks fails."""
    failing = [condition for column, _, condition in checks if column == name]
    if not failing:
        return identifier(name)
    return f"case when {' or '.join(failing)} then null else {identifier(name)} end"


def listed_misfits(checks: Iterable[Check]) -> str:
    """SQL of the row's misfits, one per column; null where there is none."""
    by_column: dict[str, list[str]] = {}
    for column, code, condition in checks:
        case = f"when {condition} then {literal(f'{code}:{column}')}"
        by_column.setdefault(column, []).append(case)
    cases = [f"case {' '.join(each)} end" for each in by_column.values()]
    return f"nullif(concat_ws(',', {', '.join(cases)}), '')" if cases else "cast(null as varchar)"


def counted_misfits(
    connection: duckdb.DuckDBPyConnection, contract: Contract, rows: str
) -> Iterator[Misfits]:
    """How often each column of a file's valid rows was emptied, by reason."""
    if not contract.essential:
        return
    found = connection.execute(
        "select split_part(misfit, ':', 2), split_part(misfit, ':', 1), count(*), min(_line) "
        f"from (select unnest(string_split({MISFITS}, ',')) as misfit, _line from {rows} "
        f"where {MISFITS} is not null and _error is null) group by all order by all"
    ).fetchall()
    for column, code, count, line in found:
        yield Misfits(column=column, code=code, count=count, first_line=line)
