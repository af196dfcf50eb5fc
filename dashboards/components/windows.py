"""The windows of time that a page offers, as the warehouse publishes them."""

from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from dashboards.components import wording
from dashboards.context import Context
from dashboards.queries.reader import Row, Rows

_USUAL = "last_90_days"


@dataclass(frozen=True, slots=True)
class Window:
    """A window and the first day that it can hold."""

    window_id: str
    label: str
    first_day: date


def windows_by_id(context: Context, rows: Rows) -> dict[str, Window]:
    """Return the published windows, in their order."""
    return {row["window_id"]: _window(context, row) for row in rows}


def window_choice(context: Context, rows: Rows, key: str) -> Window:
    """Return the window that was chosen on the page."""
    windows = windows_by_id(context, rows)
    chosen = st.segmented_control(
        context.words.text("Period"),
        list(windows),
        default=_USUAL,
        format_func=lambda window_id: windows[window_id].label,
        key=key,
        label_visibility="collapsed",
    )
    return windows[chosen or _USUAL]


def _window(context: Context, row: Row) -> Window:
    days = row["window_days"]
    first_day = date.min if days is None else context.window_end - timedelta(days=days)
    return Window(row["window_id"], wording.window(context.words, days), first_day)
