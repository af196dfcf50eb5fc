"""Posteriors of mean ratings: a mean with its own variance, not a share of yes and no.

A vendor's mean rating is taken as normal around its true mean with the variance of its ratings by
their number, the true means as normal around their category's: the two-level normal model of Morris
(1983) and of Gelman et al., Bayesian Data Analysis, 3rd ed., section 5.4. Of few ratings the
variance is hardly known, and is drawn to that of all vendors.
"""

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from pipelines.analytics.category_priors import between, category_means
from pipelines.analytics.empirical_bayes import FEWEST_VENDORS, INTERVAL_MASS, Fit, Numbers

LOWEST: Final = 1.0
HIGHEST: Final = 5.0
# How many ratings the marketplace's variance is worth against a vendor's own.
_VARIANCE_RATINGS: Final = 10.0
# The variance of ratings that are spread evenly over five stars, where nothing else is known.
_EVEN_VARIANCE: Final = 2.0
_CLASSES: Final = (1, 5, 20, 101)
_CLASS_OF_AT_LEAST: Final = 50
_TOLERANCE: Final = 0.10


@dataclass(frozen=True, slots=True)
class RatedVendors:
    """What is known of each vendor's true mean rating.

    `prior_mean` of its category, `prior_variance` of the true means around it, `variance` of the
    vendor's own mean around the true one; `prior_weight` in ratings.
    """

    prior_mean: Numbers
    prior_variance: float
    prior_weight: float
    is_of_category: NDArray[np.bool_]
    fit: Fit
    mean: Numbers
    variance: Numbers

    def posterior(self, prior_mean: Numbers | None = None) -> tuple[Numbers, Numbers]:
        """Mean and standard deviation of the true mean; `prior_mean` in the prior's place."""
        begun = self.prior_mean if prior_mean is None else prior_mean
        if self.fit in {"too_few_vendors", "poor_fit"}:
            return self.mean, np.sqrt(self.variance)
        kept, spread = self._kept()
        return begun + kept * (self.mean - begun), spread

    def interval(self) -> tuple[Numbers, Numbers, Numbers]:
        """Lower end, middle and upper end: 80 % of the posterior, within one to five stars."""
        middle, spread = self.posterior()
        reach = special.ndtri((1 + INTERVAL_MASS) / 2) * spread
        return (
            np.clip(middle - reach, LOWEST, HIGHEST),
            np.clip(middle, LOWEST, HIGHEST),
            np.clip(middle + reach, LOWEST, HIGHEST),
        )

    def probability_below(self, limit: Numbers) -> Numbers:
        """That the true mean is below the limit; a prior below it is held there."""
        middle, spread = self.posterior(np.maximum(self.prior_mean, limit))
        below: Numbers = special.ndtr((limit - middle) / spread)
        return below

    def mean_to_accuse(self, limit: Numbers, certainty: float) -> Numbers:
        """The mean of its ratings at or below which a vendor is as surely below the limit.

        It is minus infinity where the vendors' true means do not differ: then no mean would do.
        """
        kept, spread = self._kept()
        begun = np.maximum(self.prior_mean, limit)
        with np.errstate(divide="ignore"):
            mean: Numbers = begun - (begun - limit + special.ndtri(certainty) * spread) / kept
        return mean

    def limit_to_accuse(self, certainty: float) -> Numbers:
        """The limit from which on a vendor's true mean is as surely below it, as it stands now.

        The prior is held at the limit where that is higher, so the two cases have two solutions; it
        is infinity where no limit would do.
        """
        kept, spread = self._kept()
        reach = special.ndtri(certainty) * spread
        above_own = self.prior_mean + kept * (self.mean - self.prior_mean) + reach
        with np.errstate(divide="ignore"):
            held = self.mean + reach / kept
        limit: Numbers = np.where(above_own <= self.prior_mean, above_own, held)
        return limit

    def _kept(self) -> tuple[Numbers, Numbers]:
        """How much of its own mean a vendor keeps, and the posterior's standard deviation."""
        kept = self.prior_variance / (self.prior_variance + self.variance)
        return kept, np.sqrt(np.maximum(kept * self.variance, 1e-9))


def rated(
    sums: Numbers, squares: Numbers, counts: Numbers, categories: NDArray[np.str_]
) -> RatedVendors:
    """What a pool of vendors' ratings tell of each one's true mean.

    Args:
        sums: of each vendor's ratings.
        squares: of each vendor's squared ratings.
        counts: of its ratings; vendors without any tell nothing.
        categories: the vendors' categories; the empty text where there is none.

    Returns:
        With `fit` as `fitted_prior` has it: `too_few_vendors` and `poor_fit` leave the vendor's own
        ratings alone.
    """
    seen = counts > 0
    mean = sums / np.maximum(counts, 1)
    variance = _variances(sums, squares, counts) / np.maximum(counts, 1)
    precision = 1 / variance
    if seen.sum() < FEWEST_VENDORS:
        common = np.full_like(mean, mean[seen].mean() if seen.any() else HIGHEST)
        return RatedVendors(common, 0, 0, ~seen & seen, "too_few_vendors", mean, variance)
    spread = between(mean[seen], precision[seen])
    worth = 1 / (spread + variance)
    own = category_means(mean, worth, seen, categories)
    is_own = ~np.isnan(own)
    of_all = float((worth[seen] @ mean[seen]) / worth[seen].sum())
    prior_mean = np.where(is_own, own, of_all)
    spread = _around(prior_mean[seen], mean[seen], precision[seen])
    weight = min(float(np.median(variance[seen] * counts[seen]) / max(spread, 1e-9)), counts.sum())
    fit: Fit = "fitted" if spread > 0 else "no_overdispersion"
    total = spread + variance
    if spread > 0 and not _fits((mean - prior_mean) / np.sqrt(total), counts):
        fit = "poor_fit"
    return RatedVendors(prior_mean, spread, weight, is_own, fit, mean, variance)


def _variances(sums: Numbers, squares: Numbers, counts: Numbers) -> Numbers:
    """The variance of one rating of each vendor, drawn to that of all."""
    apart = np.maximum(squares - sums**2 / np.maximum(counts, 1), 0)
    free = np.maximum(counts - 1, 0)
    common = apart.sum() / free.sum() if free.sum() > 0 else _EVEN_VARIANCE
    common = max(float(common), 0.01)
    variances: Numbers = (_VARIANCE_RATINGS * common + apart) / (_VARIANCE_RATINGS + free)
    return variances


def _around(prior_mean: Numbers, mean: Numbers, precision: Numbers) -> float:
    """The variance of true means around their categories' means."""
    return between(mean - prior_mean, precision)


def _fits(scaled: Numbers, counts: Numbers) -> bool:
    """Whether in every class of size the middle of what is foretold holds its share."""
    is_inside = np.abs(scaled) <= special.ndtri((1 + INTERVAL_MASS) / 2)
    for smallest, next_one in itertools.pairwise(_CLASSES):
        of_class = (counts >= smallest) & (counts < next_one)
        if of_class.sum() < _CLASS_OF_AT_LEAST:
            continue
        if abs(is_inside[of_class].mean() - INTERVAL_MASS) > _TOLERANCE:
            return False
    return True
