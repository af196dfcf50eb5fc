"""Formats of times as a mapping gives them: strptime's directives, or a count since 1970."""

import re

# What stands for a count since 1970 began (UTC), and its units in a second.
EPOCHS = {"epoch_seconds": 1, "epoch_milliseconds": 1_000, "epoch_microseconds": 1_000_000}
_DIRECTIVE = re.compile(r"%-?(.?)", re.DOTALL)
# Those of DuckDB's strptime: https://duckdb.org/docs/stable/sql/functions/dateformat
_KNOWN = frozenset("aAwudbBhmyYHIpMSgfnzZjUWcxXGV%")


def directives(fmt: str) -> set[str]:
    """The letters of a format's directives."""
    return set(_DIRECTIVE.findall(fmt)) - {"%"}


def format_problem(fmt: str) -> str | None:
    """What is wrong with a format of times, in words; None where nothing is."""
    if fmt in EPOCHS:
        return None
    unknown = [found for found in _DIRECTIVE.findall(fmt) if found not in _KNOWN]
    if unknown:
        return (
            f"%{unknown[0]} is no directive of strptime here; for seconds since 1970 write "
            "epoch_seconds"
        )
    if not directives(fmt):
        return "names no part of a date; write it like '%d.%m.%Y %H:%M'"
    return None
