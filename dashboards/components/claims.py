"""What the trade press says of customers, as these data have it; and what both groups bring."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboards.components import figures, tables
from dashboards.components.figures import Figure
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import Message, message
from dashboards.words.words import NOTHING, Words

_CLAIMS: Mapping[str, Message] = {
    "late_deliveries_drive_away": message("“Late deliveries drive customers away”"),
    "existing_customers_spend_more": message("“Existing customers spend more”"),
    "acquiring_costs_several_times_more": message("“Winning costs several times keeping”"),
}
_MEASURES: Mapping[str, Message] = {
    "late_deliveries_drive_away": message(
        "Of those who would have ordered again, so many do not after a late delivery. {count} late"
        " orders beside {compared} like them."
    ),
    "existing_customers_spend_more": message(
        "Net sales per month of purchase of {count} existing customers, over those of {compared}"
        " new ones in their first month; twelve complete months. They are not the same people:"
        " companies buy again more often."
    ),
    "acquiring_costs_several_times_more": message(
        "Cost of campaigns that win customers per new customer ({count}), over cost of those that"
        " keep and reactivate them per existing one ({compared}); twelve complete months, whatever"
        " brought them. Several is three at least."
    ),
}
_VERDICTS: Mapping[str, Message] = {
    "holds": message("It holds here: {measured} ({lower} to {upper})."),
    "does_not_hold": message("It does not hold here: {measured} ({lower} to {upper})."),
    "undecided": message(
        "Undecided: {measured}, but anything from {lower} to {upper} may be true."
    ),
    "cannot_be_known": message("It cannot be known: {reason}."),
}
_REASONS: Mapping[str, Message] = {
    "no_data": message("no order says whether it came late"),
    "too_few_orders": message("too few late orders"),
    "not_comparable": message("the late orders have nothing alike to compare with"),
    "no_campaign_costs": message("no costs of campaigns for both groups are on record"),
    "costs_without_a_rate": message("some costs are in a currency without a rate"),
    "too_few_existing_customers": message("too few customers bought again"),
    "too_few_new_customers": message("too few new customers"),
}


def show(context: Context, rows: Rows, claims: Sequence[str]) -> None:
    """Show claims as tiles, each measured here or with the reason why it cannot be."""
    words = context.words
    found = {row["claim_id"]: row for row in rows}
    shown = [found[claim] for claim in claims if claim in found]
    figures.show(
        context,
        [
            Figure(
                words.code(_CLAIMS, row["claim_id"]),
                _value(words, row, "measured"),
                definition=words.code(
                    _MEASURES,
                    row["claim_id"],
                    count=words.number(row["sample_count"]),
                    compared=words.number(row["compared_count"]),
                ),
            )
            for row in shown
        ],
    )
    for row in shown:
        st.caption(f"{words.code(_CLAIMS, row['claim_id'])}: {_verdict(words, row)}")


def _verdict(words: Words, row: Row) -> str:
    return words.code(
        _VERDICTS,
        row["verdict"],
        measured=_value(words, row, "measured"),
        lower=_value(words, row, "measured_lower"),
        upper=_value(words, row, "measured_upper"),
        reason=words.code(_REASONS, row["reason"]) if row["reason"] else "",
    )


def _value(words: Words, row: Row, name: str) -> str:
    value = row[name]
    if value is None:
        return NOTHING
    if row["claim_id"] == "late_deliveries_drive_away":
        return words.percent(value)
    return words.text("{ratio} times", ratio=words.number(value, 2))


def show_months(context: Context, rows: Rows) -> None:
    """Show by month what new and existing customers bought and what campaigns for them cost."""
    words = context.words
    title = words.text("What do new and existing customers bring, and what do they cost?")
    st.header(title, anchor=False)
    columns = [
        Column(words.text("Month"), lambda row: words.month(row["order_month"]), "strong"),
        _number(words, "new_customers", words.text("New customers")),
        _money(words, "new_sales_each", words.text("Net sales per new one")),
        _money(words, "new_cost_each", words.text("Campaigns per new one")),
        _number(words, "existing_customers", words.text("Existing customers")),
        _money(words, "existing_sales_each", words.text("Net sales per existing one")),
        _money(words, "existing_cost_each", words.text("Campaigns per existing one")),
    ]
    tables.show(columns, rows, caption=title)
    st.caption(
        words.text(
            "New is who first bought in the month. Campaigns that are to win customers count for"
            " new ones, those that are to keep or to reactivate them for existing ones, whatever"
            " brought them; the others for neither. A dash is what nobody recorded."
        )
    )


def _number(words: Words, name: str, heading: str) -> Column:
    return Column(heading, lambda row: words.number(row[name]), "number")


def _money(words: Words, name: str, heading: str) -> Column:
    def text(row: Row) -> str:
        amount = row[name]
        return NOTHING if amount is None else words.money(amount, row["currency_code"])

    return Column(heading, text, "number")
