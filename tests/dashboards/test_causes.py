"""What the orders that missed a measure have in common, and how small a trend can be."""

from datetime import date, timedelta
from typing import Any

import pytest

from dashboards.charts import sparklines
from dashboards.components import causes
from dashboards.words.languages import Language
from dashboards.words.words import words_in

ENGLISH = words_in("en")
NOTHING = {"weekday": None, "product_id": None, "product_name": None, "category_name": None}


def a_row(missed: int, counted: int, **of: Any) -> dict[str, Any]:
    return {**NOTHING, "missed_count": missed, "counted_count": counted, **of}


def test_the_cause_with_the_most_misses_comes_first() -> None:
    rows = [a_row(3, 74, weekday=3), a_row(9, 137, weekday=1), a_row(3, 80, weekday=7)]

    found = causes.by_dimension(ENGLISH, rows)

    assert [cause.name for cause in found["weekday"]] == ["Monday", "Sunday", "Wednesday"]


@pytest.mark.parametrize(
    ("language", "monday"), [("en", "Monday"), ("de", "Montag"), ("ru", "понедельник")]
)
def test_weekdays_are_in_the_readers_language(language: Language, monday: str) -> None:
    [cause] = causes.by_dimension(words_in(language), [a_row(1, 2, weekday=1)])["weekday"]

    assert cause.name == monday


def test_a_dimension_with_one_value_explains_nothing() -> None:
    rows = [
        a_row(1, 2, weekday=1),
        a_row(1, 2, category_name="Power tools"),
        a_row(1, 1, product_id="p1", product_name="Drill"),
        a_row(0, 1, product_id="p2"),
        a_row(1, 1),  # lines without a product or a category
    ]

    found = causes.by_dimension(ENGLISH, rows)

    assert set(found) == {"weekday", "product"}
    assert [cause.name for cause in found["product"]] == ["Drill", "p2"]


def a_window(days_ago: int, rate: float | None, threshold: float | None = 0.04) -> dict[str, Any]:
    end = date(2026, 7, 1) - timedelta(days=days_ago)
    return {"window_end": end, "rate": rate, "threshold": threshold}


def test_a_sparkline_runs_from_the_first_day_to_the_last_and_holds_the_limit() -> None:
    # From 2 % to 6 %: the limit of 4 % is half way, and half way of 8 to 92 is 50.
    drawn = sparklines.of([a_window(90, 0.02), a_window(30, None), a_window(0, 0.06)])

    assert drawn is not None
    assert drawn.limit == 50
    assert drawn.polygon == "0.0% 89.0%, 100.0% 5.0%, 100.0% 11.0%, 0.0% 95.0%"


def test_a_limit_above_all_values_is_in_the_picture() -> None:
    drawn = sparklines.of([a_window(90, 0.01), a_window(0, 0.02)])

    assert drawn is not None
    assert drawn.limit == 8


def test_one_point_is_no_trend() -> None:
    assert sparklines.of([a_window(0, 0.02), a_window(30, None)]) is None
    level = sparklines.of([a_window(30, 0.02, None), a_window(0, 0.02, None)])
    assert level is not None
    assert level.limit is None
