"""What a suite is made of, and what comes back: plain data, so that it crosses processes."""

import hashlib
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from output.findings.finding import Finding

Severity = Literal["warn", "error"]
# rows: a bounded batch; facts: one row of sums over everything; shape: the head, with all columns.
Part = Literal["rows", "facts", "shape"]
UNCHECKED = "could_be_checked"


class Rule(BaseModel):
    """One thing that must hold, as an expectation of Great Expectations.

    A smaller share of good rows than `mostly` is a warning, one below `blocks_below` stops the
    publication: 1.0 by a single bad row, None never. Facts have no share; they hold or not.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    expectation: str
    arguments: dict[str, Any]
    demand: Finding
    mostly: float = 1.0
    blocks_below: float | None = None
    part: Part = "rows"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the rule reads, in the order of its arguments."""
        named = [self.arguments.get(name) for name in ("column", "column_A", "column_B")]
        listed = self.arguments.get("column_list", [])
        return tuple(dict.fromkeys([name for name in named if name] + list(listed)))


def file_stem(suite: str) -> str:
    """What the files of a suite are called; an export's name is a path, its page lies in none."""
    return suite.replace("/", "__")


class Suite(BaseModel):
    """The rules of one feed or one export."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    rules: tuple[Rule, ...]

    @property
    def file_stem(self) -> str:
        """What its files are called."""
        return file_stem(self.name)

    @property
    def version(self) -> str:
        """A short hash of everything that it demands."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    def columns(self, part: Part) -> tuple[str, ...]:
        """The columns that a part must hold."""
        read = [name for rule in self.rules if rule.part == part for name in rule.columns]
        return tuple(dict.fromkeys(read))


class CheckResult(BaseModel):
    """What became of one rule. No value of a row is in it, only counts, shares and sums."""

    model_config = ConfigDict(frozen=True)

    suite: str
    name: str
    expectation: str
    columns: tuple[str, ...]
    severity: Severity
    is_passed: bool
    observed: float | None
    checked_count: int
    unexpected_count: int
    finding: Finding


class SuiteRequest(BaseModel):
    """A suite, the Parquet files of its parts, and where its page goes."""

    model_config = ConfigDict(frozen=True)

    suite: Suite
    parts: dict[Part, str]
    docs_folder: str | None = None
    run_at: str = ""


class SuiteAnswer(BaseModel):
    """The results of a suite; where it could not be checked, the one that says so."""

    model_config = ConfigDict(frozen=True)

    suite: str
    results: tuple[CheckResult, ...]


def unchecked(suite: str, why: Finding) -> SuiteAnswer:
    """The answer where there is none: a warning, for nothing is known to be wrong."""
    result = CheckResult(
        suite=suite,
        name=UNCHECKED,
        expectation="",
        columns=(),
        severity="warn",
        is_passed=False,
        observed=None,
        checked_count=0,
        unexpected_count=0,
        finding=Finding.of("suite_unchecked", why=why),
    )
    return SuiteAnswer(suite=suite, results=(result,))
