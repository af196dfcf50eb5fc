"""A rate with its judgement in sentences, and the words that several components share."""

from datetime import date

from dashboards.queries.reader import Row
from dashboards.words.messages import Message, counted, message
from dashboards.words.words import NOTHING, Words

_DAYS_OF_A_YEAR = 365

STATES = {
    "ok": message("On target"),
    "watch": message("Watch"),
    "act": message("Act now"),
    "no_data": message("No data yet"),
}
# A judgement where no value stands beside it: what calls for nothing may lie beyond its limit.
LEVELS = {**STATES, "ok": message("No action")}
_MAY_BE_CHANCE = message("May be chance")
_NOT_AT_FAULT = message("Not at fault")

# What one unit of the numerator is, in the words of somebody who sells; n is the denominator.
_COUNTED = {
    "late_shipment_rate": counted(
        "{numerator} of {n} order shipped late or overdue",
        "{numerator} of {n} orders shipped late or overdue",
    ),
    "on_time_delivery_rate": counted(
        "{numerator} of {n} order arrived on time",
        "{numerator} of {n} orders arrived on time",
    ),
    "late_delivery_rate_by_date": counted(
        "{numerator} of {n} order arrived after the promised day",
        "{numerator} of {n} orders arrived after the promised day",
    ),
    "vendor_cancellation_rate": counted(
        "{numerator} of {n} order cancelled by the vendor",
        "{numerator} of {n} orders cancelled by the vendor",
    ),
    "review_score": counted("average of {n} review", "average of {n} reviews"),
    "order_defect_rate": counted(
        "{numerator} of {n} order with a defect", "{numerator} of {n} orders with a defect"
    ),
    "incident_rate": counted(
        "{numerator} of {n} order line with an incident",
        "{numerator} of {n} order lines with an incident",
    ),
    "valid_tracking_rate": counted(
        "{numerator} of {n} parcel with valid tracking",
        "{numerator} of {n} parcels with valid tracking",
    ),
    "acceptance_rate": counted(
        "{numerator} of {n} order accepted", "{numerator} of {n} orders accepted"
    ),
    "acceptance_hours": counted("average of {n} order", "average of {n} orders"),
    "return_rate": counted(
        "{numerator} of {n} order line came back", "{numerator} of {n} order lines came back"
    ),
    "refund_rate": counted("{numerator} of {n} unit refunded", "{numerator} of {n} units refunded"),
    "response_hours": counted("average of {n} question", "average of {n} questions"),
    "stock_out_rate": counted(
        "{numerator} of {n} offer day without stock",
        "{numerator} of {n} offer days without stock",
    ),
    "invoice_defect_rate": counted(
        "{numerator} of {n} invoice late or corrected",
        "{numerator} of {n} invoices late or corrected",
    ),
}
_COUNTED_OWN = {
    **_COUNTED,
    "vendor_cancellation_rate": counted(
        "{numerator} of {n} order cancelled by you",
        "{numerator} of {n} orders cancelled by you",
    ),
}
# Nobody is named where somebody unknown may have done it.
_COUNTED_UNKNOWN = {
    **_COUNTED,
    "vendor_cancellation_rate": counted(
        "{numerator} of {n} order cancelled, not known to be by the buyer",
        "{numerator} of {n} orders cancelled, not known to be by the buyer",
    ),
}
_OWN_NAMES = {"vendor_cancellation_rate": message("Orders you cancelled")}
_COUNTED_OTHERWISE = counted("{numerator} of {n} counted", "{numerator} of {n} counted")

# Where the true value likely lies, by how sure that is and on which side of the limit.
_SURE = {
    ("act", True): message("The true value is almost certainly below the limit. Act now."),
    ("act", False): message("The true value is almost certainly above the limit. Act now."),
    ("watch", True): message("The true value is likely below the limit. Keep an eye on it."),
    ("watch", False): message("The true value is likely above the limit. Keep an eye on it."),
}
_TOO_FEW = {
    True: message("The value is below the limit, but there is too little data to judge."),
    False: message("The value is above the limit, but there is too little data to judge."),
}


def state(words: Words, row: Row) -> str:
    """Return the judgement of a measure as a word; of the worst of several its level."""
    if "state" not in row:
        return words.code(LEVELS, str(row["worst_state"]))
    if may_be_chance(row):
        return words.say(_MAY_BE_CHANCE)
    if _is_calm_beyond(row, "judged_rate"):
        return words.say(_NOT_AT_FAULT)
    return words.code(STATES, row["state"])


def may_be_chance(rate: Row) -> bool:
    """Return whether what is judged lies beyond its limit, and too few units tell whether it is."""
    return _is_calm_beyond(rate, "judged_accountable_rate")


def _is_calm_beyond(rate: Row, column: str) -> bool:
    """Return whether a value that calls for nothing lies beyond the limit.

    A duration is judged by its slow units and not by its mean, so there its state alone tells.
    """
    value, limit = rate.get(column), rate.get("threshold")
    if rate["state"] != "ok" or value is None or limit is None or rate["unit"] == "hours":
        return False
    return bool(value < limit if rate["is_higher_better"] else value > limit)


def window(words: Words, days: int | None) -> str:
    """Return the length of a window of time as a choice is labelled."""
    if days is None:
        return words.text("All time")
    if days == _DAYS_OF_A_YEAR:
        return words.text("1 year")
    return words.count("{n} day", "{n} days", days)


def period(words: Words, first: date, first_known: date, end: date) -> str:
    """Return the days of a window; one without a beginning begins with the first day known."""
    return words.days(first_known if first == date.min else first, end)


def rating(words: Words, value: float | None) -> str:
    """Return a mean rating; every page says it alike."""
    return NOTHING if value is None else words.text("{rating} / 5", rating=words.number(value, 2))


def hours(words: Words, value: float | None) -> str:
    """Return a duration in hours; every page says it alike."""
    return NOTHING if value is None else words.text("{hours} h", hours=words.number(value, 1))


def metric_name(words: Words, row: Row, *, is_own: bool = False) -> str:
    """Return the name of a metric, or its id where the registry has none.

    `is_own` is whether the reader is the vendor whose metric it is.
    """
    if is_own and row["metric_id"] in _OWN_NAMES:
        return words.say(_OWN_NAMES[row["metric_id"]])
    return words.published(row["metric_name"]) or str(row["metric_id"])


def rate_value(words: Words, rate: Row) -> str:
    """Return a rate or a score as its headline; NULL is a dash, never zero."""
    if rate["unit"] == "score":
        return rating(words, rate["rate"])
    if rate["unit"] == "hours":
        return hours(words, rate["rate"])
    if rate["unit"] == "points":
        return words.number(rate["rate"])
    return words.percent(rate["rate"])


def counted_sentence(words: Words, rate: Row, *, is_own: bool = False) -> str:
    """Return what was counted: how many of how many."""
    if rate["rate"] is None:
        return words.text("Nothing was counted in this period.")
    by_metric = _COUNTED_OWN if is_own else _COUNTED
    if rate.get("unknown_cause_count"):
        by_metric = _COUNTED_UNKNOWN
    said: Message = by_metric.get(rate["metric_id"], _COUNTED_OTHERWISE)
    return words.say(said, numerator=int(rate["numerator"]), n=int(rate["denominator"]))


def rate_sentence(words: Words, rate: Row, *, is_own: bool = False) -> str:
    """Return what was counted, and how sure that is, for somebody without statistics."""
    if rate["rate"] is None:
        return words.text("Nothing was counted in this period.")
    value, counted_units = rate_value(words, rate), counted_sentence(words, rate, is_own=is_own)
    if rate["rate_lower"] is None or rate["rate_upper"] is None:
        return words.text("Observed {value}: {counted}.", value=value, counted=counted_units)
    if rate["unit"] == "hours":
        return words.text(
            "Observed {value}: {counted}. Half took less than {median}, likely {lower} to {upper}.",
            value=value,
            counted=counted_units,
            median=hours(words, rate["rate_estimate"]),
            lower=hours(words, rate["rate_lower"]),
            upper=hours(words, rate["rate_upper"]),
        )
    return words.text(
        "Observed {value}: {counted}. Adjusted for chance about {estimate}, {lower} to {upper}.",
        value=value,
        counted=counted_units,
        estimate=rate_value(words, {**rate, "rate": rate["rate_estimate"]}),
        lower=bound(words, rate, rate["rate_lower"]),
        upper=bound(words, rate, rate["rate_upper"]),
    )


def other_readings(words: Words, rate: Row) -> list[str]:
    """Return what is judged, of unknown cause, and old enough, where it differs from the whole."""
    said = []
    if rate["accountable_denominator"] != rate["denominator"]:
        said.append(
            words.text(
                "Without what others caused, such as carriers or buyers: {value}, {n} counted. This"
                " is judged.",
                value=rate_value(words, {**rate, "rate": rate["accountable_rate"]}),
                n=int(rate["accountable_denominator"]),
            )
        )
    if rate["unknown_cause_count"]:
        said.append(
            words.count(
                "Of {n} nobody knows who caused it: it is in the observed value and is not judged.",
                "Of {n} nobody knows who caused them: they are in the observed value and are not"
                " judged.",
                int(rate["unknown_cause_count"]),
            )
        )
    if rate["maturity_days"] and rate["mature_denominator"]:
        said.append(
            words.count(
                "Of what is at least {n} day old, as more can still happen to the rest: {value}.",
                "Of what is at least {n} days old, as more can still happen to the rest: {value}.",
                rate["maturity_days"],
                value=rate_value(words, {**rate, "rate": rate["mature_rate"]}),
            )
        )
    elif rate["maturity_days"] and rate["denominator"]:
        said.append(
            words.count(
                "Nothing here is {n} day old yet: more can still happen to all of it.",
                "Nothing here is {n} days old yet: more can still happen to all of it.",
                rate["maturity_days"],
            )
        )
    return said


def threshold_sentence(words: Words, rate: Row) -> str:
    """Return what the marketplace expects."""
    if rate["threshold"] is None:
        return words.text("No limit is set for this measure.")
    limit = limit_value(words, rate)
    if rate["is_higher_better"]:
        return words.text("The marketplace expects at least {limit}.", limit=limit)
    return words.text("The marketplace expects at most {limit}.", limit=limit)


def limit_value(words: Words, rate: Row) -> str:
    """Return the limit of a measure, wherever it is named."""
    return bound(words, rate, rate["threshold"])


def state_sentence(words: Words, rate: Row) -> str:
    """Return the judgement in a sentence, with how sure it is."""
    if rate["state"] == "no_data":
        return words.text("There is nothing to judge yet.")
    if rate["state"] == "ok":
        if may_be_chance(rate):
            return words.say(_TOO_FEW[rate["is_higher_better"]])
        return words.text("Nothing points to a problem.")
    return words.say(_SURE[rate["state"], rate["is_higher_better"]])


def bound(words: Words, rate: Row, value: float) -> str:
    """Return a limit, or an end of a likely range, as short as it can be."""
    if rate["unit"] == "score":
        return words.number(value, 1)
    if rate["unit"] == "hours":
        return hours(words, value)
    if rate["unit"] == "points":
        return words.number(value)
    # Below 10 % a whole per cent would swallow the difference to the limit.
    whole = value >= 0.1 or round(float(value) * 100, 9).is_integer()
    return words.percent(value, 0 if whole else 1)
