"""The period that an address names: a window that is published, or days that somebody chose."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dashboards.context import Context
from dashboards.listings.unreadable import Unreadable
from dashboards.queries import marketplace

USUAL: Final = "last_90_days"
WINDOW: Final = "period"
FROM, TO = "from", "to"
NAMES: Final = (WINDOW, FROM, TO)

# Days before it and after the data's last are not offered.
FIRST_DAY: Final = date(1970, 1, 1)

# date.fromisoformat takes other forms too; an address has one.
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a period, both included; `window_id` is empty where somebody chose them."""

    window_id: str
    window_days: int | None
    first_day: date
    last_day: date

    @property
    def span(self) -> tuple[date, date]:
        """The first day and the end, exclusive."""
        return self.first_day, self.last_day + timedelta(days=1)

    @property
    def day_count(self) -> int | None:
        """How many days it has; None where it begins with the first order of all."""
        first, end = self.span
        return None if first == date.min else (end - first).days

    @property
    def before(self) -> tuple[date, date] | None:
        """The equally long period before it as a span; None where there is none to compare with."""
        if self.day_count is None:
            return None
        return self.first_day - timedelta(days=self.day_count), self.first_day

    def before_in(self, oldest: date | None) -> tuple[date, date] | None:
        """The period before it, in data that begins on a day.

        None also where a part of it is older than the data: it would look like a bad time.
        """
        before = self.before
        return before if before and oldest is not None and oldest <= before[0] else None


def windows(context: Context) -> dict[str, Period]:
    """Return the published windows, the shortest first."""
    return {
        row["window_id"]: Period(
            row["window_id"],
            row["window_days"],
            _first_day(context, row["window_days"]),
            context.manifest.as_of_date,
        )
        for row in marketplace.windows(context.viewer)
    }


def window(context: Context, texts: Mapping[str, str]) -> Period:
    """Return the window that an address names, or the usual one.

    Raises:
        Unreadable: it names one that is not published.
    """
    published = windows(context)
    named = texts.get(WINDOW, USUAL)
    if named not in published:
        raise Unreadable(WINDOW)
    return published[named]


def period(context: Context, texts: Mapping[str, str]) -> Period:
    """Return the days that an address names, else its window, or the usual one.

    Raises:
        Unreadable: a day that is none, days that run backwards, or an unknown window.
    """
    if FROM not in texts and TO not in texts:
        return window(context, texts)
    newest = context.manifest.as_of_date
    first = _day(FROM, texts[FROM], newest) if FROM in texts else date.min
    last = _day(TO, texts[TO], newest) if TO in texts else newest
    if first > last:
        raise Unreadable(FROM, TO)
    return Period("", None, first, last)


def _first_day(context: Context, days: int | None) -> date:
    return date.min if days is None else context.window_end - timedelta(days=days)


def _day(name: str, text: str, newest: date) -> date:
    try:
        day = date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise Unreadable(name) from None
    if not FIRST_DAY <= day <= newest:
        raise Unreadable(name)
    return day
