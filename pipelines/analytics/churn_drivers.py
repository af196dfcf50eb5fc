"""What drives customers away: orders that met with something beside orders alike that did not.

Exposed orders are matched with replacement to the nearest unexposed ones by what was known when
each was placed (Abadie and Imbens 2006, Econometrica 74:235; Stuart 2010, Statistical Science
25:1). The effect is 1 less the ratio of those who ordered again: a cause that makes one of ten
customers leave at its moment multiplies the share that orders again by nine tenths, whatever that
share is (a Poisson process that is stopped). It knows nothing of the warehouse.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.spatial import KDTree
from scipy.special import ndtri

# The last cannot drive anybody away: what it shows is what the method takes for an effect.
DRIVERS: Final = (
    *("late_delivery", "unanswered_message", "ticket", "price_rise", "lost_order"),
    "placebo",
)
CONTROLS: Final = 5
LEAST_MATCHED: Final = 50
LEAST_MATCHED_SHARE: Final = 0.7
# Standardised differences of means beyond it are imbalance (Rubin 2001; Stuart 2010, section 4.1).
LARGEST_IMBALANCE: Final = 0.25
# All intervals of one kind of customer hold together with this probability (Dunn 1961): of six
# drivers without effect at 95 % each, one would be taken for a cause in every fourth marketplace.
INTERVAL_MASS: Final = 0.95
# More orders make the answer slower and no truer.
MOST_EXPOSED: Final = 20_000
MOST_CONTROLS: Final = 100_000
MOST_COUNTRIES: Final = 8
_ALL: Final = "all"
_COVARIATES: Final = ("order_number", "days_since_previous", "spend_so_far", "tenure_days")

_Numbers = NDArray[np.float64]
_Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Matched:
    """Exposed orders that found controls: their places, and those of each one's controls."""

    exposed: _Places
    controls: _Places


def effects(orders: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The effect of each driver on ordering again, per kind of customer, or why there is none.

    `orders` has a row per order with `customer_id segment country_code order_number
    days_since_previous spend_so_far tenure_days order_date`, a column for each of DRIVERS (null
    where the order could not meet with it) and `ordered_again`, null where it is too early to say.
    Samples of many orders are drawn by `seed`.
    """
    orders = orders.filter(pl.col("ordered_again").is_not_null())
    segments = sorted(orders["segment"].unique())
    if not segments:
        return pl.DataFrame(schema=_EFFECTS)
    parts = [(_ALL, orders), *((name, orders.filter(segment=name)) for name in segments)]
    found = [
        {"segment": segment, "driver": driver}
        | effect_of(part.filter(pl.col(driver).is_not_null()), driver, seed)
        for segment, part in parts
        for driver in DRIVERS
    ]
    return pl.DataFrame(found, schema=_EFFECTS)


def effect_of(orders: pl.DataFrame, driver: str, seed: int) -> dict[str, object]:
    """One driver's effect among orders that could meet with it, as a row of `effects`."""
    met = orders[driver].to_numpy()
    found: dict[str, object] = {
        "exposed_orders": int(met.sum()),
        "unexposed_orders": int((~met).sum()),
        "matched_orders": 0,
        "control_orders": 0,
    }
    if not orders.height:
        return found | {"status": "no_data"}
    orders = _sampled(orders, driver, seed)
    met = orders[driver].to_numpy()
    covariates = _standardised(orders)
    matched = _matched(orders, covariates, driver)
    found["matched_orders"] = matched.exposed.size
    found["control_orders"] = np.unique(matched.controls).size
    if matched.exposed.size < LEAST_MATCHED:
        return found | {"status": "too_few_orders"}
    found["imbalance_before"] = _imbalance(covariates, np.flatnonzero(met), np.flatnonzero(~met))
    after = _imbalance(covariates, matched.exposed, matched.controls.ravel())
    found["imbalance_after"] = after
    share = matched.exposed.size / met.sum()
    if share < LEAST_MATCHED_SHARE or after > LARGEST_IMBALANCE:
        return found | {"status": "not_comparable"}
    return found | _comparison(orders, matched)


def _sampled(orders: pl.DataFrame, driver: str, seed: int) -> pl.DataFrame:
    """At most so many exposed and unexposed orders as are worth their time."""
    parts = [
        part if part.height <= most else part.sample(most, seed=seed)
        for part, most in (
            (orders.filter(pl.col(driver)), MOST_EXPOSED),
            (orders.filter(~pl.col(driver)), MOST_CONTROLS),
        )
    ]
    return pl.concat(parts)


def _standardised(orders: pl.DataFrame) -> _Numbers:
    """What orders are matched by, each in standard deviations; long tails as logarithms.

    Each of the countries with most orders is a column of zeros and ones; the others are one.
    """
    columns = [
        np.log1p(np.maximum(orders[name].fill_null(0).cast(pl.Float64).to_numpy(), 0))
        for name in _COVARIATES
    ]
    columns.append(orders["order_date"].to_physical().cast(pl.Float64).to_numpy())
    deviations = [column.std() for column in columns]
    scaled = [
        (column - column.mean()) / (deviation or 1.0)
        for column, deviation in zip(columns, deviations, strict=True)
    ]
    country = orders["country_code"].fill_null("")
    most = country.value_counts().sort("count", "country_code", descending=[True, False])
    names = most["country_code"].head(MOST_COUNTRIES)
    scaled += [(country == name).to_numpy().astype(float) for name in names]
    return np.column_stack(scaled)


def _matched(orders: pl.DataFrame, covariates: _Numbers, driver: str) -> Matched:
    """The nearest unexposed orders of other customers, among those that are alike exactly.

    Alike in kind of customer, in whether it was the first order, and in what else they met with.
    """
    customers = orders["customer_id"].rank("dense").to_numpy()
    met = orders[driver].to_numpy()
    exposed, controls = [np.empty(0, np.int64)], [np.empty((0, CONTROLS), np.int64)]
    for places in _cells(orders, [name for name in DRIVERS[:-1] if name != driver]):
        ours, theirs = places[met[places]], places[~met[places]]
        if not ours.size or theirs.size < CONTROLS:
            continue
        own, near = _nearest(covariates, customers, ours, theirs)
        exposed.append(own)
        controls.append(near)
    return Matched(np.concatenate(exposed), np.concatenate(controls))


def _cells(orders: pl.DataFrame, others: Sequence[str]) -> Iterator[_Places]:
    keyed = orders.select(
        "segment",
        # an order that cannot meet with something did not
        pl.col(others).fill_null(value=False),
        is_first=pl.col("order_number") == 1,
        place=pl.int_range(pl.len()),
    )
    keys = ["segment", "is_first", *others]
    for _, cell in keyed.group_by(keys, maintain_order=True):
        yield cell["place"].to_numpy()


def _nearest(
    covariates: _Numbers, customers: _Places, ours: _Places, theirs: _Places
) -> tuple[_Places, _Places]:
    """The places of those of `ours` that have enough neighbours, and of these neighbours.

    A customer is no control of its own: whoever left has no later order to be one.
    """
    asked = min(2 * CONTROLS, theirs.size)
    tree = KDTree(covariates[theirs])  # type: ignore[no-untyped-call]
    _, near = tree.query(covariates[ours], k=asked)  # type: ignore[no-untyped-call]
    found = theirs[near]
    is_other = customers[found] != customers[ours][:, None]
    first = np.argsort(~is_other, axis=1, kind="stable")[:, :CONTROLS]
    enough = is_other.sum(axis=1) >= CONTROLS
    return ours[enough], np.take_along_axis(found, first, axis=1)[enough]


def _imbalance(covariates: _Numbers, exposed: _Places, controls: _Places) -> float:
    """The largest difference of means in standard deviations of all rows."""
    deviation = covariates.std(axis=0)
    apart = covariates[exposed].mean(axis=0) - covariates[controls].mean(axis=0)
    return float(np.abs(apart / np.where(deviation > 0, deviation, 1.0)).max())


def _comparison(orders: pl.DataFrame, matched: Matched) -> dict[str, object]:
    """The ratio of those who ordered again, with an error robust to repeated customers.

    The delta method on each customer's sum (Huber 1967; Liang and Zeger 1986).
    """
    again = orders["ordered_again"].to_numpy().astype(float)
    count = matched.exposed.size
    weight = np.bincount(matched.controls.ravel(), minlength=again.size) / CONTROLS / count
    share, usual = float(again[matched.exposed].mean()), float(weight @ again)
    found: dict[str, object] = {"again_share_exposed": share, "again_share_controls": usual}
    if share == 0 or usual == 0:
        return found | {"status": "too_few_orders"}
    influence = -weight * (again - usual) / usual
    influence[matched.exposed] += (again[matched.exposed] - share) / share / count
    customers = orders["customer_id"].rank("dense").cast(pl.Int64).to_numpy() - 1
    error = float(np.sqrt((np.bincount(customers, influence) ** 2).sum()))
    away = float(ndtri(1 - (1 - INTERVAL_MASS) / 2 / len(DRIVERS))) * error
    ratio = share / usual
    lower, upper = 1 - ratio * np.exp(away), 1 - ratio * np.exp(-away)
    status = "drives_away" if lower > 0 else "brings_back" if upper < 0 else "no_effect_seen"
    return found | {
        "status": status,
        "effect": 1 - ratio,
        "effect_lower": float(lower),
        "effect_upper": float(upper),
    }


_EFFECTS: Final = {
    "segment": pl.String,
    "driver": pl.String,
    "status": pl.String,
    "exposed_orders": pl.Int64,
    "unexposed_orders": pl.Int64,
    "matched_orders": pl.Int64,
    "control_orders": pl.Int64,
    "imbalance_before": pl.Float64,
    "imbalance_after": pl.Float64,
    "again_share_exposed": pl.Float64,
    "again_share_controls": pl.Float64,
    "effect": pl.Float64,
    "effect_lower": pl.Float64,
    "effect_upper": pl.Float64,
}
