"""The browsers that a customer probably uses, and separating one that was linked wrongly."""

from collections.abc import Sequence

import streamlit as st

from dashboards import linking
from dashboards.commands import new_request_id
from dashboards.components import empty, findings, html, tables
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.linking import Separation
from dashboards.queries import customers as asked
from dashboards.queries.reader import Row
from dashboards.words.messages import message
from output.findings.finding import Finding

_REASONS = {
    "ordered": message("Ordered there"),
    "signed_in": message("Signed in there"),
    "signed_in_among_others": message("Signed in there, and others did, too"),
}
_CHOSEN, _WHY, _REFUSED, _COMMAND = (
    f"customer_browser_{part}" for part in ("chosen", "why", "refused", "command")
)


def show(context: Context, customer_id: str) -> None:
    """Show the customer's browsers and those that were separated, and the action on them."""
    words = context.words
    linked = asked.browsers(context.viewer, customer_id)
    separated = linking.separations(context, customer_id)
    st.header(words.text("Browsers"), anchor=False)
    if not linked and not separated:
        empty.show(words, empty.NO_BROWSERS)
        return
    if linked:
        tables.show(_columns(context), linked, caption=words.text("Browsers"))
    if separated:
        caption = words.text("Separated from this customer")
        st.header(caption, anchor=False)
        rows: list[Row] = [{"decision": decision} for decision in separated]
        tables.show(_decision_columns(context), rows, caption=caption)
    st.caption(
        words.text(
            "A browser counts for whoever signed in there most often, so visits without a sign-in"
            " count for that customer. A decision takes effect with the next run; who signed in"
            " during a visit stays as it was seen."
        )
    )
    if linking.may_unmerge(context.viewer):
        _action(context, customer_id, [str(row["visitor_id"]) for row in linked], separated)


def _action(
    context: Context,
    customer_id: str,
    linked: Sequence[str],
    separated: Sequence[Separation],
) -> None:
    words = context.words
    apart = [decision.visitor_id for decision in separated]
    options = [*apart, *(visitor for visitor in linked if visitor not in apart)]
    chosen = st.selectbox(words.text("Browser"), options, key=_CHOSEN)
    st.text_input(words.text("Why"), key=_WHY, max_chars=linking.LONGEST_REASON)
    is_apart = chosen in apart
    st.button(
        words.text("Join again") if is_apart else words.text("Separate from this customer"),
        key="customer_browser_decide",
        on_click=_decide,
        args=(context, str(chosen), customer_id),
        kwargs={"is_separated": not is_apart},
    )
    refused = st.session_state.pop(_REFUSED, None)
    if isinstance(refused, Finding):
        why = findings.said(words, refused)
        html.show("notice.html", kind="act", title=words.text("Not saved"), lines=[why])


def _decide(context: Context, visitor: str, customer: str, *, is_separated: bool) -> None:
    command = st.session_state.setdefault(_COMMAND, new_request_id())
    reason = str(st.session_state.get(_WHY) or "")
    which = (visitor, customer)
    refused = linking.decide(context, which, reason, command, is_separated=is_separated)
    del st.session_state[_COMMAND]
    st.session_state[_REFUSED] = refused
    if refused is None:
        st.session_state[_WHY] = ""


def _columns(context: Context) -> list[Column]:
    words = context.words
    return [
        Column(words.text("Browser"), lambda row: row["visitor_id"], "strong", place="id"),
        Column(
            words.text("Linked because"),
            lambda row: words.code(_REASONS, row["link_reason"]),
            place="state",
        ),
        Column(
            words.text("Probability"),
            lambda row: words.percent(row["link_confidence"]),
            "number",
            place="amount",
        ),
        Column(words.text("Sessions"), lambda row: words.number(row["session_count"]), "number"),
        Column(
            words.text("Signed in"), lambda row: words.number(row["known_session_count"]), "number"
        ),
        Column(
            words.text("Last session"), lambda row: words.day(row["last_session_date"]), place="due"
        ),
    ]


def _decision_columns(context: Context) -> list[Column]:
    words = context.words

    def who(row: Row) -> str:
        decision: Separation = row["decision"]
        return f"{decision.decided_by}, {context.utc_moment(decision.decided_at)}"

    return [
        Column(words.text("Browser"), lambda row: row["decision"].visitor_id, "strong", place="id"),
        Column(words.text("Why"), lambda row: row["decision"].reason, "wide", place="state"),
        Column(words.text("Decided by"), who, place="due"),
    ]
