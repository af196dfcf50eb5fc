"""What a column's first values tell: a format of times, how numbers are written, which states."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sources.time_formats import month_names

_ISO = re.compile(
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?( ?(Z|UTC|[+-]\d{2}:?\d{2}))?"
)
_FORMATS = (
    *("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d.%m.%y"),
    *("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y", "%m/%d/%y", "%m/%d/%y %H:%M"),
    *("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d/%m/%y"),
    *("%d-%m-%Y %H:%M", "%d-%m-%Y", "%Y%m%d", "%b %d, %Y, %I:%M:%S %p", "%b %d, %Y"),
    *("%d-%b-%y", "%d-%b-%Y", "%d %b %Y", "%d. %B %Y", "%d %B %Y"),
)
_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STATES = {
    "created": r"new|pending.*|unpaid|open|offen|on.?hold|created|draft|payment.?review|holded",
    "approved": r"paid|approved|authorized|confirmed|bezahlt|unfulfilled|unshipped|to.?ship",
    "processing": r"processing|in.?progress|in bearbeitung|in arbeit|partial.*|picking",
    "invoiced": r"invoiced|billed|fakturiert|berechnet|in rechnung gestellt",
    "shipped": r"teilgeliefert|shipped.*|sent|versandt|versendet|fulfilled|in.?transit|dispatched",
    "delivered": r"delivered|completed?|closed|zugestellt|geliefert|finished|done|refunded",
    "cancelled": r"cancel.*|storn.*|void(ed)?|failed|annul.*|declined|expired",
}


def filled(values: Iterable[str]) -> list[str]:
    """The values that say something."""
    return [value for value in values if value.strip()]


def time_format(values: Iterable[str]) -> tuple[str | None, str | None, bool] | None:
    """The format of a column's times, its language, and whether days and months may be exchanged.

    The format is None where it needs none; there is no answer where none fits most values.
    """
    found = filled(values)
    if not found:
        return None
    if _most(bool(_ISO.fullmatch(value)) for value in found):
        return None, None, False
    for language in _LANGUAGES:
        english = [_in_english(value, language) for value in found]
        for fmt in _FORMATS:
            if _most(_fits(value, fmt) for value in english):
                other = fmt.replace("%d/%m", "?").replace("%m/%d", "%d/%m").replace("?", "%m/%d")
                is_open = other != fmt and _most(_fits(value, other) for value in english)
                needs = language if language != "en" and "%b" in fmt.lower() else None
                return fmt, needs, is_open
    return None


def _in_english(value: str, language: str) -> str:
    def english(word: re.Match[str]) -> str:
        number = month_names(language).get(word[0].lower().rstrip("."))
        return word[0] if number is None else _MONTHS[number - 1]

    return value if language == "en" else re.sub(r"[^\W\d_]{3,}\.?", english, value)


def _fits(value: str, fmt: str) -> bool:
    try:
        datetime.strptime(value, fmt)  # noqa: DTZ007 - only whether it can be read
    except ValueError:
        return False
    return True


def _most(answers: Iterable[bool]) -> bool:
    listed = list(answers)
    return sum(listed) >= 0.7 * len(listed)


def has_decimal_comma(values: Iterable[str]) -> bool:
    """Whether the numbers among the values are written with a comma before their cents."""
    endings = Counter(
        found[1] for value in values if (found := re.search(r"\d([.,])\d{1,2}(?!\d)", value))
    )
    return endings[","] > endings["."]


def has_thousands_points(values: Iterable[str]) -> bool:
    """Whether points set off thousands in one of the values, as in `1.023,00`."""
    return any(re.fullmatch(r"\D*\d{1,3}(\.\d{3})+(,\d+)?\D*", value) for value in values)


def are_fractions(values: Iterable[str]) -> bool:
    """Whether all values lie from 0 to 1, and one of them between."""
    found = filled(values)
    within = [bool(re.fullmatch(r"0?[.,]\d+|[01]([.,]0+)?", value)) for value in found]
    return all(within) and any(re.fullmatch(r"0?[.,]0*[1-9]\d*", value) for value in found)


def are_percents(values: Iterable[str]) -> bool:
    """Whether all values lie from 0 to 100, and one of them above 1."""
    found = filled(values)
    within = [bool(re.fullmatch(r"(100|\d{1,2})([.,]\d+)?\s*%?", value)) for value in found]
    return all(within) and any(re.match(r"\d{2}|[2-9]", value) for value in found)


def is_number(value: str) -> bool:
    """Whether a value is a number, in whatever writing, and nothing else."""
    return bool(re.fullmatch(r"[-+]?[\d.,'\s]*\d", value))


def numbers_within(values: Iterable[str]) -> bool:
    """Whether most values are a number with more around it, as `116,99 €` or `EUR 12.90`."""
    found = filled(values)
    within = [not is_number(value) and bool(re.search(r"\d", value)) for value in found]
    return bool(found) and _most(within)


def states(values: Iterable[str]) -> dict[str, str | None]:
    """Each word for a state, the commonest first, and ours, where there is one that says it."""
    counted = Counter(filled(values))
    return {
        word: next(
            (state for state, words in _STATES.items() if re.fullmatch(words, word.lower())), None
        )
        for word, _ in counted.most_common(20)
    }
