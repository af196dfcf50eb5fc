"""What dbt says of its failures, in a line each; the whole account is in the log of the run."""

import re
from collections.abc import Iterable

# dbt heads its account of a failure with the node, and again with the kind of error.
_HEAD = re.compile(r"Failure in \w+ \S+ \(.*\)$")
_KIND = re.compile(r"(\w+ Error) in .* \(.*\)$")
_OF_A_CONTRACT = "enforced contract that failed"
# A column of dbt's table on a contract: name, type, promised type, what is wrong.
_COLUMN = re.compile(r"\| (\w+) +\| (.*?) *\| (.*?) *\| (.*?) *\|$")
_COLUMNS_HEAD = "column_name"


def in_short(said: str) -> str:
    """A line for each failure; what names none is left as it is."""
    failures: list[list[str]] = []
    for line in filter(None, map(str.strip, said.splitlines())):
        if _HEAD.match(line):
            failures.append([line])
        elif failures:
            failures[-1].append(line)
    return "\n".join(f"{head}: {_why(lines)}" for head, *lines in failures) or said.strip()


def _why(lines: list[str]) -> str:
    """The first thing that is said, and of a contract each column that breaks it."""
    if any(_OF_A_CONTRACT in line for line in lines):
        columns = "; ".join(_columns(lines))
        return f"its columns are not those of its contract: {columns}"
    found = [line for line in lines if not _KIND.match(line)]
    return next(iter(found or lines), "dbt does not say why")


def _columns(lines: Iterable[str]) -> list[str]:
    found = [match.groups() for match in map(_COLUMN.match, lines) if match]
    return [
        f"{name} is {actual} and not {promised}" if actual and promised else f"{name} is {why}"
        for name, actual, promised, why in found
        if name != _COLUMNS_HEAD
    ]
