"""Formats of times as a mapping gives them: strptime's directives, or counts of days or seconds."""

import re
from functools import cache

# What stands for a count since 1970 began (UTC), and its units in a second.
EPOCHS = {"epoch_seconds": 1, "epoch_milliseconds": 1_000, "epoch_microseconds": 1_000_000}
# Days since 1899-12-30, as spreadsheets count them; their fraction is the time of that local day.
# ECMA-376, part 1, 18.17.4.1: the 1900 date system.
EXCEL_SERIAL = "excel_serial"
_DIRECTIVE = re.compile(r"%-?(.?)", re.DOTALL)
# Those of DuckDB's strptime: https://duckdb.org/docs/stable/sql/functions/dateformat
_KNOWN = frozenset("aAwudbBhmyYHIpMSgfnzZjUWcxXGV%")


def directives(fmt: str) -> set[str]:
    """The letters of a format's directives."""
    return set(_DIRECTIVE.findall(fmt)) - {"%"}


def format_problem(fmt: str) -> str | None:
    """What is wrong with a format of times, in words; None where nothing is."""
    if fmt in EPOCHS or fmt == EXCEL_SERIAL:
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


def language_problem(language: str) -> str | None:
    """What is wrong with a language for the names of months, in words; None where nothing is."""
    return None if month_names(language) else "no such language; write it like de, fr or pt_BR"


@cache
def month_names(language: str) -> dict[str, int]:
    """The names of months in a language, in small letters and without points, and their numbers.

    As the Common Locale Data Repository has them, in full and abbreviated; empty where it does not
    know the language.
    """
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - read only where it is asked for

    try:
        months = Locale.parse(language).months
    except (UnknownLocaleError, ValueError, TypeError):
        return {}
    found = {
        name.lower().rstrip("."): number
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in months[context][width].items()
    }
    # German exports write March in two ways.
    return found | ({"mrz": 3} if "m\u00e4rz" in found else {})
