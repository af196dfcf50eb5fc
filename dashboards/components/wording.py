"""Numbers, dates and judgements in words that read the same in every locale.

Thousands are set apart by a thin space and decimals by a point (ISO 80000-1), months are named:
nothing can be misread, and nothing depends on the locale of the server or of the browser.
"""

from datetime import date, datetime
from decimal import Decimal

from dashboards.queries.reader import Row

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_THIN = "\u202f"
NOTHING = "\u2013"
_DAYS_OF_A_YEAR = 365

Number = int | float | Decimal

STATE_WORDS = {
    "ok": "Fine",
    "watch": "Watch",
    "act": "Act now",
    "no_data": "No data yet",
    "warning": "Look at this",
    "failed": "Failed",
    "absent": "Not delivered",
}

# What one unit of the numerator is, in the words of somebody who sells.
_COUNTED = {
    "late_shipment_rate": "{numerator} of {denominator} shipped late or are overdue",
    "on_time_delivery_rate": "{numerator} of {denominator} arrived on time",
    "late_delivery_rate_by_date": "{numerator} of {denominator} arrived after the promised day",
    "vendor_cancellation_rate": "{numerator} of {denominator} were cancelled by the vendor",
}


def count(value: Number | None, decimals: int = 0) -> str:
    """Return a number with its thousands set apart."""
    if value is None:
        return NOTHING
    return f"{value:,.{decimals}f}".replace(",", _THIN)


def money(value: Number | None, currency: str) -> str:
    """Return an amount with its currency, to the cent."""
    return NOTHING if value is None else f"{currency}\u00a0{count(value, 2)}"


def short_money(value: Number | None, currency: str) -> str:
    """Return an amount short enough for a headline."""
    if value is None:
        return NOTHING
    amount = float(value)
    for size, letter in ((1_000_000_000, "B"), (1_000_000, "M")):
        if abs(amount) >= size:
            return f"{currency}\u00a0{count(amount / size, 2)}\u00a0{letter}"
    return f"{currency}\u00a0{count(value, 0)}"


def lasted(hours: float | None) -> str:
    """Return a span of time as somebody would say it: minutes matter to nobody here."""
    if hours is None:
        return NOTHING
    if hours < 1:
        return "less than an hour"
    if hours < 48:
        return ordinary_count(round(hours), "hour", "hours")
    return ordinary_count(round(hours / 24), "day", "days")


def window(days: int | None) -> str:
    """Return the length of a window of time as a choice is labelled."""
    if days is None:
        return "All"
    return "A year" if days == _DAYS_OF_A_YEAR else f"{days} days"


def percent(value: float | None, decimals: int = 1) -> str:
    """Return a rate as per cent."""
    return NOTHING if value is None else f"{value * 100:.{decimals}f}{_THIN}%"


def score(value: float | None) -> str:
    """Return a mean rating out of five."""
    return NOTHING if value is None else f"{count(value, 2)} / 5"


def day(value: date | None) -> str:
    """Return a day, like 30 Jun 2026."""
    return NOTHING if value is None else f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime | None) -> str:
    """Return a moment to the minute, in the zone it is given in."""
    return NOTHING if value is None else f"{day(value)}, {value.hour:02d}:{value.minute:02d}"


def ordinary_count(value: Number, singular: str, plural: str) -> str:
    """Return a count with its noun, like "1 order" and "2 orders"."""
    return f"{count(value)} {singular if value == 1 else plural}"


def rate_value(rate: Row) -> str:
    """Return a rate or a score as its headline; NULL is a dash, never zero."""
    if rate["rate"] is None:
        return NOTHING
    return count(rate["rate"], 2) if rate["unit"] == "score" else percent(rate["rate"])


def rate_sentence(rate: Row) -> str:
    """Return what was counted, and how sure that is, for somebody without statistics."""
    if rate["rate"] is None:
        return "No orders in this window."
    return f"{_counted(rate)} {_certainty(rate)}".strip()


def threshold_sentence(rate: Row) -> str:
    """Return what the marketplace expects."""
    if rate["threshold"] is None:
        return "No limit is set for this measure."
    limit = _bound(rate, rate["threshold"])
    return f"The marketplace expects at {'least' if rate['is_higher_better'] else 'most'} {limit}."


def state_sentence(rate: Row) -> str:
    """Return the judgement in words, with how sure it is."""
    if rate["state"] == "no_data":
        return "There is nothing to judge yet."
    sure = _chance(rate["probability_over_threshold"])
    side = "below" if rate["is_higher_better"] else "above"
    if rate["state"] == "ok" and _is_all_beyond_the_limit(rate):
        few = "too few reviews" if rate["unit"] == "score" else "too few orders"
        return f"The true value is likely {side} the limit, but {few} say so to judge."
    return {
        "act": f"It is {sure} that the true value is {side} the limit. This needs action now.",
        "watch": f"It is {sure} that the true value is {side} the limit. Keep an eye on it.",
        "ok": "Nothing points to a real problem here.",
    }.get(rate["state"], "")


def previous_sentence(rate: Row) -> str:
    """Return the rate of the window before, where there is one."""
    if rate.get("previous_rate") is None:
        return ""
    return f"Before: {rate_value({**rate, 'rate': rate['previous_rate']})}."


def period(first: date, end: date) -> str:
    """Return a half-open window by its first and last day."""
    return f"{day(first)} to {day(date.fromordinal(end.toordinal() - 1))}"


def _counted(rate: Row) -> str:
    denominator = rate["denominator"]
    if rate["unit"] == "score":
        reviews = ordinary_count(denominator, "review", "reviews")
        return f"{count(rate['rate'], 2)} out of 5 on average, from {reviews}."
    template = _COUNTED.get(rate["metric_id"], "{numerator} of {denominator} counted")
    counted = template.format(
        numerator=count(rate["numerator"]),
        denominator=ordinary_count(denominator, "order", "orders"),
    )
    return f"{counted} ({percent(rate['rate'])})."


def _certainty(rate: Row) -> str:
    lower, upper = rate["rate_lower"], rate["rate_upper"]
    if lower is None or upper is None:
        return ""
    measure = "average" if rate["unit"] == "score" else "rate"
    estimate = rate_value({**rate, "rate": rate["rate_estimate"]})
    bounds = f"{_bound(rate, lower)} and {_bound(rate, upper)}"
    return f"Allowing for chance, the true {measure} is about {estimate}, likely between {bounds}."


def _is_all_beyond_the_limit(rate: Row) -> bool:
    limit, nearest = rate["threshold"], "rate_upper" if rate["is_higher_better"] else "rate_lower"
    if limit is None or rate[nearest] is None:
        return False
    return bool(rate[nearest] < limit if rate["is_higher_better"] else rate[nearest] > limit)


def _bound(rate: Row, value: float) -> str:
    if rate["unit"] == "score":
        return count(value, 1)
    # Below 10 % a whole per cent would swallow the difference to the limit.
    whole = value >= 0.1 or float(value * 100).is_integer()
    return percent(value, 0 if whole else 1)


def _chance(probability: float | None) -> str:
    if probability is None:
        return "possible"
    return "almost certain" if probability >= 0.95 else "likely"
