"""What a rule that judges vendors would have got wrong, at each vendor's own number of units.

Who is accused depends on a count alone: from so many failing units on. So the share of vendors of
a given true rate that the rule accuses is a tail of the binomial distribution, without simulation.
Ratings have no units that fail: of them it is a tail of the normal one (`rating_errors`).
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import polars as pl
from scipy import special

from pipelines.analytics import rating_errors, turning_limits
from pipelines.analytics.empirical_bayes import Numbers
from pipelines.analytics.fair_rates import (
    ACT_PRIOR_UNITS,
    ACT_PROBABILITY,
    WATCH_PRIOR_UNITS,
    WATCH_PROBABILITY,
)
from pipelines.analytics.posterior_columns import VENDOR_RULE_ERRORS
from pipelines.analytics.ratings import HIGHEST, LOWEST
from pipelines.analytics.vendor_judgement import POOL, as_shown, rated_vendors, with_priors
from pipelines.analytics.vendor_score import METRIC, scores

# Whom a rule should leave alone and whom it should find: true rates in shares of the limit.
INNOCENT: Final = 0.5
GUILTY: Final = 3.0
LEVELS: Final[Mapping[str, tuple[float, float]]] = {
    "watch": (WATCH_PROBABILITY, WATCH_PRIOR_UNITS),
    "act": (ACT_PROBABILITY, ACT_PRIOR_UNITS),
}
# Halvings of a count up to a billion until counts are told apart.
_HALVINGS: Final = 40


def counts_to_accuse(
    units: Numbers, limit: Numbers, prior: tuple[Numbers, Numbers], certainty: float
) -> Numbers:
    """From how many failing units on a vendor is accused.

    Args:
        units: how many each vendor has.
        limit: the share of failing units that is not to be passed.
        prior: the two parameters of the Beta distribution of the failing share.
        certainty: the probability of being beyond the limit that is asked for.

    Returns:
        The smallest whole count; units + 1 where even all of them failing would not do.
    """
    a, b = prior
    low, high = np.full_like(units, -1.0), units + 1.0
    for _ in range(_HALVINGS):
        middle = np.floor((low + high) / 2)
        inside = np.clip(middle, 0, units)
        is_enough = 1 - special.betainc(a + inside, b + units - inside, limit) >= certainty
        high = np.where((middle > low) & (is_enough | (middle > units)), middle, high)
        low = np.where((middle > low) & ~(is_enough | (middle > units)), middle, low)
        if (high - low <= 1).all():
            break
    return high


def share_accused(units: Numbers, from_count: Numbers, true_share: Numbers) -> Numbers:
    """Share of vendors with a true share of failing units that have at least so many."""
    counted = np.clip(from_count, 1, np.maximum(units, 1))
    # the tail of the binomial as an incomplete beta function
    accused = special.betainc(counted, units - counted + 1, true_share)
    return np.where(from_count > units, 0.0, np.where(from_count <= 0, 1.0, accused))


def of_vendors(frame: pl.DataFrame) -> pl.DataFrame:
    """What both rules would get wrong about each vendor by the newest windows.

    Args:
        frame: as for `vendor_judgement.judged`; `is_judged` tells windows that are to look at only.

    Returns:
        As `errors`, with turning_limit, the limit at which the vendor as it stands comes to the
        level: of rates and durations, of a duration the share of units that took longer than the
        limit, whose own limit is no share and is left empty; of ratings, which have no units that
        fail, with innocent_rating, guilty_rating and from_rating in the place of rates and count;
        of the vendor score turning_limit alone.
    """
    newest = frame.filter(
        pl.col("window_end") == pl.col("window_end").max(),
        pl.col("is_judged") if "is_judged" in frame.columns else pl.lit(value=True),
    )
    made = with_priors(newest)
    rates = made.filter(pl.col("unit") == "rate", pl.col("denominator") > 0)
    ratings = made.filter(pl.col("unit") == "score").group_by(POOL, maintain_order=True)
    found = [
        errors(rates).with_columns(turning_limit=_turning_limits(rates)),
        *(_of_ratings(pool) for _, pool in ratings),
    ]
    of_units = pl.concat(found, how="diagonal").rename({"denominator": "unit_count"})
    of_score = _of_scores(as_shown(newest, made))
    whole = pl.concat([of_units, of_score], how="diagonal")
    missing = set(VENDOR_RULE_ERRORS) - set(whole.columns)
    empty = (pl.lit(None, pl.Float64).alias(name) for name in missing)
    return whole.with_columns(empty).select(*VENDOR_RULE_ERRORS).fill_nan(None)


def errors(frame: pl.DataFrame) -> pl.DataFrame:
    """How often each level of both rules is wrong, per row of rates with units.

    Args:
        frame: rates with is_higher_better, threshold, denominator, prior_mean, prior_weight,
            prior_group and category_rate (what the fixed prior starts from); more is kept.

    Returns:
        Two rows per input row, by `level`: innocent_rate and guilty_rate, the true rates that are
        looked at, half of the limit's failing share and three times it (or half way to all);
        from_count, accused_share and caught_share of the fitted rule, and the same by fixed prior.
    """
    units, limit = frame["denominator"].cast(pl.Float64).to_numpy(), _failing(frame, "threshold")
    innocent, guilty = limit * INNOCENT, np.minimum(limit * GUILTY, (1 + limit) / 2)
    weight = frame["prior_weight"].to_numpy()
    mean = np.minimum(_failing(frame, "prior_mean"), limit)
    start = _failing(frame, "category_rate")
    is_fixed = (frame["prior_group"] == "fixed").to_numpy()
    made = []
    for level, (certainty, fixed_weight) in LEVELS.items():
        fixed = counts_to_accuse(
            units, limit, (fixed_weight * start, fixed_weight * (1 - start)), certainty
        )
        fitted = counts_to_accuse(units, limit, (weight * mean, weight * (1 - mean)), certainty)
        columns: dict[str, Any] = {"level": level}
        columns |= _said(units, innocent, guilty, np.where(is_fixed, fixed, fitted), "")
        columns |= _said(units, innocent, guilty, fixed, "_by_fixed_prior")
        made.append(
            frame.with_columns(
                **{name: pl.lit(_series(name, value)) for name, value in columns.items()},
                innocent_rate=pl.lit(_own(frame, innocent)),
                guilty_rate=pl.lit(_own(frame, guilty)),
            )
        )
    return pl.concat(made)


def _turning_limits(frame: pl.DataFrame) -> pl.Series:
    """By level, at which limit each row of rates comes to it; empty of durations."""
    units, weight = (frame[name].cast(pl.Float64).to_numpy()
                     for name in ("denominator", "prior_weight"))  # fmt: skip
    counted = frame["numerator"].cast(pl.Float64).to_numpy()
    failing = np.where(frame["is_higher_better"].to_numpy(), units - counted, counted)
    mean, start = _failing(frame, "prior_mean"), _failing(frame, "category_mean")
    is_fixed = (frame["prior_group"] == "fixed").to_numpy()
    made = []
    for certainty, fixed_weight in LEVELS.values():
        fitted = turning_limits.of_shares(failing, units, (mean, weight), certainty)
        fixed = turning_limits.of_fixed_prior(failing, units, start, fixed_weight, certainty)
        limit = _own(frame, np.where(is_fixed, fixed, fitted))
        made.append(limit.zip_with(~frame["is_hours"], pl.Series([None], dtype=pl.Float64)))
    return pl.concat(made)


def _of_ratings(pool: pl.DataFrame) -> pl.DataFrame:
    """The rows of one metric and window of ratings."""
    known, limit = rated_vendors(pool), pool["threshold"].cast(pl.Float64).to_numpy()
    failing = (HIGHEST - limit) / (HIGHEST - LOWEST)
    innocent, guilty = (
        HIGHEST - (HIGHEST - LOWEST) * share
        for share in (failing * INNOCENT, np.minimum(failing * GUILTY, (1 + failing) / 2))
    )
    made = [
        pool.with_columns(
            pl.Series(name, value)
            for name, value in rating_errors.errors(pool, known, (innocent, guilty), level).items()
        ).with_columns(level=pl.lit(name))
        for name, level in LEVELS.items()
    ]
    rates = [pl.Series("innocent_rating", innocent), pl.Series("guilty_rating", guilty)]
    whole = [each.with_columns(rates) for each in made]
    return pl.concat(whole).filter(pl.col("denominator") > 0)


def _of_scores(shown: pl.DataFrame) -> pl.DataFrame:
    """Of each vendor score the limit at which it comes to a level."""
    of = ["vendor_id", "window_end"]
    is_score = pl.col("metric_id") == METRIC
    known = scores(shown.filter(~is_score), of).filter(pl.col("rate_estimate").is_not_null())
    found = (
        shown.filter(is_score).select(*of, "metric_id").join(known, on=of, maintain_order="left")
    )
    return pl.concat(
        found.select(
            *of,
            "metric_id",
            pl.lit(name).alias("level"),
            turning_limits.of_scores(found, certainty),
        )
        for name, (certainty, _) in LEVELS.items()
    )


def _said(
    units: Numbers, innocent: Numbers, guilty: Numbers, count: Numbers, suffix: str
) -> dict[str, Numbers]:
    return {
        f"from_count{suffix}": np.where(count > units, np.nan, count),
        f"accused_share{suffix}": share_accused(units, count, innocent),
        f"caught_share{suffix}": share_accused(units, count, guilty),
    }


def _series(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return value
    made = pl.Series(name, value).fill_nan(None)
    return made.cast(pl.Int64) if name.startswith("from_count") else made


def _failing(frame: pl.DataFrame, name: str) -> Numbers:
    """A rate as the share that fails."""
    share: Numbers = frame[name].cast(pl.Float64).to_numpy()
    return np.where(frame["is_higher_better"].to_numpy(), 1 - share, share)


def _own(frame: pl.DataFrame, failing: Numbers) -> pl.Series:
    """A failing share as a rate of the metric."""
    return pl.Series(np.where(frame["is_higher_better"].to_numpy(), 1 - failing, failing))
