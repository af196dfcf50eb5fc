"""The address of a page: whatever somebody chose there, so that a link shows what its sender saw.

The address is the one place where a choice is kept. A widget is set from it before it is drawn, and
writes into it when somebody uses it; each write is an entry of the browser's history, so Back goes
back. What an address says and nobody offers is taken out of it, and the reader is told.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

import streamlit as st

from dashboards.listings.asked import PAGE
from dashboards.listings.unreadable import readable
from dashboards.widget_values import tell
from dashboards.words.messages import message

UNREADABLE: Final = message("Part of this link is not valid and was left out.")

T = TypeVar("T")
Changes = Mapping[str, str | None]


def texts(prefix: str = "") -> dict[str, str]:
    """Return what the address says under names with a prefix, by the names without it."""
    return {
        name.removeprefix(prefix): text
        for name, text in st.query_params.to_dict().items()
        if name.startswith(prefix)
    }


def change(changes: Changes) -> None:
    """Write choices into the address; None takes one out."""
    after = changed(changes)
    if after != st.query_params.to_dict():
        st.query_params.from_dict(after)


def changed(changes: Changes) -> dict[str, str]:
    """Return what the address would say with these choices."""
    return {
        name: text
        for name, text in {**st.query_params.to_dict(), **changes}.items()
        if text is not None
    }


def of_list(prefix: str, changes: Changes) -> Changes:
    """Return changes of one list's part of the address: another list begins at its first page."""
    return {f"{prefix}{name}": text for name, text in {PAGE: None, **changes}.items()}


def link(changes: Changes) -> str:
    """Return the address of this page with these choices."""
    return f"?{urlencode(changed(changes))}"


def leave_out(*names: str) -> None:
    """Take out what cannot be read, and tell the reader."""
    change(dict.fromkeys(names))
    tell(UNREADABLE)


def read(reading: Callable[[dict[str, str]], T]) -> T:
    """Return what is read of the address, after what cannot be read was taken out."""
    left_out: list[str] = []
    found = readable(reading, texts(), left_out)
    if left_out:
        leave_out(*left_out)
    return found


def bound(key: str, value: object, changes: Callable[[Any], Changes]) -> dict[str, Any]:
    """Return the arguments that tie a widget to the address.

    `value` is what the address says; `changes` turns what somebody chose into a change of it.
    """
    st.session_state[key] = value
    return {"key": key, "on_change": _write, "args": (key, changes)}


def _write(key: str, changes: Callable[[Any], Changes]) -> None:
    change(changes(st.session_state[key]))
