"""Pareto/NBD: people buy at their own rate and leave, for good, at a moment of their own.

Schmittlein, Morrison and Colombo, "Counting Your Customers: Who Are They and What Will They Do
Next?", Management Science 33(1), 1987. The likelihood is taken as the integral over the moment of
leaving that stands behind its hypergeometric functions (Fader and Hardie, "A Note on Deriving the
Pareto/NBD Model", 2005, equation 15): it has neither their overflow nor their two cases, and its
gradient is an integral of the same kind.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from scipy import special

from pipelines.analytics.lifetime_value.histories import Histories, Numbers

NAMES: Final = ("r", "alpha", "s", "beta")
# Gauss-Legendre on [0, 1]: sixteen nodes give the log-likelihood of CDNOW to 1e-10.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_NODES, _WEIGHTS = (_NODES + 1) / 2, _WEIGHTS / 2


def start(histories: Histories) -> Numbers:
    """Parameters to begin a search with: a mean rate of the data's own scale."""
    exposure = max(float(np.average(histories.age, weights=histories.customers)), 1e-9)
    return np.array([0.5, 0.5 * exposure, 0.6, 0.6 * exposure])


def likelihood(parameters: Numbers, histories: Histories) -> tuple[float, Numbers]:
    """Log-likelihood summed over customers, and its gradient by r, alpha, s, beta."""
    r, alpha, s, beta = parameters
    x, weight, orders = histories.frequency, histories.customers, histories.orders
    alive, left, log_buying, log_leaving = _paths(parameters, histories)
    paths = np.vstack([alive[None], left])
    log_buys = np.vstack([np.log(alpha + histories.age)[None], log_buying])
    log_leaves = np.vstack([np.log(beta + histories.age)[None], log_leaving])
    likeliest = paths.max(axis=0)
    chance = np.exp(paths - likeliest)
    total = chance.sum(axis=0)
    chance *= weight / total
    total = likeliest + np.log(total)
    by_order = histories.by_order(weight)
    gammas = special.gammaln(r + orders) - special.gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    value = by_order @ gammas + weight @ total
    gone = chance[1:]
    inverse = np.sum(chance * np.exp(-log_leaves), axis=1)
    slope = np.array(
        [
            by_order @ (special.digamma(r + orders) - special.digamma(r) + np.log(alpha))
            - np.sum(chance * log_buys),
            weight.sum() * r / alpha - np.sum(chance * np.exp(-log_buys) * (r + x)),
            weight.sum() * np.log(beta) + gone.sum() / s - np.sum(chance * log_leaves),
            weight.sum() * s / beta - s * inverse[0].sum() - (s + 1) * inverse[1:].sum(),
        ]
    )
    return float(value), slope


def _paths(parameters: Numbers, histories: Histories) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """What may have become of customers: alive, or left at one of the nodes of the integral.

    Returns the logarithms of being alive [histories] and of having left [nodes, histories], and
    logarithms of alpha and of beta plus the moment of each node. Nodes are even in
    w = ((alpha + t_x) / (alpha + tau)) ** (r + x + s): where alpha equals beta the integrand is
    constant in it, else nearly so.
    """
    r, alpha, s, beta = parameters
    x = histories.frequency
    at_last, at_age = np.log(alpha + histories.recency), np.log(alpha + histories.age)
    alive = -(r + x) * at_age - s * np.log(beta + histories.age)
    power = r + x + s
    shortest = -power * (at_age - at_last)
    span = -np.expm1(shortest)
    w = np.exp(shortest) + span * _NODES[:, None]
    log_buying = at_last - np.log(w) / power
    log_leaving = np.log(np.exp(log_buying) + (beta - alpha))
    with np.errstate(divide="ignore"):
        left = (
            np.log(s)
            - power * at_last
            - np.log(power)
            + np.log(span)
            + np.log(_WEIGHTS)[:, None]
            + (s + 1) * (log_buying - log_leaving)
        )
    return alive, left, log_buying, log_leaving


def p_alive(parameters: Numbers, histories: Histories) -> Numbers:
    """P(alive | x, t_x, T) of each history (Schmittlein, Morrison and Colombo 1987, eq. 11-13)."""
    alive, left, _, _ = _paths(parameters, histories)
    found: Numbers = np.exp(alive - special.logsumexp(np.vstack([alive[None], left]), axis=0))
    return found


def expected_while_alive(parameters: Numbers, histories: Histories, horizon: float) -> Numbers:
    """Expected purchases within a horizon of those who are alive at its beginning.

    Times P(alive) it is E[Y(t) | x, t_x, T] (Fader and Hardie 2005, equation 41).
    """
    r, alpha, s, beta = parameters
    rate = (r + histories.frequency) / (alpha + histories.age)
    old = beta + histories.age
    power = (1 - s) * np.log1p(horizon / old)
    with np.errstate(divide="ignore", invalid="ignore"):
        lifetime = np.where(
            np.abs(power) < 1e-12, np.log1p(horizon / old), np.expm1(power) / (1 - s)
        )
    found: Numbers = rate * old * lifetime
    return found


def count_probabilities(
    parameters: Numbers, histories: Histories, horizon: float
) -> Iterator[Numbers]:
    """P(n purchases within the horizon | alive at its beginning) per history, for n = 0, 1, ...

    Whoever is alive has a rate of gamma (r + x, alpha + T) and leaves at a rate of gamma
    (s, beta + T); the count is a Poisson-gamma's over the time until leaving or the horizon's end.
    """
    r, alpha, s, beta = parameters
    rate, scale, old = r + histories.frequency, alpha + histories.age, beta + histories.age
    stays = np.exp(-s * np.log1p(horizon / old))
    leaves = (1 - stays) * _NODES[:, None]
    until = np.vstack([np.full((1, old.size), horizon), old * np.expm1(-np.log1p(-leaves) / s)])
    weight = np.vstack([stays[None], (1 - stays) * _WEIGHTS[:, None]])
    share = until / (scale + until)
    chance = weight * np.exp(rate * np.log1p(-share))
    n = 0
    while True:
        yield chance.sum(axis=0)
        n += 1
        chance = chance * ((rate + n - 1) / n) * share
