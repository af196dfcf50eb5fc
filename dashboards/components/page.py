"""What every page has: who looks at what, the title with the data's age, and paging."""

from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from dashboards.components import html, states, wording
from dashboards.published import LastRun, Manifest
from dashboards.queries.paging import Part
from dashboards.viewer import Viewer

_PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Context:
    """What a page is given: the viewer and the published state."""

    viewer: Viewer
    manifest: Manifest
    last_run: LastRun | None

    @property
    def currency(self) -> str:
        """The currency of every amount."""
        return self.manifest.currency_code

    @property
    def window_end(self) -> date:
        """The end, exclusive, of the windows that are current."""
        return self.manifest.as_of_date + timedelta(days=1)


def heading(context: Context, title: str, lead: str = "") -> None:
    """Show the title with the date of the data, its checks and, if need be, why it is old."""
    manifest = context.manifest
    state, words = _data_state(context)
    html.show(
        "heading.html",
        title=title,
        lead=lead,
        as_of=wording.day(manifest.as_of_date),
        published=wording.moment(manifest.built_at),
        warnings=list(manifest.quality.warnings) if _is_operator(context) else [],
        state=state,
        state_words=words,
    )
    if _is_operator(context):
        states.stale_for_operator(context.last_run, manifest)
    else:
        states.stale_for_vendor(context.last_run)


def _data_state(context: Context) -> tuple[str, str]:
    """Return the colour and the words of how far the data can be trusted.

    A vendor is told only whether something may be missing; an odd figure of the whole marketplace
    is the operator's to look at.
    """
    quality = context.manifest.quality
    if not _is_operator(context):
        is_whole = quality.state == "ok"
        return ("ok", "Data complete") if is_whole else ("watch", "Some data may be missing")
    if quality.warnings or quality.state != "ok":
        return "watch", "Published with warnings"
    return "ok", "All checks passed"


def part_choice(key: str, reset_on: object) -> Part:
    """Return the part of a list to show; another list starts at its beginning."""
    if st.session_state.get(f"{key}_of") != reset_on:
        st.session_state[f"{key}_of"] = reset_on
        st.session_state[f"{key}_offset"] = 0
    return Part(_PAGE_SIZE, st.session_state[f"{key}_offset"])


def turn_pages(key: str, part: Part, total: int, noun: str) -> None:
    """Show which part of the list this is, and the way to its neighbours."""
    last = min(part.row_offset + part.row_limit, total)
    st.caption(f"{part.row_offset + 1} to {last} of {wording.count(total)} {noun}")
    if total <= part.row_limit:
        return
    with st.container(horizontal=True):
        _step(key, "Earlier in the list", -part.row_limit, is_possible=part.row_offset > 0)
        _step(key, "Further down", part.row_limit, is_possible=last < total)


def definition(title: str, entries: list[tuple[str, str]]) -> None:
    """Show how a number is made, folded away."""
    with st.expander(title):
        html.show("definition.html", entries=[(name, text) for name, text in entries if text])


def _step(key: str, label: str, rows: int, *, is_possible: bool) -> None:
    st.button(
        label,
        key=f"{key}_{'back' if rows < 0 else 'on'}",
        disabled=not is_possible,
        on_click=_move,
        args=(f"{key}_offset", rows),
    )


def _move(offset_key: str, rows: int) -> None:
    st.session_state[offset_key] = max(0, st.session_state[offset_key] + rows)


def _is_operator(context: Context) -> bool:
    return context.viewer.role != "vendor"
