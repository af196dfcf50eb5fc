"""The step that looks for what drives customers away finds what the world does to them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from pipelines.analytics.churn_drivers import effects
from sources.simulator.world.people_laws import LEAVES, REASONS
from tests.simulator.order_experiences import order_experiences

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.simulator

END = date(2026, 7, 1)
PLANTED = {REASONS[reason]: share for reason, share in LEAVES.items()}


@pytest.fixture(scope="module")
def found(laboratory: Path) -> pl.DataFrame:
    return effects(order_experiences(laboratory, END), seed=1)


def test_what_makes_customers_leave_is_found_within_its_interval(found: pl.DataFrame) -> None:
    rows = {row["driver"]: row for row in found.filter(segment="all").iter_rows(named=True)}

    for driver, share in PLANTED.items():
        assert rows[driver]["status"] == "drives_away"
        assert rows[driver]["effect_lower"] < share < rows[driver]["effect_upper"]
        assert rows[driver]["effect_upper"] - rows[driver]["effect_lower"] < 0.25


def test_what_makes_nobody_leave_shows_no_effect(found: pl.DataFrame) -> None:
    others = found.filter(~pl.col("driver").is_in(list(PLANTED)), segment="all")

    assert set(others["driver"]) == {"ticket", "lost_order", "placebo"}
    assert set(others["status"]) == {"no_effect_seen"}
    assert (others["matched_orders"] > 500).all()


def test_kinds_of_customers_are_covered_too(found: pl.DataFrame) -> None:
    told = found.filter(pl.col("segment") != "all", pl.col("effect").is_not_null())

    truth = pl.col("driver").replace_strict(PLANTED, default=0.0)

    assert told.height >= 10
    assert told.filter(truth.is_between("effect_lower", "effect_upper")).height == told.height
