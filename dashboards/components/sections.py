"""The parts of a page side by side, of which the address names the one that is shown."""

from collections.abc import Mapping

import streamlit as st

from dashboards.context import Context

SECTION = "section"


def choice(
    context: Context, parts: Mapping[str, str], *, key: str, name: str = SECTION, label: str = ""
) -> str:
    """Return the part that the address names under `name`, or else the first, and show them all."""
    first, named = next(iter(parts)), st.query_params.get(name)
    chosen = named if named is not None and named in parts else first
    # The address is the one place where the choice is kept; the widget is set from it each time.
    st.session_state[key] = chosen
    st.segmented_control(
        label or context.words.text("Part of the page"),
        list(parts),
        format_func=lambda part: parts.get(part, ""),
        key=key,
        on_change=_write,
        args=(key, name, first),
        label_visibility="collapsed",
    )
    return chosen


def _write(key: str, name: str, first: str) -> None:
    chosen = st.session_state[key]
    if chosen is None or chosen == first:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = chosen
