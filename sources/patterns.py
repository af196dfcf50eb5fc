"""Regular expressions as a marketplace's file gives them; rows are judged by RE2, not by Python."""

import re
from typing import Annotated

from pydantic import AfterValidator

# Valid for Python and not for RE2: looking around and back references.
_NOT_IN_RE2 = re.compile(r"\(\?(?:[=!>]|<[=!])|\\[1-9]|\(\?P=")


def pattern_problem(pattern: str) -> str | None:
    """What is wrong with a regular expression, in words that do not quote it; None if nothing."""
    try:
        re.compile(pattern)
    except re.error as error:
        place = f" at character {error.pos + 1}" if error.pos is not None else ""
        return f"not a regular expression{place}; correct it"
    except (RecursionError, OverflowError):
        return "the regular expression is too deep or too large; simplify it"
    if _NOT_IN_RE2.search(pattern):
        return "uses lookaround or backreferences, which RE2 does not support; write it without"
    return None


def _regular(pattern: str) -> str:
    if problem := pattern_problem(pattern):
        raise ValueError(problem)
    return pattern


# A regular expression in a marketplace's file, refused with the reason where it is none.
Pattern = Annotated[str, AfterValidator(_regular)]
