"""How past half years were foretold: tenths of the last one, and figures of each."""

from itertools import groupby

import streamlit as st

from dashboards.charts import value as charts
from dashboards.components import tables
from dashboards.components.customer_value import KINDS, total
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Rows
from dashboards.words.messages import Message, message
from dashboards.words.words import Words

MODELS: dict[str, Message] = {
    "bg_nbd": message("BG/NBD"),
    "pareto_nbd": message("Pareto/NBD"),
    "bg_nbd_by_channel": message("BG/NBD, each channel by itself"),
    "pareto_nbd_by_channel": message("Pareto/NBD, each channel by itself"),
}


def show(context: Context, deciles: Rows, models: Rows) -> None:
    """Show the last half year as foretold and as it came, all half years, and which model did."""
    words = context.words
    holdouts = []
    for segment, rows in groupby(deciles, key=lambda row: row["segment"]):
        by_begin = [list(part) for _, part in groupby(rows, key=lambda row: row["holdout_begins"])]
        holdouts += [{**part[0], "customers": total(part, "customers")} for part in by_begin]
        last = by_begin[0]
        st.subheader(
            words.text(
                "{kind}: orders per customer since {day}",
                kind=words.code(KINDS, segment),
                day=words.day(last[0]["holdout_begins"]),
            ),
            anchor=False,
        )
        st.vega_lite_chart(charts.foretold(words, last))
    title = words.text("Half years foretold")
    with st.expander(title):
        tables.show(_of_holdouts(words), holdouts, caption=title)
        st.caption(
            words.text(
                "Each half year was foretold from what was known before it. A prediction is shown"
                " only while {low} to {high} of the customers of the last one lay within their"
                " ranges of {mass}, and orders foretold were 0.8 to 1.25 times those that came."
                " Lift: orders of the tenth with the highest prediction per average customer's."
                " Ranking: 0 is chance, 1 perfect.",
                low=words.percent(0.75, 0),
                high=words.percent(0.85, 0),
                mass=words.percent(0.8, 0),
            )
        )
    _show_models(words, models)


def _show_models(words: Words, models: Rows) -> None:
    title = words.text("Models compared")
    with st.expander(title):
        tables.show(_of_models(words), models, caption=title)
        st.caption(
            words.text(
                "Score: mean logarithm of the probability that was foretold for what came, over all"
                " half years; nearer to 0 is better. The better of the first two models is used,"
                " with a fit for each channel that brought customers (the campaign in their record)"
                " only where that scores better by more than twice its standard error."
            )
        )


def _of_models(words: Words) -> list[Column]:
    return [
        Column(
            words.text("Model"),
            lambda row: f"{words.code(KINDS, row['segment'])}: {words.code(MODELS, row['model'])}",
            "strong",
            place="id",
        ),
        Column(
            words.text("Score"),
            lambda row: words.number(row["log_score"], 4),
            "number",
            place="amount",
        ),
        Column(
            words.text("Within the range"),
            lambda row: words.percent(row["covered_share"]),
            "number",
            place="due",
        ),
        Column(
            words.text("Predicted per actual order"),
            lambda row: words.number(row["predicted_per_actual"], 2),
            "number",
        ),
        Column(words.text("Half years"), lambda row: words.number(row["holdout_count"]), "number"),
        Column(
            words.text("Used"),
            lambda row: words.text("Yes") if row["is_chosen"] else words.text("No"),
            place="state",
        ),
    ]


def _of_holdouts(words: Words) -> list[Column]:
    return [
        Column(
            words.text("Customers"),
            lambda row: f"{words.code(KINDS, row['segment'])} ({words.number(row['customers'])})",
            "strong",
            place="id",
        ),
        Column(words.text("Half year from"), lambda row: words.day(row["holdout_begins"])),
        Column(words.text("Model"), lambda row: words.code(MODELS, row["model"])),
        Column(
            words.text("Within the range"),
            lambda row: words.percent(row["holdout_covered_share"]),
            "number",
            place="due",
        ),
        Column(
            words.text("Predicted per actual order"),
            lambda row: words.number(row["predicted_per_actual"], 2),
            "number",
            place="amount",
        ),
        Column(words.text("Lift"), lambda row: words.number(row["top_decile_lift"], 1), "number"),
        Column(words.text("Ranking"), lambda row: words.number(row["gini"], 2), "number"),
        Column(
            words.text("Foretold"),
            lambda row: words.text("Well") if row["is_passed"] else words.text("Not well"),
            place="state",
        ),
    ]
