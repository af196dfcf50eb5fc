"""What a prediction of customers' value does not know: of whom there is none, and what it omits."""

import streamlit as st

from dashboards.components import html
from dashboards.components.customer_value import KINDS, is_margin, total
from dashboards.context import Context
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import Message, message
from dashboards.words.words import Words

_SILENT: dict[str, Message] = {
    "too_few_repeat_orders": message(
        "{kind} ({n}): fewer than 50 of them ordered again, too few to tell how customers differ."
        " There is no prediction."
    ),
    "failed_calibration": message(
        "{kind} ({n}): the last half year did not come as foretold, so there is no prediction."
        " One is shown once a half year was foretold well."
    ),
    "orders_only": message(
        "{kind} ({n}): what they spend has no stable mean, so their orders are predicted and their"
        " value is not."
    ),
    "spend_depends_on_orders": message(
        "{kind} ({n}): whoever orders more often also spends more or less per order, which the"
        " model does not allow for. Their orders are predicted and their value is not."
    ),
}


def show(context: Context, fits: Rows) -> None:
    """Say whom nobody can predict and why, and what no prediction contains."""
    words = context.words
    said = [
        words.say(
            _SILENT[row["status"]],
            kind=words.code(KINDS, row["segment"]),
            n=words.number(row["customer_count"]),
        )
        for row in fits
        if row["status"] in _SILENT
    ]
    everybody, once = total(fits, "customer_count"), total(fits, "bought_once_count")
    said.append(
        words.text(
            "{once} of {all} customers bought once. Of them the model knows only how long ago that"
            " was: all who first bought on the same day have the same chance to return.",
            once=words.number(once),
            all=words.number(everybody),
        )
    )
    if any((row["model"] or "").startswith("bg_nbd") for row in fits):
        said.append(
            words.text(
                "BG/NBD has nobody leave before a second order: it counts all who bought once as"
                " customers still, and lets them come back rarely."
            )
        )
    said += [_independence(words, row) for row in fits if row["spend_correlation"] is not None]
    said += [_base(words, fits), *_of_no_model(words)]
    st.markdown("\n".join(f"- {html.markdown_safe(each)}" for each in said))


def _independence(words: Words, row: Row) -> str:
    return words.text(
        "{kind}: how often they order and what an order brings are correlated by {correlation}. The"
        " model takes them to be independent; beyond 0.3 either way no value is shown.",
        kind=words.code(KINDS, row["segment"]),
        correlation=words.number(row["spend_correlation"], 2),
    )


def _base(words: Words, fits: Rows) -> str:
    if is_margin(fits):
        return words.text(
            "Values are margin: net sales less what the goods that customers kept cost their"
            " sellers. Commission, shipping and advertising are not in it."
        )
    return words.text(
        "Values are net sales: for a margin the costs of at least {share} of them must be known.",
        share=words.percent(0.95, 0),
    )


def _of_no_model(words: Words) -> list[str]:
    return [
        words.text("Customers who are still to come are not included."),
        words.text(
            "Seasons, prices, promotions and the reasons why people leave are not in the model: a"
            " year unlike the last ones brings something else."
        ),
    ]
