"""Maximum likelihood for the models of purchases and of spending."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Final

import numpy as np
import polars as pl
from scipy import linalg, optimize

from pipelines.analytics.lifetime_value import bg_nbd, gamma_gamma, pareto_nbd
from pipelines.analytics.lifetime_value.gamma_gamma import Spending
from pipelines.analytics.lifetime_value.histories import (
    SPENT,
    Histories,
    Numbers,
    checked,
    distinct_histories,
)

MODELS: Final[Mapping[str, ModuleType]] = {"bg_nbd": bg_nbd, "pareto_nbd": pareto_nbd}
# Below this a few people decide every parameter.
FEWEST_REPEATERS: Final = 50
# How far from where the search begins, which has the data's units: a factor of 22,000.
_LOG_BOUND: Final = 10.0
_STEP: Final = 1e-4
# The search begins on so many customers; all of them then need a few steps only.
_ENOUGH: Final = 32_768
# Small enough for the processor's cache, and for BLAS not to share it between threads.
_PART: Final = 4_096
_FEW_STEPS: Final = 12
_CLOSE, _FAR = 1e-7, 1.0  # in logarithms

Likelihood = Callable[[Numbers], tuple[float, Numbers]]


class CannotFitError(ValueError):
    """The data do not tell the parameters; the text says why."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Parameters that were found, and how well they are known.

    `covariance` is that of their logarithms: the inverse of the observed information. `at_bound`
    names parameters that ran to the end of their range, which the data do not tell.
    """

    names: tuple[str, ...]
    values: Numbers
    covariance: Numbers
    customers: float
    log_likelihood: float
    at_bound: tuple[str, ...]

    def as_dict(self) -> dict[str, float]:
        """The parameters by name."""
        return dict(zip(self.names, self.values.tolist(), strict=True))

    def sigma_points(self) -> Numbers:
        """[points, parameters] equally likely parameters of the same mean and covariance.

        Both hold in logarithms; the points are the corners of a simplex (Julier, "The Spherical
        Simplex Unscented Transformation", 2003).
        """
        size = self.values.size
        root = np.linalg.cholesky(self.covariance + 1e-12 * np.eye(size))
        corners = np.sqrt(size + 1) * linalg.helmert(size + 1).T  # type: ignore[no-untyped-call]
        points: Numbers = np.exp(np.log(self.values) + corners @ root.T)
        return points


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model: of purchases, and of spending where the frame says what orders were worth.

    `spend_correlation` is Pearson's between the number of repeat orders and their mean value, which
    Gamma-Gamma takes to be 0.
    """

    model: str
    purchases: Estimate
    spending: Estimate | None
    customers: int
    repeaters: int
    spend_correlation: float | None

    @property
    def parameters(self) -> dict[str, float]:
        """All parameters by name, as the papers call them."""
        return self.purchases.as_dict() | (self.spending.as_dict() if self.spending else {})

    @property
    def log_likelihood(self) -> float:
        """Of the purchases."""
        return self.purchases.log_likelihood


def fit(frame: pl.DataFrame, model: str = "bg_nbd") -> Fit:
    """The likeliest parameters for customers' purchase histories.

    Args:
        frame: a row per customer: `frequency` (repeat orders), `recency` (time from the first to
            the last order) and `age` (time from the first order to the end of the data), in days or
            any other unit, which the parameters then have; `monetary`, the mean value of the repeat
            orders, may be left out.
        model: `bg_nbd` or `pareto_nbd`, in any spelling ("BG/NBD").

    Raises:
        InvalidHistoriesError: a row is no purchase history.
        CannotFitError: fewer than 50 customers ordered again, or there is no such model.
    """
    name = _model_named(model)
    numbers = checked(frame)
    repeaters = int((numbers["frequency"] > 0).sum())
    if repeaters < FEWEST_REPEATERS:
        raise CannotFitError(
            f"{repeaters} customers ordered again; a model needs {FEWEST_REPEATERS} of them."
        )
    purchases = _estimated(MODELS[name], distinct_histories(numbers))
    spending, correlation = None, None
    if SPENT in frame.columns:
        values = gamma_gamma.spending_of(numbers)
        if values.mean.size >= FEWEST_REPEATERS:
            spending = _estimated(gamma_gamma, values)
            correlation = _correlation(values.frequency, values.mean)
    return Fit(name, purchases, spending, frame.height, repeaters, correlation)


def _model_named(model: str) -> str:
    plain = re.sub(r"[^a-z]", "", model.lower())
    for name in MODELS:
        if name.replace("_", "") == plain:
            return name
    raise CannotFitError(f"There is no model {model!r}; there are {', '.join(MODELS)}.")


def _estimated(module: ModuleType, seen: Histories | Spending) -> Estimate:
    """A model's parameters, first from some of what was seen, where that is much, then from all."""
    begun = None
    if seen.size > _ENOUGH:
        some = seen.sample(_ENOUGH)
        begun = _likeliest(
            _in_parts(module, some), module.NAMES, module.start(some), some.customer_count
        )
    likelihood = _in_parts(module, seen)
    return _likeliest(likelihood, module.NAMES, module.start(seen), seen.customer_count, begun)


def _in_parts(module: ModuleType, seen: Histories | Spending) -> Likelihood:
    parts = [seen.at(slice(first, first + _PART)) for first in range(0, seen.size, _PART)]

    def likelihood(parameters: Numbers) -> tuple[float, Numbers]:
        values, slopes = zip(*(module.likelihood(parameters, part) for part in parts), strict=True)
        return sum(values), np.sum(slopes, axis=0)

    return likelihood


def _likeliest(
    likelihood: Likelihood,
    names: tuple[str, ...],
    start: Numbers,
    customers: float,
    begun: Estimate | None = None,
) -> Estimate:
    """The parameters of the highest likelihood, searched for in logarithms.

    `begun` is an estimate from some of the customers: those of all are a few steps away, and as
    much better known as they are more.
    """

    def cost(logs: Numbers) -> tuple[float, Numbers]:
        parameters = np.exp(logs)
        value, slope = likelihood(parameters)
        return -value / customers, -slope * parameters / customers

    first: Numbers = np.log(start)
    logs = _stepped(cost, begun) if begun else None
    if begun and logs is not None:
        covariance = begun.covariance * (begun.customers / customers)
    else:
        logs = optimize.minimize(  # type: ignore[no-untyped-call]
            cost,
            x0=first,
            jac=True,
            method="L-BFGS-B",
            bounds=[(each - _LOG_BOUND, each + _LOG_BOUND) for each in first],
            options={"ftol": 1e-13, "gtol": 1e-8, "maxiter": 500},
        ).x
        covariance = _inverse(_information(cost, logs) * customers)
    ends = np.abs(logs - first) > _LOG_BOUND - 1e-3
    return Estimate(
        names=names,
        values=np.exp(logs),
        covariance=covariance,
        customers=customers,
        log_likelihood=-cost(logs)[0] * customers,
        at_bound=tuple(name for name, is_end in zip(names, ends, strict=True) if is_end),
    )


def _stepped(cost: Likelihood, begun: Estimate) -> Numbers | None:
    """Newton's steps from an estimate with its curvature; None where they lead nowhere."""
    logs, inverse = np.log(begun.values), begun.covariance * begun.customers
    if begun.at_bound:
        return None
    slope = cost(logs)[1]
    for _ in range(_FEW_STEPS):
        step: Numbers = -inverse @ slope
        if np.abs(step).max() > _FAR:
            return None
        logs = logs + step
        if np.abs(step).max() < _CLOSE:
            return logs
        before, slope = slope, cost(logs)[1]
        inverse = _taught(inverse, step, slope - before)
    return None


def _taught(inverse: Numbers, step: Numbers, change: Numbers) -> Numbers:
    """The inverse curvature after a step that changed the slope.

    Broyden, Fletcher, Goldfarb and Shanno's: Nocedal and Wright, "Numerical Optimization", 2006,
    equation 6.17.
    """
    along = step @ change
    if along <= 0:  # no curvature of a minimum
        return inverse
    beside = np.eye(step.size) - np.outer(step, change) / along
    found: Numbers = beside @ inverse @ beside.T + np.outer(step, step) / along
    return found


def _information(cost: Likelihood, logs: Numbers) -> Numbers:
    """The observed information per customer: the curvature of the cost."""
    steps = np.eye(logs.size) * _STEP
    found = np.array([cost(logs + step)[1] - cost(logs - step)[1] for step in steps]) / (2 * _STEP)
    symmetric: Numbers = (found + found.T) / 2
    return symmetric


def _inverse(information: Numbers) -> Numbers:
    """The inverse of the information and of a little more: the logarithm is known to 1 at least.

    So what the data tell nothing of, such as who leaves where nobody does, stays near its estimate.
    """
    values, vectors = np.linalg.eigh(information)
    found: Numbers = (vectors / (np.maximum(values, 0) + 1)) @ vectors.T
    return found


def _correlation(left: Numbers, right: Numbers) -> float:
    """Pearson's correlation; 0 where one side does not vary."""
    left, right = left - left.mean(), right - right.mean()
    spread = np.sqrt((left @ left) * (right @ right))
    return float(left @ right / spread) if spread else 0.0
