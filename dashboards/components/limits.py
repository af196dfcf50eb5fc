"""How far a measure is from its limit, in the units that somebody can do something about."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from dashboards.components import units, wording
from dashboards.queries.reader import Row
from dashboards.words.messages import Message, counted, message
from dashboards.words.words import Words

# The best rating there is.
_BEST = Decimal(5)

_TOO_MANY: dict[str, Message] = {
    "late_shipment_rate": counted(
        "{n} fewer late shipment would meet the limit.",
        "{n} fewer late shipments would meet the limit.",
    ),
    "on_time_delivery_rate": counted(
        "{n} more delivery on time would meet the limit.",
        "{n} more deliveries on time would meet the limit.",
    ),
    "late_delivery_rate_by_date": counted(
        "{n} fewer late delivery would meet the limit.",
        "{n} fewer late deliveries would meet the limit.",
    ),
    "vendor_cancellation_rate": counted(
        "{n} fewer cancellation would meet the limit.",
        "{n} fewer cancellations would meet the limit.",
    ),
    "review_score": counted(
        "{n} more five-star review would meet the limit.",
        "{n} more five-star reviews would meet the limit.",
    ),
}
_TOO_MANY_OTHERWISE = counted(
    "{n} fewer miss would meet the limit.", "{n} fewer misses would meet the limit."
)
_ROOM: dict[str, Message] = {
    "late_shipment_rate": counted(
        "{n} more late shipment would still meet the limit.",
        "{n} more late shipments would still meet the limit.",
    ),
    "on_time_delivery_rate": counted(
        "{n} more delivery too late would still meet the limit.",
        "{n} more deliveries too late would still meet the limit.",
    ),
    "late_delivery_rate_by_date": counted(
        "{n} more late delivery would still meet the limit.",
        "{n} more late deliveries would still meet the limit.",
    ),
    "vendor_cancellation_rate": counted(
        "{n} more cancellation would still meet the limit.",
        "{n} more cancellations would still meet the limit.",
    ),
    "review_score": counted(
        "{n} more one-star review would still meet the limit.",
        "{n} more one-star reviews would still meet the limit.",
    ),
}
_ROOM_OTHERWISE = counted(
    "{n} more miss would still meet the limit.", "{n} more misses would still meet the limit."
)
_NO_ROOM = message("The limit is met, and the next miss would break it.")


def distance(rate: Row) -> int | None:
    """Return how many units a measure is beyond its limit; below zero, or zero, it meets it.

    Of a rate these are the units that would have had to go the other way, of a score the best
    reviews that are lacking, or the worst that it can bear. Counted is what is judged: the units
    that the vendor answers for. None without a limit or without such units, and of durations and
    points, which no number of units brings nearer.
    """
    if rate["threshold"] is None or rate["unit"] in {"hours", "points"}:
        return None
    numerator, denominator = (
        Decimal(str(rate[f"accountable_{part}"])) for part in ("numerator", "denominator")
    )
    if not denominator:
        return None
    # A double such as 0.07 is not quite 7 %; its shortest writing is.
    limit = Decimal(str(rate["threshold"]))
    if rate["unit"] == "score":
        return _reviews_beyond(numerator, denominator, limit)
    if rate["is_higher_better"]:
        return _whole(limit * denominator, up=True) - int(numerator)
    return int(numerator) - _whole(limit * denominator, up=False)


def counts_cases(rate: Row) -> bool:
    """Return whether units of a measure are cases that can be put beside those of another.

    A rating, a duration and a day of one of many offers are none.
    """
    return rate["unit"] == "rate" and units.kind(rate) != units.OFFER_DAY


def excess_cases(rate: Row) -> float:
    """Return how many cases a rate is beyond its limit, not rounded; below zero it meets it.

    It ranks rates by what they come to, by the units that the vendor answers for. What counts no
    cases has none beyond its limit.
    """
    if rate["threshold"] is None or not counts_cases(rate):
        return 0.0
    bearable = float(rate["threshold"]) * float(rate["accountable_denominator"])
    beyond = float(rate["accountable_numerator"]) - bearable
    return -beyond if rate["is_higher_better"] else beyond


def sentence(words: Words, rate: Row) -> str:
    """Return how far the measure is from its limit; empty where that cannot be said."""
    beyond = distance(rate)
    if beyond is None:
        return ""
    metric_id = rate["metric_id"]
    if beyond > 0:
        return words.say(_TOO_MANY.get(metric_id, _TOO_MANY_OTHERWISE), n=beyond)
    if beyond == 0:
        return words.say(_NO_ROOM)
    return words.say(_ROOM.get(metric_id, _ROOM_OTHERWISE), n=-beyond)


def label(words: Words, rate: Row) -> str:
    """Return the limit as a chart or a tile labels it; empty where there is none."""
    if rate["threshold"] is None:
        return ""
    return words.text("Limit {limit}", limit=wording.bound(words, rate, rate["threshold"]))


def missed(words: Words, rate: Row) -> str:
    """Return how many of how many units missed; of a score or a duration its mean."""
    numerator, denominator = int(rate["numerator"]), int(rate["denominator"])
    if rate["unit"] != "rate":
        return units.average(words, rate, wording.rate_value(words, rate))
    count = denominator - numerator if rate["is_higher_better"] else numerator
    return units.missed(words, rate, count, denominator)


def _reviews_beyond(points: Decimal, reviews: Decimal, limit: Decimal) -> int | None:
    lacking = limit * reviews - points
    if lacking > 0:
        # So many best reviews lift the mean of all, themselves included, to the limit.
        return _whole(lacking / (_BEST - limit), up=True) if limit < _BEST else None
    # And so many of one star lower it to the limit.
    return -_whole(-lacking / (limit - 1), up=False) if limit > 1 else None


def _whole(amount: Decimal, *, up: bool) -> int:
    return int(amount.to_integral_value(ROUND_CEILING if up else ROUND_FLOOR))
