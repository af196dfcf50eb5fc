"""The filters of a list as widgets, each tied to its part of the address."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboards import address
from dashboards.components import windows
from dashboards.context import Context
from dashboards.listings.asked import Asked
from dashboards.listings.filters import (
    LONGEST_SEARCH,
    Choice,
    Days,
    Flag,
    Search,
    Window,
    looks_personal,
)
from dashboards.widget_values import tell
from dashboards.words.messages import message
from dashboards.words.words import Words

# So many choices or fewer stand side by side; more are folded into a list.
_SIDE_BY_SIDE = 3
# Its search would stay in the address of the page, and in the browser's history.
_NOT_SEARCHED = message("Search by ID or name, not by e-mail address or phone number.")


def show_filters(context: Context, asked: Asked, prefix: str, without: Collection[str]) -> None:
    """Show what narrows a list down, as the address has it."""
    shown = [each for each in asked.listing.filters if not {*each.names} & {*without}]
    for each in shown:
        if isinstance(each, Days):
            windows.period_choice(context, f"{asked.listing.name}_window")
        elif isinstance(each, Window):
            windows.window_choice(context, f"{asked.listing.name}_window")
    others = [each for each in shown if isinstance(each, Search | Choice | Flag)]
    if others:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            for each in others:
                _show(context.words, each, _Place(context, asked, prefix, each.name))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a filter stands in the address, and what it says there."""

    context: Context
    asked: Asked
    prefix: str
    name: str

    @property
    def text(self) -> str:
        return self.asked.texts.get(self.name, "")

    def tied(self, value: object, to_text: Callable[[Any], str | None]) -> dict[str, Any]:
        """The arguments that tie the filter's widget to the address."""

        def changes(chosen: object) -> address.Changes:
            return address.of_list(self.prefix, {self.name: to_text(chosen) or None})

        return address.bound(f"{self.prefix}{self.asked.listing.name}_{self.name}", value, changes)


def _show(words: Words, each: Search | Choice | Flag, place: _Place) -> None:
    title = words.say(each.title)
    match each:
        case Search():
            hint = words.say(each.placeholder)
            st.text_input(title, placeholder=hint, **place.tied(place.text, _searched))
        case Choice():
            options = {"": words.say(each.any_title), **each.options(place.context)}
            label, tied = (lambda code: options.get(code, "")), place.tied(place.text, _code)
            if len(options) <= _SIDE_BY_SIDE:
                st.segmented_control(title, list(options), format_func=label, **tied)
            else:
                st.selectbox(title, list(options), format_func=label, **tied)
        case Flag():
            st.toggle(title, **place.tied(bool(place.text), lambda is_on: "1" if is_on else None))


def _code(chosen: object) -> str | None:
    return None if chosen is None else str(chosen)


def _searched(typed: object) -> str | None:
    """Return what to search for; what looks personal is not, and the reader is told."""
    wanted = str(typed or "").strip()[:LONGEST_SEARCH]
    if looks_personal(wanted):
        tell(_NOT_SEARCHED)
        return None
    return wanted
