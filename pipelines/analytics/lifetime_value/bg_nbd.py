"""BG/NBD: people buy at their own rate and leave, for good, after one of their purchases.

Fader, Hardie and Lee, "'Counting Your Customers' the Easy Way: An Alternative to the Pareto/NBD
Model", Marketing Science 24(2), 2005. Equations are numbered as there; x is the number of repeat
purchases, t_x the time of the last one and T the age, all since the first purchase.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from scipy import linalg, special

from pipelines.analytics.lifetime_value.histories import Histories, Numbers

NAMES: Final = ("r", "alpha", "a", "b")
# Terms of the series below shrink at least as fast as those of a geometric one in z.
_MOST_TERMS: Final = 2_000
_PRECISION: Final = 1e-10
# Terms of the series beyond which an integral takes its place: they first grow like exp(a z).
_LONG: Final = 600.0
_TAIL: Final = 23.0  # times horizon / (alpha + T) terms are left where they begin to shrink
_NODES: Final = 64


def start(histories: Histories) -> Numbers:
    """Parameters to begin a search with: a mean rate of the data's own scale."""
    exposure = max(float(np.average(histories.age, weights=histories.customers)), 1e-9)
    return np.array([0.5, 0.5 * exposure, 1.0, 2.5])


def likelihood(parameters: Numbers, histories: Histories) -> tuple[float, Numbers]:
    """Log-likelihood (equation 6, summed over customers) and its gradient by r, alpha, a, b."""
    r, alpha, a, b = parameters
    weight, orders, place = histories.customers, histories.orders, histories.order_place
    at_age, at_last = np.log(alpha + histories.age), np.log(alpha + histories.recency)
    rate = (r + orders)[place]
    # The odds of having left, and with e = exp(-|log odds|) the logarithm of 1 + odds.
    log_odds = _log_leaving(a, b, orders)[place] + rate * (at_age - at_last)
    small = np.exp(-np.abs(log_odds))
    total = np.maximum(log_odds, 0) + np.log1p(small) - rate * at_age
    gone = np.where(log_odds > 0, 1, small) / (1 + small)
    by_order = histories.by_order(weight)
    gammas = (
        special.gammaln(r + orders)
        - special.gammaln(r)
        + special.gammaln(b + orders)
        - special.gammaln(b)
        + special.gammaln(a + b)
        - special.gammaln(a + b + orders)
        + r * np.log(alpha)
    )
    value = by_order @ gammas + weight @ total
    repeats = orders > 0
    both = special.digamma(a + b) - special.digamma(a + b + orders)
    gone_weight, stays = weight * gone, weight * (1 - gone)
    slope = np.array(
        [
            by_order @ (special.digamma(r + orders) - special.digamma(r) + np.log(alpha))
            - stays @ at_age
            - gone_weight @ at_last,
            by_order.sum() * r / alpha
            - stays @ (rate / (alpha + histories.age))
            - gone_weight @ (rate / (alpha + histories.recency)),
            by_order @ both + gone_weight.sum() / a,
            by_order @ (both + special.digamma(b + orders) - special.digamma(b))
            - histories.by_order(gone_weight)[repeats] @ (1 / (b + (orders[repeats] - 1))),
        ]
    )
    return float(value), slope


def _log_leaving(a: float, b: float, orders: Numbers) -> Numbers:
    """The logarithm of a / (b + x - 1); minus infinity without a repeat purchase: nobody leaves."""
    left = np.full(orders.size, -np.inf)
    left[orders > 0] = np.log(a) - np.log(b + (orders[orders > 0] - 1))
    return left


def p_alive(parameters: Numbers, histories: Histories) -> Numbers:
    """P(alive | x, t_x, T) of each history; 1 without a repeat purchase: nobody leaves before one.

    Fader, Hardie and Lee, "Computing P(alive) Using the BG/NBD Model", 2008, equation 7.
    """
    r, alpha, a, b = parameters
    log_odds = _log_leaving(a, b, histories.orders)[histories.order_place] + (
        r + histories.frequency
    ) * np.log((alpha + histories.age) / (alpha + histories.recency))
    found: Numbers = special.expit(-log_odds)
    return found


def expected_while_alive(parameters: Numbers, histories: Histories, horizon: float) -> Numbers:
    """Expected purchases within a horizon of those who are alive at its beginning.

    Times P(alive) it is E[Y(t) | x, t_x, T] (equation 10). The hypergeometric function goes through
    Euler's transformation, whose series converges for all t and has no pole at a = 1.
    """
    pairs, place = histories.by_age  # far fewer than there are histories
    found: Numbers = _expected(parameters, pairs.frequency, pairs.age, horizon)[place]
    return found


def _expected(parameters: Numbers, x: Numbers, age: Numbers, horizon: float) -> Numbers:
    """The expectation for each pair of frequency and age."""
    is_long = (parameters[2] + _TAIL) * horizon > _LONG * (parameters[1] + age)
    found = np.empty_like(age)
    found[~is_long] = _summed(parameters, x[~is_long], age[~is_long], horizon)
    found[is_long] = _integrated(parameters, x[is_long], age[is_long], horizon)
    return found


def _integrated(parameters: Numbers, x: Numbers, age: Numbers, horizon: float) -> Numbers:
    """The expectation as an integral over p, the chance to leave, which is beta (a, b + x).

    Whoever has it orders (1 - (1 + p t / (alpha + T))^-(r + x)) / p times (equation 7 given p,
    over the rate); the integral is Gauss and Jacobi's sum.
    """
    r, alpha, a, b = parameters
    found = np.empty_like(age)
    for count in np.unique(x):
        mine = x == count
        leave, weight = _beta_nodes(a, b + count)
        power = -(r + count) * np.log1p(np.outer(horizon / (alpha + age[mine]), leave))
        found[mine] = -np.expm1(power) @ (weight / leave)
    return found


def _beta_nodes(a: float, b: float) -> tuple[Numbers, Numbers]:
    """Nodes and weights of the mean over beta (a, b) (Golub and Welsch 1969, from Jacobi's)."""
    k = np.arange(1, _NODES)
    both = 2 * k + a + b - 2
    middle = np.append((a - b) / (a + b), (a - b) * (a + b - 2) / (both * (both + 2)))
    # k (k + a - 1) (k + b - 1) (k + a + b - 2) / ((2k + a + b - 3) (2k + a + b - 2)^2 (...)); at
    # k = 1 the factor a + b - 1 stands above and below
    last = np.where(k == 1, 1.0, (k + a + b - 2) / np.where(k == 1, 1.0, both - 1))
    beside = 4 * k * (k + a - 1) * (k + b - 1) * last / (both**2 * (both + 1))
    nodes, vectors = linalg.eigh_tridiagonal(middle, np.sqrt(beside))
    return np.maximum((1 + nodes) / 2, np.finfo(float).tiny), vectors[0] ** 2


def _summed(parameters: Numbers, x: Numbers, age: Numbers, horizon: float) -> Numbers:
    """The expectation as a series, for the ages at which it is short."""
    r, alpha, a, b = parameters
    z = horizon / (alpha + age + horizon)
    log_rest = np.log1p(-z)
    # (2F1(a - 1, a + b - 1 - r; a + b + x - 1; z) - 1) / (a - 1), term by term
    term = (a + b - 1 - r) / (a + b + x - 1) * z
    series = term.copy()
    for n in range(1, _MOST_TERMS):
        term = term * ((a + n - 1) * (a + b - 1 - r + n) / (n + 1) * z / (a + b + x - 1 + n))
        series += term
        if np.abs(term).max(initial=0.0) < _PRECISION:
            break
    power = (a - 1) * log_rest
    # (1 - rest^(a - 1)) / (a - 1), also where a is 1
    loss = -log_rest * _relative_expm1(power)
    found: Numbers = (a + b + x - 1) * (loss - np.exp(power) * series)
    return found


def _relative_expm1(value: Numbers) -> Numbers:
    """expm1(value) / value, which is 1 at 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.abs(value) < 1e-12, 1.0, np.expm1(value) / value)


def count_probabilities(
    parameters: Numbers, histories: Histories, horizon: float
) -> Iterator[Numbers]:
    """P(n purchases within the horizon | alive at its beginning) per history, for n = 0, 1, ...

    Whoever is alive has a rate of gamma (r + x, alpha + T) and leaves with a chance of beta
    (a, b + x): equation 8 with these in place of the prior's.
    """
    r, alpha, a, b = parameters
    rate, scale = r + histories.frequency, alpha + histories.age
    stay = b + histories.frequency
    share = horizon / (scale + horizon)
    poisson = np.exp(rate * np.log1p(-share))
    survived = np.ones_like(rate)
    left = a / (a + stay)
    beyond = 1 - poisson
    yield poisson
    n = 1
    while True:
        poisson = poisson * (rate + n - 1) / n * share
        survived = survived * (stay + n - 1) / (a + stay + n - 1)
        yield survived * poisson + left * np.maximum(beyond, 0)
        beyond = beyond - poisson
        n += 1
        left = left * (stay + n - 2) / (a + stay + n - 1)
