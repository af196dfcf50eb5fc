"""How far orders and their value may lie from what is expected of one customer.

Both come from the predictive distribution: chance in leaving, buying and spending, mixed over
parameters as far as the data leave them open. Everything depends on the distinct history but for
the scale of what a customer spends, so that a million customers cost what their histories cost.
"""

from collections.abc import Iterator
from types import ModuleType
from typing import Final

import numpy as np
from scipy import special

from pipelines.analytics.lifetime_value.fitting import MODELS, Estimate, Fit
from pipelines.analytics.lifetime_value.histories import Histories, Numbers, Places

# Counts are added up until so much of the probability is left for more, or so many are reached.
_REST: Final = 1e-4
_MOST_ORDERS: Final = 2_000
# Total value over the scale of spending, on a grid: a step is 15 %,
# interpolated between.
_GRID: Final = np.geomspace(1e-3, 1e5, 128)
_AT_ONCE: Final = 20_000  # histories


def count_and_value_bounds(
    fit: Fit, histories: Histories, horizon: float, mass: float
) -> tuple[Numbers, Numbers]:
    """Bounds of the orders within a horizon, and of their value per unit of spending scale.

    Returns:
        Two arrays [2, histories]: lower and upper end of the middle `mass` of either; the second
        holds NaN where there is no model of spending.
    """
    module = MODELS[fit.model]
    tails = ((1 - mass) / 2, (1 + mass) / 2)
    size = histories.frequency.size
    counts, values = np.empty((2, size)), np.full((2, size), np.nan)
    centre = module.expected_while_alive(fit.purchases.values, histories, horizon)
    for mine in pieces_of(centre):
        part = histories.at(mine)
        chance = count_distribution(module, fit.purchases, part, horizon)
        below = np.cumsum(chance, axis=0)
        for end, tail in enumerate(tails):
            counts[end, mine] = (below < tail).sum(axis=0)
        if fit.spending is not None:
            values[:, mine] = _value_bounds(fit.spending, part, chance, tails)
    return counts, values


def pieces_of(expected: Numbers) -> Iterator[Places]:
    """Histories of similar counts together, so that few of them need many terms."""
    order = np.argsort(expected, kind="stable")
    for first in range(0, order.size, _AT_ONCE):
        yield order[first : first + _AT_ONCE]


def count_distribution(
    module: ModuleType, purchases: Estimate, histories: Histories, horizon: float
) -> Numbers:
    """[counts, histories] the probability of each number of orders within the horizon."""
    points = purchases.sigma_points()
    alive = [module.p_alive(point, histories) for point in points]
    paths = [module.count_probabilities(point, histories, horizon) for point in points]
    rows: list[Numbers] = []
    rest = np.ones(histories.frequency.size)
    while rest.max(initial=0.0) > _REST and len(rows) < _MOST_ORDERS:
        row = sum(p * next(path) for p, path in zip(alive, paths, strict=True)) / len(points)
        if not rows:
            row = row + 1 - sum(alive) / len(points)
        rows.append(row)
        rest = rest - row
    return np.stack(rows)


def _value_bounds(
    spending: Estimate, histories: Histories, chance: Numbers, tails: tuple[float, float]
) -> Numbers:
    """[2, histories] the ends of total value over a customer's scale of spending.

    The value of n orders, given the rate v of spending, is gamma (p n, v), and v is gamma
    (q + p x, gamma + x m) (Fader and Hardie 2013, equation 4): over the scale gamma + x m it is
    a beta prime variable.
    """
    found = np.empty((2, histories.frequency.size))
    counts = np.arange(1, chance.shape[0])
    points = spending.sigma_points()
    p, q, gamma = spending.values
    usual = p * gamma / (q - 1) if q > 1 else gamma
    for place in np.unique(histories.order_place):
        mine = np.flatnonzero(histories.order_place == place)
        x = histories.orders[place]
        below = np.zeros((counts.size, _GRID.size))
        for p, q, its_gamma in points:
            # q and gamma are known together far better than alone, so each point has its own
            # scale; beside the estimate's, for a customer who spent as much as usual
            grid = _GRID * (gamma + x * usual) / (its_gamma + x * usual)
            below += special.betainc(p * counts[:, None], q + p * x, (grid / (1 + grid))[None])
        distribution = chance[0, mine, None] + chance[1:, mine].T @ (below / len(points))
        for end, tail in enumerate(tails):
            found[end, mine] = _quantile(distribution, tail)
    return found


def _quantile(distribution: Numbers, tail: float) -> Numbers:
    """Where distributions [histories, grid] reach a probability; 0 where nothing is as likely."""
    above = np.argmax(distribution >= tail, axis=1)
    above = np.where(distribution[:, -1] < tail, _GRID.size - 1, above)
    below = np.maximum(above - 1, 0)
    rows = np.arange(distribution.shape[0])
    low, high = distribution[rows, below], distribution[rows, above]
    part = np.where(high > low, (tail - low) / np.where(high > low, high - low, 1), 1)
    logs = np.log(_GRID)
    found: Numbers = np.exp(logs[below] + np.clip(part, 0, 1) * (logs[above] - logs[below]))
    return np.where(distribution[:, 0] >= tail, 0, found)
