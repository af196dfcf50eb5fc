"""Looks once more at the rows of a run, in the file that is sent, before the run is opened."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from data_quality.leaving_suite import (
    HAS_CONSENT_VERSION,
    IS_ADDRESS,
    IS_PERMITTED,
    IS_PLAIN,
    KEY,
    LeavingContract,
    leaving_suite,
)
from data_quality.rules import CheckResult, Part, SuiteRequest
from data_quality.runner import Checker
from pipelines.exporting.definitions import Export
from pipelines.exporting.identifiers.formats import Format
from pipelines.exporting.people import Reader
from sources.contact_details import MAIL
from sources.sql import identifier, literal

_NAMED = 5
_HEAD_ROWS = 100
_REACHES: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "email": lambda column: f"regexp_full_match(trim({column}), {literal(MAIL)})",
        "phone": lambda column: (
            f"length(regexp_replace({column}, '[^0-9]', '', 'g')) between 7 and 15"
        ),
    }
)
_LOOKS_HASHED: Final = literal("[0-9a-fA-F]{32}|[0-9a-fA-F]{64}|[A-Za-z0-9+/]{43}=")


class UnfitRowsError(Exception):
    """Rows of a run may not leave as they are; says which rules they break, and their keys."""


def check_leaving(
    reader: Reader, checker: Checker, name: str, export: Export, wanted: Format | None, path: Path
) -> None:
    """Checks the file of a run against the plan that it was written from (the table `decided`).

    Raises:
        UnfitRowsError: a rule is broken, or could not be checked.
    """
    contract = _contract(name, export, wanted)
    suite = leaving_suite(contract)
    rows = _rows_sql(export, contract, path)
    queries: dict[Part, str] = {
        "shape": f"select * from {_file(path)} limit {_HEAD_ROWS}",
        "rows": rows,
    }
    folder = path.with_suffix(".suite")
    parts: dict[Part, str] = {}
    try:
        folder.mkdir()
        for part, query in queries.items():
            parts[part] = str(folder / f"{part}.parquet")
            reader.connection.execute(f"copy ({query}) to {literal(parts[part])} (format parquet)")
        checker.submit(SuiteRequest(suite=suite, parts=parts), folder)
        [answer] = checker.answers()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    # What could not be checked has no count.
    broken = [
        result
        for result in answer.results
        if not result.is_passed and (result.severity == "error" or not result.checked_count)
    ]
    if broken:
        told = "; ".join(f"{each.finding.english}{_keys(reader, rows, each)}" for each in broken)
        raise UnfitRowsError(f"{name}: nothing is sent: {told}")


def _contract(name: str, export: Export, wanted: Format | None) -> LeavingContract:
    reaching = [column for column, source in export.fields.items() if str(source) in _REACHES]
    hashed = {each.source for each in wanted.identifiers.values() if each.hash} if wanted else set()
    return LeavingContract(
        name, list(export.fields), reaching, [each for each in export.fields if each in hashed]
    )


def _rows_sql(export: Export, contract: LeavingContract, path: Path) -> str:
    """The keys of the file, and of each what the suite asks; removals carry no consent."""
    hashed = " or ".join(
        f"regexp_full_match(trim(leaving.{identifier(column)}), {_LOOKS_HASHED})"
        for column in contract.hashed
    )
    asked = {
        IS_PERMITTED: "decided.operation = 'remove' or (is_wanted and decided.reason is null)",
        HAS_CONSENT_VERSION: "decided.operation = 'remove' or consent_version is not null",
    }
    if hashed:
        asked[IS_PLAIN] = f"not coalesce({hashed}, false)"
    for column in contract.addresses:
        value = f"leaving.{identifier(column)}"
        found = _REACHES[str(export.fields[column])](value)
        asked[f"{column}{IS_ADDRESS}"] = (
            f"decided.operation = 'remove' or {value} is null or {found}"
        )
    columns = ", ".join(
        f"coalesce({condition}, false) as {identifier(name)}" for name, condition in asked.items()
    )
    return (
        f"select leaving.{KEY}, {columns} from {_file(path)} as leaving "
        f"left join decided on leaving.{KEY} = decided.{KEY}"
    )


def _file(path: Path) -> str:
    return f"read_parquet({literal(str(path))})"


def _keys(reader: Reader, rows: str, result: CheckResult) -> str:
    """The keys of the first rows that break a rule, where it is one of rows."""
    if not result.unexpected_count or result.columns == ():
        return ""
    [column] = result.columns
    fails = f"not {identifier(column)}"
    if column == KEY:
        fails = f"{KEY} in (select {KEY} from ({rows}) group by {KEY} having count(*) > 1)"
    found = reader.connection.execute(
        f"select distinct {KEY} from ({rows}) where {fails} order by {KEY} limit {_NAMED + 1}"
    ).fetchall()
    keys = ", ".join(str(key) for (key,) in found[:_NAMED])
    return f" ({keys}{' and more' if len(found) > _NAMED else ''})" if keys else ""
