"""Vendors judged in the light of their category, against published and hand-worked values."""

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from pipelines.analytics.category_priors import between, prior_by_category
from pipelines.analytics.empirical_bayes import in_the_light_of
from pipelines.analytics.ratings import RatedVendors, rated
from pipelines.analytics.vendor_judgement import judged

WINDOW_END = date(2025, 7, 1)
CATEGORY_MEANS = (0.02, 0.05, 0.09, 0.16)


def a_row(vendor_id: str, numerator: int, denominator: int, **more: Any) -> dict[str, Any]:
    row = {"vendor_id": vendor_id, "metric_id": "late", "window_kind": "days_90"}
    row |= {"window_end": WINDOW_END, "is_judged": True}
    row |= {"category_id": None, "unit": "rate", "is_higher_better": False, "threshold": 0.05}
    row |= {"numerator": numerator, "denominator": denominator, "score_weight": 100}
    return row | more


def judge(*rows: dict[str, Any]) -> pl.DataFrame:
    return judged(pl.DataFrame(list(rows), schema_overrides={"category_id": pl.String}))


def a_market(seed: int = 3, vendors: int = 240) -> list[dict[str, Any]]:
    """Vendors of four categories whose true rates are Beta with weight 30."""
    random = np.random.default_rng(seed)
    mean = np.array(CATEGORY_MEANS)[np.arange(vendors) % 4]
    units = np.floor(np.exp(random.normal(3.5, 1.0, vendors))).clip(1, 2_000).astype(int)
    rates = random.beta(30 * mean, 30 * (1 - mean))
    late = random.binomial(units, rates)
    return [
        a_row(f"V{index}", int(late[index]), int(units[index]), category_id=f"K{index % 4}")
        for index in range(vendors)
    ]


def test_variance_between_groups_is_the_published_one() -> None:
    # BCG vaccine trials, log relative risks (Colditz et al. 1994); DerSimonian and Laird's
    # variance as metafor of R has it (Viechtbauer 2010)
    effects = np.array([
        -0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713,
        -0.3394, 0.4459, -0.0173,
    ])  # fmt: skip
    variances = np.array([
        0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124,
        0.5325, 0.0714,
    ])  # fmt: skip

    assert between(effects, 1 / variances) == pytest.approx(0.3088, abs=0.002)


def test_eight_schools_do_not_differ_by_this_measure() -> None:
    # Rubin 1981; Gelman et al., section 5.5: Q = 4.6 on seven degrees of freedom
    effects = np.array([28, 8, -3, 7, -1, 1, 18, 12.0])
    errors = np.array([15, 10, 16, 11, 9, 11, 10, 18.0])

    assert between(effects, 1 / errors**2) == 0


def test_priors_means_are_near_the_categories_true_ones() -> None:
    made = judge(*a_market(vendors=800)).group_by("prior_mean").len().sort("prior_mean")

    assert made["prior_mean"].to_list() == pytest.approx(CATEGORY_MEANS, rel=0.2)


def test_eighty_per_cent_cover_eighty_where_categories_differ() -> None:
    inside: list[bool] = []
    for seed in range(8):
        random = np.random.default_rng(seed)
        place = np.arange(600) % 4
        mean = np.array(CATEGORY_MEANS)[place]
        rates = random.beta(30 * mean, 30 * (1 - mean))
        units = random.integers(5, 200, 600).astype(float)
        late = random.binomial(units.astype(int), rates).astype(float)
        prior, shift = prior_by_category(late, units, np.array([f"K{each}" for each in place]))
        lower, _, upper = in_the_light_of(prior, late, units, shift)
        inside += ((lower <= rates) & (rates <= upper)).tolist()

    assert np.mean(inside) == pytest.approx(0.80, abs=0.03)


def test_probability_is_that_of_the_beta_under_the_published_prior_held_at_the_limit() -> None:
    made = judge(*a_market())

    held = np.minimum(made["prior_mean"].to_numpy(), 0.05)
    weight, late = made["prior_weight"].to_numpy(), made["numerator"].to_numpy()
    a, b = weight * held + late, weight * (1 - held) + made["denominator"].to_numpy() - late
    assert made["probability_over_threshold"].to_numpy() == pytest.approx(
        stats.beta.sf(0.05, a, b), abs=1e-9
    )


def test_bad_neighbours_alone_accuse_nobody_and_good_ones_acquit_nobody_for_ever() -> None:
    bad = [a_row(f"V{index}", 20 + index % 20, 100) for index in range(60)]

    states = dict(
        judge(*bad, a_row("innocent", 0, 1), a_row("guilty", 400, 1_000))
        .select("vendor_id", "state")
        .iter_rows()
    )

    assert states["innocent"] == "ok"
    assert states["guilty"] == "act"


def test_where_vendors_are_too_few_the_rule_with_the_fixed_prior_decides() -> None:
    made = judge(*(a_row(f"V{index}", 10 * index, 100) for index in range(5)))

    assert made["prior_group"].unique().to_list() == ["fixed"]
    assert made["state"].to_list() == made["state_by_fixed_prior"].to_list()
    assert made["state"][4] == "act"


def test_what_is_not_the_vendors_doing_is_not_held_against_it() -> None:
    # a carrier's outage: 40 of 100 late, of which 2 of 62 are the vendor's own doing
    own = {"numerator": "accountable_numerator", "denominator": "accountable_denominator"}
    market = [row | {own[name]: row[name] for name in own} for row in a_market()]
    hit = a_row("hit", 40, 100, accountable_numerator=2, accountable_denominator=62)

    row = judge(*market, hit).row(-1, named=True)

    assert (row["state"], row["numerator"], row["denominator"]) == ("ok", 40, 100)
    assert row["rate_upper"] < 0.1


def test_a_median_is_beyond_the_limit_where_more_than_half_took_longer() -> None:
    hours = {"unit": "hours", "threshold": 24.0, "numerator": 0}
    rows = [
        a_row(f"V{index}", 0, 100, over_threshold_count=30 + index % 10, median_hours=9.0,
              median_hours_lower=8.0, median_hours_upper=11.0) | hours
        for index in range(40)
    ]  # fmt: skip
    slow = a_row("slow", 0, 100, over_threshold_count=90, median_hours=40.0,
                 median_hours_lower=30.0, median_hours_upper=50.0) | hours  # fmt: skip

    made = judge(*rows, slow)

    assert set(made["state"][:40]) == {"ok"}
    assert made["state"][40] in {"watch", "act"}
    assert made.row(40, named=True)["rate_estimate"] == 40.0


def test_a_rating_is_drawn_to_its_categorys_by_the_ratio_of_variances() -> None:
    # As much variance between vendors as in the vendor's own mean: half way from 4.2 to 3.6, with
    # variance 0.04 / 2; P(below 4) = P(z < (4 - 3.9) / 0.1414) = P(z < 0.707) = 0.760.
    known = RatedVendors(
        np.array([4.2]), 0.04, 20.0, np.array([True]), "fitted", np.array([3.6]), np.array([0.04])
    )

    middle, spread = known.posterior()

    assert middle[0] == pytest.approx(3.9)
    assert spread[0] == pytest.approx(0.1414, abs=1e-4)
    assert known.probability_below(np.array([4.0]))[0] == pytest.approx(0.760, abs=0.001)


def test_eighty_per_cent_cover_eighty_of_simulated_true_mean_ratings() -> None:
    inside: list[bool] = []
    random = np.random.default_rng(11)
    stars = np.arange(1, 6)
    for _ in range(6):
        true = random.normal(4.1, 0.3, 400).clip(1.5, 4.8)
        counts = np.floor(np.exp(random.normal(3.0, 1.0, 400))).clip(2, 500).astype(int)
        # a binomial over five stars has the mean that is wanted
        share = stats.binom.pmf(stars - 1, 4, ((true - 1) / 4)[:, None])
        given = random.multinomial(counts, share)
        known = rated(
            (given @ stars).astype(float),
            (given @ stars**2).astype(float),
            counts.astype(float),
            np.full(400, ""),
        )
        lower, _, upper = known.interval()
        inside += ((lower <= true) & (true <= upper)).tolist()

    assert np.mean(inside) == pytest.approx(0.80, abs=0.03)


def test_an_empty_marketplace_is_judged_empty() -> None:
    frame = pl.DataFrame([a_row("V1", 0, 0)], schema_overrides={"category_id": pl.String})

    assert judged(frame.head(0)).height == 0
    assert judged(frame)["state"].to_list() == ["no_data"]


def test_the_score_is_the_mean_of_points_and_names_the_worst_metric() -> None:
    # Far more units than the prior's: 2 % late at a limit of 4 % are 75 points, 80 % on time at a
    # limit of 90 % none; weights 3 and 1: (3 x 75 + 1 x 0) / 4 = 56.25.
    late = a_row("V1", 20_000, 1_000_000, threshold=0.04, score_weight=3)
    on_time = a_row("V1", 800_000, 1_000_000, metric_id="on_time", threshold=0.9,
                    is_higher_better=True, score_weight=1)  # fmt: skip
    score = a_row("V1", 0, 0, metric_id="vendor_score", unit="points", threshold=50.0,
                  is_higher_better=True, score_weight=None)  # fmt: skip

    row = judge(late, on_time, score).row(2, named=True)

    assert (row["score_numerator"], row["score_denominator"]) == (225, 4)
    assert row["rate_estimate"] == pytest.approx(56.25, abs=0.1)
    assert row["rate_lower"] < row["rate_estimate"] < row["rate_upper"]
    assert (row["worst_metric_id"], row["state"]) == ("on_time", "ok")


def test_how_far_beyond_twice_its_limit_a_metric_lies_makes_no_score_less_sure() -> None:
    # 30 of 100 at a limit of 1 %: from 24 to 36 % none has a point
    late = a_row("V1", 20_000, 1_000_000, threshold=0.04, score_weight=3)
    defects = a_row("V1", 30, 100, metric_id="defects", threshold=0.01, score_weight=1)
    score = a_row("V1", 0, 0, metric_id="vendor_score", unit="points", threshold=50.0,
                  is_higher_better=True, score_weight=None)  # fmt: skip

    row = judge(late, defects, score).row(2, named=True)

    assert row["rate_estimate"] == pytest.approx(56.25, abs=0.1)
    # sqrt(0.02 x 0.98 / 1e6) = 0.00014, by 50 / 0.04 = 0.175 points, by 3 / 4, 1.28 either side
    assert row["rate_upper"] - row["rate_lower"] == pytest.approx(2 * 1.28 * 0.131, abs=0.02)


def test_a_metric_that_others_are_to_blame_for_weighs_nothing() -> None:
    # 2 % at a limit of 4 % are 75 points; the parcels of the other metric were the carrier's fault
    counts = {"accountable_numerator": 20_000, "accountable_denominator": 1_000_000}
    late = a_row("V1", 20_000, 1_000_000, threshold=0.04, score_weight=3, **counts)
    nothing = {"accountable_numerator": 0, "accountable_denominator": 0}
    on_time = a_row("V1", 0, 50, metric_id="on_time", score_weight=1, **nothing)
    score = a_row("V1", 0, 0, metric_id="vendor_score", unit="points", threshold=50.0,
                  is_higher_better=True, score_weight=None, **nothing)  # fmt: skip

    row = judge(late, on_time, score).row(2, named=True)

    assert (row["score_numerator"], row["score_denominator"]) == (225, 3)


def test_a_score_of_less_than_half_of_the_weights_is_none() -> None:
    # 3 of 7 weights have data
    late = a_row("V1", 20_000, 1_000_000, threshold=0.04, score_weight=3)
    on_time = a_row("V1", 0, 0, metric_id="on_time", score_weight=4)
    score = a_row("V1", 0, 0, metric_id="vendor_score", unit="points", threshold=50.0,
                  is_higher_better=True, score_weight=None)  # fmt: skip

    row = judge(late, on_time, score).row(2, named=True)

    assert row["score_weight_share"] == pytest.approx(3 / 7)
    assert (row["score_numerator"], row["score_denominator"]) == (0, 0)
    assert (row["state"], row["rate_estimate"]) == ("no_data", None)
