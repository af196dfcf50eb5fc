"""How far categories lie from the marketplace, so that a vendor is compared with its own kind.

A category's mean differs from the marketplace's by chance and by more than chance. How much more is
estimated over all categories (DerSimonian and Laird 1986), and each mean is drawn to the common one
in proportion (Morris 1983, the normal two-level model): a category of which little is known is
hardly told from the marketplace.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from pipelines.analytics.empirical_bayes import (
    FEWEST_VENDORS,
    Numbers,
    Prior,
    fitted_prior,
)

# A mean of 0 or 1 has no logit; beyond these ends it is not told from them.
_SHARES: Final = (0.0005, 0.9995)


def prior_by_category(
    successes: Numbers, units: Numbers, categories: NDArray[np.str_]
) -> tuple[Prior, Numbers]:
    """The prior of a pool of vendors, and each vendor's shift to its category's mean, in logits.

    Args:
        successes: one number per vendor, between 0 and its units.
        units: of the same vendors.
        categories: of the same vendors; the empty text where there is none.

    Returns:
        The shift is 0, which is the marketplace's mean, for vendors without a category, in one with
        fewer than ten vendors that have units, and where categories do not differ.
    """
    prior = fitted_prior(successes, units)
    nowhere = np.zeros_like(units)
    if prior.fit == "too_few_vendors":
        return prior, nowhere
    # of a beta-binomial share: its variance is m (1 - m) by these
    worth = units / (1 + (units - 1).clip(0) / (prior.weight + 1))
    pooled = float(np.clip((worth @ _shares(successes, units)) / worth.sum(), *_SHARES))
    means = category_means(
        _shares(successes, units), worth / (pooled * (1 - pooled)), units > 0, categories
    )
    shift = np.where(
        ~np.isnan(means), special.logit(np.clip(means, *_SHARES)) - special.logit(pooled), 0.0
    )
    if not shift.any():
        return prior, nowhere
    return fitted_prior(successes, units, shift), shift


def category_means(
    values: Numbers, precision: Numbers, is_seen: NDArray[np.bool_], categories: NDArray[np.str_]
) -> Numbers:
    """The mean of each vendor's category, drawn to that of all; nan where it has none of its own.

    Args:
        values: what each vendor has, such as its rate or its mean rating.
        precision: one divided by the variance of that value.
        is_seen: whether the vendor has any units.
        categories: the vendors' categories; the empty text where there is none.
    """
    names, place = np.unique(categories, return_inverse=True)
    vendors = np.bincount(place, weights=is_seen)
    is_own = (vendors >= FEWEST_VENDORS) & (names != "")
    unknown = np.full(len(values), np.nan)
    if is_own.sum() < 2:
        return unknown
    weights = np.bincount(place, weights=precision * is_seen)
    sums = np.bincount(place, weights=precision * is_seen * values)
    total, weight, mean = _pooled(sums, weights)
    variance = between(mean[is_own], weight[is_own])
    if variance <= 0:
        return unknown
    kept = variance / (variance + 1 / weight)
    return np.where(is_own, total + kept * (mean - total), np.nan)[place]


def between(means: Numbers, precision: Numbers) -> float:
    """How much means vary beyond chance: the variance of DerSimonian and Laird, at least 0."""
    all_of_them = precision.sum()
    common = (precision @ means) / all_of_them
    chance = len(means) - 1
    scale = all_of_them - (precision**2).sum() / all_of_them
    return max(0.0, float((precision @ (means - common) ** 2 - chance) / scale))


def _pooled(sums: NDArray[Any], weights: NDArray[Any]) -> tuple[float, Numbers, Numbers]:
    known = np.maximum(weights, 1e-12)
    return float(sums.sum() / known.sum()), known, sums / known


def _shares(successes: Numbers, units: Numbers) -> Numbers:
    return successes / np.maximum(units, 1)
