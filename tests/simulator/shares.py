"""Shares of two groups against each other, where the same person is counted repeatedly."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Comparison:
    """An estimate and its standard error."""

    estimate: float
    error: float

    def z(self, expected: float) -> float:
        """How many standard errors the estimate is from what was expected."""
        return (self.estimate - expected) / self.error


def ratio(rows: pl.DataFrame, hit: str, exposed: str) -> Comparison:
    """The share of hits among the exposed over that among the rest, and its error.

    The error is robust against several rows of one `customer_id`: the delta method on each
    person's sum (Huber 1967; Liang & Zeger 1986).
    """
    share = {key: rows.filter(pl.col(exposed) == key)[hit].mean() for key in (True, False)}
    size = {key: rows.filter(pl.col(exposed) == key).height for key in (True, False)}
    ratio_of_them = float(share[True]) / float(share[False])  # type: ignore[arg-type]
    terms = rows.select(
        "customer_id",
        pl.when(exposed)
        .then((pl.col(hit) - share[True]) / (size[True] * share[True]))  # type: ignore[operator]
        .otherwise((share[False] - pl.col(hit)) / (size[False] * share[False]))  # type: ignore[operator]
        .alias("influence"),
    )
    by_person = terms.group_by("customer_id").agg(pl.col("influence").sum())["influence"]
    return Comparison(ratio_of_them, ratio_of_them * float((by_person**2).sum()) ** 0.5)


def difference(rows: pl.DataFrame, hit: str, exposed: str) -> Comparison:
    """The share of hits among the exposed less that among the rest, with the same kind of error."""
    share = {key: rows.filter(pl.col(exposed) == key)[hit].mean() for key in (True, False)}
    size = {key: rows.filter(pl.col(exposed) == key).height for key in (True, False)}
    terms = rows.select(
        "customer_id",
        pl.when(exposed)
        .then((pl.col(hit) - share[True]) / size[True])  # type: ignore[operator]
        .otherwise((share[False] - pl.col(hit)) / size[False])  # type: ignore[operator]
        .alias("influence"),
    )
    by_person = terms.group_by("customer_id").agg(pl.col("influence").sum())["influence"]
    found = float(share[True]) - float(share[False])  # type: ignore[arg-type]
    return Comparison(found, float((by_person**2).sum()) ** 0.5)
