"""Forecasts in lists: what is expected, and how good it was."""

from collections.abc import Mapping
from datetime import date, timedelta

from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Choice, all_of
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row
from dashboards.words.messages import Message, counted, message
from dashboards.words.words import NOTHING, Words

KINDS: Mapping[str, Message] = {
    "marketplace": message("Marketplace"),
    "category": message("Categories"),
    "vendor": message("Vendors"),
    "vendor_category": message("Vendors within categories"),
}
FREQUENCIES: Mapping[str, Message] = {
    "week": message("Weeks"),
    "day": message("Days"),
    "month": message("Months"),
}
BANDS: Mapping[str, Message] = {
    "all": message("All sizes"),
    "large": message("Large: the third that sells most"),
    "medium": message("Medium"),
    "small": message("Small: the third that sells least"),
}
# Why there is no interval.
REASONS: Mapping[str, Message] = {
    "too_few_origins": message("The past is too short to say how sure this is"),
    "too_sparse": message("Most periods are without sales"),
    "new": message("New: sold too short a time"),
    "short": message("New: sold too short a time"),
    "no_season": message("Sold less than two years"),
    "few_sales": message("Too few sales to say"),
    "ended": message("Nothing sold lately"),
    "faded": message("Hardly anything sold lately"),
    "all_zero": message("Nothing sold"),
    "constant": message("Never changes"),
    "no_values": message("Nothing known"),
}
_WEEKS_SHOWN = 26
NO_FORECASTS = Empty(
    message("No forecasts yet"), message("They are issued once a week of sales is over.")
)


def _name(context: Context, row: Row) -> str:
    """Return who or what a series is of: the vendor, the category, both, or the marketplace."""
    of = [row["vendor_name"] or row["vendor_id"], row["category_name"]]
    if row["series_kind"] == "marketplace":
        return context.words.say(KINDS["marketplace"])
    if row["series_kind"] == "category":
        return str(row["category_name"] or row["series_id"])
    return ", ".join(str(each) for each in of if each) or NOTHING


def interval(words: Words, row: Row) -> str:
    """Return the interval, or why there is none."""
    if row["y_upper"] is None:
        reason = REASONS.get(row["interval_status"])
        return words.say(reason) if reason else NOTHING
    return words.text(
        "{lower} to {upper}",
        lower=words.number(row["y_lower"], 0),
        upper=words.number(row["y_upper"], 0),
    )


def first_shown(week: Row) -> date:
    """Return the Monday from which sales are drawn before the first week to come."""
    begin: date = week["forecast_date"]
    return begin - timedelta(weeks=_WEEKS_SHOWN)


def verdict(context: Context, week: Row) -> str:
    """Return what the next week is expected to bring."""
    words = context.words
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


def told_errors(words: Words, errors: Row) -> str:
    """Return how good weekly forecasts of the whole marketplace were, from origins of the past."""
    said = words.text(
        "Forecasts of the marketplace's weeks made in the past were wrong by {error} of sales;"
        " repeating what came before, by {naive}.",
        error=words.percent(errors["wape"]),
        naive=words.percent(errors["naive_wape"]),
    )
    amount = words.percent(abs(errors["bias"]))
    bias = words.text("In all they were {amount} too low.", amount=amount)
    if errors["bias"] > 0:
        bias = words.text("In all they were {amount} too high.", amount=amount)
    return f"{said} {bias}"


FORECASTS = Listing(
    name="forecasts",
    caption=message("Expected sales"),
    query="forecasts",
    key=("series_id", "forecast_date", "issued_on"),
    default_order=(
        Order("issued_on", is_descending=True),
        Order("forecast_date", is_descending=False),
        Order("y_mean", is_descending=True),
    ),
    columns=(
        columns.said("series_id", message("Sales of"), _name, kind="strong"),
        columns.day("forecast_date", message("From")),
        columns.day("period_end_date", message("To"), is_shown=False),
        columns.money("y_mean", message("Expected"), "currency_code"),
        columns.said(
            "interval_status",
            message("In 4 of 5 cases"),
            lambda context, row: interval(context.words, row),
        ),
        columns.money("y_lower", message("Lower end"), "currency_code", is_shown=False),
        columns.money("y_upper", message("Upper end"), "currency_code", is_shown=False),
        columns.money("y", message("Actual"), "currency_code"),
        columns.yes_or_no("is_outside", message("Outside")),
        columns.day("issued_on", message("Issued on")),
        columns.plain("model", message("Model"), is_shown=False),
    ),
    filters=(
        Choice(
            "series_kind",
            message("Of what"),
            KINDS["marketplace"],
            all_of(KINDS, but="marketplace"),
        ),
        Choice(
            "frequency",
            message("Periods"),
            FREQUENCIES["week"],
            all_of(FREQUENCIES, but="week"),
        ),
        Choice(
            "interval",
            message("Actual"),
            message("All"),
            lambda context: {"outside": context.words.text("Outside its interval")},
        ),
    ),
    count=counted("{first} to {last} of {n} forecast", "{first} to {last} of {n} forecasts"),
    empty=Empty(message("Nothing found"), message("No forecast is like that.")),
    phone=("series_id", "y_mean", "forecast_date", "y"),
)

ACCURACY = Listing(
    name="forecast-accuracy",
    caption=message("How good forecasts were"),
    query="forecast_accuracy",
    key=("series_kind", "frequency", "size_band", "horizon", "interval_level"),
    default_order=(
        Order("frequency", is_descending=False),
        Order("series_kind", is_descending=False),
        Order("horizon", is_descending=False),
        Order("interval_level", is_descending=False),
    ),
    columns=(
        columns.code("series_kind", message("Sales of"), KINDS, kind="strong"),
        columns.code("frequency", message("Periods"), FREQUENCIES),
        columns.rated(
            "horizon",
            message("Periods ahead"),
            lambda context, row: (
                context.words.number(row["horizon"])
                if row["horizon"]
                else context.words.text("All")
            ),
        ),
        columns.number("interval_level", message("Interval, percent")),
        columns.share("coverage", message("Coverage")),
        columns.share("wape", message("WAPE")),
        columns.share("naive_wape", message("Naive WAPE")),
        columns.number("relative_mae", message("Relative to naive"), 2),
        columns.share("bias", message("Bias")),
        columns.number("mase", message("MASE"), 2),
        columns.number("interval_count", message("Intervals")),
        columns.number("forecast_count", message("Forecasts"), is_shown=False),
        columns.number("origin_count", message("Origins"), is_shown=False),
        columns.money("mean_width", message("Mean width"), "currency_code", is_shown=False),
        columns.money("winkler", message("Winkler score"), "currency_code", is_shown=False),
    ),
    filters=(
        Choice(
            "series_kind",
            message("Of what"),
            message("All"),
            all_of(KINDS),
        ),
        Choice(
            "frequency",
            message("Periods"),
            message("All"),
            all_of(FREQUENCIES),
        ),
        Choice("size_band", message("Size"), BANDS["all"], all_of(BANDS, but="all")),
        Choice(
            "horizon",
            message("How far ahead"),
            message("All together"),
            lambda context: {"each": context.words.text("Each step")},
        ),
    ),
    count=counted("{first} to {last} of {n} row", "{first} to {last} of {n} rows"),
    empty=Empty(message("Nothing found"), message("No forecast of the past is like that.")),
    phone=("series_kind", "coverage", "frequency", "interval_level"),
)
