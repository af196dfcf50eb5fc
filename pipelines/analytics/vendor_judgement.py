"""Every vendor's metrics judged in the light of its category: interval, probability and state.

The prior of a rate is the beta-binomial's that the vendors of a metric and window speak for, with
the mean of the vendor's category; that of a rating the normal model's. A duration is judged by how
many units took longer than the limit: its median is beyond the limit where more than half of them
do, whatever the distribution (the sign test; Conover, Practical Nonparametric Statistics, 3rd ed.,
section 3.4). Where no prior can be read from the vendors, the rule of decision 17 with its fixed
prior decides, and says so. What that rule would have said stands beside it in any case.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special
from threadpoolctl import threadpool_limits

from pipelines.analytics.category_priors import prior_by_category
from pipelines.analytics.empirical_bayes import Numbers, Prior, in_the_light_of
from pipelines.analytics.fair_rates import by_fixed_prior, states
from pipelines.analytics.ratings import HIGHEST, LOWEST, RatedVendors, rated
from pipelines.analytics.vendor_score import SCORE_COLUMNS, with_scores

KEY: Final = ("vendor_id", "metric_id", "window_kind", "window_end")
POOL: Final = KEY[1:]
# More than half of the units beyond the limit is a median beyond it.
_HALF: Final = 0.5
_MADE: Final[Mapping[str, Any]] = {
    "prior_mean": pl.Float64,
    "prior_weight": pl.Float64,
    "prior_fit": pl.String,
    "prior_group": pl.String,
    "prior_vendors": pl.Int64,
    "rate_estimate": pl.Float64,
    "rate_lower": pl.Float64,
    "rate_upper": pl.Float64,
    "probability_over_threshold": pl.Float64,
}
_NEEDS_DATA: Final = ("rate_estimate", "rate_lower", "rate_upper", "probability_over_threshold")
_FIXED: Final = {
    "probability_over_threshold": "probability_by_fixed_prior",
    "state": "state_by_fixed_prior",
}
OUTPUT_COLUMNS: Final = (
    *KEY, "numerator", "denominator", *_MADE, "state", *_FIXED.values(), *SCORE_COLUMNS,
)  # fmt: skip


def judged(frame: pl.DataFrame) -> pl.DataFrame:
    """Interval, probability of being on the wrong side of the limit, and state per input row.

    Args:
        frame: one row per vendor, metric and window with category_id (or null), unit ('rate',
            'score', 'hours' or 'points'), is_higher_better, threshold, score_weight, numerator and
            denominator (counts; of a score the sum and the number of ratings), numerator_squares
            (of a score the sum of squares) and, of hours, over_threshold_count, median_hours,
            median_hours_lower and median_hours_upper. Where there is accountable_numerator and
            accountable_denominator, these are judged.

    Returns:
        One row per input row, in its order. prior_group says whose mean the prior has: category,
        marketplace, or fixed where the vendors speak for none; prior_vendors how many vendors it
        was read from. Estimate and ends are the middle and the ends of 80 % of the posterior, of
        hours the median and its interval. probability_over_threshold is that of being on the wrong
        side, under the prior held at the limit, so that bad neighbours alone accuse nobody; from it
        follow the states watch (80 %) and act (95 %). Rates are in the metric's own unit. The
        vendor score (points) has counts of its own, score_numerator and score_denominator.
    """
    whole = as_shown(frame, with_priors(frame))
    return with_scores(whole, ["vendor_id", "window_end"]).sort("place").select(OUTPUT_COLUMNS)


def as_shown(frame: pl.DataFrame, made: pl.DataFrame) -> pl.DataFrame:
    """What `with_priors` made of a frame, with the frame's own counts, limits and units."""
    shown = frame.select(
        pl.col("numerator", "denominator").cast(pl.Float64),
        pl.col("threshold").alias("limit_shown"),
        pl.col("unit").alias("unit_shown"),
    )
    judged_by = made.drop("numerator", "denominator", "threshold", "unit")
    return pl.concat([judged_by, shown], how="horizontal").rename(
        {"limit_shown": "threshold", "unit_shown": "unit"}
    )


def with_priors(frame: pl.DataFrame) -> pl.DataFrame:
    """What is judged of each row, with all that `judged` says of it; in the order of the rows.

    Threshold, numerator and denominator are those that are judged: of hours half of the units and
    how many were beyond the limit. category_rate is what the rule with the fixed prior starts from,
    category_mean the same before it is held at the limit.
    """
    fixed = by_fixed_prior(_counts(frame), POOL).rename(_FIXED).with_row_index("place")
    # the searches are too small to share: threads that wait for each other took 20 times as long
    with threadpool_limits(1, user_api="blas"):  # type: ignore[no-untyped-call]
        pools = [_judged(pool) for _, pool in fixed.group_by(POOL, maintain_order=True)]
    empty = _judged(fixed.head(0))
    return pl.concat([empty, *pools]).sort("place")


def _counts(frame: pl.DataFrame) -> pl.DataFrame:
    """The counts and the limit that are judged."""
    missing = {"over_threshold_count", "numerator_squares"} - set(frame.columns)
    whole = frame.with_columns(pl.lit(0.0).alias(name) for name in sorted(missing))
    part = "accountable_" if "accountable_numerator" in frame.columns else ""
    is_hours = pl.col("unit") == "hours"
    return whole.with_columns(
        numerator=pl.when(is_hours)
        .then("over_threshold_count")
        .otherwise(f"{part}numerator")
        .cast(pl.Float64)
        .fill_null(0),
        denominator=pl.col(f"{part}denominator").cast(pl.Float64),
        numerator_squares=pl.col("numerator_squares").cast(pl.Float64).fill_null(0),
        threshold=pl.when(is_hours).then(_HALF).otherwise("threshold").cast(pl.Float64),
        unit=pl.when(is_hours).then(pl.lit("rate")).otherwise("unit"),
        is_hours=is_hours,
    )


def _judged(pool: pl.DataFrame) -> pl.DataFrame:
    """The vendors of one metric and window."""
    made = _made(pool)
    has_data = pl.col("denominator") > 0
    probability = np.where(
        pool["denominator"].to_numpy() > 0, made["probability_over_threshold"], 0.0
    )
    said = pl.Series(states(probability, probability), dtype=pl.String)
    is_fixed = pl.col("prior_group") == "fixed"
    return (
        pool.with_columns(
            pl.lit(pl.Series(made[name])).cast(kind).alias(name) for name, kind in _MADE.items()
        )
        .with_columns(pl.when(has_data).then(name) for name in _NEEDS_DATA)
        .with_columns(
            probability_over_threshold=pl.when(is_fixed)
            .then("probability_by_fixed_prior")
            .otherwise("probability_over_threshold"),
            state=pl.when(is_fixed | ~has_data).then("state_by_fixed_prior").otherwise(said),
        )
    )


def _made(pool: pl.DataFrame) -> dict[str, Any]:
    successes, units, limit = _numbers(pool, "numerator", "denominator", "threshold")
    of_each = np.ones(pool.height)
    counted = int((units > 0).sum()) * of_each
    if pool.is_empty() or pool["unit"][0] == "points":
        nothing = np.full(pool.height, np.nan)
        return {
            **dict.fromkeys(_MADE, nothing),
            "prior_fit": np.full(pool.height, None),
            "prior_group": np.full(pool.height, None),
            "prior_vendors": np.zeros(pool.height),
        }
    if pool["unit"][0] == "score":
        return {**_of_scores(pool, limit), "prior_vendors": counted}
    prior, shift = prior_by_category(successes, units, _categories(pool))
    ends = in_the_light_of(prior, successes, units, shift if shift.any() else None)
    is_higher_better = bool(pool["is_higher_better"][0])
    held = held_prior(prior, prior.means(shift), limit, is_higher_better=is_higher_better)
    below = special.betainc(held[0] + successes, held[1] + units - successes, limit)
    lower, middle, upper = (
        _numbers(pool, "median_hours_lower", "median_hours", "median_hours_upper")
        if pool["is_hours"][0]
        else ends
    )
    return {
        "prior_mean": prior.means(shift),
        "prior_weight": prior.weight * of_each,
        "prior_fit": np.full(pool.height, prior.fit),
        "prior_group": _groups(shift != 0, is_usable=prior.is_usable),
        "prior_vendors": counted,
        "rate_estimate": middle,
        "rate_lower": lower,
        "rate_upper": upper,
        "probability_over_threshold": below if is_higher_better else 1 - below,
    }


def _of_scores(pool: pl.DataFrame, limit: Numbers) -> dict[str, Any]:
    known = rated_vendors(pool)
    lower, middle, upper = known.interval()
    is_usable = known.fit in {"fitted", "no_overdispersion"}
    return {
        "prior_mean": np.clip(known.prior_mean, LOWEST, HIGHEST),
        "prior_weight": np.full(pool.height, known.prior_weight),
        "prior_fit": np.full(pool.height, known.fit),
        "prior_group": _groups(known.is_of_category, is_usable=is_usable),
        "rate_estimate": middle,
        "rate_lower": lower,
        "rate_upper": upper,
        "probability_over_threshold": known.probability_below(limit),
    }


def rated_vendors(pool: pl.DataFrame) -> RatedVendors:
    """What the ratings of one metric and window tell of each vendor's true mean, in their order."""
    sums, squares, counts = _numbers(pool, "numerator", "numerator_squares", "denominator")
    return rated(sums, squares, counts, _categories(pool))


def held_prior(
    prior: Prior, means: Numbers, limit: Numbers, *, is_higher_better: bool
) -> tuple[Numbers, Numbers]:
    """The prior's parameters with its mean on the right side of the limit, or at it."""
    held = np.maximum(means, limit) if is_higher_better else np.minimum(means, limit)
    return prior.weight * held, prior.weight * (1 - held)


def _groups(is_of_category: NDArray[np.bool_], *, is_usable: bool) -> NDArray[np.str_]:
    named = np.where(is_of_category, "category", "marketplace")
    return named if is_usable else np.full(len(named), "fixed")


def _categories(pool: pl.DataFrame) -> NDArray[np.str_]:
    return np.array(pool["category_id"].fill_null("").to_list(), dtype=np.str_)


def _numbers(pool: pl.DataFrame, *names: str) -> list[Numbers]:
    return [pool[name].cast(pl.Float64).to_numpy() for name in names]
