"""Example rows for the gallery: made up, whole, and the same on every day of the same version."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from dashboards.components import wording
from dashboards.components.actions import Action
from dashboards.context import Context
from dashboards.listings.periods import Period
from dashboards.published import LastRun
from dashboards.queries.connections import FileHeld
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import message
from dashboards.words.words import Words

_VENDORS = ("V-001", "V-002", "V-003")
_LATE = message("Late shipments").msgid
_ON_TIME = message("On-time delivery").msgid
_SCORE = message("Review score").msgid
_ADVICE = message("Hand parcels over before the ship-by time, the ones due today first.").msgid
_WINDOW_DAYS = 90


def summary(context: Context) -> Row:
    """Return the figures of a window: one that rose, one that fell, and two that are rates."""
    return {
        "window_start": context.window_end - timedelta(days=_WINDOW_DAYS),
        "window_end": context.window_end,
        "gmv": Decimal(739744),
        "previous_gmv": Decimal(709247),
        "commission_amount": Decimal(98311),
        "previous_commission_amount": Decimal(98400),
        "order_count": 4062,
        "previous_order_count": 4120,
        "late_delivery_rate": 0.087,
        "previous_late_delivery_rate": 0.076,
    }


def metrics() -> dict[str, Row]:
    """Return definitions, as far as figures need them."""
    names = {
        "gmv": (message("Sales").msgid, True),
        "commission_amount": (message("Commission").msgid, False),
        "order_count": (message("Orders").msgid, True),
        "late_delivery_rate": (message("Late deliveries").msgid, False),
    }
    return {
        metric_id: {"name": name, "sentence": "", "is_higher_better": is_higher_better}
        for metric_id, (name, is_higher_better) in names.items()
    }


def scorecard(context: Context) -> Rows:
    """Return a measure in each state, and a score."""
    late = {"metric_id": "late_shipment_rate", "metric_name": _LATE, "threshold": 0.04}
    on_time = {
        "metric_id": "on_time_delivery_rate",
        "metric_name": _ON_TIME,
        "threshold": 0.9,
        "is_higher_better": True,
    }
    score = {
        "metric_id": "review_score",
        "metric_name": _SCORE,
        "unit": "score",
        "threshold": 4.0,
        "is_higher_better": True,
    }
    return (
        _rate(context, late, "act", 30, 459),
        _rate(context, on_time, "watch", 131, 150),
        _rate(context, score, "ok", 168, 40),
        _rate(context, late, "no_data", 0, 0),
    )


def history(context: Context, rate: Row) -> Rows:
    """Return a measure at the end of each of twelve spans, the last one now."""
    moves = (24, 22, 23, 5, 11, -1, 1, -3, 10, 8, 6, 0)
    value = rate["rate"] if rate["rate"] is not None else float(rate["threshold"])
    # Every measure has become worse, whichever way that is.
    step = value / 70 if rate["is_higher_better"] else -value / 70
    first = context.window_end - timedelta(days=30 * (len(moves) - 1))
    return tuple(
        {
            "window_start": first + timedelta(days=30 * number - _WINDOW_DAYS),
            "window_end": first + timedelta(days=30 * number),
            "denominator": rate["denominator"],
            "rate": value + step * move,
            "rate_estimate": value + step * move,
            "rate_lower": value + step * move - abs(step) * 14,
            "rate_upper": value + step * move + abs(step) * 16,
            "threshold": rate["threshold"],
        }
        for number, move in enumerate(moves)
    )


def issues(context: Context) -> Rows:
    """Return issues of several vendors, one of which has two."""
    late, on_time, score, _ = scorecard(context)
    stakes = {"missed_order_count": 30, "gmv_at_stake": Decimal("5351.03")}
    of = [(late, 0), (on_time, 0), (on_time, 1), ({**score, "state": "watch"}, 2)]
    return tuple(
        {**rate, **stakes, "vendor_id": _VENDORS[place], "vendor_name": _VENDORS[place]}
        for rate, place in of
    )


def actions(context: Context) -> list[Action]:
    """Return an action with a deadline, and one without."""
    words = context.words
    by = context.moment(datetime.combine(context.window_end, datetime.min.time()), with_zone=True)
    return [
        Action(
            state="act",
            state_words=words.text("Overdue"),
            what=words.count("Ship {n} order", "Ship {n} orders", 4),
            link="/gallery",
            link_text=words.text("Gallery"),
            deadline=words.count(
                "{n} order is due by {moment}.",
                "{n} orders are due, the first by {moment}.",
                4,
                moment=by,
            ),
        ),
        Action(
            state="watch",
            state_words=words.say(wording.STATES["watch"]),
            what=words.published(_ADVICE),
            link="/gallery",
            link_text=words.text("Gallery"),
            consequence=words.text("Unexplained: {amount}.", amount=context.money(2252)),
        ),
    ]


def comparisons(context: Context) -> Rows:
    """Return a comparison that differs, one that agrees and one that cannot be made."""
    return (
        _comparison(context, "payouts", "refunds", "act", "2408.64", "156.63"),
        _comparison(context, "erp", "goods", "ok", "303.20", "303.20"),
        _comparison(context, "accounting", "refunds", "no_data", None, None),
    )


def systems() -> Rows:
    """Return a system in each state."""
    found = {
        "failed": ("erp", "rejected", 2),
        "warning": ("crm", "quarantined", 12),
        "ok": ("shop", "all_complete", 0),
        "absent": ("pim", "nothing_delivered", 0),
    }
    return tuple(
        {
            "system": system,
            "state": state,
            "finding": finding,
            "finding_count": count,
            "finding_what": "",
            "finding_title": "",
            "held_back_code": "nothing",
            "held_back_what": "",
            "feed_count": 6,
            "troubled_count": 0,
            "differing_comparison_count": 0,
            "expected_count": 6,
            "delivered_count": 6,
            "open_quarantine_count": count if finding == "quarantined" else 0,
            "failing_check_count": 0,
            "event_lag_days": 0,
            "last_good_load_at": None,
        }
        for state, (system, finding, count) in found.items()
    )


def stale_runs(context: Context) -> Sequence[LastRun]:
    """Return the ways in which a run may have published nothing."""
    at = datetime.combine(context.window_end, datetime.min.time(), UTC)
    return LastRun(at=at, outcome="blocked"), LastRun(at=at, outcome="failed")


def file_held() -> FileHeld:
    """Return that another program keeps the data open."""
    return FileHeld(Path("operator.duckdb"), "4711", "duckdb")


def pills(words: Words) -> list[tuple[str, str]]:
    """Return every state in its colour and its word."""
    return [
        *((state, words.say(said)) for state, said in wording.STATES.items()),
        ("quiet", words.text("This marketplace's clock stands still")),
        ("ok", words.text("Data complete")),
        ("watch", words.count("{n} warning", "{n} warnings", 1)),
        ("act", words.count("{n} day old", "{n} days old", 148)),
    ]


def days(context: Context) -> tuple[Rows, Period]:
    """Return sales of sixty days, with a day without any, and the period of the last thirty."""
    first = context.window_end - timedelta(days=60)
    rows = tuple(
        {
            "order_date": first + timedelta(days=number),
            "gmv": Decimal(4000 + 900 * (number % 7) + 350 * (number % 5)),
        }
        for number in range(60)
        if number != 30
    )
    half, last = first + timedelta(days=30), context.window_end - timedelta(days=1)
    return rows, Period("", None, half, last)


def causes() -> Rows:
    """Return where a measure was missed: by weekday and by product."""
    by_weekday = ((1, 9, 137), (2, 8, 118), (3, 3, 74), (4, 6, 67), (5, 4, 63))
    by_product = (("P-1", 14, 80), ("P-2", 10, 160), ("P-3", 6, 219))
    nothing = {"weekday": None, "product_id": None, "product_name": None, "category_name": None}
    return (
        *(
            {**nothing, "weekday": day, "missed_count": missed, "counted_count": counted}
            for day, missed, counted in by_weekday
        ),
        *(
            {**nothing, "product_id": name, "missed_count": missed, "counted_count": counted}
            for name, missed, counted in by_product
        ),
    )


def _rate(context: Context, of: Row, state: str, numerator: int, denominator: int) -> Row:
    rate = numerator / denominator if denominator else None
    return {
        "vendor_id": _VENDORS[0],
        "unit": "rate",
        "is_higher_better": False,
        **of,
        "state": state,
        "numerator": numerator,
        "denominator": denominator,
        "accountable_numerator": numerator,
        "accountable_denominator": denominator,
        "unknown_cause_count": 0,
        "rate": rate,
        "rate_estimate": rate,
        "rate_lower": rate * 0.8 if rate is not None else None,
        "rate_upper": min(rate * 1.2, 5.0) if rate is not None else None,
        "median_hours": None,
        "prior_fit": "fitted",
        "probability_over_threshold": 0.9,
        "window_start": context.window_end - timedelta(days=_WINDOW_DAYS),
        "window_end": context.window_end,
        "window_days": _WINDOW_DAYS,
        "window_kind": "days_90",
        "is_judged": True,
        "metric_version": 1,
        "number_id": None,
        **dict.fromkeys(("sentence", "formula", "membership_date", "exclusions"), ""),
        "vendor_advice": _ADVICE,
    }


def _comparison(
    context: Context,
    source: str,
    measure: str,
    state: str,
    difference: str | None,
    explained: str | None,
) -> Row:
    is_known = difference is not None and explained is not None
    residual = Decimal(difference or 0) - Decimal(explained or 0) if is_known else None
    parts = (
        *("cancelled", "returned", "discounted", "charged_back", "tax", "currency", "rounding"),
        "unmatched",
    )
    return {
        "source": source,
        "measure": measure,
        "state": state,
        "finding": "no_rows",
        "currency_code": context.manifest.currency_code,
        "shop_amount": Decimal("116034.48") if is_known else None,
        "source_amount": Decimal("116034.48") - Decimal(difference or 0) if is_known else None,
        "difference_amount": Decimal(difference) if difference is not None else None,
        "explained_amount": Decimal(explained) if explained is not None else None,
        "residual_amount": residual,
        "residual_size": abs(residual) if residual is not None else None,
        "timing_amount": Decimal(explained) if explained is not None else None,
        **{f"{part}_amount": None for part in parts},
        "unexplained_vendor_count": 3,
        "unexplained_day_count": 4,
    }
