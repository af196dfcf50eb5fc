"""Purchase histories for tests: those of CDNOW, and simulated ones whose truth is known."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from pipelines.settings import PROJECT_ROOT, environment_value

_GIVEN = environment_value("KONTOR_CDNOW_DIR")
_FOLDER = Path(_GIVEN) if _GIVEN else PROJECT_ROOT.parent / "shared" / "data" / "cdnow"
CDNOW = _FOLDER / "CDNOW_sample.txt"
CALIBRATED_UNTIL = date(1997, 9, 30)
Numbers = NDArray[np.float64]


def cdnow_orders() -> pl.DataFrame:
    """The sample of CDNOW that the papers use: a row per customer and day."""
    if not CDNOW.exists():
        pytest.skip(f"{CDNOW} is not there; set KONTOR_CDNOW_DIR")
    fields = [line.split() for line in CDNOW.read_text("utf-8").splitlines()]
    rows = [(line[1], line[2], float(line[4])) for line in fields if len(line) == 5]
    frame = pl.DataFrame(rows, schema=["customer_id", "day", "value"], orient="row")
    dated = frame.with_columns(pl.col("day").str.to_date("%Y%m%d"))
    return dated.group_by("customer_id", "day").agg(pl.col("value").sum())


def weekly_histories(orders: pl.DataFrame) -> pl.DataFrame:
    """The histories of the 39 weeks of calibration, in weeks."""
    seen = orders.filter(pl.col("day") <= CALIBRATED_UNTIL).sort("customer_id", "day")
    people = seen.group_by("customer_id", maintain_order=True).agg(
        first=pl.col("day").min(),
        last=pl.col("day").max(),
        frequency=pl.len() - 1,
        monetary=pl.col("value").slice(1).mean().fill_null(0),
    )
    return people.select(
        "customer_id",
        "frequency",
        "monetary",
        recency=(pl.col("last") - pl.col("first")).dt.total_days() / 7,
        age=(pl.lit(CALIBRATED_UNTIL) - pl.col("first")).dt.total_days() / 7,
    )


@dataclass(frozen=True, slots=True)
class Shop:
    """Simulated customers, what they ordered until today and in the year after.

    `expected_value` is what each was to spend in that year: by their own rate, chance of leaving
    and usual spending, and whether they had left.
    """

    histories: pl.DataFrame
    orders_after: Numbers
    value_after: Numbers
    expected_value: Numbers


def a_bg_nbd_shop(
    parameters: tuple[float, float, float, float],
    spending: tuple[float, float, float],
    customers: int,
    seed: int,
    horizon: float = 365.0,
) -> Shop:
    """Customers who buy and leave as BG/NBD says and spend as Gamma-Gamma says, in days."""
    r, alpha, a, b = parameters
    random = np.random.default_rng(seed)
    rate, leave = random.gamma(r, 1 / alpha, customers), random.beta(a, b, customers)
    age = random.integers(200, 730, customers).astype(float)
    x, recency, after, now = np.zeros((4, customers))
    active = np.ones(customers, dtype=bool)
    remained = np.zeros(customers, dtype=bool)
    while active.any():
        now[active] += random.exponential(1, int(active.sum())) / rate[active]
        remained |= active & (now > age)
        before, later = active & (now <= age), active & (now > age) & (now <= age + horizon)
        x[before] += 1
        recency[before] = now[before]
        after[later] += 1
        active = (before | later) & (random.random(customers) >= leave)
    p, q, gamma = spending
    spread = random.gamma(q, 1 / gamma, customers)
    mean = np.where(x > 0, random.gamma(p * np.maximum(x, 1), 1 / spread) / np.maximum(x, 1), 0)
    value = np.where(after > 0, random.gamma(p * np.maximum(after, 1), 1 / spread), 0)
    frame = pl.DataFrame(
        {
            "customer_id": [str(who) for who in range(customers)],
            "frequency": x,
            "recency": recency,
            "age": age,
            "monetary": mean,
        }
    )
    orders = remained * -np.expm1(-rate * leave * horizon) / leave
    return Shop(frame, after, value, orders * p / spread)
