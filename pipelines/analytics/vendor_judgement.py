"""Every vendor's metrics judged in the light of its category: interval, probability and state.

The prior of a rate is the beta-binomial's that the vendors of a metric and window speak for, with
the mean of the vendor's category; that of a rating the normal model's. Where neither can be read
from the vendors, the rule of decision 17 with its fixed prior decides, and says so. What that rule
would have said stands beside it in any case. Of a duration the share of units beyond the limit is
judged: the median is beyond it where that is more than half.
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
from pipelines.analytics.ratings import HIGHEST, LOWEST, rated

KEY: Final = ("vendor_id", "metric_id", "window_kind", "window_end")
POOL: Final = KEY[1:]
# A median is beyond the limit where more than half of the units are.
HALF: Final = 0.5
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
    "state": pl.String,
}
_BY_FIXED_PRIOR: Final = ("probability_by_fixed_prior", "state_by_fixed_prior")
OUTPUT_COLUMNS: Final = (*KEY, "numerator", "denominator", *_MADE, *_BY_FIXED_PRIOR)


def judged(frame: pl.DataFrame) -> pl.DataFrame:
    """Interval, probability of being on the wrong side of the limit, and state per input row.

    Args:
        frame: one row per vendor, metric and window with category_id (or null), unit ('rate',
            'score' or 'hours'), is_higher_better, threshold, numerator and denominator (counts; of
            a score the sum and the number of ratings, of hours their sum and number),
            numerator_squares (of a score the sum of squares) and, of hours, over_threshold_count,
            median_hours and the ends of its interval.

    Returns:
        One row per input row, in its order. prior_group says whose mean the prior has: category,
        marketplace, or fixed where the vendors speak for none; prior_vendors how many vendors it
        was read from. Estimate and ends are the middle and the ends of 80 % of the posterior.
        probability_over_threshold is that of the true rate being on the wrong side, under the prior
        held at the limit, so that bad neighbours alone accuse nobody; from it follow the states
        watch (80 %) and act (95 %). Rates are in the metric's own unit.
    """
    fixed = by_fixed_prior(_with_durations_as_shares(frame), POOL).rename(
        dict(zip(("probability_over_threshold", "state"), _BY_FIXED_PRIOR, strict=True))
    )
    placed = fixed.with_row_index("place")
    # the searches are too small to share: threads that wait for each other took 20 times as long
    with threadpool_limits(1, user_api="blas"):  # type: ignore[no-untyped-call]
        pools = [_judged(pool) for _, pool in placed.group_by(POOL, maintain_order=True)]
    empty = placed.head(0).with_columns(
        **{name: pl.lit(None, kind) for name, kind in _MADE.items()}
    )
    return _in_hours(pl.concat([empty, *pools]).sort("place"), frame).select(OUTPUT_COLUMNS)


def _with_durations_as_shares(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with durations as a rate: units beyond the limit, of which half are allowed."""
    is_duration = pl.col("unit") == "hours"
    return frame.with_columns(
        unit=pl.when(is_duration).then(pl.lit("rate")).otherwise("unit"),
        numerator=pl.when(is_duration)
        .then(pl.col("over_threshold_count").fill_null(0).cast(pl.Float64))
        .otherwise(pl.col("numerator").cast(pl.Float64)),
        threshold=pl.when(is_duration).then(HALF).otherwise("threshold"),
    )


def _in_hours(made: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """The judgement with the median of durations and its own interval, and the counts as given."""
    is_duration = frame["unit"] == "hours"
    medians: dict[str, pl.Series | pl.Expr] = {
        "rate_estimate": frame["median_hours"],
        "rate_lower": frame["median_hours_lower"],
        "rate_upper": frame["median_hours_upper"],
        "prior_mean": pl.lit(None, pl.Float64),
    }
    return made.with_columns(
        numerator=frame["numerator"],
        **{
            name: pl.when(is_duration).then(value).otherwise(name)
            for name, value in medians.items()
        },
    )


def _judged(pool: pl.DataFrame) -> pl.DataFrame:
    """The vendors of one metric and window."""
    made = _of_scores(pool) if pool["unit"][0] == "score" else _of_rates(pool)
    has_data = pool["denominator"].to_numpy() > 0
    made["prior_vendors"] = int(has_data.sum())
    columns = pool.with_columns(
        **{
            name: pl.lit(pl.Series(name, made[name]), kind)
            if isinstance(made[name], np.ndarray)
            else pl.lit(made[name], kind)
            for name, kind in _MADE.items()
            if name != "state"
        }
    )
    probability = np.where(has_data, made["probability_over_threshold"], 0.0)
    said = pl.Series("state", states(probability, probability), dtype=pl.String)
    of_own = ("rate_estimate", "rate_lower", "rate_upper", "probability_over_threshold")
    is_fixed = pl.col("prior_group") == "fixed"
    return columns.with_columns(
        pl.when(pl.col("denominator") > 0).then(name) for name in of_own
    ).with_columns(
        probability_over_threshold=pl.when(is_fixed)
        .then("probability_by_fixed_prior")
        .otherwise("probability_over_threshold"),
        state=pl.when(is_fixed | (pl.col("denominator") == 0))
        .then("state_by_fixed_prior")
        .otherwise(said),
    )


def _of_rates(pool: pl.DataFrame) -> dict[str, Any]:
    successes, units, limit = _numbers(pool, "numerator", "denominator", "threshold")
    prior, shift = prior_by_category(successes, units, _categories(pool))
    lower, middle, upper = in_the_light_of(prior, successes, units, shift if shift.any() else None)
    is_higher_better = bool(pool["is_higher_better"][0])
    means = prior.means(shift)
    return {
        "prior_mean": means,
        "prior_weight": prior.weight,
        "prior_fit": prior.fit,
        "prior_group": _groups(prior.is_usable, shift != 0),
        "rate_estimate": middle,
        "rate_lower": lower,
        "rate_upper": upper,
        "probability_over_threshold": probability_beyond(
            successes, units, limit, _held(prior, means, limit, is_higher_better), is_higher_better
        ),
    }


def _of_scores(pool: pl.DataFrame) -> dict[str, Any]:
    sums, squares, counts, limit = _numbers(
        pool, "numerator", "numerator_squares", "denominator", "threshold"
    )
    known = rated(sums, squares, counts, _categories(pool))
    lower, middle, upper = known.interval()
    is_usable = known.fit in {"fitted", "no_overdispersion"}
    return {
        "prior_mean": np.clip(known.prior_mean, LOWEST, HIGHEST),
        "prior_weight": known.prior_weight,
        "prior_fit": known.fit,
        "prior_group": _groups(is_usable, known.is_of_category),
        "rate_estimate": middle,
        "rate_lower": lower,
        "rate_upper": upper,
        "probability_over_threshold": known.probability_below(limit),
    }


def probability_beyond(
    successes: Numbers,
    units: Numbers,
    limit: Numbers,
    prior: tuple[Numbers, Numbers],
    is_higher_better: bool,  # noqa: FBT001 - of the metric, as its counts are
) -> Numbers:
    """That the true rate is on the wrong side of the limit, under Beta(a, b) and the counts."""
    a, b = prior
    below = special.betainc(a + successes, b + units - successes, limit)
    beyond: Numbers = below if is_higher_better else 1 - below
    return beyond


def _held(
    prior: Prior,
    means: Numbers,
    limit: Numbers,
    is_higher_better: bool,  # noqa: FBT001
) -> tuple[Numbers, Numbers]:
    """The prior's parameters with its mean on the right side of the limit, or at it."""
    held = np.maximum(means, limit) if is_higher_better else np.minimum(means, limit)
    return prior.weight * held, prior.weight * (1 - held)


def _groups(is_usable: bool, is_of_category: NDArray[np.bool_]) -> NDArray[np.str_]:  # noqa: FBT001
    named = np.where(is_of_category, "category", "marketplace")
    return named if is_usable else np.full(len(named), "fixed")


def _categories(pool: pl.DataFrame) -> NDArray[np.str_]:
    return np.array(pool["category_id"].fill_null("").to_list(), dtype=np.str_)


def _numbers(pool: pl.DataFrame, *names: str) -> list[Numbers]:
    return [pool[name].cast(pl.Float64).to_numpy() for name in names]
