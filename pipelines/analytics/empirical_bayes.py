"""How far vendors truly differ, read from their counts, and what each one's rate is in that light.

Vendors' rates are taken as draws from one Beta distribution, their counts as binomial given the
rate. The Beta's mean and weight (the units it is worth) are those under which the counts are
likeliest: the beta-binomial of Skellam (1948), fitted by maximum likelihood as empirical Bayes
does (Efron, Large-Scale Inference, chapter 1; Gelman et al., Bayesian Data Analysis, 3rd ed.,
section 5.3). Its fit is looked at with the probability integral transform for counts of Czado,
Gneiting and Held (2009): of what it foretells, four fifths must lie in the middle four fifths.

Mean and weight are themselves uncertain where vendors are few. Posteriors are therefore averaged
over both and replaced by the Beta of the same mean and variance (Kass and Steffey 1989), with the
uniform shrinkage prior of the weight (Daniels 1999) and a uniform one of the mean.

Vendors of groups that differ, such as categories, share the weight; each group's mean lies a known
shift of the logit from the common one.
"""

import itertools
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Numbers: TypeAlias = NDArray[np.float64]
Fit: TypeAlias = Literal["fitted", "no_overdispersion", "too_few_vendors", "poor_fit"]

INTERVAL_MASS: Final = 0.80
# Below this nothing can be read from the neighbours.
FEWEST_VENDORS: Final = 10
# 5 % of a chi-square with one degree of freedom, halved, for no spread is the end of the range.
_LIKELIHOOD_RATIO: Final = 2.706
# What posteriors are averaged over: weights, and means in standard errors from the likeliest.
_WEIGHTS: Final = np.geomspace(0.1, 1e5, 24)
_MEANS: Final = np.linspace(-3.5, 3.5, 13)
_LOG_WEIGHTS: Final = (np.log(0.05), np.log(1e6))
_LOGIT_MEANS: Final = (-15.0, 15.0)
# Fewest units of a vendor by which the uniform shrinkage is meant. Vendors with a unit or two say
# nothing of the weight; taken as typical, they would make every vendor one that fails at all units
# or at none, and their interval a point.
_FEWEST_TYPICAL: Final = 30.0
# Classes of size that the fit is looked at in, and how far off the middle may be in one of them.
# Beyond the last one a vendor's own units say nearly all.
_SIZES: Final = (1, 5, 20, 101)
_CLASS_OF_AT_LEAST: Final = 50
_TOLERANCE: Final = 0.10


@dataclass(frozen=True, slots=True)
class Prior:
    """What is known of a vendor before its own units: Beta(weight mean, weight (1 - mean))."""

    mean: float
    weight: float
    fit: Fit

    @property
    def parameters(self) -> tuple[float, float]:
        """The two parameters of the Beta distribution."""
        return self.weight * self.mean, self.weight * (1 - self.mean)

    @property
    def is_usable(self) -> bool:
        """Whether it was read from the vendors, rather than being Jeffreys'."""
        return self.fit in {"fitted", "no_overdispersion"}

    def means(self, shift: Numbers) -> Numbers:
        """The mean of each vendor's group, by its shift of the logit."""
        return expit(special.logit(self.mean) + shift)


# Of Jeffreys: nothing known, so that the vendor's own units speak alone.
_NOTHING_KNOWN: Final = (0.5, 1.0)


def expit(values: Numbers) -> Numbers:
    """The share that has these logits."""
    shares: Numbers = special.expit(values)
    return shares


def fitted_prior(successes: Numbers, units: Numbers, shift: Numbers | None = None) -> Prior:
    """The prior that vendors' counts speak for.

    Args:
        successes: one number per vendor, between 0 and its units; need not be whole.
        units: units per vendor; vendors without any say nothing.
        shift: how far the mean of each vendor's group lies from the common one, in logits.

    Returns:
        The likeliest mean and weight, the weight no more than all units together: nothing is known
        better than the pooled rate. `fit` says whether to rely on that: `fitted`;
        `no_overdispersion`, the counts differ no more than chance makes them; `too_few_vendors` and
        `poor_fit`, no Beta can be read from these vendors or describes them, so that nothing is
        known of one from the others (Jeffreys' prior).
    """
    x, n, apart, times = _counted(successes, units, shift)
    if times.sum() < FEWEST_VENDORS:
        return Prior(*_NOTHING_KNOWN, "too_few_vendors")
    pooled = float((times @ x + 0.5) / (times @ n + 1))
    found = optimize.minimize(  # type: ignore[no-untyped-call]
        _negative_likelihood,
        x0=np.array([special.logit(pooled), np.log(10.0)]),
        args=(x, n, apart, times),
        jac=True,
        method="L-BFGS-B",
        bounds=[_LOGIT_MEANS, _LOG_WEIGHTS],
    )
    weight = min(float(np.exp(found.x[1])), float(times @ n))
    prior = Prior(float(special.expit(found.x[0])), weight, "fitted")
    alike = expit(special.logit(pooled) + apart)
    by_chance = times @ (special.xlogy(x, alike) + special.xlog1py(n - x, -alike))
    if 2 * (-found.fun - by_chance) < _LIKELIHOOD_RATIO:
        return replace(prior, fit="no_overdispersion")
    return prior if _fits(prior, x, n, apart, times) else Prior(*_NOTHING_KNOWN, "poor_fit")


def in_the_light_of(
    prior: Prior, successes: Numbers, units: Numbers, shift: Numbers | None = None
) -> tuple[Numbers, Numbers, Numbers]:
    """Lower end, middle and upper end of where each vendor's true rate is likely.

    Args:
        prior: what `fitted_prior` returns for these counts.
        successes: of all vendors of the pool.
        units: of the same vendors.
        shift: as `fitted_prior` was given it.

    Returns:
        The middle is the posterior's median. The ends hold 80 % of the posterior: as much beyond
        the one as beyond the other, but from 0 where no unit was a success and up to 1 where all
        were.
    """
    if prior.is_usable:
        a, b = _averaged(successes, units, shift)
    else:
        prior_a, prior_b = prior.parameters
        a, b = prior_a + successes, prior_b + units - successes
    outside = 1 - INTERVAL_MASS
    below = np.where(successes <= 0, 0.0, np.where(successes >= units, outside, outside / 2))
    below[units <= 0] = outside / 2
    lower = special.betaincinv(a, b, below)
    upper = special.betaincinv(a, b, below + INTERVAL_MASS)
    return lower, special.betaincinv(a, b, 0.5), upper


def _averaged(successes: Numbers, units: Numbers, shift: Numbers | None) -> tuple[Numbers, Numbers]:
    """Each vendor's Beta with the mean and variance of its posteriors over all priors."""
    x, n, apart, times = _counted(successes, units, shift)
    spread = n / (1 + (n - 1) / (_WEIGHTS[:, None] + 1))
    means = (spread * (x / n) @ times + 0.5) / (spread @ times + 1)
    errors = 1 / np.sqrt(means * (1 - means) * (spread @ times))
    mean = special.expit(special.logit(means)[:, None] + np.minimum(errors, 2)[:, None] * _MEANS)
    weight = np.broadcast_to(_WEIGHTS[:, None], mean.shape)
    typical = max(float(np.median(np.repeat(n, times.astype(int)))), _FEWEST_TYPICAL)
    of_each = mean[..., None] if shift is None else expit(special.logit(mean)[..., None] + apart)
    a, b = weight[..., None] * of_each, weight[..., None] * (1 - of_each)
    likelihood = (special.betaln(a + x, b + n - x) - special.betaln(a, b)) @ times
    # uniform in the mean and in the shrinkage; points stand evenly by logit and logarithm
    density = np.log(mean * (1 - mean) * np.minimum(errors, 2)[:, None])
    density += likelihood + np.log(weight) - 2 * np.log(typical + weight)
    share = np.exp(density - density.max())
    share /= share.sum()
    kept = share > share.max() * 1e-4
    share, mean, weight = share[kept] / share[kept].sum(), mean[kept], weight[kept]
    own = mean if shift is None else expit(special.logit(mean) + shift[:, None])
    each = (weight * own + successes[:, None]) / (weight + units[:, None])
    middle = each @ share
    variance = (each * (1 - each) / (weight + units[:, None] + 1)) @ share
    variance += (each - middle[:, None]) ** 2 @ share
    concentration = middle * (1 - middle) / variance - 1
    return middle * concentration, (1 - middle) * concentration


def _counted(
    successes: Numbers, units: Numbers, shift: Numbers | None
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """The distinct successes, units and shifts, and how many vendors have each."""
    seen = units > 0
    apart = np.zeros_like(units) if shift is None else shift
    rows, times = np.unique(
        np.column_stack([successes[seen], units[seen], apart[seen]]), axis=0, return_counts=True
    )
    return rows[:, 0], rows[:, 1], rows[:, 2], times.astype(np.float64)


def _negative_likelihood(
    theta: Numbers, x: Numbers, n: Numbers, apart: Numbers, times: Numbers
) -> tuple[float, Numbers]:
    """Minus the logarithm of the counts' likelihood, and its slope by logit mean and log weight."""
    mean, weight = expit(theta[0] + apart), np.exp(theta[1])
    a, b = weight * mean, weight * (1 - mean)
    value = times @ (special.betaln(a + x, b + n - x) - special.betaln(a, b))
    by_both = special.digamma(weight + n) - special.digamma(weight)
    by_a = special.digamma(a + x) - special.digamma(a) - by_both
    by_b = special.digamma(b + n - x) - special.digamma(b) - by_both
    slope = np.array(
        [times @ (weight * mean * (1 - mean) * (by_a - by_b)), times @ (a * by_a + b * by_b)]
    )
    return -float(value), -slope


def _fits(prior: Prior, x: Numbers, n: Numbers, apart: Numbers, times: Numbers) -> bool:
    """Whether in every class of size the middle of what is foretold holds its share."""
    low, high = (1 - INTERVAL_MASS) / 2, (1 + INTERVAL_MASS) / 2
    for smallest, next_one in itertools.pairwise(_SIZES):
        of_class = (n >= smallest) & (n < next_one)
        vendors = times[of_class].sum()
        if vendors < _CLASS_OF_AT_LEAST:
            continue
        mean = prior.means(apart[of_class])
        below, upto = _foretold(
            np.rint(x[of_class]),
            np.rint(n[of_class]),
            prior.weight * mean,
            prior.weight * (1 - mean),
        )
        # a count covers a stretch of probabilities, of which a part is in the middle
        inside = np.clip(np.minimum(upto, high) - np.maximum(below, low), 0, None)
        share = times[of_class] @ (inside / np.maximum(upto - below, 1e-12)) / vendors
        if abs(share - INTERVAL_MASS) > _TOLERANCE:
            return False
    return True


def _foretold(x: Numbers, n: Numbers, a: Numbers, b: Numbers) -> tuple[Numbers, Numbers]:
    """The probabilities of less than x of n and of at most x, the rate from Beta(a, b)."""
    counts = np.arange(n.max() + 1)[:, None]
    others = np.maximum(n - counts, 0)
    ways = -special.betaln(counts + 1, others + 1) - np.log(n + 1)
    each = np.exp(ways + special.betaln(a + counts, b + others) - special.betaln(a, b))
    each[counts > n] = 0
    upto = np.cumsum(each, axis=0)[x.astype(int), np.arange(len(x))]
    return upto - each[x.astype(int), np.arange(len(x))], upto
