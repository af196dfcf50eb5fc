"""At which limit a state begins, against the judgement under that limit."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from pipelines.analytics.rule_errors import of_vendors
from pipelines.analytics.turning_limits import of_shares
from pipelines.analytics.vendor_judgement import judged
from tests.known_values.test_vendor_judgement import a_market, a_row

NAMES = ("unit", "is_higher_better", "threshold")


def mirrored(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same vendors by what did not fail."""
    turned = {"metric_id": "on_time", "is_higher_better": True, "threshold": 0.95}
    return [row | turned | {"numerator": row["denominator"] - row["numerator"]} for row in rows]


def some_ratings(vendors: int) -> list[dict[str, Any]]:
    random = np.random.default_rng(5)
    means = random.normal(4.1, 0.3, vendors)
    rows = []
    for index, mean in enumerate(means):
        stars = np.clip(random.normal(mean, 0.9, 1 + index % 40).round(), 1, 5)
        more = {"unit": "score", "is_higher_better": True, "threshold": 4.0}
        more |= {"metric_id": "stars", "numerator_squares": float((stars**2).sum())}
        rows.append(a_row(f"V{index}", int(stars.sum()), len(stars), **more))
    return rows


def foretold(frame: pl.DataFrame, limits: pl.DataFrame) -> list[str]:
    """The states of a frame's rows by the limits at which they begin."""
    levels = limits.pivot(on="level", index=["vendor_id", "metric_id"], values="turning_limit")
    joined = frame.join(levels, on=["vendor_id", "metric_id"], maintain_order="left")
    is_better, limit = pl.col("is_higher_better"), pl.col("threshold")
    watched, accused = (
        pl.when(is_better).then(limit > pl.col(level)).otherwise(limit < pl.col(level))
        for level in ("watch", "act")
    )
    state = pl.when(accused).then(pl.lit("act")).when(watched).then(pl.lit("watch"))
    return joined.select(state.otherwise(pl.lit("ok"))).to_series().to_list()


@pytest.mark.parametrize("vendors", [240, 6])  # of six no prior can be read: the fixed one decides
@pytest.mark.parametrize("strictness", [0.2, 0.6, 0.9, 1.0, 1.2, 2.5, 4.0])
def test_a_new_limit_gives_the_states_that_were_foretold(vendors: int, strictness: float) -> None:
    market = a_market(vendors=vendors)
    rows = [*market, *mirrored(market), *some_ratings(vendors)]
    frame = pl.DataFrame(
        rows, schema_overrides={"category_id": pl.String}, infer_schema_length=None
    )
    room = (
        pl.when(unit="score")
        .then(5 - pl.col("threshold"))
        .otherwise(pl.when("is_higher_better").then(1 - pl.col("threshold")).otherwise("threshold"))
    )
    best = pl.when(unit="score").then(5.0).otherwise(1.0)
    new = frame.with_columns(
        threshold=pl.when("is_higher_better")
        .then(best - room * strictness)
        .otherwise(room * strictness)
    )

    states = judged(new)["state"].to_list()

    assert states == foretold(new, of_vendors(frame))
    assert len(set(states)) > 1 or vendors == 6


def test_a_share_turns_where_the_posterior_has_its_quantile() -> None:
    # 6 of 40 failed, the prior Beta(2, 38) is below every limit asked of: no need to hold it
    limit = of_shares(np.array([6.0]), np.array([40.0]), (np.array([0.05]), np.array([40.0])), 0.95)

    assert limit[0] == pytest.approx(stats.beta(2 + 6, 38 + 34).ppf(0.05), abs=1e-9)
    assert limit[0] > 0.05


def test_who_has_no_failing_unit_is_accused_under_no_limit() -> None:
    limit = of_shares(np.array([0.0]), np.array([9.0]), (np.array([0.2]), np.array([5.0])), 0.8)

    assert np.isnan(limit[0])
