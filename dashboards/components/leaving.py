"""Who has left and what drove them away, each with how sure that is."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboards.charts.effects import Effect, dots
from dashboards.components import choices, customer_value, figures, matrix, tables
from dashboards.components.figures import Figure
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import Message, message
from dashboards.words.words import NOTHING, Words

KINDS: Mapping[str, Message] = {"all": message("All customers"), **customer_value.KINDS}
DRIVERS: Mapping[str, Message] = {
    "late_delivery": message("Late delivery"),
    "unanswered_message": message("Question without an answer"),
    "price_rise": message("Price rise"),
    "ticket": message("Ticket"),
    "lost_order": message("Cancelled, not by the buyer"),
    "placebo": message("Nothing (placebo)"),
}
_STATES: Mapping[str, Message] = {
    "active": message("Buying"),
    "overdue": message("Silent for unusually long"),
    "churned": message("Left"),
    "unknown": message("Cannot be known"),
}
_STATUSES: Mapping[str, Message] = {
    "drives_away": message("Drives customers away"),
    "brings_back": message("Goes with coming back"),
    "no_effect_seen": message("No effect seen"),
    "no_data": message("No data"),
    "too_few_orders": message("Too few orders"),
    "not_comparable": message("Nothing alike to compare with"),
}
_COLOURS = {"drives_away": "act", "brings_back": "ok", "no_effect_seen": "ok"}


def show_figures(context: Context, rows: Rows) -> None:
    """Show how many have left by either judgement, and of how many nobody can say."""
    words = context.words
    known = _sum(rows, rule_state={"active", "overdue", "churned"})
    foretold = _sum(rows, model_state={"active", "overdue", "churned"})
    left, gone = _sum(rows, rule_state={"churned"}), _sum(rows, model_state={"churned"})
    figures.show(
        context,
        [
            Figure(
                words.text("Left, by their own rhythm"),
                words.percent(left / known if known else None),
                definition=words.text(
                    "{left} of the {known} customers with three purchases or more. Left is who has"
                    " been silent for longer than three of their own usual gaps, 90 days at"
                    " least.",
                    left=words.number(left),
                    known=words.number(known),
                ),
            ),
            Figure(
                words.text("Left, by the model"),
                words.percent(gone / foretold if foretold else None),
                definition=words.text(
                    "{left} of the {known} customers of whom the model of purchases can say: those"
                    " whose probability to have left is at least 0.8.",
                    left=words.number(gone),
                    known=words.number(foretold),
                ),
            ),
            Figure(
                words.text("Bought once"),
                words.number(_sum(rows, rule_reason={"one_purchase"})),
                definition=words.text(
                    "Nothing in the data tells who bought once and left from who is slow. Neither"
                    " the rhythm nor the model says anything of them."
                ),
            ),
        ],
    )


def show_states(context: Context, rows: Rows) -> None:
    """Show both judgements against each other."""
    words = context.words
    title = words.text("Do both judgements agree on who has left?")
    st.header(title, anchor=False)
    drawn = []
    for rule in _STATES:
        counts = [_sum(rows, rule_state={rule}, model_state={model}) for model in _STATES]
        cells = [
            matrix.Cell(
                words.number(count) if count else "",
                f"{words.say(_STATES[rule])}, {words.say(_STATES[model])}",
                matrix.shade(count, sum(counts)),
            )
            for model, count in zip(_STATES, counts, strict=True)
        ]
        drawn.append((words.say(_STATES[rule]), cells))
    matrix.draw(
        drawn,
        [words.say(said) for said in _STATES.values()],
        caption=title,
        corner=words.text("own rhythm ↓ model →"),
    )
    st.caption(
        words.text(
            "A rhythm needs three purchases: {twice} customers bought on two days. Unusually long"
            " is longer than nine of ten of a customer's own gaps, or a probability of 0.5 to have"
            " left. The model is silent where it did not foretell past half years: {silent}"
            " customers.",
            twice=words.number(_sum(rows, rule_reason={"two_purchases"})),
            silent=words.number(
                sum(
                    row["customers"]
                    for row in rows
                    if row["model_reason"] not in {None, "one_purchase"}
                )
            ),
        )
    )


def show_drivers(context: Context, rows: Rows) -> None:
    """Show what drives customers away, as effects with intervals and what they rest on."""
    words = context.words
    st.header(words.text("What drives customers away?"), anchor=False)
    kinds = {
        code: words.code(KINDS, code) for code in dict.fromkeys(row["segment"] for row in rows)
    }
    if not kinds:
        st.caption(words.text("No order is five months old yet, so nothing can be said."))
        return
    kind = choices.choose(words.text("Kind of customer"), "of", kinds, key="drivers_kind")
    found = [row for row in rows if row["segment"] == kind]
    told = [
        Effect(words.code(DRIVERS, row["driver"]), *_interval(row))
        for row in found
        if row["effect"] is not None
    ]
    if told:
        titles = (words.text("Met with"), words.text("Lost of those who would order again"))
        st.vega_lite_chart(dots(words, told, titles))
    tables.show(_driver_columns(words), found, caption=words.text("Drivers of leaving"))
    st.caption(
        words.text(
            "Orders that met with it within 60 days are compared with the orders most like them"
            " that did not: how many of their customers ordered again in the 90 days after. All"
            " intervals together hold with 95%. The placebo, orders on even days of the month,"
            " drives nobody away; if it shows an effect, do not believe the others either. Causes"
            " that nothing records are not ruled out."
        )
    )


def _driver_columns(words: Words) -> list[Column]:
    return [
        Column(
            words.text("Met with"),
            lambda row: words.code(DRIVERS, row["driver"]),
            "strong",
            place="id",
        ),
        Column(
            words.text("Customers lost"), lambda row: _effect(words, row), "number", place="amount"
        ),
        Column(
            words.text("Verdict"),
            lambda row: words.code(_STATUSES, row["status"]),
            "text",
            place="state",
        ),
        Column(
            words.text("Orders"),
            lambda row: words.number(row["exposed_orders"]),
            "number",
            place="due",
        ),
        Column(
            words.text("Ordered again"),
            lambda row: words.percent(row["again_share_exposed"]),
            "number",
        ),
        Column(
            words.text("Those most like them"),
            lambda row: words.percent(row["again_share_controls"]),
            "number",
        ),
    ]


def _effect(words: Words, row: Row) -> str:
    if row["effect"] is None:
        return NOTHING
    value, lower, upper = (words.percent(part) for part in _interval(row))
    return words.text("{value} ({lower} to {upper})", value=value, lower=lower, upper=upper)


def _interval(row: Row) -> tuple[float, float, float]:
    return float(row["effect"]), float(row["effect_lower"]), float(row["effect_upper"])


def _sum(rows: Sequence[Row], **codes: set[str]) -> int:
    return sum(
        int(row["customers"])
        for row in rows
        if all(row[name] in allowed for name, allowed in codes.items())
    )
