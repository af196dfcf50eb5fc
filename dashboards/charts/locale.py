"""Numbers and days on axes as the reader writes them: d3's locales for vega-lite's config."""

from typing import Any

from dashboards.words.words import MINUS, Words


def config(words: Words) -> dict[str, Any]:
    """Return d3's locales of numbers and time for a language, from CLDR."""
    return {"number": _numbers(words), "time": _time(words)}


def _numbers(words: Words) -> dict[str, Any]:
    symbols = words.locale.number_symbols["latn"]
    return {
        "decimal": symbols["decimal"],
        "thousands": symbols["group"],
        "grouping": [3],
        "currency": ["", ""],
        "minus": MINUS,
        "percent": _percent(words),
    }


def _percent(words: Words) -> str:
    pattern = str(words.locale.percent_formats[None].pattern)
    return pattern.partition("0")[2]  # "%", with the space that goes before it


def _time(words: Words) -> dict[str, Any]:
    locale = words.locale

    def names(of: Any, width: str, first: int, count: int) -> list[str]:
        found = of["format"][width]
        return [found[number] for number in range(first, first + count)]

    months = {width: names(locale.months, width, 1, 12) for width in ("wide", "abbreviated")}
    # CLDR's week begins on Monday, d3's on Sunday.
    days = {width: names(locale.days, width, 0, 7) for width in ("wide", "abbreviated")}
    return {
        "dateTime": "%x, %X",
        "date": "%d.%m.%Y",
        "time": "%H:%M:%S",
        "periods": ["AM", "PM"],
        "days": [days["wide"][-1], *days["wide"][:-1]],
        "shortDays": [days["abbreviated"][-1], *days["abbreviated"][:-1]],
        "months": months["wide"],
        "shortMonths": months["abbreviated"],
    }
