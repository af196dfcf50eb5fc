"""Lifetime value of a million customers, beside the one pass that no fit can do without.

`KONTOR_BENCH_ROWS=10000000 python -m benchmarks.run lifetime_value` measures ten million.
"""

from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.pairs import Pair
from benchmarks.sizes import rows_asked_for
from pipelines.analytics import clv

# Whole days, as shops have them: two years of customers who ordered first on any of them.
_DAYS = 730
_RATE, _LEAVE, _SPEND = (0.8, 40.0), (0.9, 4.0), (6.0, 4.5, 35.0)


def prepare(_folder: Path) -> list[Pair]:
    """Fitting and predicting, each beside counting the distinct histories."""
    customers = rows_asked_for(1_000_000)
    frame = _histories(customers)
    fit = clv.fit(frame)

    def counted() -> None:
        frame.group_by("frequency", "recency", "age").agg(pl.len(), pl.col("monetary").sum())

    def fitted() -> None:
        clv.fit(frame)

    def predicted() -> None:
        clv.predict(fit, frame, interval_mass=None)

    def with_intervals() -> None:
        clv.predict(fit, frame)

    size = f"{customers:,} customers"
    works = {"fit": fitted, "predict": predicted, "predict with intervals": with_intervals}
    return [
        Pair(f"lifetime value: {name}, {size}", work, "count", counted, customers, "customer")
        for name, work in works.items()
    ]


def _histories(customers: int) -> pl.DataFrame:
    random = np.random.default_rng(1)
    rate = random.gamma(_RATE[0], 1 / _RATE[1], customers)
    age = random.integers(1, _DAYS, customers).astype(float)
    orders = random.geometric(random.beta(*_LEAVE, customers))
    lifetime = np.floor(np.minimum(random.gamma(orders, 1 / np.maximum(rate, 1e-6)), age))
    # one purchase a day at most
    frequency = np.minimum(random.poisson(rate * lifetime), lifetime).astype(float)
    recency = np.where(frequency > 0, lifetime, 0)
    p, q, gamma = _SPEND
    scale = random.gamma(q, 1 / gamma, customers)
    many = np.maximum(frequency, 1)
    monetary = np.where(frequency > 0, random.gamma(p * many, 1 / scale) / many, 0)
    return pl.DataFrame(
        {
            "customer_id": np.arange(customers),
            "frequency": frequency,
            "recency": recency,
            "age": age,
            "monetary": monetary,
        }
    )
