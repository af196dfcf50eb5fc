"""The languages that readers are spoken to in, and which of them a reader gets."""

import re
from typing import Final, Literal, get_args

Language = Literal["de", "en", "ru"]

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT: Final[Language] = "en"

# RFC 9110, 12.5.4: a language tag and perhaps a weight, 0 to 1 with at most three decimals.
_RANGE = re.compile(
    r"\s*([a-z]{1,8})(?:-[a-z0-9]{1,8})*\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?",
    re.IGNORECASE,
)


def language_of(account_language: str | None, accept_language: str | None) -> Language:
    """Return the language of a reader: the account's, else the browser's best, else English."""
    wanted = (account_language or "", *_by_weight(accept_language or ""))
    return next((known for tag in wanted for known in LANGUAGES if known == tag), DEFAULT)


def _by_weight(accept_language: str) -> list[str]:
    """Return the languages that a header names, the most wanted first; nonsense is skipped."""
    ranges = (_RANGE.fullmatch(part) for part in accept_language.split(","))
    weighed = [(float(found[2] or 1), found[1].lower()) for found in ranges if found]
    weighed.sort(key=lambda each: -each[0])  # stable: among equals the first named
    return [tag for weight, tag in weighed if weight > 0]
