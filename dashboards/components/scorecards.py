"""All vendors by all measures: a list, and a measure's vendors as dots against their limits."""

from collections.abc import Callable, Mapping

import streamlit as st

from dashboards.charts import intervals
from dashboards.charts.intervals import Interval
from dashboards.components import measure_windows, wording
from dashboards.components.vendors import name
from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Choice, Search
from dashboards.listings.listing import Empty, Listing
from dashboards.queries import limits as asked
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import Message, counted, message
from dashboards.words.words import NOTHING, Words

# So many dots can be told apart.
_DRAWN = 25
METRIC = "metric"
_ACTING = counted(
    "{n} vendor needs action, in {measures}; {watched} more to watch.",
    "{n} vendors need action, in {measures}; {watched} more to watch.",
)
PRIORS: Mapping[str, Message] = {
    "category": message("Its category"),
    "marketplace": message("The marketplace"),
    "fixed": message("The rule before"),
}


def verdict(words: Words, counts: Row | None) -> str:
    """Return how many vendors need action in how many measures, and how many are to be watched."""
    if counts is None:
        return ""
    if counts["acting_count"]:
        return words.say(
            _ACTING,
            n=counts["acting_vendors"],
            measures=words.count("{n} measure", "{n} measures", counts["acting_count"]),
            watched=words.number(counts["watched_count"]),
        )
    if counts["watched_count"]:
        return words.count(
            "No vendor needs action; {n} measure to watch.",
            "No vendor needs action; {n} measures to watch.",
            counts["watched_count"],
        )
    return words.text("No vendors need attention.")


def metric_link(row: Row) -> str:
    """Return where a vendor's measure is in full."""
    return f"/vendors?vendor={row['vendor_id']}&section=measures&metric={row['metric_id']}"


def show_dots(context: Context, rows: Rows) -> None:
    """Show the vendors of one measure with what their true rates may be, against their limits."""
    words = context.words
    drawn = [row for row in rows if row["rate_estimate"] is not None][:_DRAWN]
    if not drawn:
        return
    unit = str(drawn[0]["unit"])
    dots = [
        Interval(
            name(row),
            float(row["rate_estimate"]),
            float(row["rate_lower"]),
            float(row["rate_upper"]),
            float(row["threshold"]),
            _range(context, row),
        )
        for row in drawn
    ]
    title = wording.metric_name(words, drawn[0])
    st.vega_lite_chart(intervals.dots(words, dots, title, is_share=unit == "rate"))
    st.caption(
        words.text(
            "Each dot is what a vendor's true value probably is, the line where it lies in 80 of"
            " 100 cases, the mark its limit."
        )
    )


def _metrics(context: Context) -> Mapping[str, str]:
    return {
        str(row["metric_id"]): wording.metric_name(context.words, row)
        for row in asked.metrics(context.viewer)
    }


def _countries(context: Context) -> Mapping[str, str]:
    codes = {row["country_code"] for row in asked.scopes(context.viewer) if row["country_code"]}
    return {str(code): str(code) for code in sorted(codes)}


def _categories(context: Context) -> Mapping[str, str]:
    return {
        str(row["category_id"]): str(row["category_name"] or row["category_id"])
        for row in asked.scopes(context.viewer)
        if row["category_id"]
    }


def _value(column: str) -> Callable[[Context, Row], str]:
    return lambda context, row: wording.rate_value(context.words, {**row, "rate": row[column]})


def _limit(context: Context, row: Row) -> str:
    return wording.limit_value(context.words, row)


def _range(context: Context, row: Row) -> str:
    if row["rate_lower"] is None:
        return NOTHING
    lower, upper = (_value(column)(context, row) for column in ("rate_lower", "rate_upper"))
    return context.words.text("{lower} to {upper}", lower=lower, upper=upper)


def _worst(context: Context, row: Row) -> str:
    worst = row["worst_metric_id"]
    return _metrics(context).get(str(worst), NOTHING) if worst else NOTHING


SCORECARDS = Listing(
    name="scorecards",
    caption=message("Vendors by measure"),
    query="scorecards",
    key=("vendor_id", "metric_id"),
    default_order=(
        Order("state_rank"),
        Order("excess_units", is_descending=True),
        Order("probability_over_threshold", is_descending=True),
    ),
    columns=(
        columns.said(
            "vendor_name",
            message("Vendor"),
            lambda _context, row: name(row),
            kind="strong",
            link=lambda _context, row: metric_link(row),
        ),
        columns.said(
            "metric_name",
            message("Measure"),
            lambda context, row: wording.metric_name(context.words, row),
        ),
        columns.plain("category_name", message("Category"), is_shown=False),
        columns.plain("country_code", message("Country"), is_shown=False),
        columns.rated("rate", message("Observed"), _value("rate")),
        columns.rated(
            "accountable_rate",
            message("Without what others caused"),
            _value("accountable_rate"),
            is_shown=False,
        ),
        columns.number("unknown_cause_count", message("Of unknown cause"), is_shown=False),
        columns.rated("rate_estimate", message("Adjusted for chance"), _value("rate_estimate")),
        columns.said("rate_lower", message("Likely range"), _range, order=None),
        columns.rated("threshold", message("Limit"), _limit),
        columns.number("denominator", message("Counted")),
        columns.number("excess_units", message("Beyond the limit"), 1),
        columns.share("probability_over_threshold", message("Probability beyond"), is_shown=False),
        columns.said(
            "state",
            message("State"),
            lambda context, row: wording.state(context.words, row),
            kind="state",
            order=Order("state_rank"),
        ),
        columns.code("state_by_fixed_prior", message("By the rule before"), wording.LEVELS),
        columns.code("prior_group", message("Compared with"), PRIORS, is_shown=False),
        columns.number("prior_weight", message("Which weighs as"), is_shown=False),
        columns.number("vendor_score", message("Vendor score"), is_shown=False),
        columns.share("score_weight_share", message("Weight behind the score"), is_shown=False),
        columns.said("worst_metric_id", message("Worst measure"), _worst, is_shown=False),
    ),
    filters=(
        Choice(METRIC, message("Measure"), message("All measures"), _metrics),
        Choice(
            "state",
            message("State"),
            message("Any state"),
            lambda context: {code: context.words.say(it) for code, it in wording.LEVELS.items()},
        ),
        measure_windows.FILTER,
        Choice("country", message("Country"), message("All countries"), _countries),
        Choice("category", message("Category"), message("All categories"), _categories),
        Search(message("Name or ID"), message("Search by name or ID")),
    ),
    count=counted("{first} to {last} of {n} measure", "{first} to {last} of {n} measures"),
    empty=Empty(message("No measures found"), message("Nothing matches these filters.")),
    phone=("vendor_name", "rate_estimate", "state", "metric_name"),
)
