"""The sentence with which a page about measures opens."""

from collections.abc import Sequence

from dashboards.components import limits, wording
from dashboards.components.attention import Need
from dashboards.queries.reader import Row
from dashboards.words.messages import Message, counted, message
from dashboards.words.words import Words

_OWN: dict[tuple[str, str], Message] = {
    ("late_shipment_rate", "act"): message("Late shipments need action: {orders}."),
    ("on_time_delivery_rate", "act"): message("On-time delivery needs action: {orders} missed it."),
    ("late_delivery_rate_by_date", "act"): message("Late deliveries need action: {orders}."),
    ("vendor_cancellation_rate", "act"): message("Your cancellations need action: {orders}."),
    ("review_score", "act"): message("Your review score needs action: {orders}."),
    ("late_shipment_rate", "watch"): message("Keep an eye on late shipments: {orders}."),
    ("on_time_delivery_rate", "watch"): message(
        "Keep an eye on on-time delivery: {orders} missed it."
    ),
    ("late_delivery_rate_by_date", "watch"): message("Keep an eye on late deliveries: {orders}."),
    ("vendor_cancellation_rate", "watch"): message("Keep an eye on cancellations: {orders}."),
    ("review_score", "watch"): message("Keep an eye on your review score: {orders}."),
}
_OTHERWISE = {
    "act": message("Action needed: {measure}, {counted}."),
    "watch": message("Keep an eye on {measure}: {counted}."),
}
_CALM = {
    "ok": message("All is well: no measure points to a problem."),
    "no_data": message("There are not enough orders yet to judge anything."),
}
_ACTING = counted(
    "{n} vendor needs action: {cases} beyond the limit.",
    "{n} vendors need action: {cases} beyond their limits.",
)
_WATCHED = counted("No vendor needs action; {n} to watch.", "No vendor needs action; {n} to watch.")
_MEASURES_ACTING = counted(
    "{n} of {all} measures needs action, {watched} to watch.",
    "{n} of {all} measures need action, {watched} to watch.",
)
_MEASURES_WATCHED = counted(
    "No measure needs action; {n} to watch.", "No measure needs action; {n} to watch."
)
_BY_CHANCE = counted(
    "No measure needs action; {n} is beyond its limit, which may be chance.",
    "No measure needs action; {n} are beyond their limits, which may be chance.",
)
_CASES = counted("{n} case", "{n} cases")


def of_vendor(words: Words, scorecard: Sequence[Row]) -> str:
    """Return how a vendor does by its worst measure; empty before its first order."""
    if not scorecard:
        return ""
    worst = scorecard[0]
    if worst["state"] in _CALM:
        return _calm(words, scorecard)
    said = _OWN.get((worst["metric_id"], worst["state"]))
    missed = limits.missed(words, worst)
    if said is None:
        name = wording.metric_name(words, worst, is_own=True)
        return words.code(_OTHERWISE, worst["state"], measure=name, counted=missed)
    return words.say(said, orders=missed)


def of_measures(words: Words, scorecard: Sequence[Row]) -> str:
    """Return how many of a vendor's measures need action or are to be watched."""
    states = [rate["state"] for rate in scorecard]
    acting, watched = states.count("act"), states.count("watch")
    if acting:
        return words.say(_MEASURES_ACTING, n=acting, all=len(states), watched=watched)
    if watched:
        return words.say(_MEASURES_WATCHED, n=watched)
    return _calm(words, scorecard)


def _calm(words: Words, scorecard: Sequence[Row]) -> str:
    """Return what there is to say where nothing needs action and nothing is to be watched."""
    if by_chance := sum(wording.may_be_chance(rate) for rate in scorecard):
        return words.say(_BY_CHANCE, n=by_chance)
    is_ok = any(rate["state"] == "ok" for rate in scorecard)
    return words.say(_CALM["ok" if is_ok else "no_data"])


def of_marketplace(words: Words, needs: Sequence[Need]) -> str:
    """Return how many vendors need action, and how many cases that is about."""
    acting = [need for need in needs if need.state == "act"]
    if acting:
        cases = sum(need.cases_beyond for need in acting)
        if not cases:  # scores and durations alone: they count none
            return words.count("{n} vendor needs action.", "{n} vendors need action.", len(acting))
        return words.say(_ACTING, n=len(acting), cases=words.say(_CASES, n=cases))
    if needs:
        return words.say(_WATCHED, n=len(needs))
    return words.text("No vendors need attention.")
