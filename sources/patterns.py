"""Regular expressions as a marketplace's file gives them; rows are judged by RE2, not by Python."""

import re

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
