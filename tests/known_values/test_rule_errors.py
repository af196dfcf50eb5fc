"""What a rule gets wrong, against the table that was published before there was code."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from pipelines.analytics.empirical_bayes import Numbers
from pipelines.analytics.rule_errors import counts_to_accuse, errors, of_vendors, share_accused
from pipelines.analytics.vendor_judgement import judged, rated_vendors

LIMIT = 0.01
INNOCENT, GUILTY = 0.005, 0.03


@pytest.mark.parametrize(
    ("units", "weight", "certainty", "accused", "caught"),
    [
        # decision 17, set before there was code
        (50, 50, 0.80, 0.026, 0.44),
        (50, 200, 0.95, 0.000, 0.02),
        (500, 50, 0.80, 0.004, 0.98),
        (500, 200, 0.95, 0.000, 0.82),
    ],
)
def test_accused_and_caught_are_the_published_shares(
    units: int, weight: float, certainty: float, accused: float, caught: float
) -> None:
    of_it = np.array([float(units)])
    prior = (np.array([weight * INNOCENT]), np.array([weight * (1 - INNOCENT)]))

    count = counts_to_accuse(of_it, np.array([LIMIT]), prior, certainty)

    assert share_accused(of_it, count, np.array([INNOCENT]))[0] == pytest.approx(accused, abs=5e-4)
    assert share_accused(of_it, count, np.array([GUILTY]))[0] == pytest.approx(caught, abs=5e-3)


def test_simulated_vendors_are_accused_as_often_as_displayed_at_every_size() -> None:
    sizes, draws = [3, 10, 30, 100, 300, 1_000], 40_000
    frame = pl.DataFrame({
        "vendor_id": [f"V{size}" for size in sizes], "window_end": date(2025, 7, 1),
        "is_higher_better": [False, True] * 3, "threshold": [0.04, 0.9] * 3,
        "denominator": sizes, "prior_mean": [0.06, 0.92] * 3, "prior_weight": 12.0,
        "prior_group": "category", "category_rate": [0.04, 0.92] * 3,
    })  # fmt: skip
    random = np.random.default_rng(2)

    for row in errors(frame).iter_rows(named=True):
        certainty = {"watch": 0.8, "act": 0.95}[row["level"]]
        is_better = row["is_higher_better"]
        for rate, shown in (("innocent_rate", "accused_share"), ("guilty_rate", "caught_share")):
            counts = random.binomial(row["denominator"], row[rate], draws)
            # the rule by another route: the metric's own rate, and another library's Beta
            mean, every = (0.92 if is_better else 0.04), np.arange(row["denominator"] + 1)
            a, b = 12 * mean + every, 12 * (1 - mean) + row["denominator"] - every
            beyond = stats.beta.cdf if is_better else stats.beta.sf
            accused = (beyond(row["threshold"], a, b) >= certainty)[counts].mean()
            error = 4 * np.sqrt(0.25 / draws)
            assert accused == pytest.approx(row[shown], abs=error), (row, rate)


def test_rates_looked_at_are_half_and_three_times_the_failing_share_of_the_limit() -> None:
    frame = pl.DataFrame({
        "is_higher_better": [False, True, True], "threshold": [0.04, 0.9, 0.5],
        "denominator": [50, 50, 50], "prior_mean": [0.02, 0.95, 0.7], "prior_weight": 10.0,
        "prior_group": "marketplace", "category_rate": [0.02, 0.95, 0.7],
    })  # fmt: skip

    watch = errors(frame).filter(pl.col("level") == "watch")

    assert watch["innocent_rate"].to_list() == pytest.approx([0.02, 0.95, 0.75])
    assert watch["guilty_rate"].to_list() == pytest.approx([0.12, 0.70, 0.25])


def test_a_rule_that_never_accuses_says_so() -> None:
    frame = pl.DataFrame({
        "is_higher_better": [False], "threshold": [0.04], "denominator": [2],
        "prior_mean": [0.01], "prior_weight": 500.0, "prior_group": ["category"],
        "category_rate": [0.01],
    })  # fmt: skip

    act = errors(frame).filter(pl.col("level") == "act").row(0, named=True)

    assert (act["from_count"], act["accused_share"], act["caught_share"]) == (None, 0, 0)


def ratings_of(name: str, stars: Numbers) -> dict[str, Any]:
    return {
        "vendor_id": name, "metric_id": "stars", "window_kind": "days_90",
        "window_end": date(2025, 7, 1), "category_id": None, "unit": "score",
        "is_higher_better": True, "threshold": 4.0, "numerator": float(stars.sum()),
        "denominator": len(stars), "numerator_squares": float((stars**2).sum()),
        "score_weight": 1,
    }  # fmt: skip


def all_or_nothing(random: np.random.Generator, mean: float, count: int) -> Numbers:
    """One star or five: of ratings with a mean none spread wider, so the most are mistaken."""
    return np.where(random.random(count) < (mean - 1) / 4, 5.0, 1.0)


def a_market_of_ratings(random: np.random.Generator, vendors: int) -> list[dict[str, Any]]:
    means = random.normal(4.3, 0.3, vendors).clip(2, 4.9)
    return [
        ratings_of(f"V{index}", all_or_nothing(random, mean, 2 + index % 60))
        for index, mean in enumerate(means)
    ]


def a_frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema_overrides={"category_id": pl.String})


def test_simulated_mean_ratings_are_accused_as_often_as_displayed_at_every_size() -> None:
    random, draws = np.random.default_rng(4), 4_000
    frame = a_frame(a_market_of_ratings(random, 300))
    known = rated_vendors(frame)
    shown = of_vendors(frame)

    for level, certainty in (("watch", 0.8), ("act", 0.95)):
        rows = shown.filter(pl.col("level") == level)
        for rate, share in (
            ("innocent_rating", "accused_share"),
            ("guilty_rating", "caught_share"),
        ):
            accused = np.zeros(frame.height)
            for _ in range(draws):
                drawn = random.normal(rows[rate].to_numpy(), np.sqrt(known.variance))
                middle, spread = replace(known, mean=drawn).posterior(
                    np.maximum(known.prior_mean, 4.0)
                )
                # no mean of ratings is below one star, and the normal one's tail there accuses none
                accused += stats.norm.cdf(4.0, middle, spread) >= certainty
            error = 5 * np.sqrt(0.25 / draws)
            judged_of = rows["from_rating"].is_not_null().to_numpy()
            assert judged_of.sum() > 200
            assert accused[judged_of] / draws == pytest.approx(
                rows[share].to_numpy()[judged_of], abs=error
            )


@pytest.mark.parametrize(
    ("size", "true_mean", "column"),
    [(12, 4.5, "accused_share"), (12, 2.5, "caught_share"), (25, 2.5, "caught_share")],
)
def test_vendors_with_whole_stars_are_judged_as_often_as_displayed(
    size: int, true_mean: float, column: str
) -> None:
    random, vendors = np.random.default_rng(8), 500
    looked_at = [
        ratings_of(f"S{each}", all_or_nothing(random, true_mean, size)) for each in range(vendors)
    ]
    frame = a_frame([*a_market_of_ratings(random, 3_000), *looked_at])
    is_looked_at = pl.col("vendor_id").str.starts_with("S")

    states = judged(frame).filter(is_looked_at)["state"]
    rows = of_vendors(frame).filter(is_looked_at, pl.col("level") == "watch")

    # four standard errors, and a point for stars that are whole while the normal law is not
    shown, found = rows[column].to_numpy().mean(), states.is_in(["watch", "act"]).to_numpy().mean()
    assert found == pytest.approx(shown, abs=4 * np.sqrt(shown * (1 - shown) / vendors) + 0.01)


def test_ratings_look_at_half_and_three_times_the_way_from_the_best_to_the_limit() -> None:
    rows = a_market_of_ratings(np.random.default_rng(1), 20)
    shown = of_vendors(a_frame([row | {"threshold": 4.6} for row in rows]))

    # 5 - 0.4 / 2 and 5 - 3 x 0.4
    assert shown["innocent_rating"].to_list() == pytest.approx([4.8] * shown.height)
    assert shown["guilty_rating"].to_list() == pytest.approx([3.8] * shown.height)
    assert shown["from_count"].is_null().all()
