"""What a rule that judges mean ratings would have got wrong, at each vendor's number of ratings.

A mean of ratings is taken as normal around the vendor's true mean, as the judgement takes it
(`ratings`), so the vendors that a rule accuses are a tail of the normal distribution: those whose
mean is at or below one value.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import polars as pl
from scipy import special

from pipelines.analytics.empirical_bayes import Numbers
from pipelines.analytics.ratings import HIGHEST, LOWEST, RatedVendors
from pipelines.analytics.turning_limits import last_true, of_fixed_prior

_SPAN: Final = HIGHEST - LOWEST


def errors(
    pool: pl.DataFrame,
    known: RatedVendors,
    rates: tuple[Numbers, Numbers],
    level: tuple[float, float],
) -> Mapping[str, Any]:
    """How often one level of both rules is wrong of each vendor's ratings.

    Args:
        pool: ratings of one metric and window with threshold, numerator, denominator, prior_group,
            and category_mean and category_rate, what the fixed prior starts from without and with
            the limit.
        known: what they tell of the true means.
        rates: the true means that are looked at, of innocent and of guilty vendors.
        level: the certainty that is asked for, and the fixed prior's weight.

    Returns:
        from_rating (nan where no mean would do), accused_share and caught_share of the fitted rule,
        the same by fixed prior, and turning_limit of the rule that decides.
    """
    certainty, weight = level
    limit, sums, counts, start, mean = (
        pool[name].cast(pl.Float64).to_numpy()
        for name in ("threshold", "numerator", "denominator", "category_rate", "category_mean")
    )
    is_fixed = (pool["prior_group"] == "fixed").to_numpy()
    fixed = _mean_by_fixed_prior(counts, _failing(limit), _failing(start), level)
    fitted = known.mean_to_accuse(limit, certainty)
    failing = np.clip(counts * HIGHEST - sums, 0, None) / _SPAN
    turning = HIGHEST - _SPAN * of_fixed_prior(failing, counts, _failing(mean), weight, certainty)
    turning = np.where(is_fixed, turning, known.limit_to_accuse(certainty))
    return {
        **_said(np.where(is_fixed, fixed, fitted), known.variance, rates, ""),
        **_said(fixed, known.variance, rates, "_by_fixed_prior"),
        "turning_limit": np.where(turning <= HIGHEST, turning, np.nan),
    }


def share_accused(from_rating: Numbers, true_mean: Numbers, variance: Numbers) -> Numbers:
    """Share of vendors with a true mean whose ratings have at most so high a mean.

    Args:
        from_rating: the mean rating; nan where no mean would do.
        true_mean: of the vendors looked at.
        variance: of the mean of so many ratings around the true one.
    """
    share: Numbers = special.ndtr((from_rating - true_mean) / np.sqrt(variance))
    return np.where(np.isnan(from_rating), 0.0, share)


def _mean_by_fixed_prior(
    counts: Numbers, limit: Numbers, start: Numbers, level: tuple[float, float]
) -> Numbers:
    """The mean rating from which down the fixed prior accuses: a share of the way as failing."""
    certainty, weight = level

    def is_beyond(rating: Numbers) -> Any:
        failing = counts * _failing(rating)
        a, b = weight * start + failing, weight * (1 - start) + counts - failing
        return 1 - special.betainc(a, b, limit) >= certainty

    return last_true(is_beyond, np.full_like(counts, LOWEST), np.full_like(counts, HIGHEST))


def _said(
    from_rating: Numbers, variance: Numbers, rates: tuple[Numbers, Numbers], suffix: str
) -> dict[str, Numbers]:
    within = np.where(from_rating >= LOWEST, np.minimum(from_rating, HIGHEST), np.nan)
    innocent, guilty = rates
    return {
        f"from_rating{suffix}": within,
        f"accused_share{suffix}": share_accused(within, innocent, variance),
        f"caught_share{suffix}": share_accused(within, guilty, variance),
    }


def _failing(rating: Numbers) -> Numbers:
    """How far a mean is from the best, as a share of the way to the worst."""
    return (HIGHEST - rating) / _SPAN
