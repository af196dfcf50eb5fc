"""The parts of a page side by side, of which the address names the one that is shown."""

from collections.abc import Mapping

import streamlit as st

from dashboards import address
from dashboards.context import Context
from dashboards.listings.unreadable import Unreadable

SECTION = "section"


def is_shown(part: str) -> bool:
    """Return whether the address names this part of a page; one that names none shows the first."""
    return address.texts().get(SECTION) == part


def choice(
    context: Context, parts: Mapping[str, str], *, key: str, name: str = SECTION, label: str = ""
) -> str:
    """Return the part that the address names under `name`, or else the first, and show them all."""
    first = next(iter(parts))

    def read(texts: dict[str, str]) -> str:
        if texts.get(name, first) not in parts:
            raise Unreadable(name)
        return texts.get(name, first)

    def changes(part: str | None) -> address.Changes:
        return {name: None if part in {None, first} else part}

    chosen = address.read(read)
    st.segmented_control(
        label or context.words.text("Part of the page"),
        list(parts),
        format_func=lambda part: parts.get(part, ""),
        label_visibility="collapsed",
        **address.bound(key, chosen, changes),
    )
    return chosen
