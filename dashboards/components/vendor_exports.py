"""Exports for which vendors ask: the vendor's button and list, and the operator's queue."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from dashboards.components import customer_segments, own_visits, tables
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.exports import VendorRequest
from dashboards.listings.listing import Empty
from dashboards.queries.reader import Row
from dashboards.words.messages import Message, message
from dashboards.words.words import NOTHING, Words

NOBODY_ASKED = Empty(
    message("No vendor has asked for a mailing"),
    message("Vendors ask on their page Customers; what they ask for waits here for an answer."),
)
EVERYBODY = "all"
_REST = "rest"
_STATES: Mapping[str, Message] = {
    "requested": message("Waits for an answer"),
    "approved": message("Approved"),
    "declined": message("Declined"),
    "ended": message("Ended"),
}
_LIGHTS = {"requested": "watch", "approved": "ok", "declined": "absent", "ended": "absent"}
GROUP_KEY = "vendor_export_group"


def show_asking(
    context: Context, groups: Mapping[str, Sequence[Row]], on_ask: Callable[[str], None]
) -> None:
    """Show which of the vendor's groups may be asked for, and the button."""
    words = context.words
    found = [str(row["group_id"]) for row in groups.get("segment", ())]
    options = [EVERYBODY, *(group for group in found if group != _REST)]
    st.selectbox(
        words.text("Whom"),
        options,
        format_func=lambda group: group_name(words, group),
        key=GROUP_KEY,
    )
    st.button(
        words.text("Ask for a mailing"),
        key="vendor_export_ask",
        # The choice of the moment of the click, not the one the page was drawn with.
        on_click=lambda: on_ask(str(st.session_state.get(GROUP_KEY) or EVERYBODY)),
    )
    st.caption(
        words.text(
            "The marketplace decides, and writes to those who allowed it; you see neither names nor"
            " addresses. Fewer than ten people are not written to."
        )
    )


def show_own(context: Context, requests: Sequence[VendorRequest]) -> None:
    """Show what the vendor asked for and what became of it."""
    if requests:
        words = context.words
        tables.show(
            _columns(context),
            [_row(each) for each in requests],
            caption=words.text("What you asked for"),
        )


def show_queue(
    context: Context,
    requests: Sequence[VendorRequest],
    decide: Callable[[str, str, str], None] | None,
) -> None:
    """Show what vendors ask for; `decide` takes request, decision and where the reason is."""
    words = context.words
    for each in requests:
        if each.state in {"requested", "approved"} and decide is not None:
            _show_decision(words, each, decide)
    tables.show(
        [
            Column(
                words.text("Vendor"), lambda row: row["request"].vendor_id, "strong", place="id"
            ),
            *_columns(context),
        ],
        [_row(each) for each in requests],
        caption=words.text("What vendors asked for"),
    )


def _show_decision(
    words: Words, request: VendorRequest, decide: Callable[[str, str, str], None]
) -> None:
    name = request.request_id
    reason = f"vendor_export_reason_{name}"
    st.subheader(f"{request.vendor_id}: {group_name(words, request.group_id)}", anchor=False)
    if request.state == "approved":
        st.button(
            words.text("End it and remove everybody"),
            key=f"vendor_export_end_{name}",
            on_click=decide,
            args=(name, "end", reason),
        )
        return
    st.text_input(words.text("Why, if you decline"), key=reason, max_chars=500)
    approve, decline = st.columns(2)
    approve.button(
        words.text("Approve"),
        key=f"vendor_export_approve_{name}",
        type="primary",
        on_click=decide,
        args=(name, "approve", reason),
    )
    decline.button(
        words.text("Decline"),
        key=f"vendor_export_decline_{name}",
        on_click=decide,
        args=(name, "decline", reason),
    )


def group_name(words: Words, group_id: str) -> str:
    """Return what a group of a vendor's buyers is called."""
    if group_id == EVERYBODY:
        return words.text("All buyers of twelve months")
    return words.code(customer_segments.RFM, group_id)


def _row(request: VendorRequest) -> Row:
    return {"request": request, "state": _LIGHTS[request.state]}


def _columns(context: Context) -> list[Column]:
    words = context.words
    return [
        Column(
            words.text("Whom"), lambda row: group_name(words, row["request"].group_id), place="id"
        ),
        Column(
            words.text("State"),
            lambda row: words.code(_STATES, row["request"].state),
            "state",
            place="state",
        ),
        Column(
            words.text("Written to"),
            lambda row: _people(words, row["request"].people_in_tens),
            "number",
            place="amount",
        ),
        Column(
            words.text("Asked"),
            lambda row: context.utc_moment(row["request"].asked_at),
            "short",
            place="due",
        ),
        Column(words.text("Reason"), lambda row: row["request"].reason or NOTHING, "wide"),
    ]


def _people(words: Words, tens: int | None) -> str:
    if tens is None:
        return NOTHING
    return own_visits.at_least(words, tens) if tens else words.text("Too few")
