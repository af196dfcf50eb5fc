"""Days unlike their weekday, on series whose answer is clear by hand."""

from datetime import date, timedelta

import polars as pl
import pytest

from output.findings.finding import readable
from pipelines.analytics.anomalies import Span, judge, usual_exceptions

MONDAY = date(2026, 3, 2)
DAYS = 70


def a_series(
    values: list[float], kind: str = "count", *, can_block: bool = True, weight: float = 100
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "series_id": ["s"] * len(values),
            "kind": [kind] * len(values),
            "can_block": [can_block] * len(values),
            "day": [MONDAY + timedelta(days=at) for at in range(len(values))],
            "value": values,
            "weight": [weight] * len(values),
        }
    )


def last_of(history: pl.DataFrame, **span: object) -> dict[str, object]:
    end = history["day"].max() + timedelta(days=1)  # type: ignore[operator]
    return judge(history, Span(end - timedelta(days=1), end, **span)).to_dicts()[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (1000.0, "ok"),
        (1200.0, "ok"),  # ln 1.2 / 0.1 = 1.8 deviations: the noise is never taken below 10 %
        (500.0, "warn"),  # ln 2 / 0.1 = 6.9
        (2000.0, "warn"),
        (300.0, "block"),  # less than a third, 12 deviations
        (0.0, "block"),
        (9_000.0, "warn"),  # 22 deviations, and yet a campaign may do it
        (10_100.0, "block"),  # more than ten times
    ],
)
def test_day_is_compared_with_its_weekday(value: float, state: str) -> None:
    history = a_series([1000.0] * DAYS + [value])

    judged = last_of(history)

    assert judged["state"] == state
    assert judged["expected"] == 1000.0


def test_few_rows_are_never_further_off_than_chance() -> None:
    # 9 usual, none today: 2 (sqrt(0.375) - sqrt(9.375)) = -4.9
    judged = last_of(a_series([9.0] * DAYS + [0.0]))

    assert judged["state"] == "warn"
    assert judged["deviation"] == pytest.approx(-4.90, abs=0.01)


def test_weekday_is_compared_with_its_own_kind() -> None:
    week = [100.0, 100.0, 100.0, 100.0, 100.0, 0.0, 0.0]

    states = judge(
        a_series(week * 12), Span(MONDAY + timedelta(days=77), MONDAY + timedelta(days=84))
    )["state"]

    assert set(states) == {"ok"}


def test_growth_is_no_anomaly() -> None:
    # By 4 % a week: after eight weeks the median of the weekday is 1.04 ** 4.5 = 19 % behind.
    values = [1000 * 1.04 ** (at / 7) for at in range(140)]

    judged = judge(
        a_series(values), Span(MONDAY + timedelta(days=70), MONDAY + timedelta(days=140))
    )

    assert set(judged["state"]) == {"ok"}


def test_one_wild_day_in_the_past_changes_nothing() -> None:
    history = [1000.0] * DAYS
    history[-7] = 90_000.0

    assert last_of(a_series([*history, 1000.0]))["state"] == "ok"
    assert last_of(a_series([*history, 0.0]))["state"] == "block"


def test_only_the_last_day_and_only_some_series_block() -> None:
    history = a_series([1000.0] * DAYS + [0.0, 1000.0])
    last_two = judge(history, Span(MONDAY + timedelta(days=70), MONDAY + timedelta(days=72)))[
        "state"
    ]

    assert last_two.to_list() == ["warn", "ok"]
    assert last_of(a_series([1000.0] * DAYS + [0.0], can_block=False))["state"] == "warn"


def test_day_without_a_row_counts_as_none() -> None:
    history = a_series([1000.0] * DAYS)

    judged = judge(history, Span(MONDAY + timedelta(days=DAYS), MONDAY + timedelta(days=DAYS + 1)))

    assert judged["state"].to_list() == ["block"]


def test_known_days_may_be_off_but_not_silent() -> None:
    day = frozenset({MONDAY + timedelta(days=DAYS)})

    assert last_of(a_series([1000.0] * DAYS + [9000.0]), unusual=day)["state"] == "ok"
    assert last_of(a_series([1000.0] * DAYS + [100.0]), unusual=day)["state"] == "ok"
    assert last_of(a_series([1000.0] * DAYS + [0.0]), unusual=day)["state"] == "warn"


@pytest.mark.parametrize(
    ("value", "state"), [(0.1, "ok"), (0.15, "ok"), (0.4, "warn"), (0.9, "block")]
)
def test_share_of_empty_values_may_not_jump(value: float, state: str) -> None:
    # A tenth is empty; of 100 rows chance makes 3 % of that, and 2 % are always allowed.
    assert last_of(a_series([0.1] * DAYS + [value], "share"))["state"] == state


@pytest.mark.parametrize(
    ("value", "weight", "state"),
    [(60.0, 100, "ok"), (5000.0, 100, "block"), (5000.0, 5, "warn"), (120.0, 100, "warn")],
)
def test_average_times_a_hundred_is_surely_broken(value: float, weight: float, state: str) -> None:
    history = a_series([50.0] * DAYS + [value], "average", weight=weight)

    assert last_of(history)["state"] == state


def test_without_four_weeks_nothing_is_said() -> None:
    assert last_of(a_series([1000.0] * 21 + [0.0]))["state"] == "unknown"


def test_black_week_and_the_turn_of_the_year_are_known() -> None:
    known = usual_exceptions([2025])

    # Thanksgiving 2025 is 27 November, so Black Friday the 28th and Cyber Monday 1 December.
    assert {date(2025, 11, 28), date(2025, 12, 1), date(2025, 12, 25)} <= known
    assert date(2025, 11, 20) not in known


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.12345, "0.1235"),
        (12.0, "12"),
        (125.8, "125.8"),
        (1e7, "10,000,000"),
        (-2e6, "-2,000,000"),
    ],
)
def test_figures_in_sentences_have_no_exponent(value: float, text: str) -> None:
    assert readable(value) == text
