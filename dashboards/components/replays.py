"""Asking for a replay of the quarantine, and what became of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboards.components import tables, wording
from dashboards.components.tables import Column

if TYPE_CHECKING:
    from dashboards.queries.reader import Row

_STATES = {"requested": "Waiting", "done": "Done", "failed": "Failed"}
_LIGHTS = {"requested": "watch", "done": "ok", "failed": "failed"}
_FEED_KEY = "data_health_replay_feed"
_ADVICE = (
    "A replay reads the delivered files again under today's rules. With the same rules it keeps the"
    " same rows back: repair the mapping or the contract first. A file that is wrong itself is"
    " repaired by whoever sent it and delivered again; that needs no replay."
)


def show_button(feeds: Mapping[str, str], on_request: Callable[[str], None]) -> None:
    """Show which feed to replay and the button; the next run of the pipeline does it."""
    st.selectbox(
        "Replay",
        ["", *feeds],
        format_func=lambda feed: feeds.get(feed) or "All feeds",
        key=_FEED_KEY,
    )
    st.button(
        "Ask for a replay",
        key="data_health_replay",
        # The choice of the moment of the click, not the one the page was drawn with.
        on_click=lambda: on_request(st.session_state.get(_FEED_KEY) or ""),
    )
    st.caption(_ADVICE)


def show_requests(requests: Sequence[Any], titles: Mapping[str, str]) -> None:
    """Show who asked, when, and what became of it."""
    rows: list[Row] = [
        {
            "feed": titles.get(request.argument) or request.argument or "All feeds",
            "state": _LIGHTS[request.state],
            "words": _STATES[request.state],
            "asked": f"{request.requested_by}, {wording.moment(request.requested_at)}",
            "finished": wording.moment(request.finished_at),
            "outcome": request.outcome or "The next run of the pipeline carries it out.",
        }
        for request in requests
    ]
    tables.show(
        [
            Column("Replay of", lambda row: row["feed"], "strong"),
            Column("State", lambda row: row["words"], "state"),
            Column("Requested by, at (UTC)", lambda row: row["asked"]),
            Column("Finished (UTC)", lambda row: row["finished"]),
            Column("Outcome", lambda row: row["outcome"], "wide"),
        ],
        rows,
        caption="Requested replays",
    )
