"""The languages that readers are spoken to in, and which of them a reader gets."""

import re
from typing import Final, Literal, get_args

from babel import Locale

Language = Literal["de", "en", "ru"]

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT: Final[Language] = "en"
# Each in itself, for those who do not read the one that is shown.
NAMES: Final[dict[Language, str]] = {
    language: str(Locale(language).get_language_name(language)).capitalize()
    for language in LANGUAGES
}
# In an address: a link shows what its sender saw, in the language they read.
LANGUAGE_PARAMETER: Final = "lang"

# RFC 9110, 12.5.4: a language tag and perhaps a weight, 0 to 1 with at most three decimals.
_RANGE = re.compile(
    r"\s*([a-z]{1,8})(?:-[a-z0-9]{1,8})*\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?",
    re.IGNORECASE,
)


def language_of(
    address_language: str | None, account_language: str | None, accept_language: str | None
) -> Language:
    """Return the language of a reader: the address's, the account's, the browser's best, English.

    One that is not spoken here leaves it to the next.
    """
    wanted = (address_language, account_language, *_by_weight(accept_language or ""))
    return next(filter(None, map(known_language, wanted)), DEFAULT)


def known_language(tag: str | None) -> Language | None:
    """Return a language that is spoken here, or nothing."""
    return next((known for known in LANGUAGES if known == tag), None)


def _by_weight(accept_language: str) -> list[str]:
    """Return the languages that a header names, the most wanted first; nonsense is skipped."""
    ranges = (_RANGE.fullmatch(part) for part in accept_language.split(","))
    weighed = [(float(found[2] or 1), found[1].lower()) for found in ranges if found]
    weighed.sort(key=lambda each: -each[0])  # stable: among equals the first named
    return [tag for weight, tag in weighed if weight > 0]
