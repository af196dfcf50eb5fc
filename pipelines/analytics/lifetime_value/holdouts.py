"""How well a model foretold orders that it had not seen."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from pipelines.analytics.lifetime_value.fitting import MODELS, Fit
from pipelines.analytics.lifetime_value.histories import (
    Histories,
    Numbers,
    Places,
    checked,
    counted,
)
from pipelines.analytics.lifetime_value.intervals import count_distribution, pieces_of

DECILES: Final = 10
_LEAST_CHANCE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Foretold:
    """What was foretold of each customer and what came, in the order of the frame.

    `covered` is by how much the middle `mass` of the foretold counts holds what came, 0 to 1:
    counts jump, so their interval never holds exactly that share; the part of the jump that lies
    inside does, on average (Czado, Gneiting and Held, "Predictive Model Assessment for Count Data",
    Biometrics 65, 2009, section 2.1). `log_score` is the logarithm of what came's probability.
    """

    predicted: Numbers
    actual: Numbers
    covered: Numbers
    log_score: Numbers

    @property
    def ratio(self) -> float | None:
        """Orders foretold per order that came; None where none came."""
        came = float(self.actual.sum())
        return float(self.predicted.sum()) / came if came else None

    @property
    def gini(self) -> float | None:
        """How well the ranking holds: 0 as by chance, 1 as if the future had been known."""
        best = _concentration(self.actual, self.actual)
        return _concentration(self.predicted, self.actual) / best if best > 0 else None

    @property
    def top_decile_lift(self) -> float | None:
        """How many times the average a customer of the best-ranked tenth ordered."""
        mean = float(self.actual.mean()) if self.actual.size else 0.0
        best = deciles(self.predicted) == DECILES
        return float(self.actual[best].mean()) / mean if mean and best.any() else None


def foretell(fit: Fit, frame: pl.DataFrame, horizon_days: float, mass: float = 0.8) -> Foretold:
    """What the model says of a frame whose `orders_after` came within the horizon.

    Raises:
        InvalidHistoriesError: a row is no purchase history.
    """
    histories, place = counted(checked(frame))
    actual = frame["orders_after"].to_numpy().astype(np.int64)
    module = MODELS[fit.model]
    alive = module.p_alive(fit.purchases.values, histories)
    expected = alive * module.expected_while_alive(fit.purchases.values, histories, horizon_days)
    at, before = _cumulative(fit, histories, horizon_days, place, actual)
    low, high = (1 - mass) / 2, (1 + mass) / 2
    chance = np.maximum(at - before, _LEAST_CHANCE)
    inside = np.maximum(np.minimum(at, high) - np.maximum(before, low), 0)
    return Foretold(
        expected[place], actual.astype(float), np.minimum(inside / chance, 1), np.log(chance)
    )


def deciles(predicted: Numbers) -> Numbers:
    """1 to 10 by rank, 10 the most; equal predictions share one."""
    ranks = pl.Series(predicted).rank("average").to_numpy()
    found: Numbers = np.ceil(ranks / max(predicted.size, 1) * DECILES).astype(np.int64)
    return found


def _cumulative(
    fit: Fit, histories: Histories, horizon: float, place: Places, actual: Places
) -> tuple[Numbers, Numbers]:
    """P(count <= what came) and P(count < what came) of each customer."""
    module = MODELS[fit.model]
    at, before = np.ones(place.size), np.ones(place.size)
    centre = module.expected_while_alive(fit.purchases.values, histories, horizon)
    by_place = np.argsort(place, kind="stable")
    for mine in pieces_of(centre):
        chance = count_distribution(module, fit.purchases, histories.at(mine), horizon)
        below = np.minimum(np.cumsum(chance, axis=0), 1)
        column = np.full(histories.frequency.size, -1)
        column[mine] = np.arange(mine.size)
        rows = by_place[column[place[by_place]] >= 0]
        columns, came = column[place[rows]], actual[rows]
        last = below.shape[0] - 1
        at[rows] = np.where(came > last, 1, below[np.minimum(came, last), columns])
        before[rows] = np.where(came == 0, 0, below[np.clip(came - 1, 0, last), columns])
    return at, before


def _concentration(ranking: Numbers, actual: Numbers) -> float:
    """Twice the area between the curve of what came, best-ranked first, and the diagonal."""
    total = float(actual.sum())
    if not total:
        return 0.0
    # equal ranks share what they brought, so that their order does not matter
    frame = pl.DataFrame({"ranking": ranking, "actual": actual})
    steps = (
        frame.group_by("ranking")
        .agg(pl.len(), pl.col("actual").sum())
        .sort("ranking", descending=True)
    )
    people = np.concatenate([[0], steps["len"].cum_sum().to_numpy()]) / actual.size
    brought = np.concatenate([[0], steps["actual"].cum_sum().to_numpy()]) / total
    return float(2 * np.trapezoid(brought, people) - 1)
