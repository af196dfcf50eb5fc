"""The periods that a page offers: windows, as the warehouse publishes them, or any days."""

from datetime import date
from typing import Final

import streamlit as st

from dashboards import address
from dashboards.components import wording
from dashboards.context import Context
from dashboards.listings import periods
from dashboards.listings.asked import PAGE
from dashboards.listings.periods import FROM, TO, WINDOW, Period

_OTHER_DAYS: Final = "days"
_FORMATS: Final = {"de": "DD.MM.YYYY", "en": "DD/MM/YYYY", "ru": "DD.MM.YYYY"}


def chosen_window(context: Context) -> Period:
    """Return the window that the address names, for a page whose figures exist for windows."""
    return address.read(lambda texts: periods.window(context, texts))


def chosen_days(context: Context) -> Period:
    """Return the window or the days that the address names."""
    return address.read(lambda texts: periods.period(context, texts))


def window_choice(context: Context, key: str) -> Period:
    """Return the window that was chosen on the page, whose figures exist for windows alone."""
    chosen = chosen_window(context)
    _choice(context, key, chosen, other=False)
    return chosen


def period_choice(context: Context, key: str) -> Period:
    """Return the window or the days that were chosen on the page."""
    words = context.words
    chosen = chosen_days(context)
    _choice(context, key, chosen, other=True)
    if not chosen.window_id:
        with st.container(horizontal=True):
            _day(context, words.text("First day"), FROM, chosen.first_day, key)
            _day(context, words.text("Last day"), TO, chosen.last_day, key)
    return chosen


def _choice(context: Context, key: str, chosen: Period, *, other: bool) -> None:
    words, windows = context.words, periods.windows(context)

    def label(option: str) -> str:
        if option in windows:
            return wording.window(words, windows[option].window_days)
        return words.text("Other days")

    def changes(option: str | None) -> address.Changes:
        if option == _OTHER_DAYS:
            first = None if chosen.first_day == date.min else chosen.first_day.isoformat()
            return {WINDOW: None, FROM: first, TO: chosen.last_day.isoformat(), PAGE: None}
        window = None if option == periods.USUAL else option
        return {WINDOW: window, FROM: None, TO: None, PAGE: None}

    st.segmented_control(
        words.text("Period"),
        [*windows, _OTHER_DAYS] if other else list(windows),
        format_func=label,
        label_visibility="collapsed",
        **address.bound(key, chosen.window_id or _OTHER_DAYS, changes),
    )


def _day(context: Context, label: str, name: str, shown: date, key: str) -> None:
    st.date_input(
        label,
        min_value=periods.FIRST_DAY,
        max_value=context.manifest.as_of_date,
        format=_FORMATS[context.words.language],
        width=160,
        **address.bound(
            f"{key}_{name}",
            max(shown, periods.FIRST_DAY),
            lambda day: {name: day.isoformat() if isinstance(day, date) else None, PAGE: None},
        ),
    )
