"""Posteriors of vendors' rates: how sure it is that a vendor is on the wrong side of a limit.

A vendor's n units with x in the numerator are read as Binomial(n, rate) with the conjugate prior
rate ~ Beta(w m, w (1 - m)), so that rate | x ~ Beta(w m + x, w (1 - m) + n - x): Gelman et al.,
Bayesian Data Analysis, 3rd ed., section 2.4 (estimating a probability from binomial data) and
section 5.3 (the beta-binomial hierarchy whose m is the group's mean). Two levels, whose false
alarms and misses are tabulated in tests/known_values/test_fair_rates.py: *watch* is a cheap hint
under a light prior, *act* has consequences and asks for near certainty under a heavy one.
"""

from typing import Final

import numpy as np
import polars as pl
from scipy import special

# Units of prior evidence, and the certainty asked for. Owner: vendor performance. At a limit of 1 %
# and 50 orders, watch accuses 2.6 % of vendors with a true rate of 0.5 % and catches 44 % at 3 %.
WATCH_PRIOR_UNITS: Final = 50.0
WATCH_PROBABILITY: Final = 0.80
ACT_PRIOR_UNITS: Final = 200.0
ACT_PROBABILITY: Final = 0.95
# A category with fewer units than this leans more on the whole marketplace than on itself.
CATEGORY_SHRINKAGE_UNITS: Final = 500.0
INTERVAL_MASS: Final = 0.80
# A mean rating of 1 to 5 becomes a share of the way from worst to best. A rating varies less than a
# yes or no with the same mean, so the interval is rather too wide than too narrow.
SCORE_LOWEST: Final = 1.0
SCORE_SPAN: Final = 4.0
# Prior means closer than this are the same: thousands of vendors then share a few hundred distinct
# posteriors. Far below what a category's rate is known to.
PRIOR_MEAN_STEP: Final = 0.001

KEY: Final = ("vendor_id", "metric_id", "window_end")
_POOL: Final = ("metric_id", "window_end")
_DISTINCT: Final = ("successes", "units", "limit", "is_higher_better", "prior_mean")

OUTPUT_COLUMNS: Final = (
    *KEY,
    "numerator",
    "denominator",
    "prior_mean",
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
        One row per input row, in its order: the key, numerator, denominator, prior_mean,
        rate_lower, rate_upper (80 % credible, in the metric's own unit, under the watch prior),
        probability_over_threshold (that the true rate is on the wrong side, whichever side that
        is, under the watch prior) and state (ok, watch, act, no_data). Without a denominator the
        interval and the probability are null.
    """
    prepared = _with_prior_means(_as_shares(frame))
    distinct = prepared.filter(pl.col("units") > 0).select(_DISTINCT).unique()
    judged = distinct.with_columns(_posterior_columns(distinct))
    is_score = pl.col("unit") == "score"
    return (
        prepared.join(judged, on=_DISTINCT, how="left", maintain_order="left")
        .with_columns(
            _in_own_unit("prior_mean", is_score),
            _in_own_unit("rate_lower", is_score),
            _in_own_unit("rate_upper", is_score),
            pl.col("state").fill_null("no_data"),
        )
        .select(OUTPUT_COLUMNS)
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


def _with_prior_means(frame: pl.DataFrame) -> pl.DataFrame:
    """The category's pooled rate, shrunk to the marketplace's, never beyond the limit.

    A prior beyond it would accuse vendors of what their neighbours did: in a bad category a single
    order would do. Held at the limit it is undecided, and only a vendor's own orders can accuse it.
    """
    by_category = [*_POOL, "category_id"]
    pooled = pl.col("successes").sum().over(_POOL) / pl.col("units").sum().over(_POOL)
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
        .with_columns(prior_mean=stepped)
        .with_columns(
            prior_mean=pl.min_horizontal(pl.max_horizontal("prior_mean", at_least), at_most)
        )
    )


def _posterior_columns(distinct: pl.DataFrame) -> list[pl.Series]:
    """Interval, probability and state of each distinct posterior."""
    successes, units, limit, mean = (
        distinct[name].to_numpy() for name in ("successes", "units", "limit", "prior_mean")
    )
    is_higher_better = distinct["is_higher_better"].to_numpy()

    def parameters(prior_units: float) -> tuple[np.ndarray, np.ndarray]:
        return prior_units * mean + successes, prior_units * (1 - mean) + units - successes

    def probability_wrong(prior_units: float) -> np.ndarray:
        below: np.ndarray = special.betainc(*parameters(prior_units), limit)
        return np.where(is_higher_better, below, 1 - below)

    watch = probability_wrong(WATCH_PRIOR_UNITS)
    act = probability_wrong(ACT_PRIOR_UNITS)
    tail = (1 - INTERVAL_MASS) / 2
    state = np.select(
        [act >= ACT_PROBABILITY, watch >= WATCH_PROBABILITY], ["act", "watch"], default="ok"
    )
    return [
        pl.Series("rate_lower", special.betaincinv(*parameters(WATCH_PRIOR_UNITS), tail)),
        pl.Series("rate_upper", special.betaincinv(*parameters(WATCH_PRIOR_UNITS), 1 - tail)),
        pl.Series("probability_over_threshold", watch),
        pl.Series("state", state.tolist(), dtype=pl.String),
    ]


def _in_own_unit(name: str, is_score: pl.Expr) -> pl.Expr:
    """A share turned back into a score where the metric is one."""
    share = pl.col(name)
    return pl.when(is_score).then(SCORE_LOWEST + SCORE_SPAN * share).otherwise(share).alias(name)
