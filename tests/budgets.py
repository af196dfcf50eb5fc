"""What each marker may cost, so that a suite that grows faster than it should is noticed.

The seconds of setup, call and teardown are summed over all workers, by the tests' markers; tests
without one are unit tests, and worlds that many tests share have an account of their own. The
budgets are the option `budgets` in pyproject.toml. They are always printed, and 120 % of one fails
the session where the environment asks for it: a slower laptop must not fail.
"""

from collections import Counter
from collections.abc import Generator

import pytest

from pipelines.settings import environment_value
from tests.worlds.built_once import seconds_spent

UNMARKED, WORLDS = "unit", "worlds"
_ALLOWED = 1.2
_MARKER, _IN_WORLDS = "budget", "seconds_in_worlds"
_SEEN_IN_WORLDS = pytest.StashKey[float]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("budgets", "Seconds of all tests of a marker, as `marker: 60`.", "linelist")


def pytest_configure(config: pytest.Config) -> None:
    account = Account(_budgets(config))
    config.pluginmanager.register(account, "budgets_account")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Notes on the report, which goes from a worker to the controller, whose budget it uses."""
    report = yield
    marked = [name for name in _budgets(item.config) if item.get_closest_marker(name)]
    before = item.config.stash.get(_SEEN_IN_WORLDS, 0.0)
    item.config.stash[_SEEN_IN_WORLDS] = seconds_spent()
    report.user_properties += [
        (_MARKER, marked[-1] if marked else UNMARKED),
        (_IN_WORLDS, seconds_spent() - before),
    ]
    return report


class Account:
    """Sums the reports; those of a worker's own tests are judged by the controller alone."""

    def __init__(self, budgets: dict[str, float]) -> None:
        self.budgets = budgets
        self.spent: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        noted = dict(report.user_properties)
        self.spent[str(noted[_MARKER])] += report.duration - float(str(noted[_IN_WORLDS]))
        self.spent[WORLDS] += float(str(noted[_IN_WORLDS]))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        is_worker = hasattr(session.config, "workerinput")
        if _are_enforced() and not is_worker and self.exceeded() and not session.exitstatus:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("seconds used of each marker's budget")
        exceeded = self.exceeded()
        for name, spent in sorted(self.spent.items()):
            words = "  EXCEEDED" if name in exceeded else ""
            terminalreporter.line(f"{name:14} {spent:6.0f} of {self.budgets[name]:4.0f}{words}")
        if exceeded and not _are_enforced():
            terminalreporter.line("Not enforced here: neither CI nor KONTOR_TEST_BUDGETS is set.")

    def exceeded(self) -> set[str]:
        """The markers that used more than they may."""
        return {name for name, spent in self.spent.items() if spent > _ALLOWED * self.budgets[name]}


def _budgets(config: pytest.Config) -> dict[str, float]:
    pairs = (line.split(":") for line in config.getini("budgets"))
    return {name.strip(): float(seconds) for name, seconds in pairs}


def _are_enforced() -> bool:
    return environment_value("CI") == "true" or environment_value("KONTOR_TEST_BUDGETS") == "1"
