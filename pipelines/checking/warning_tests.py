"""What dbt's tests of severity warn say: rows of raw.check_results, as of every other check."""

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from pipelines.checking import check_results
from pipelines.checking.check_results import MODELS, CheckRow
from pipelines.checking.reach import nothing_held_back
from pipelines.dbt.manifest import Manifest, WarningTest

# By this column of its rows a test names what it found.
SUBJECT = "subject_id"
_NAMED = 5
# Test names begin with it, so that dbt's own output tells them from those that stop a build.
_PREFIX = "warn_"


def note_warnings(
    connection: duckdb.DuckDBPyConnection,
    manifest: Manifest,
    results: Iterable[Mapping[str, Any]],
    recorded_at: str,
) -> list[CheckRow]:
    """Writes down what the warning tests among dbt's results found, and returns it.

    `results` are those of dbt's run_results.json. A test that did not run keeps its last result,
    one that is gone loses it.
    """
    tests = {test.unique_id: test for test in manifest.warning_tests}
    rows = [
        _row(connection, tests[result["unique_id"]], result, recorded_at)
        for result in results
        if result["unique_id"] in tests and result["status"] in {"pass", "warn", "fail"}
    ]
    check_results.replace_each(connection, rows)
    known = [(test.subject, _check_name(test)) for test in tests.values()]
    check_results.keep_only(connection, MODELS, known)
    return rows


def _check_name(test: WarningTest) -> str:
    return f"{MODELS}/{test.name.removeprefix(_PREFIX)}"


def _row(
    connection: duckdb.DuckDBPyConnection,
    test: WarningTest,
    result: Mapping[str, Any],
    recorded_at: str,
) -> CheckRow:
    count = int(result["failures"] or 0)
    is_passed = result["status"] == "pass"
    examples = "" if is_passed else ", ".join(_examples(connection, result["compiled_code"]))
    found = f"{count} found" + (f": {examples}" if examples else "")
    return CheckRow(
        run_at=recorded_at,
        feed=test.subject,
        check_name=_check_name(test),
        severity="warn",
        is_passed=is_passed,
        observed=float(count),
        expected=f"none of these: {test.description}" if test.description else "no row",
        sentence=f"{test.name.removeprefix(_PREFIX).replace('_', ' ')}: {found}",
        held_back="" if is_passed else nothing_held_back(),
        examples=examples,
    )


def _examples(connection: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    """The first of what a test found, where its rows name it."""
    described = connection.execute(f"describe {query}").fetchall()
    if SUBJECT not in {row[0] for row in described}:
        return []
    rows = connection.execute(
        f"select distinct cast({SUBJECT} as varchar) as name from ({query}\n) "
        f"order by name limit {_NAMED}"
    )
    return [str(row[0]) for row in rows.fetchall()]
