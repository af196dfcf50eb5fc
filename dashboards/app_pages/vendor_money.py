"""What is paid and what is not, from sales to payout, and every order line behind it."""

import streamlit as st

from dashboards.components import empty, figures, html, lists, payouts, sections
from dashboards.components.figures import Figure
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import shops
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import message

_CURRENCY = "currency"
# states of what was delivered and is in no payout
_COMING = ("awaited", "overdue", "unstated")
_DUE = message("{due} in payouts not paid yet, {coming} delivered and in no payout.")
_UNSTATED = message(
    "Payouts are not reported here. By your orders {coming} is due for what was delivered so far."
)
_OWING = message("You owe {due} in payouts not paid yet; {coming} is delivered and in no payout.")


def page(context: Context) -> None:
    """Show what was paid and is due, or the payout that the address names."""
    statement_id = st.query_params.get("payout")
    if statement_id:
        _payout(context, statement_id)
    else:
        _overview(context)


def _overview(context: Context) -> None:
    words = context.words
    sums = shops.payout_sums(context.viewer, payouts.first_day(context))
    codes = payouts.currencies(context, sums)
    if not codes:
        heading(context, words.text("Money"))
        empty.show(words, empty.NO_SALES_YET)
        return
    heading(context, words.text("Money"), _verdict(context, sums, codes[0]))
    currency = codes[0]
    if len(codes) > 1:
        currency = sections.choice(
            context,
            {code: code for code in codes},
            key="money_currency",
            name=_CURRENCY,
            label=words.text("Currency"),
        )
    total = payouts.totals(sums, currency)
    if total["statement_count"]:
        _figures(context, sums, total, currency)
    payouts.show_open(context, tuple(row for row in sums if row["currency_code"] == currency))
    if not total["statement_count"]:
        empty.show(words, empty.NO_PAYOUTS)
        return
    title = words.text("From sales to payout, 365 days, {currency}", currency=currency)
    payouts.show_waterfall(context, total, title)
    st.header(words.text("Payouts"), anchor=False)
    lists.show(context, lists.ask(context, payouts.PAYOUTS))


def _verdict(context: Context, sums: Rows, currency: str) -> str:
    words = context.words
    due = payouts.open_amount(sums, currency, "open", "held")
    unstated = payouts.open_amount(sums, currency, "unstated")
    coming = payouts.open_amount(sums, currency, *_COMING)
    said = words.say(
        _UNSTATED if unstated else _OWING if due < 0 else _DUE,
        due=words.money(abs(due), currency),
        coming=words.money(coming, currency),
    )
    different = int(sum(row["different_count"] for row in sums))
    if not different:
        return said
    differing = words.count(
        "{n} payout differs from what your orders add up to.",
        "{n} payouts differ from what your orders add up to.",
        different,
    )
    return f"{said} {differing}"


def _figures(context: Context, sums: Rows, total: Row, currency: str) -> None:
    words = context.words
    due = payouts.open_amount(sums, currency, "open", "held")
    coming = payouts.open_amount(sums, currency, *_COMING)
    figures.show(
        context,
        [
            Figure(
                words.text("Paid, 365 days"), words.headline_money(total["paid_amount"], currency)
            ),
            Figure(words.text("Not paid yet"), words.headline_money(due, currency)),
            Figure(
                words.text("Delivered, in no payout yet"), words.headline_money(coming, currency)
            ),
            Figure(
                words.text("Kept by the marketplace"),
                words.percent(payouts.share_kept(total)),
                definition=words.text(
                    "Commission and fees less commission given back, by the delivered goods of the"
                    " same payouts."
                ),
            ),
        ],
    )


def _payout(context: Context, statement_id: str) -> None:
    words = context.words
    row = shops.payout(context.viewer, statement_id)
    if row is None:
        heading(context, words.text("Money"))
        empty.show(words, empty.UNKNOWN_PAYOUT)
        return
    title = words.text("Payout {payout}", payout=statement_id)
    heading(context, title, payouts.lead(words, row))
    html.show("link.html", href="/money", text=words.text("All payouts"))
    payouts.show_waterfall(context, row, words.text("From sales to payout"))
    if row["tax_amount"] is not None:
        st.caption(
            words.text(
                "Tax on these sales is {amount}; it is no part of a payout.",
                amount=words.money(row["tax_amount"], row["currency_code"]),
            )
        )
    st.header(words.text("Order lines of the payout"), anchor=False)
    lists.show(context, lists.ask(context, payouts.LINES, given={"payout": statement_id}))
