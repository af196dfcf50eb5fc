"""Distances to limits, worked by hand."""

from typing import Any

import pytest

from dashboards.components import limits
from dashboards.words.words import words_in

ENGLISH = words_in("en")


def a_rate(
    numerator: int, denominator: int, threshold: float | None, metric_id: str, **changes: Any
) -> dict[str, Any]:
    rate = {
        "metric_id": metric_id,
        "unit": "rate",
        "numerator": numerator,
        "denominator": denominator,
        "accountable_numerator": numerator,
        "accountable_denominator": denominator,
        "threshold": threshold,
        "is_higher_better": metric_id in {"on_time_delivery_rate", "review_score"},
    }
    return rate | changes


LATE, ON_TIME, CANCELLED = (
    "late_shipment_rate",
    "on_time_delivery_rate",
    "vendor_cancellation_rate",
)


@pytest.mark.parametrize(
    ("metric_id", "numerator", "denominator", "threshold", "distance", "said"),
    [
        # 4 % of 459 are 18.36, so 18 may be late: 30 - 18
        (LATE, 30, 459, 0.04, 12, "12 fewer late shipments would meet the limit."),
        # 18.36 - 18: none is left
        (LATE, 18, 459, 0.04, 0, "The limit is met, and the next miss would break it."),
        (LATE, 19, 459, 0.04, 1, "1 fewer late shipment would meet the limit."),
        (LATE, 10, 459, 0.04, -8, "8 more late shipments would still meet the limit."),
        # 29 % of 100 are 29, though 0.29 * 100 is 28.999999999999996 to a machine
        (LATE, 29, 100, 0.29, 0, "The limit is met, and the next miss would break it."),
        # 90 % of 131 are 117.9, so 118 must be on time: 118 - 95
        (ON_TIME, 95, 131, 0.9, 23, "23 more deliveries on time would meet the limit."),
        # 90 % of 468 are 421.2: of 436 that were on time 14 more could be late
        (ON_TIME, 436, 468, 0.9, -14, "14 more deliveries too late would still meet the limit."),
        # 2.5 % of 476 are 11.9
        (CANCELLED, 16, 476, 0.025, 5, "5 fewer cancellations would meet the limit."),
    ],
)
def test_the_distance_to_a_limit_is_in_orders(
    metric_id: str, numerator: int, denominator: int, threshold: float, distance: int, said: str
) -> None:
    rate = a_rate(numerator, denominator, threshold, metric_id)

    assert limits.distance(rate) == distance
    assert limits.sentence(ENGLISH, rate) == said


def test_the_distance_is_counted_in_what_the_vendor_answers_for() -> None:
    # 30 of 459 were late; without the 12 of a carrier that stood still 18 of 447, and 4 % are 17.88
    rate = a_rate(30, 459, 0.04, LATE, accountable_numerator=18, accountable_denominator=447)

    assert limits.distance(rate) == 1
    assert limits.excess_cases(rate) == pytest.approx(0.12)


@pytest.mark.parametrize(
    ("points", "reviews", "distance", "said"),
    [
        # 38 reviews need 152 points and have 140: 12 / (5 - 4), and (140 + 60) / 50 is 4.0
        (140, 38, 12, "12 more five-star reviews would meet the limit."),
        # 10 points to spare bear three of one star: (50 + 3) / (10 + 3) is 4.08, with four 3.86
        (50, 10, -3, "3 more one-star reviews would still meet the limit."),
        (40, 10, 0, "The limit is met, and the next miss would break it."),
    ],
)
def test_the_distance_of_a_score_is_in_reviews(
    points: int, reviews: int, distance: int, said: str
) -> None:
    score = a_rate(points, reviews, 4.0, "review_score", unit="score")

    assert limits.distance(score) == distance
    assert limits.sentence(ENGLISH, score) == said


@pytest.mark.parametrize(("denominator", "threshold"), [(0, 0.04), (10, None)])
def test_without_orders_or_without_a_limit_there_is_no_distance(
    denominator: int, threshold: float | None
) -> None:
    rate = a_rate(0, denominator, threshold, LATE)

    assert limits.distance(rate) is None
    assert limits.sentence(ENGLISH, rate) == ""


def test_a_metric_that_is_new_here_has_a_distance_too() -> None:
    rate = a_rate(5, 10, 0.2, "a_new_rate", is_higher_better=False)

    assert limits.sentence(ENGLISH, rate) == "3 fewer misses would meet the limit."


@pytest.mark.parametrize(
    ("rate", "excess"),
    [
        (a_rate(30, 459, 0.04, LATE), 11.64),  # 30 - 18.36
        (a_rate(10, 459, 0.04, LATE), -8.36),
        (a_rate(95, 131, 0.9, ON_TIME), 22.9),  # 117.9 - 95
        (a_rate(436, 468, 0.9, ON_TIME), -14.8),
        (a_rate(140, 38, 4.0, "review_score", unit="score"), 0),
        (a_rate(5, 10, None, LATE), 0),
    ],
)
def test_cases_beyond_a_limit_have_the_sign_of_the_measure(
    rate: dict[str, Any], excess: float
) -> None:
    assert limits.excess_cases(rate) == pytest.approx(excess)
