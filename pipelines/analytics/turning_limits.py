"""At which limit a vendor, as it stands, comes to a level: what a change of limits would do.

A state follows from the probability of being on the wrong side of the limit, which grows as the
limit gets stricter. So each level has one limit at which it begins, and comparing a new limit with
it gives the state that the judgement would find, without judging again.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from pipelines.analytics.empirical_bayes import Numbers
from pipelines.analytics.fair_rates import PRIOR_MEAN_STEP

# Halvings of an interval of length 1 until its ends are as close as doubles are near a share.
_HALVINGS: Final = 52
_SMALLEST: Final = 1e-9


def last_true(
    holds: Callable[[Numbers], NDArray[np.bool_]], low: Numbers, high: Numbers
) -> Numbers:
    """Up to which value a condition holds that is true at first; nan where it never is.

    Args:
        holds: the condition of all rows at once, at one value for each.
        low: where to begin.
        high: where to end.
    """
    begins = holds(low)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        is_held = holds(middle)
        low, high = np.where(is_held, middle, low), np.where(is_held, high, middle)
    return np.where(begins, low, np.nan)


def of_shares(
    failing: Numbers, units: Numbers, prior: tuple[Numbers, Numbers], certainty: float
) -> Numbers:
    """Up to which limit of the failing share a vendor is beyond it with a certainty.

    Args:
        failing: how many of each vendor's units failed.
        units: how many it has.
        prior: mean of the failing share and weight, the mean not yet held at the limit.
        certainty: the probability of being beyond the limit that is asked for.

    Returns:
        The limit's failing share; nan where none above a billionth would do.
    """
    mean, weight = prior

    def is_beyond(limit: Numbers) -> NDArray[np.bool_]:
        held = np.minimum(mean, limit)
        a, b = weight * held + failing, weight * (1 - held) + units - failing
        beyond: NDArray[np.bool_] = 1 - special.betainc(a, b, limit) >= certainty
        return beyond

    return last_true(is_beyond, np.full_like(units, _SMALLEST), np.ones_like(units))


def of_fixed_prior(
    failing: Numbers, units: Numbers, mean: Numbers, weight: float, certainty: float
) -> Numbers:
    """The same by the rule with the fixed prior, whose mean is at least a step."""
    stepped = np.maximum(mean, PRIOR_MEAN_STEP)
    return of_shares(failing, units, (stepped, np.full_like(units, weight)), certainty)


def of_scores(scores: pl.DataFrame, certainty: float) -> pl.Series:
    """From which limit on a vendor score is as surely below it: rate_estimate and spread."""
    reach = float(special.ndtri(certainty))
    return scores.select(
        turning_limit=pl.col("rate_estimate") + reach * pl.col("spread")
    ).to_series()
