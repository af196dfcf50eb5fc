"""Changes, with what they mean."""

from datetime import date, timedelta
from typing import Any

import pytest

from dashboards.components import changes
from dashboards.words.languages import Language
from dashboards.words.words import words_in

ENGLISH = words_in("en")
END = date(2026, 7, 1)


def a_window(end: date, rate: float | None) -> dict[str, Any]:
    return {"window_start": end - timedelta(days=90), "window_end": end, "rate": rate}


def a_rate(rate: float | None, *, is_higher_better: bool = False, unit: str = "rate") -> Any:
    about = {"unit": unit, "is_higher_better": is_higher_better, "is_judged": True}
    return a_window(END, rate) | about


def test_a_rate_is_compared_with_the_latest_window_that_shares_no_order_with_it() -> None:
    # The window begins on 2 April: those that end on 1 May and 1 June overlap it.
    history = [
        a_window(date(2026, 3, 1), 0.02),
        a_window(date(2026, 4, 1), 0.057),
        a_window(date(2026, 5, 1), 0.06),
        a_window(date(2026, 6, 1), 0.07),
        a_window(END, 0.065),
    ]

    change = changes.of_rate(ENGLISH, a_rate(0.065), history)

    assert change is not None
    assert (change.amount, change.meaning_words) == ("+0.8 percentage points", "worse")
    assert change.against.replace("\u2009", " ") == "against 1 Jan \u2013 31 Mar 2026"


def test_a_window_that_judges_nothing_is_compared_with_none_that_judges() -> None:
    other = a_rate(0.065) | {"is_judged": False}

    assert changes.of_rate(ENGLISH, other, [a_window(date(2026, 4, 1), 0.057)]) is None


@pytest.mark.parametrize(
    ("now", "before", "is_higher_better", "amount", "arrow", "meaning"),
    [
        (0.065, 0.05, False, "+1.5 percentage points", "▲", "worse"),
        (0.05, 0.065, False, "\u22121.5 percentage points", "▼", "better"),
        (0.95, 0.93, True, "+2.0 percentage points", "▲", "better"),
        (0.93, 0.95, True, "\u22122.0 percentage points", "▼", "worse"),
        (0.0501, 0.0499, False, "\u00b10.0 percentage points", "■", "same"),
    ],
)
def test_whether_more_is_better_depends_on_the_measure(
    now: float, before: float, is_higher_better: bool, amount: str, arrow: str, meaning: str
) -> None:
    history = [a_window(date(2026, 4, 1), before)]

    change = changes.of_rate(ENGLISH, a_rate(now, is_higher_better=is_higher_better), history)

    assert change is not None
    assert (change.amount, change.arrow, change.meaning) == (amount, arrow, meaning)


def test_a_duration_changes_by_hours_and_the_vendor_score_by_points() -> None:
    history = [a_window(date(2026, 4, 1), 16.4)]

    slower = changes.of_rate(ENGLISH, a_rate(31.8) | {"unit": "hours"}, history)
    score = changes.of_rate(ENGLISH, a_rate(31.8) | {"unit": "points"}, history)

    assert slower is not None
    assert score is not None
    assert (slower.amount, slower.meaning) == ("+15.4 h", "worse")
    assert score.amount == "+15"


@pytest.mark.parametrize(
    "history", [[], [a_window(date(2026, 6, 1), 0.1)], [a_window(date(2026, 4, 1), None)]]
)
def test_without_an_earlier_window_there_is_no_change(history: list[dict[str, Any]]) -> None:
    assert changes.of_rate(ENGLISH, a_rate(0.05), history) is None


def test_a_score_changes_in_stars() -> None:
    rate = a_rate(4.21, is_higher_better=True, unit="score")

    change = changes.of_rate(ENGLISH, rate, [a_window(date(2026, 4, 1), 4.23)])

    assert change is not None
    assert (change.amount, change.meaning) == ("\u22120.02", "worse")


@pytest.mark.parametrize(
    ("language", "amount"),
    [("en", "+4.3%"), ("de", "+4,3\u00a0%"), ("ru", "+4,3\u00a0%")],
)
def test_a_figure_changes_in_per_cent(language: Language, amount: str) -> None:
    # 739,744 - 709,247 are 30,497, which are 4.3 % of 709,247.
    change = changes.of_figure(
        words_in(language), "money", 739744, 709247, "", is_higher_better=True
    )

    assert change is not None
    assert (change.amount, change.meaning) == (amount, "better")


def test_a_change_that_is_neither_good_nor_bad_has_no_word() -> None:
    change = changes.of_figure(ENGLISH, "count", 90, 100, "", is_higher_better=None)

    assert change is not None
    assert (change.amount, change.meaning, change.meaning_words) == ("\u221210.0%", "open", "")


def test_from_nothing_there_is_no_change_in_per_cent() -> None:
    assert changes.of_figure(ENGLISH, "count", 90, 0, "", is_higher_better=True) is None
    assert changes.of_figure(ENGLISH, "count", None, 90, "", is_higher_better=True) is None
