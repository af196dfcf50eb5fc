"""What customers are worth in the year to come, or why nobody can say.

A segment's customers are predicted with the model that foretold the past best, and only while it
foretells it well (decision 28): its last holdout must be covered as promised and add up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from pipelines.analytics import clv
from pipelines.analytics.lifetime_value.fitting import MODELS
from pipelines.analytics.lifetime_value.holdouts import Foretold, deciles, foretell

HOLDOUT_DAYS: Final = 182
MONTHS: Final = (3, 6, 12)
_YEAR: Final = 365.25
DISCOUNT_RATE: Final = 0.1
COVERAGE: Final = (0.75, 0.85)
RATIO: Final = (0.8, 1.25)
_DAYS_OF_MONTH: Final = _YEAR / 12


@dataclass(frozen=True, slots=True)
class Holdout:
    """A time in the past from which the months after it were foretold."""

    begins: date
    model: str
    frame: pl.DataFrame
    foretold: Foretold

    @property
    def covered(self) -> float:
        """The share of customers whose orders lay in the interval."""
        return float(self.foretold.covered.mean())

    @property
    def passes(self) -> bool:
        """Whether it foretold well enough to be shown."""
        ratio = self.foretold.ratio
        return (
            ratio is not None
            and RATIO[0] <= ratio <= RATIO[1]
            and COVERAGE[0] <= self.covered <= COVERAGE[1]
        )


def values(histories: pl.DataFrame) -> pl.DataFrame:
    """Each customer's prediction, or null with the reason in `status`.

    `histories` has a row per customer and `cutoff_date`: `segment frequency recency age monetary
    orders_after`, the last null at the last cutoff, from which the future is predicted.
    """
    parts = [_values_of(segment, part) for segment, part in _segments(histories)]
    return pl.concat(parts) if parts else pl.DataFrame(schema=_VALUES)


def calibration(histories: pl.DataFrame) -> pl.DataFrame:
    """Per segment, model, holdout and decile of the prediction: what was foretold and what came."""
    parts = [
        _deciles_of(segment, each)
        for segment, part in _segments(histories)
        for model in MODELS
        for each in _holdouts(part, model)
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema=_DECILES)


def _segments(histories: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    for (segment,), part in histories.sort("segment", "cutoff_date", "customer_id").group_by(
        "segment", maintain_order=True
    ):
        yield str(segment), part


def _holdouts(part: pl.DataFrame, model: str) -> list[Holdout]:
    """The holdouts that could be fitted, the last one first."""
    past = part.filter(pl.col("orders_after").is_not_null())
    found = []
    for begins in sorted(past["cutoff_date"].unique(), reverse=True):
        frame = past.filter(pl.col("cutoff_date") == begins)
        try:
            fit = clv.fit(frame.drop("monetary"), model)
        except clv.CannotFitError:
            continue
        found.append(Holdout(begins, model, frame, foretell(fit, frame, HOLDOUT_DAYS)))
    return found


def _values_of(segment: str, part: pl.DataFrame) -> pl.DataFrame:
    now = part.filter(pl.col("orders_after").is_null())
    holdouts = {model: found for model in MODELS if (found := _holdouts(part, model))}
    if not holdouts:
        return _silent(segment, now, "too_few_repeat_orders")
    best = max(holdouts, key=lambda model: _mean_score(holdouts[model]))
    if not holdouts[best][0].passes:
        return _silent(segment, now, "failed_calibration")
    try:
        fit = clv.fit(now, best)
    except clv.CannotFitError:
        return _silent(segment, now, "too_few_repeat_orders")
    year = clv.predict(fit, now, _YEAR, DISCOUNT_RATE)
    parts = {
        f"expected_orders_{months}m": clv.predict(
            fit, now, months * _DAYS_OF_MONTH, 0, interval_mass=None
        )["expected_orders"]
        for months in MONTHS[:-1]  # the last is the year itself
    }
    status = (
        pl.when(pl.col("clv").is_null()).then(pl.lit("orders_only")).otherwise(pl.lit("predicted"))
    )
    told = year.with_columns(
        segment=pl.lit(segment), status=status, model=pl.lit(best), **parts
    ).rename(_OF_A_YEAR)
    return told.select(pl.col(name).cast(kind) for name, kind in _VALUES.items())


def _mean_score(holdouts: list[Holdout]) -> float:
    return float(np.concatenate([each.foretold.log_score for each in holdouts]).mean())


def _silent(segment: str, now: pl.DataFrame, status: str) -> pl.DataFrame:
    found = now.select("customer_id").with_columns(segment=pl.lit(segment), status=pl.lit(status))
    return found.select(
        (pl.col(name) if name in found.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in _VALUES.items()
    )


def _deciles_of(segment: str, holdout: Holdout) -> pl.DataFrame:
    told = holdout.foretold
    frame = pl.DataFrame(
        {
            "decile": deciles(told.predicted),
            "predicted": told.predicted,
            "actual": told.actual,
            "covered": told.covered,
        }
    )
    # in the order of the rows: sums of floats by chance of threads are not the same bytes
    found = frame.group_by("decile", maintain_order=True).agg(
        customers=pl.len(),
        predicted_orders=pl.col("predicted").sum(),
        actual_orders=pl.col("actual").sum(),
        covered_share=pl.col("covered").mean(),
    )
    return found.with_columns(
        segment=pl.lit(segment),
        model=pl.lit(holdout.model),
        holdout_begins=pl.lit(holdout.begins),
        holdout_covered_share=pl.lit(holdout.covered),
        predicted_per_actual=pl.lit(told.ratio, pl.Float64),
        gini=pl.lit(told.gini, pl.Float64),
        top_decile_lift=pl.lit(told.top_decile_lift, pl.Float64),
        log_score=pl.lit(float(told.log_score.mean())),
        is_passed=pl.lit(holdout.passes),
    ).select(pl.col(name).cast(kind) for name, kind in _DECILES.items())


_OF_A_YEAR: Final = {
    "clv": "clv_12m",
    "clv_lower": "clv_12m_lower",
    "clv_upper": "clv_12m_upper",
    "expected_orders": "expected_orders_12m",
    "expected_orders_lower": "expected_orders_12m_lower",
    "expected_orders_upper": "expected_orders_12m_upper",
}
_VALUES: Final = {
    "customer_id": pl.String,
    "segment": pl.String,
    "status": pl.String,
    "model": pl.String,
    "p_alive": pl.Float64,
    **{f"expected_orders_{months}m": pl.Float64 for months in MONTHS},
    "expected_orders_12m_lower": pl.Float64,
    "expected_orders_12m_upper": pl.Float64,
    "expected_value": pl.Float64,
    "clv_12m": pl.Float64,
    "clv_12m_lower": pl.Float64,
    "clv_12m_upper": pl.Float64,
}
_DECILES: Final = {
    "segment": pl.String,
    "model": pl.String,
    "holdout_begins": pl.Date,
    "decile": pl.Int64,
    "customers": pl.Int64,
    "predicted_orders": pl.Float64,
    "actual_orders": pl.Float64,
    "covered_share": pl.Float64,
    "holdout_covered_share": pl.Float64,
    "predicted_per_actual": pl.Float64,
    "gini": pl.Float64,
    "top_decile_lift": pl.Float64,
    "log_score": pl.Float64,
    "is_passed": pl.Boolean,
}
