"""Asking for a replay of the quarantine, and what became of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboards.components import tables
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.words.messages import message

if TYPE_CHECKING:
    from dashboards.queries.reader import Row

_STATES = {
    "requested": message("Waiting"),
    "done": message("Done"),
    "failed": message("Failed"),
}
_LIGHTS = {"requested": "watch", "done": "ok", "failed": "failed"}
_FEED_KEY = "data_health_replay_feed"


def show_button(
    context: Context, feeds: Mapping[str, str], on_request: Callable[[str], None]
) -> None:
    """Show which feed to replay and the button; the next run of the pipeline does it."""
    words = context.words
    st.selectbox(
        words.text("Replay"),
        ["", *feeds],
        format_func=lambda feed: feeds.get(feed) or words.text("All feeds"),
        key=_FEED_KEY,
    )
    st.button(
        words.text("Request a replay"),
        key="data_health_replay",
        # The choice of the moment of the click, not the one the page was drawn with.
        on_click=lambda: on_request(st.session_state.get(_FEED_KEY) or ""),
    )
    st.caption(
        words.text(
            "A replay reads the delivered files again under today's rules. With the same rules it"
            " quarantines the same rows: correct the mapping or the contract first. A file that is"
            " wrong itself is corrected by whoever sent it and delivered again; that needs no"
            " replay."
        )
    )


def show_requests(context: Context, requests: Sequence[Any], titles: Mapping[str, str]) -> None:
    """Show who asked, when, and what became of it."""
    words = context.words
    rows: list[Row] = [
        {
            "feed": titles.get(request.argument) or request.argument or words.text("All feeds"),
            "state": _LIGHTS[request.state],
            "words": words.code(_STATES, request.state),
            "asked": f"{request.requested_by}, {context.utc_moment(request.requested_at)}",
            "finished": context.utc_moment(request.finished_at),
            "outcome": request.outcome
            or words.text("The next run of the pipeline carries it out."),
        }
        for request in requests
    ]
    tables.show(
        [
            Column(words.text("Replay of"), lambda row: row["feed"], "strong"),
            Column(words.text("State"), lambda row: row["words"], "state"),
            Column(words.text("Requested by"), lambda row: row["asked"]),
            Column(words.text("Finished"), lambda row: row["finished"]),
            Column(words.text("Outcome"), lambda row: row["outcome"], "wide"),
        ],
        rows,
        caption=words.text("Requested replays"),
    )
