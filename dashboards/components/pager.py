"""Which page of a list this is, and the way to its neighbours."""

from dataclasses import dataclass

import streamlit as st

from dashboards import address
from dashboards.context import Context
from dashboards.listings.asked import PAGE, PAGE_SIZE
from dashboards.queries.paging import Part
from dashboards.words.messages import Message


@dataclass(frozen=True, slots=True)
class Shown:
    """A page by its number, how many rows are on it, and how many there are on all."""

    page: int
    row_count: int
    total: int


def part(page: int) -> Part:
    """Return which rows are on a page."""
    return Part(PAGE_SIZE, (page - 1) * PAGE_SIZE)


def show(context: Context, count: Message, shown: Shown, *, key: str, prefix: str = "") -> None:
    """Show which rows these are, and buttons where there are others."""
    words, before = context.words, (shown.page - 1) * PAGE_SIZE
    last = before + shown.row_count
    st.caption(words.say(count, first=before + 1, last=last, n=shown.total))
    if shown.total <= PAGE_SIZE:
        return
    with st.container(horizontal=True):
        _step(f"{key}_back", words.text("Previous"), prefix, shown.page - 1, shown.page > 1)
        _step(f"{key}_on", words.text("Next"), prefix, shown.page + 1, last < shown.total)


def _step(key: str, label: str, prefix: str, page: int, is_possible: bool) -> None:  # noqa: FBT001
    st.button(
        label,
        key=key,
        disabled=not is_possible,
        on_click=address.change,
        args=({f"{prefix}{PAGE}": None if page == 1 else str(page)},),
    )
