"""Fair rates against the trade-off that pages display and against posteriors worked by hand."""

import math
from datetime import date
from typing import Any

import polars as pl
import pytest
from scipy.stats import binom

from pipelines.analytics import fair_rates

LIMIT = 0.01
INNOCENT, GUILTY = 0.005, 0.03
WINDOW_END = date(2025, 7, 1)


def a_row(vendor_id: str, numerator: int, denominator: int, **more: Any) -> dict[str, Any]:
    row = {"vendor_id": vendor_id, "metric_id": "defects", "window_end": WINDOW_END}
    row |= {"category_id": None, "unit": "rate", "is_higher_better": False, "threshold": LIMIT}
    return row | {"numerator": numerator, "denominator": denominator} | more


def judge(*rows: dict[str, Any]) -> pl.DataFrame:
    return fair_rates.posteriors(
        pl.DataFrame(list(rows), schema_overrides={"category_id": pl.String})
    )


def state_of(rows: list[dict[str, Any]], vendor_id: str) -> str:
    states = dict(judge(*rows).select("vendor_id", "state").iter_rows())
    return str(states[vendor_id])


def states_by_count(units: int) -> list[str]:
    """The state of a vendor with 0, 1, 2 ... of its units defective, in a market of innocents."""
    # one vendor so large that the pooled rate, and with it the prior's mean, is the innocents' rate
    market = a_row("market", 50_000_000, 10_000_000_000)
    rows = [a_row(str(count), count, units) for count in range(units + 1)]
    return judge(market, *rows)["state"].to_list()[1:]


def share_in(states: list[str], accused_as: set[str], rate: float) -> float:
    units = len(states) - 1
    return math.fsum(
        float(binom.pmf(count, units, rate))
        for count, state in enumerate(states)
        if state in accused_as
    )


@pytest.mark.parametrize(
    ("units", "accused_as", "false_alarms", "caught"),
    [
        # decision 17, set before there was code
        (50, {"watch", "act"}, 0.026, 0.44),
        (50, {"act"}, 0.000, 0.02),
        (500, {"watch", "act"}, 0.004, 0.98),
        (500, {"act"}, 0.000, 0.82),
    ],
)
def test_false_alarms_and_misses_are_the_displayed_ones(
    units: int, accused_as: set[str], false_alarms: float, caught: float
) -> None:
    states = states_by_count(units)

    assert share_in(states, accused_as, INNOCENT) == pytest.approx(false_alarms, abs=0.0005)
    assert share_in(states, accused_as, GUILTY) == pytest.approx(caught, abs=0.005)


@pytest.mark.parametrize(
    ("units", "false_alarms", "caught"), [(50, 0.22, 0.78), (500, 0.042, 0.997)]
)
def test_raw_rule_accuses_and_catches_as_displayed(
    units: int, false_alarms: float, caught: float
) -> None:
    states = ["above" if count / units > LIMIT else "ok" for count in range(units + 1)]

    assert share_in(states, {"above"}, INNOCENT) == pytest.approx(false_alarms, abs=0.005)
    assert share_in(states, {"above"}, GUILTY) == pytest.approx(caught, abs=0.005)


def test_interval_and_probability_are_those_of_a_uniform_posterior() -> None:
    # The pooled rate is 1/2, so the judgement begins at Beta(25, 25) and a vendor with 25 of 50 has
    # Beta(50, 50): symmetric, P(rate > 1/2) = 1/2. One vendor tells nothing about another, so the
    # estimate begins at Beta(1/2, 1/2) and has Beta(25.5, 25.5): 80 % between 0.411 and 0.589
    # (normal approximation: 0.5 -+ 1.2816 * sqrt(0.25 / 52) = 0.5 -+ 0.0889).
    result = judge(a_row("V1", 25, 50, threshold=0.5)).row(0, named=True)

    assert result["category_rate"] == pytest.approx(0.5)
    assert result["probability_over_threshold"] == pytest.approx(0.5, abs=1e-9)
    assert result["prior_fit"] == "too_few_vendors"
    assert result["rate_estimate"] == pytest.approx(0.5)
    assert result["rate_lower"] == pytest.approx(0.5 - 0.0889, abs=0.001)
    assert result["rate_upper"] == pytest.approx(0.5 + 0.0889, abs=0.001)


def test_probability_is_the_closed_form_where_the_beta_has_one() -> None:
    # A vendor with nothing on the wrong side and a prior mean of 0.02 = 1/50 has Beta(1, 49 + n):
    # P(rate > t) = (1 - t)^(49 + n). With n = 51 and t = 0.02: 0.98^100 = 0.13262.
    market = a_row("market", 20_000_000, 1_000_000_000, threshold=0.02)

    result = judge(market, a_row("V1", 0, 51, threshold=0.02)).row(1, named=True)

    assert result["probability_over_threshold"] == pytest.approx(0.98**100, abs=1e-9)


def test_wrong_side_is_below_the_threshold_where_more_is_better() -> None:
    # 60 of 100 on time against a limit of 90 %: surely on the wrong side.
    bad = a_row("V1", 60, 100, threshold=0.9, is_higher_better=True)
    good = a_row("V2", 10_000, 10_000, threshold=0.9, is_higher_better=True)

    result = judge(bad, good)

    assert result["state"].to_list() == ["act", "ok"]
    assert result["probability_over_threshold"][0] > 0.99
    assert result["probability_over_threshold"][1] < 0.01


def test_score_is_judged_between_one_and_five() -> None:
    # Ratings of 4 on average: three quarters of the way from 1 to 5.
    result = judge(
        a_row("V1", 4_000, 1_000, unit="score", threshold=4.0, is_higher_better=True)
    ).row(0, named=True)

    assert result["category_rate"] == pytest.approx(4.0)
    assert 3.9 < result["rate_lower"] < 4.0 < result["rate_upper"] < 4.1
    assert result["probability_over_threshold"] == pytest.approx(0.5, abs=0.02)


def test_vendor_without_data_is_not_judged() -> None:
    result = judge(a_row("V1", 0, 0), a_row("V2", 1, 100)).row(0, named=True)

    assert result["state"] == "no_data"
    assert result["rate_lower"] is None
    assert result["rate_upper"] is None
    assert result["probability_over_threshold"] is None


def test_bad_neighbours_alone_never_accuse_a_vendor() -> None:
    # The market is at 20 % against a limit of 1 %; one unit without a defect proves nothing.
    rows = [a_row("market", 2_000_000, 10_000_000), a_row("V1", 0, 1)]

    assert state_of(rows, "V1") == "ok"


def test_small_category_leans_on_the_marketplace() -> None:
    # Category: 50 of 500; all: 50 of 10,000 = 0.005. Shrunk: (50 + 500 * 0.005) / 1,000 = 0.0525,
    # rounded to 0.053 (half up) and, with a limit of 10 %, not held back.
    rows = [
        a_row("small", 50, 500, category_id="C1", threshold=0.1),
        a_row("market", 0, 9_500, category_id="C2", threshold=0.1),
    ]

    category_rate = judge(*rows)["category_rate"][0]

    assert category_rate == pytest.approx(0.0525, abs=0.0006)


def test_rows_come_back_in_their_order_with_their_counts() -> None:
    rows = [a_row(f"V{index}", index % 3, 10 + index) for index in range(20)]

    result = judge(*rows)

    assert result.columns == list(fair_rates.OUTPUT_COLUMNS)
    assert result["vendor_id"].to_list() == [row["vendor_id"] for row in rows]
    assert result["numerator"].to_list() == [row["numerator"] for row in rows]


def test_estimate_lies_in_its_interval_and_the_raw_rate_is_what_was_counted() -> None:
    rows = [a_row(f"V{index}", index % 5, 5 + index) for index in range(60)]

    result = judge(*rows)

    assert result.filter(~pl.col("rate_estimate").is_between("rate_lower", "rate_upper")).is_empty()
    assert result.filter(pl.col("rate_lower") >= pl.col("rate_upper")).is_empty()
    # nobody is said to be late by the neighbours' doing alone: with nothing counted, 0 is possible
    assert result.filter(pl.col("numerator") == 0)["rate_lower"].unique().to_list() == [0]


def test_each_metric_and_window_has_its_own_prior() -> None:
    alike = [a_row(f"V{index}", 10, 100, metric_id="alike") for index in range(60)]
    apart = [a_row(f"V{index}", 2 * index % 100, 100, metric_id="apart") for index in range(60)]

    result = judge(*alike, *apart)

    weights = dict(result.group_by("metric_id").agg(pl.col("prior_weight").first()).iter_rows())
    assert weights["apart"] < 5
    assert weights["alike"] > 1_000
    assert result.filter(pl.col("metric_id") == "alike")["prior_fit"].unique().to_list() == [
        "no_overdispersion"
    ]


def test_empty_marketplace_gives_an_empty_result() -> None:
    frame = pl.DataFrame([a_row("V1", 0, 0)], schema_overrides={"category_id": pl.String})

    assert fair_rates.posteriors(frame.head(0)).height == 0
