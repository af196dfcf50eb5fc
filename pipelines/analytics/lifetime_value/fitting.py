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
from pipelines.analytics.lifetime_value.histories import Numbers, checked, distinct, histories_of

MODELS: Final[Mapping[str, ModuleType]] = {"bg_nbd": bg_nbd, "pareto_nbd": pareto_nbd}
# Below this a few people decide every parameter.
FEWEST_REPEATERS: Final = 50
_LOG_BOUNDS: Final = (-9.0, 12.0)
_STEP: Final = 1e-4

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
    repeaters = numbers.filter(pl.col("frequency") > 0).height
    if repeaters < FEWEST_REPEATERS:
        raise CannotFitError(
            f"{repeaters} customers ordered again; a model needs {FEWEST_REPEATERS} of them."
        )
    histories = histories_of(distinct(numbers))
    module = MODELS[name]
    purchases = _likeliest(
        lambda parameters: module.likelihood(parameters, histories),
        module.NAMES,
        module.start(histories),
        histories.customer_count,
    )
    spending, correlation = None, None
    if "monetary" in frame.columns:
        values = gamma_gamma.spending_of(numbers.with_columns(pl.col("monetary").cast(pl.Float64)))
        if values.mean.size >= FEWEST_REPEATERS:
            spending = _likeliest(
                lambda parameters: gamma_gamma.likelihood(parameters, values),
                gamma_gamma.NAMES,
                gamma_gamma.start(values),
                float(values.mean.size),
            )
            correlation = _correlation(values.frequency, values.mean)
    return Fit(name, purchases, spending, frame.height, repeaters, correlation)


def _model_named(model: str) -> str:
    plain = re.sub(r"[^a-z]", "", model.lower())
    for name in MODELS:
        if name.replace("_", "") == plain:
            return name
    raise CannotFitError(f"There is no model {model!r}; there are {', '.join(MODELS)}.")


def _likeliest(
    likelihood: Likelihood, names: tuple[str, ...], start: Numbers, customers: float
) -> Estimate:
    """The parameters of the highest likelihood, searched for in logarithms."""

    def cost(logs: Numbers) -> tuple[float, Numbers]:
        parameters = np.exp(logs)
        value, slope = likelihood(parameters)
        return -value / customers, -slope * parameters / customers

    found = optimize.minimize(  # type: ignore[no-untyped-call]
        cost,
        x0=np.log(start),
        jac=True,
        method="L-BFGS-B",
        bounds=[_LOG_BOUNDS] * len(names),
        options={"ftol": 1e-13, "gtol": 1e-8, "maxiter": 500},
    )
    logs: Numbers = found.x
    steps = np.eye(logs.size) * _STEP
    information = np.array(
        [(cost(logs + step)[1] - cost(logs - step)[1]) / (2 * _STEP) for step in steps]
    )
    information = (information + information.T) / 2 * customers
    ends = np.isclose(logs[:, None], np.array(_LOG_BOUNDS)[None], atol=1e-3).any(axis=1)
    return Estimate(
        names=names,
        values=np.exp(logs),
        covariance=_inverse(information),
        log_likelihood=-float(found.fun) * customers,
        at_bound=tuple(name for name, is_end in zip(names, ends, strict=True) if is_end),
    )


def _inverse(information: Numbers) -> Numbers:
    """The inverse of the information, along the directions that the data tell something of."""
    values, vectors = np.linalg.eigh(information)
    told = values > values.max() * 1e-10
    found: Numbers = (vectors[:, told] / values[told]) @ vectors[:, told].T
    return found


def _correlation(left: Numbers, right: Numbers) -> float:
    """Pearson's correlation; 0 where one side does not vary."""
    if left.std() == 0 or right.std() == 0:
        return 0.0
    return float(np.corrcoef(left, right)[0, 1])
