"""A marker that costs more than its budget fails the session; workers' tests count together."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT, child_environment
from tests.budgets import Account

SLOW = """
import time
import pytest

@pytest.mark.app
def test_slow():
    time.sleep(0.3)
"""
SETTINGS = """
[pytest]
markers = app
budgets =
    unit: 1
    worlds: 1
    app: 0.4
"""


def report(seconds: float, marker: str, in_worlds: float = 0.0) -> pytest.TestReport:
    noted: list[tuple[str, object]] = [("budget", marker), ("seconds_in_worlds", in_worlds)]
    place = ("test_it.py", 0, "test_it")
    return pytest.TestReport(
        *("test_it.py::test_it", place, {}, "passed", None, "call"),
        duration=seconds,
        user_properties=noted,
    )


def test_budget_is_exceeded_beyond_a_fifth_more() -> None:
    account = Account({"app": 10, "warehouse": 10, "worlds": 10})

    for _ in range(2):
        account.pytest_runtest_logreport(report(5.9, "app"))
        account.pytest_runtest_logreport(report(6.1, "warehouse"))

    assert account.exceeded() == {"warehouse"}


def test_world_that_others_use_too_is_no_cost_of_whoever_came_first() -> None:
    account = Account({"app": 10, "worlds": 10})

    account.pytest_runtest_logreport(report(25, "app", in_worlds=20))

    assert account.spent == {"app": 5, "worlds": 20}
    assert account.exceeded() == {"worlds"}


def test_session_fails_for_the_sum_of_all_workers(tmp_path: Path) -> None:
    # each test alone would be within the budget
    for name in ("test_one.py", "test_two.py"):
        (tmp_path / name).write_text(SLOW)
    (tmp_path / "pytest.ini").write_text(SETTINGS)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.budgets", "-n", "2", str(tmp_path)],
        cwd=PROJECT_ROOT,
        env=child_environment({"KONTOR_TEST_BUDGETS": "1"}),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert "2 passed" in done.stdout
    assert "EXCEEDED" in done.stdout
    assert done.returncode == 1
