"""One number for a vendor, from 0 to 100, of what its metrics probably are.

A metric has 100 points where nothing fails, 50 at its limit and none at twice the limit, in between
in proportion; what counts is the middle of the posterior, so that few units move little. The score
is the mean by dated weights (`dbt_project/seeds/vendor_score_weights.csv`). A mean hides the one
metric that fails, so the worst one is named beside it. Of a small part of the weights it would look
like a score of all of them: below half of what the marketplace measures there is none.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import polars as pl
from scipy import special

from pipelines.analytics.fair_rates import states
from pipelines.analytics.ratings import HIGHEST

METRIC: Final = "vendor_score"
SCORE_COLUMNS: Final[Mapping[str, Any]] = {
    "score_numerator": pl.Int64,
    "score_denominator": pl.Int64,
    "score_weight_share": pl.Float64,
    "worst_metric_id": pl.String,
}
LEAST_WEIGHT_SHARE: Final = 0.5
MOST: Final = 100.0
# Half of the 80 % of a normal distribution, in standard deviations.
_REACH: Final = float(special.ndtri(0.9))
_STATES: Final = {"no_data": 0, "ok": 1, "watch": 2, "act": 3}


def points(value: pl.Expr) -> pl.Expr:
    """The points of a value in the metric's own unit, from 0 to 100."""
    failing = (
        pl.when(pl.col("unit") == "score")
        .then((HIGHEST - value) / (HIGHEST - pl.col("threshold")))
        .when(pl.col("is_higher_better"))
        .then((1 - value) / (1 - pl.col("threshold")))
        .otherwise(value / pl.col("threshold"))
    )
    return (MOST - MOST / 2 * failing).clip(0, MOST)


def scores(judged: pl.DataFrame, of: list[str]) -> pl.DataFrame:
    """The score of each vendor and window.

    Args:
        judged: metrics with unit, is_higher_better, threshold, rate_estimate, rate_lower,
            rate_upper, state, probability_over_threshold and score_weight (whole, NULL or 0 where a
            metric does not count).
        of: the columns that tell vendor and window apart.

    Returns:
        By those columns: score_numerator (weights by points, rounded), score_denominator (weights),
        score_weight_share (these weights by those of all metrics given), rate_estimate with the
        ends of its 80 % interval, whose metrics are taken as independent, spread (its standard
        deviation), and worst_metric_id. Below LEAST_WEIGHT_SHARE both counts are 0 and the estimate
        is NULL.
    """
    ranked = judged.filter(pl.col("denominator") > 0).sort(
        pl.col("state").replace_strict(_STATES, return_dtype=pl.Int64),
        "probability_over_threshold",
        "metric_id",
        descending=[True, True, False],
        nulls_last=True,
        maintain_order=True,
    )
    worst = ranked.group_by(of, maintain_order=True).agg(
        worst_metric_id=pl.col("metric_id").first()
    )
    # a metric all of whose units failed through the fault of others has no estimate, and no points
    counted = ranked.filter(
        pl.col("score_weight") > 0, pl.col("rate_estimate").is_not_null()
    ).with_columns(
        points=points(pl.col("rate_estimate")),
        # how far beyond twice its limit a value lies is unsure and changes no point
        spread=(points(pl.col("rate_lower")) - points(pl.col("rate_upper"))).abs() / 2 / _REACH,
    )
    weight = pl.col("score_weight")
    summed = counted.group_by(of, maintain_order=True).agg(
        score_numerator=(weight * pl.col("points")).sum().round().cast(pl.Int64),
        score_denominator=weight.sum().cast(pl.Int64),
        rate_estimate=(weight * pl.col("points")).sum() / weight.sum(),
        spread=((weight * pl.col("spread")) ** 2).sum().sqrt() / weight.sum(),
    )
    whole = judged.group_by(of).agg(whole=weight.fill_null(0).sum())
    said = _resting_on_enough(summed.join(whole, on=of, how="left"))
    reach = _REACH * pl.col("spread")
    return said.join(worst, on=of, how="left").with_columns(
        rate_lower=(pl.col("rate_estimate") - reach).clip(0, MOST),
        rate_upper=(pl.col("rate_estimate") + reach).clip(0, MOST),
    )


def _resting_on_enough(summed: pl.DataFrame) -> pl.DataFrame:
    """The sums with score_weight_share, empty where it is less than LEAST_WEIGHT_SHARE."""
    share = pl.col("score_denominator") / pl.col("whole")
    is_score = share >= LEAST_WEIGHT_SHARE
    return summed.with_columns(
        pl.when(is_score).then(pl.col("score_numerator", "score_denominator")).otherwise(0),
        pl.when(is_score).then(pl.col("rate_estimate", "spread")),
        score_weight_share=share,
    ).drop("whole")


def with_scores(judged: pl.DataFrame, of: list[str]) -> pl.DataFrame:
    """The judged metrics with the rows of the score filled in; see `scores`."""
    is_score = pl.col("metric_id") == METRIC
    of_metrics, empty = judged.filter(~is_score), judged.filter(is_score)
    if empty.is_empty():
        return judged.with_columns(_nothing())
    made = scores(of_metrics.filter("is_judged"), of)
    filled = [name for name in made.columns if name not in of]
    joined = empty.drop(filled, strict=False).join(made, on=of, how="left", maintain_order="left")
    below = special.ndtr(
        ((joined["threshold"] - joined["rate_estimate"]) / joined["spread"]).to_numpy()
    )
    has_score = pl.col("score_denominator") > 0
    said = pl.Series(states(np.nan_to_num(below), np.nan_to_num(below)), dtype=pl.String)
    return pl.concat(
        [
            of_metrics.with_columns(_nothing()),
            joined.with_columns(
                pl.col("score_numerator", "score_denominator").fill_null(0),
                pl.col("score_weight_share").fill_null(0.0),
                probability_over_threshold=pl.when(has_score).then(pl.Series(below)),
                state=pl.when(has_score).then(said).otherwise(pl.lit("no_data")),
                # the rule before had no score
                state_by_fixed_prior=pl.lit(None, pl.String),
                probability_by_fixed_prior=pl.lit(None, pl.Float64),
            ),
        ],
        how="diagonal",
    ).select(*judged.columns, *SCORE_COLUMNS)


def _nothing() -> list[pl.Expr]:
    return [pl.lit(None, dtype).alias(name) for name, dtype in SCORE_COLUMNS.items()]
