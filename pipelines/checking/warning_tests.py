"""What dbt's tests of severity warn say: rows of raw.check_results, as of every other check."""

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from output.findings.finding import Finding
from output.findings.models import MODELS as SAID
from pipelines.checking import check_results
from pipelines.checking.check_results import MODELS, CheckRow
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
    examples = [] if is_passed else _examples(connection, result["compiled_code"])
    return CheckRow(
        run_at=recorded_at,
        feed=test.subject,
        check_name=_check_name(test),
        severity="warn",
        is_passed=is_passed,
        observed=float(count),
        finding=_finding(test.name.removeprefix(_PREFIX), count, examples),
        held_back=None if is_passed else Finding.of("nothing_held_back"),
    )


def _finding(test: str, count: int, examples: list[str]) -> Finding:
    """What a test found; one that has no sentence of its own is called by its name."""
    if not count:
        return Finding.of("test_passed")
    if not examples:
        return Finding.of("rows_found", test=test.replace("_", " "), n=count)
    named: Finding | str = ", ".join(examples)
    if count > len(examples):
        named = Finding.of("and_others", examples=named)
    if test in SAID:
        return Finding.of(test, n=count, examples=named)
    return Finding.of("rows_found_such_as", test=test.replace("_", " "), n=count, examples=named)


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
