"""What buyers complained of, and why, as the vendor that it is about sees it."""

from collections.abc import Mapping

import streamlit as st

from dashboards.components import tables
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Rows
from dashboards.words.messages import Message, message, message_in
from dashboards.words.words import Words

_KINDS: Mapping[str, Message] = {
    "complaint": message("Complaint"),
    "claim": message("Claim"),
    "chargeback": message("Chargeback"),
    "return": message_in("topic", "Return"),
}
_REASONS: Mapping[str, Message] = {
    "delivery": message_in("topic", "Delivery"),
    "return": message_in("topic", "Return"),
    "refund": message("Refund"),
    "product": message("Product"),
    "payment": message("Payment"),
    "account": message("Customer account"),
    "invoice": message("Invoice"),
    "price": message("Price"),
    "vendor": message("Vendor"),
    "not_as_described": message("Not as described"),
    "damaged": message("Damaged"),
    "wrong_item": message("Wrong item"),
    "late": message("Too late"),
    "changed_mind": message("Changed their mind"),
    "missing_parts": message("Parts were missing"),
    "other": message_in("topic", "Other"),
    "not_stated": message("Not stated"),
}


def show(context: Context, rows: Rows) -> None:
    """Show complaints and returns of the usual window by reason, the most frequent first."""
    words = context.words
    if not rows:
        return
    title = words.text("What buyers complained of")
    st.header(title, anchor=False)
    tables.show(_columns(words), rows, caption=title)
    st.caption(
        words.text(
            "Complaints, claims, chargebacks and returns of {days}, by the day they were made.",
            days=words.days(rows[0]["window_start"], rows[0]["window_end"]),
        )
    )


def _columns(words: Words) -> list[Column]:
    return [
        Column(
            words.text("Reason"),
            lambda row: words.code(_REASONS, row["reason_code"]),
            "strong",
            place="id",
        ),
        Column(
            words.text("Kind"), lambda row: words.code(_KINDS, row["complaint_kind"]), place="state"
        ),
        Column(
            words.text("Number"),
            lambda row: words.number(row["complaint_count"]),
            "number",
            place="amount",
        ),
        Column(
            words.text_in("complaints", "Open"),
            lambda row: words.number(row["open_count"]),
            "number",
            place="due",
        ),
        Column(words.text("Latest"), lambda row: words.day(row["last_complaint_date"]), "short"),
    ]
