"""What customers are worth in the year to come, or why nobody can say.

A segment's customers are predicted with the model that foretold the past best, by channel where
that foretold it better still, and only while it foretells it well (decision 28): its last holdout
must be covered as promised and add up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from pipelines.analytics import clv
from pipelines.analytics.lifetime_value.cohorts import BY_CHANNEL, fitted
from pipelines.analytics.lifetime_value.fitting import MODELS, Fit
from pipelines.analytics.lifetime_value.histories import Numbers
from pipelines.analytics.lifetime_value.holdouts import Foretold, deciles

HOLDOUT_DAYS: Final = 182
MONTHS: Final = (3, 6, 12)
_YEAR: Final = 365.25
DISCOUNT_RATE: Final = 0.1
COVERAGE: Final = (0.75, 0.85)
RATIO: Final = (0.8, 1.25)
# Gamma-Gamma takes spending to be independent of how often somebody orders. The paper lets 0.11
# pass (Fader and Hardie 2013, section 4); from a medium effect (Cohen 1988) on it does not hold.
MOST_CORRELATED: Final = 0.3
# By how many standard errors a fit for each channel must foretell better than one for everybody:
# it has several times the parameters, and by chance alone it looks better every other time.
SURELY: Final = 2.0
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

    `histories` has a row per customer and `cutoff_date`: `segment channel frequency recency age
    monetary mean_margin orders_after`, the last null at the last cutoff, from which the future is
    predicted; `channel`, which brought the customer, is null where nobody knows.
    Values are those of margin if that is known of everybody's repeat orders, else of net sales.
    """
    parts = [_values_of(segment, part) for segment, part in _segments(histories)]
    return pl.concat(parts) if parts else pl.DataFrame(schema=_VALUES)


def calibration(histories: pl.DataFrame) -> pl.DataFrame:
    """Per segment, model, holdout and decile of the prediction: what was foretold and what came."""
    parts = [
        _deciles_of(segment, each, is_chosen=model == _best(found))
        for segment, part in _segments(histories)
        for found in [_all_holdouts(part)]
        for model, holdouts in found.items()
        for each in holdouts
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema=_DECILES)


def _segments(histories: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    for (segment,), part in histories.sort("segment", "cutoff_date", "customer_id").group_by(
        "segment", maintain_order=True
    ):
        yield str(segment), part


def _all_holdouts(part: pl.DataFrame) -> dict[str, list[Holdout]]:
    """The holdouts of each model that could be fitted to one, of the best by channel as well."""
    found = {model: some for model in MODELS if (some := _holdouts(part, model))}
    apart = [_likeliest(found) + BY_CHANNEL] if found else []
    return found | {model: some for model in apart if (some := _holdouts(part, model))}


def _holdouts(part: pl.DataFrame, model: str) -> list[Holdout]:
    """The holdouts that could be fitted, the last one first."""
    past = part.filter(pl.col("orders_after").is_not_null())
    found = []
    for begins in sorted(past["cutoff_date"].unique(), reverse=True):
        frame = past.filter(pl.col("cutoff_date") == begins)
        try:
            cohorts = fitted(frame.drop("monetary"), model)
        except clv.CannotFitError:
            continue
        found.append(Holdout(begins, model, frame, cohorts.foretell(frame, HOLDOUT_DAYS)))
    return found


def _values_of(segment: str, part: pl.DataFrame) -> pl.DataFrame:
    now, base = _valued(part.filter(pl.col("orders_after").is_null()))
    holdouts = _all_holdouts(part)
    if not holdouts:
        return _silent(segment, now, "too_few_repeat_orders")
    best = _best(holdouts)
    if not holdouts[best][0].passes:
        return _silent(segment, now, "failed_calibration")
    try:
        cohorts = fitted(now, best)
    except clv.CannotFitError:
        return _silent(segment, now, "too_few_repeat_orders")
    parts = [told for _, told in cohorts.of_each(now, _predicted)]
    told = pl.concat(parts).with_columns(
        segment=pl.lit(segment), model=pl.lit(best), value_base=pl.lit(base)
    )
    return told.select(pl.col(name).cast(kind) for name, kind in _VALUES.items())


def _predicted(fit: Fit, now: pl.DataFrame) -> pl.DataFrame:
    """The year to come of those whom a fit is of, and whether their value is told."""
    is_independent = abs(fit.spend_correlation or 0) <= MOST_CORRELATED
    shown = fit if is_independent else replace(fit, spending=None)
    year = clv.predict(shown, now, _YEAR, DISCOUNT_RATE)
    parts = {
        f"expected_orders_{months}m": clv.predict(
            fit, now, months * _DAYS_OF_MONTH, 0, interval_mass=None
        )["expected_orders"]
        for months in MONTHS[:-1]  # the last is the year itself
    }
    silent = "orders_only" if is_independent else "spend_depends_on_orders"
    return year.with_columns(
        status=pl.when(pl.col("clv").is_null()).then(pl.lit(silent)).otherwise(pl.lit("predicted")),
        spend_correlation=pl.lit(fit.spend_correlation, pl.Float64),
        **parts,
    ).rename(_OF_A_YEAR)


def _valued(now: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """The histories with what orders brought, and whether that is margin or net sales."""
    repeats = pl.col("frequency") > 0
    if now.filter(repeats)["mean_margin"].null_count():
        return now, "net_sales"
    # who brings a loss says nothing of how gains are spread
    return now.with_columns(monetary=pl.col("mean_margin").clip(lower_bound=0)), "margin"


def _best(holdouts: Mapping[str, list[Holdout]]) -> str:
    """The model that gave what came the highest probability; the score is proper.

    That by channel must surely be better; all holdouts of a customer are one observation of it.
    """
    best = _likeliest({model: some for model, some in holdouts.items() if model in MODELS})
    everybody, apart = holdouts[best], holdouts.get(best + BY_CHANNEL, [])
    if [each.begins for each in everybody] != [each.begins for each in apart]:
        return best
    people = pl.concat([each.frame["customer_id"] for each in everybody])
    gains = pl.DataFrame({"customer_id": people, "gain": _scores(apart) - _scores(everybody)})
    gain = gains.group_by("customer_id", maintain_order=True).agg(pl.col("gain").sum())["gain"]
    error = float(np.sqrt(gain.len()) * np.std(gain.to_numpy()))
    return best + BY_CHANNEL if float(gain.sum()) > SURELY * error else best


def _likeliest(holdouts: Mapping[str, list[Holdout]]) -> str:
    return max(holdouts, key=lambda model: float(_scores(holdouts[model]).mean()))


def _scores(holdouts: list[Holdout]) -> Numbers:
    """The logarithm of the probability of what came, per customer and holdout."""
    found: Numbers = np.concatenate([each.foretold.log_score for each in holdouts])
    return found


def _silent(segment: str, now: pl.DataFrame, status: str) -> pl.DataFrame:
    found = now.select("customer_id").with_columns(segment=pl.lit(segment), status=pl.lit(status))
    return found.select(
        (pl.col(name) if name in found.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in _VALUES.items()
    )


def _deciles_of(segment: str, holdout: Holdout, *, is_chosen: bool) -> pl.DataFrame:
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
        is_chosen=pl.lit(is_chosen),
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
    "value_base": pl.String,
    "spend_correlation": pl.Float64,
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
    "is_chosen": pl.Boolean,
}
