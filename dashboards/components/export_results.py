"""What became of single rows of an export's run, by key and without an address."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from dashboards.components import export_runs, tables
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.exports import Result
from dashboards.words.messages import message
from dashboards.words.words import NOTHING

if TYPE_CHECKING:
    from dashboards.queries.reader import Row

_OPERATIONS = {"upsert": message("Add or change"), "remove": message("Remove")}
_LIGHTS = {
    "refused": "failed",
    "unknown": "warning",
    "suppressed": "absent",
    "sending": "watch",
    "pending": "watch",
    "confirmed": "ok",
}


def show(context: Context, results: Sequence[Result]) -> None:
    """Show the rows, those that did not arrive first; keys are ids, and link to nobody."""
    if not results:
        return
    words = context.words
    rows: list[Row] = [{"result": each, "state": _LIGHTS[each.state]} for each in results]
    columns = [
        Column(words.text("Key"), lambda row: row["result"].key, "strong", place="id"),
        Column(
            words.text("State"),
            lambda row: words.code(export_runs.ROW_STATES, row["result"].state),
            "state",
            place="state",
        ),
        Column(
            words.text("Reason"), lambda row: export_runs.why(words, row["result"].reason), "wide"
        ),
        Column(words.text("To do"), lambda row: words.code(_OPERATIONS, row["result"].operation)),
        Column(
            words.text("Requests"),
            lambda row: words.number(row["result"].attempts),
            "number",
            place="amount",
        ),
        Column(
            words.text("Last change"),
            lambda row: (
                context.utc_moment(row["result"].changed_at)
                if row["result"].changed_at
                else NOTHING
            ),
            "short",
            place="due",
        ),
    ]
    title = words.text("Row by row, those that did not arrive first")
    with st.expander(title):
        tables.show(columns, rows, caption=title)
