"""Posteriors of vendors' rates: how sure it is that a vendor is on the wrong side of a limit.

A vendor's n units with x in the numerator are read as Binomial(n, rate) with the conjugate prior
rate ~ Beta(w m, w (1 - m)), so that rate | x ~ Beta(w m + x, w (1 - m) + n - x): Gelman et al.,
Bayesian Data Analysis, 3rd ed., section 2.4 (estimating a probability from binomial data) and
section 5.3 (the beta-binomial hierarchy whose m is the group's mean). Two levels, whose false
alarms and misses are tabulated in tests/known_values/test_fair_rates.py: *watch* is a cheap hint
under a light prior, *act* has consequences and asks for near certainty under a heavy one.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
from scipy import special

from pipelines.analytics.empirical_bayes import fitted_prior, in_the_light_of

# Units of prior evidence, and the certainty asked for. Owner: vendor performance. At a limit of 1 %
# and 50 orders, watch accuses 2.6 % of vendors with a true rate of 0.5 % and catches 44 % at 3 %.
WATCH_PRIOR_UNITS: Final = 50.0
WATCH_PROBABILITY: Final = 0.80
ACT_PRIOR_UNITS: Final = 200.0
ACT_PROBABILITY: Final = 0.95
# A category with fewer units than this leans more on the whole marketplace than on itself.
CATEGORY_SHRINKAGE_UNITS: Final = 500.0
# A mean rating of 1 to 5 becomes a share of the way from worst to best. A rating varies less than a
# yes or no with the same mean, so the interval is rather too wide than too narrow.
SCORE_LOWEST: Final = 1.0
SCORE_SPAN: Final = 4.0
# Prior means closer than this are the same: thousands of vendors then share a few hundred distinct
# posteriors. Far below what a category's rate is known to.
PRIOR_MEAN_STEP: Final = 0.001

KEY: Final = ("vendor_id", "metric_id", "window_end")
_POOL: Final = ("metric_id", "window_end")
_DISTINCT: Final = ("successes", "units", "limit", "is_higher_better", "category_rate")
_IN_OWN_UNIT: Final = ("category_rate", "prior_mean", "rate_estimate", "rate_lower", "rate_upper")

OUTPUT_COLUMNS: Final = (
    *KEY,
    "numerator",
    "denominator",
    "category_rate",
    "prior_mean",
    "prior_weight",
    "prior_fit",
    "rate_estimate",
    "rate_lower",
    "rate_upper",
    "probability_over_threshold",
    "state",
)


def posteriors(frame: pl.DataFrame) -> pl.DataFrame:
    """Interval, probability of being on the wrong side of the threshold, and state per input row.

    Args:
        frame: one row per vendor_id, metric_id and window_end with category_id (the vendor's main
            category or null), unit ('rate' or 'score'), is_higher_better, threshold, numerator and
            denominator (counts; for a score the sum and the number of ratings). Other columns are
            ignored.

    Returns:
        One row per input row, in its order: the key, numerator, denominator, category_rate (what
        the judgement starts from, held at the limit); prior_mean, prior_weight and prior_fit of
        the metric and window as `fitted_prior` has them; rate_estimate, rate_lower and rate_upper,
        the middle and the ends of the 80 % interval under that prior; probability_over_threshold
        (that the true rate is on the wrong side, whichever side that is, under the watch prior) and
        state (ok, watch, act, no_data). Rates are in the metric's own unit. Without a denominator
        estimate, interval and probability are null.
    """
    prepared = _by_fixed_prior(frame, _POOL).with_row_index("place")
    estimated = [_estimated(pool) for _, pool in prepared.group_by(_POOL, maintain_order=True)]
    is_score = pl.col("unit") == "score"
    return (
        pl.concat([prepared.head(0).pipe(_estimated), *estimated])
        .sort("place")
        .with_columns(*(_in_own_unit(name, is_score) for name in _IN_OWN_UNIT))
        .select(OUTPUT_COLUMNS)
    )


def by_fixed_prior(frame: pl.DataFrame, pool: Sequence[str]) -> pl.DataFrame:
    """What the rule says whose prior is worth 50 units for watch and 200 for act, per input row.

    Args:
        frame: as for `posteriors`.
        pool: the columns that tell apart what is judged together, such as metric and window.

    Returns:
        The frame, with category_rate and category_mean (the same before it is held at the limit) in
        the metric's own unit, probability_over_threshold and state.
    """
    judged = _by_fixed_prior(frame, pool)
    is_score = pl.col("unit") == "score"
    rates = [_in_own_unit(name, is_score) for name in ("category_rate", "category_mean")]
    made = judged.select(*rates, "probability_over_threshold", "state")
    return frame.with_columns(made.get_columns())


def _by_fixed_prior(frame: pl.DataFrame, pool: Sequence[str]) -> pl.DataFrame:
    prepared = _with_category_rates(_as_shares(frame), pool)
    distinct = prepared.filter(pl.col("units") > 0).select(_DISTINCT).unique()
    judged = distinct.with_columns(_judgement(distinct))
    return prepared.join(judged, on=_DISTINCT, how="left", maintain_order="left").with_columns(
        pl.col("state").fill_null("no_data")
    )


def _estimated(pool: pl.DataFrame) -> pl.DataFrame:
    """A metric's rows of one window with their prior, estimate and interval, as shares."""
    successes, units = pool["successes"].to_numpy(), pool["units"].to_numpy()
    prior = fitted_prior(successes, units)
    lower, middle, upper = in_the_light_of(prior, successes, units)
    has_data = pl.col("units") > 0
    return pool.with_columns(
        prior_mean=pl.lit(prior.mean),
        prior_weight=pl.lit(prior.weight),
        prior_fit=pl.lit(prior.fit),
        rate_estimate=pl.when(has_data).then(pl.Series(middle)),
        rate_lower=pl.when(has_data).then(pl.Series(lower)),
        rate_upper=pl.when(has_data).then(pl.Series(upper)),
    )


def _as_shares(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with successes, units and limit, scores rescaled to 0-1."""
    is_score = pl.col("unit") == "score"
    numerator = pl.col("numerator").cast(pl.Float64)
    units = pl.col("denominator").cast(pl.Float64)
    limit = pl.col("threshold").cast(pl.Float64)
    return frame.with_columns(
        units=units,
        successes=pl.when(is_score)
        .then((numerator - SCORE_LOWEST * units) / SCORE_SPAN)
        .otherwise(numerator),
        limit=pl.when(is_score).then((limit - SCORE_LOWEST) / SCORE_SPAN).otherwise(limit),
    )


def _with_category_rates(frame: pl.DataFrame, pool: Sequence[str]) -> pl.DataFrame:
    """The category's pooled rate, shrunk to the marketplace's, never beyond the limit.

    A prior beyond it would accuse vendors of what their neighbours did: in a bad category a single
    order would do. Held at the limit it is undecided, and only a vendor's own orders can accuse it.
    """
    by_category = [*pool, "category_id"]
    pooled = pl.col("successes").sum().over(pool) / pl.col("units").sum().over(pool)
    successes = pl.col("successes").sum().over(by_category)
    units = pl.col("units").sum().over(by_category)
    shrunk = (successes + CATEGORY_SHRINKAGE_UNITS * pl.col("market_mean")) / (
        units + CATEGORY_SHRINKAGE_UNITS
    )
    category = pl.when(pl.col("category_id").is_null()).then("market_mean").otherwise(shrunk)
    stepped = (category / PRIOR_MEAN_STEP).round().clip(lower_bound=1) * PRIOR_MEAN_STEP
    at_most = pl.when(pl.col("is_higher_better")).then(1 - PRIOR_MEAN_STEP).otherwise("limit")
    at_least = pl.when(pl.col("is_higher_better")).then("limit").otherwise(PRIOR_MEAN_STEP)
    return (
        frame.with_columns(market_mean=pooled.fill_nan(None).fill_null(pl.col("limit")))
        .with_columns(category_rate=stepped, category_mean=stepped)
        .with_columns(
            category_rate=pl.min_horizontal(pl.max_horizontal("category_rate", at_least), at_most)
        )
    )


def _judgement(distinct: pl.DataFrame) -> list[pl.Series]:
    """Probability and state of each distinct posterior."""
    successes, units, limit, mean = (
        distinct[name].to_numpy() for name in ("successes", "units", "limit", "category_rate")
    )
    is_higher_better = distinct["is_higher_better"].to_numpy()

    def parameters(prior_units: float) -> tuple[np.ndarray, np.ndarray]:
        return prior_units * mean + successes, prior_units * (1 - mean) + units - successes

    def probability_wrong(prior_units: float) -> np.ndarray:
        below: np.ndarray = special.betainc(*parameters(prior_units), limit)
        return np.where(is_higher_better, below, 1 - below)

    watch = probability_wrong(WATCH_PRIOR_UNITS)
    act = probability_wrong(ACT_PRIOR_UNITS)
    return [
        pl.Series("probability_over_threshold", watch),
        pl.Series("state", states(watch, act), dtype=pl.String),
    ]


def states(watch: np.ndarray, act: np.ndarray) -> list[str]:
    """Which of ok, watch and act the two probabilities of being on the wrong side amount to."""
    state: list[str] = np.select(
        [act >= ACT_PROBABILITY, watch >= WATCH_PROBABILITY], ["act", "watch"], default="ok"
    ).tolist()
    return state


def _in_own_unit(name: str, is_score: pl.Expr) -> pl.Expr:
    """A share turned back into a score where the metric is one."""
    share = pl.col(name)
    return pl.when(is_score).then(SCORE_LOWEST + SCORE_SPAN * share).otherwise(share).alias(name)
