"""Estimates with errors that are robust: people counted repeatedly, weeks of unequal noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl


@dataclass(frozen=True)
class Comparison:
    """An estimate and its standard error."""

    estimate: float
    error: float

    def z(self, expected: float) -> float:
        """How many standard errors the estimate is from what was expected."""
        return (self.estimate - expected) / self.error


def ratio(rows: pl.DataFrame, hit: str, exposed: str, *strata: str) -> Comparison:
    """The share of hits among the exposed over that among the rest, and its error.

    It is that of Mantel and Haenszel (1959) over strata. The error is robust against several rows
    of one `customer_id`: the delta method on each person's sum (Huber 1967; Liang & Zeger 1986).
    """
    rest = pl.len() - pl.col(exposed).sum()
    terms = rows.with_columns(
        weight=pl.when(exposed).then(rest).otherwise(pl.col(exposed).sum()).over(strata or 1)
        / pl.len().over(strata or 1),
        usual=pl.col(hit).mean().over(*strata, exposed),
    )
    weighed = {
        key: float(terms.filter(pl.col(exposed) == key).select(pl.col(hit).dot("weight")).item())
        for key in (True, False)
    }
    beyond = (pl.col(hit) - pl.col("usual")) * pl.col("weight")
    influence = pl.when(exposed).then(beyond / weighed[True]).otherwise(-beyond / weighed[False])
    estimate = weighed[True] / weighed[False]
    return Comparison(estimate, estimate * spread_over_people(terms, influence))


def difference(rows: pl.DataFrame, hit: str, exposed: str, *strata: str) -> Comparison:
    """The share of hits among the exposed less that among the rest, with the same kind of error.

    Over strata it is the mean of their differences, each counted as often as it has exposed rows.
    """
    of_group = (*strata, exposed)
    terms = rows.with_columns(
        weight=pl.col(exposed).sum().over(strata or 1)
        / pl.len().over(of_group)
        / pl.col(exposed).sum()
        * pl.when(exposed).then(1).otherwise(-1),
        usual=pl.col(hit).mean().over(of_group),
    )
    found = float(terms.select((pl.col(hit) * pl.col("weight")).sum()).item())
    beyond = (pl.col(hit) - pl.col("usual")) * pl.col("weight")
    return Comparison(found, spread_over_people(terms, beyond))


def spread_over_people(terms: pl.DataFrame, influence: pl.Expr) -> float:
    """The standard error of a sum of influences, of which each person's go together."""
    by_person = terms.group_by("customer_id").agg(influence.sum().alias("sum"))["sum"]
    return float((by_person**2).sum()) ** 0.5


def slope_within(x: np.ndarray, y: np.ndarray, group: np.ndarray) -> Comparison:
    """The slope of least squares with a level for each group; White's (1980) error, as HC3."""
    levels = (group[:, None] == np.unique(group)[None, :]).astype(np.float64)
    design = np.column_stack([x, levels])
    inverse = np.linalg.inv(design.T @ design)
    estimate = inverse @ design.T @ y
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    residual = (y - design @ estimate) / (1 - leverage)
    covariance = inverse @ (design * residual[:, None] ** 2).T @ design @ inverse
    return Comparison(float(estimate[0]), float(covariance[0, 0]) ** 0.5)
