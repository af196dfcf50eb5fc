"""What sales are expected, how sure that is, and where what came was another."""

from datetime import timedelta

import streamlit as st

from dashboards.charts import trends
from dashboards.components import empty, lists
from dashboards.components.forecasts import FORECASTS, NO_FORECASTS, interval
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import forecasts
from dashboards.queries.reader import Row, Rows
from dashboards.words.words import Words

_WEEKS_SHOWN = 26


def page(context: Context) -> None:
    """Show the weeks to come, and every series in a list."""
    words, expected = context.words, forecasts.weeks(context.viewer)
    heading(context, words.text("Forecast"), _verdict(context, expected) if expected else "")
    if not expected:
        empty.show(words, NO_FORECASTS)
        return
    issued = expected[0]["issued_on"]
    first = expected[0]["forecast_date"] - timedelta(weeks=_WEEKS_SHOWN)
    sales = forecasts.sales(context.viewer, first, issued)
    currency = context.manifest.currency_code
    st.header(words.text("Sales per week, {currency}", currency=currency), anchor=False)
    st.vega_lite_chart(trends.weeks_expected(words, sales, expected))
    st.caption(
        words.text(
            "Dashed is what is expected; what comes is to lie in the band in four of five weeks."
            " Issued with sales up to {day}, once a week.",
            day=words.day(issued),
        )
    )
    if errors := forecasts.errors(context.viewer):
        st.markdown(_errors(words, errors))
    lists.show(context, lists.ask(context, FORECASTS))


def _verdict(context: Context, expected: Rows) -> str:
    """Return what the next week is expected to bring."""
    words, week = context.words, expected[0]
    amount = words.money(week["y_mean"], context.manifest.currency_code)
    begin = week["forecast_date"]
    days = words.days(begin, begin + timedelta(days=7))
    if week["y_upper"] is None:
        return words.text("Expected for {days}: {amount}.", days=days, amount=amount)
    return words.text(
        "Expected for {days}: {amount}, in four of five cases {interval}.",
        days=days,
        amount=amount,
        interval=interval(words, week),
    )


def _errors(words: Words, errors: Row) -> str:
    """Return how good weekly forecasts of the whole marketplace were, from origins of the past."""
    said = words.text(
        "Forecasts of the marketplace's weeks made in the past were wrong by {error} of sales;"
        " repeating the year before, by {naive}.",
        error=words.percent(errors["wape"]),
        naive=words.percent(errors["naive_wape"]),
    )
    amount = words.percent(abs(errors["bias"]))
    if errors["bias"] > 0:
        return f"{said} {words.text('In all they were {amount} too high.', amount=amount)}"
    return f"{said} {words.text('In all they were {amount} too low.', amount=amount)}"
