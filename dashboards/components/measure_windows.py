"""The window of measures: the one that each is judged by, or another of all of them to look at."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from dashboards import address
from dashboards.components import wording
from dashboards.context import Context
from dashboards.listings.asked import PAGE
from dashboards.listings.filters import Choice
from dashboards.listings.unreadable import Unreadable
from dashboards.queries.reader import Row
from dashboards.words.messages import message

NAME: Final = "window_kind"
# Lengths in days, and the year so far, by the `window_kind` of the marts.
_LENGTHS: Final = {"days_7": 7, "days_30": 30, "days_60": 60, "days_90": 90}
_YEAR: Final = "year_to_date"
_JUDGED: Final = message("As judged")


def _options(context: Context) -> Mapping[str, str]:
    words = context.words
    lengths = {kind: wording.window(words, days) for kind, days in _LENGTHS.items()}
    return {**lengths, _YEAR: words.text("Year to date")}


# The same choice as a filter of a list, for its file and where a page has no choice of its own.
FILTER: Final = Choice(NAME, message("Period"), _JUDGED, _options)


def chosen(context: Context) -> str | None:
    """Return the kind of window that the address names; None is the one that judges."""

    def read(texts: dict[str, str]) -> str | None:
        kind = texts.get(NAME)
        if kind is not None and kind not in _options(context):
            raise Unreadable(NAME)
        return kind

    return address.read(read)


def kept(page: str, **asked: str) -> str:
    """Return the address of a page that is asked something, over the window of this one."""
    kind = address.texts().get(NAME)
    names = asked if kind is None else {**asked, NAME: kind}
    return f"{page}{'&' if '?' in page else '?'}{urlencode(names)}" if names else page


def choice(context: Context, key: str, of: Row | None = None) -> None:
    """Show the windows, and which of them decides: for all measures, or for the one given."""
    words, kind = context.words, chosen(context)
    options, judged = dict(_options(context)), words.say(_JUDGED)
    if of is not None:
        judged = words.text("Decides: {days}", days=wording.window(words, of["window_days"]))
        options.pop(f"days_{of['window_days']}", None)
    shown = kind if kind in options else ""

    def changes(option: str | None) -> address.Changes:
        return {NAME: option or None, PAGE: None}

    st.segmented_control(
        words.text("Period"),
        ["", *options],
        format_func=lambda option: options.get(option, judged),
        label_visibility="collapsed",
        **address.bound(key, shown, changes),
    )
    if of is not None:
        return
    if kind is None:
        st.caption(words.text("Each measure over its own window, which decides its state."))
    else:
        st.caption(words.text("To look at only: what decides is each measure over its own window."))


def judged_sentence(context: Context, rate: Row) -> str:
    """Return what decides where another window is looked at; empty where this one does."""
    if rate["is_judged"]:
        return ""
    words = context.words
    return words.count(
        "Over the {n} day that decides: {value}.",
        "Over the {n} days that decide: {value}.",
        rate["window_days"],
        value=wording.rate_value(words, {**rate, "rate": rate["judged_rate"]}),
    )
