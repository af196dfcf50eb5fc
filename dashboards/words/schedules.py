"""Times of a schedule (cron) in the language of a reader."""

import re
from datetime import time
from typing import Final

from babel.dates import format_time

from dashboards.words.words import NOTHING, Words

_NUMBERS = re.compile(r"[0-9]+(,[0-9]+)*", re.ASCII)
_EVERY = re.compile(r"\*/([0-9]+)", re.ASCII)
# As cron has them, https://man7.org/linux/man-pages/man5/crontab.5.html: 0 and 7 are Sunday.
_WEEKDAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def schedule(words: Words, cron: str) -> str:
    """A schedule of five parts as people say it; one with parts of several kinds stays as it is.

    Nothing where there is none.
    """
    if not cron:
        return NOTHING
    minute, hour, day, month, weekday = cron.lower().split()
    if month != "*" or "*" not in {day, weekday}:
        return cron
    if hour == day == weekday == "*":
        return _hourly(words, minute) or cron
    times = _times(words, minute, hour)
    if times is None:
        return cron
    if day != "*":
        if not day.isdecimal():
            return cron
        return words.text("day {day} of the month, {times}", day=int(day), times=times)
    if weekday == "*":
        return words.text("daily, {times}", times=times)
    days = _days(words, weekday)
    return cron if days is None else f"{days}, {times}"


def _hourly(words: Words, minute: str) -> str | None:
    if every := _EVERY.fullmatch(minute):
        return words.count("every {n} minute", "every {n} minutes", int(every[1]))
    if not _NUMBERS.fullmatch(minute):
        return None
    past = ", ".join(f":{int(each):02d}" for each in minute.split(","))
    return words.text("hourly, {times}", times=past)


def _times(words: Words, minute: str, hour: str) -> str | None:
    if not (_NUMBERS.fullmatch(minute) and _NUMBERS.fullmatch(hour)):
        return None
    try:
        found = [time(int(h), int(m)) for h in hour.split(",") for m in minute.split(",")]
    except ValueError:
        return None
    return ", ".join(format_time(each, "short", locale=words.locale) for each in sorted(found))


def _days(words: Words, weekday: str) -> str | None:
    """Days of the week, with ranges among them; None where they are said otherwise."""
    said = []
    for part in weekday.split(","):
        places = [_place(each) for each in part.split("-")]
        if None in places or len(places) > 2:
            return None
        names = words.locale.days["stand-alone"]["abbreviated"]
        said.append("\u2013".join(names[place] for place in places if place is not None))
    return ", ".join(said)


def _place(name: str) -> int | None:
    """The place of a day of the week, 0 for Monday as Babel counts; None where it is none."""
    if name in _WEEKDAYS:
        return (_WEEKDAYS.index(name) - 1) % 7
    return (int(name) - 1) % 7 if name in set("01234567") else None
