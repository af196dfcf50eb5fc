"""What events did to order lines, against days like theirs."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from pipelines.analytics.event_baselines import baseline
from pipelines.analytics.event_effects import effects
from tests.unit.law_of_demand import drawn

FIRST, LAST = date(2024, 1, 1), date(2026, 6, 28)
LIFT = 1.6
SALES = [date(2024, 3, 4), date(2024, 9, 2), date(2025, 3, 3), date(2025, 9, 1), date(2026, 3, 2)]


@pytest.fixture(scope="module")
def found() -> pl.DataFrame:
    """Two categories of twenty lines a day; sales of a week in one of them bring 60 % more."""
    random = np.random.default_rng(9)
    days = pl.date_range(FIRST, LAST, eager=True).alias("order_date")
    on = [begin + timedelta(days=day) for begin in SALES for day in range(7)]
    parts = []
    for category in ("x", "y"):
        lift = days.is_in(on).to_numpy() * (category == "x")
        lines = random.poisson(20 * np.where(lift, LIFT, 1.0))
        parts.append(
            pl.DataFrame(
                {"order_date": days, "line_count": lines, "vendor_id": "v", "category_id": category}
            )
        )
    scope = {"country_code": "ZZ", "vendor_id": "all", "weight": 0.2, "kind": "sale"}
    events = [
        {"order_date": day, "event_name": f"Week {day:%Y-%m}", "category_id": "x", **scope}
        for day in [*on, date(2026, 8, 3)]
    ]
    country = [{"kind": "country", "country_code": "PL", "line_count": 10, "order_date": LAST}]
    rows = pl.concat(
        [
            pl.concat(parts).with_columns(kind=pl.lit("sales")),
            pl.DataFrame(events),
            pl.DataFrame(country),
        ],
        how="diagonal_relaxed",
    )
    return effects(rows.with_columns(first_order_date=pl.lit(FIRST), issued_on=pl.lit(LAST)))


def test_what_a_sale_brought_lies_within_its_interval(found: pl.DataFrame) -> None:
    sales = found.filter(kind="sale", status="measured")

    # 140 lines against four weeks of 140: a standard error of 0.15 each, 0.07 of the five's mean
    assert sales.height == len(SALES)
    assert sales["effect"].mean() == pytest.approx(LIFT - 1, abs=0.15)
    held = (sales["effect_lower"] <= LIFT - 1) & (sales["effect_upper"] >= LIFT - 1)
    assert held.sum() >= 3
    assert (sales["effect_upper"] - sales["effect_lower"]).max() < 0.7  # type: ignore[operator]


def test_holidays_that_change_nothing_are_found_to_change_nothing(found: pl.DataFrame) -> None:
    holidays = found.filter(kind="holiday", status="measured")

    held = (holidays["effect_lower"] <= 0) & (holidays["effect_upper"] >= 0)
    # Poland has thirteen a year; of 80 % intervals a tenth more or fewer hold by chance
    assert holidays.height > 20
    assert held.mean() == pytest.approx(0.8, abs=0.17)
    assert {"Labor Day", "Christmas Day"} & set(holidays["event_name"])


def test_events_to_come_stand_in_the_calendar_without_an_effect(found: pl.DataFrame) -> None:
    ahead = found.filter(status="to_come")

    assert ("peak", "Black Friday", date(2026, 11, 27)) in ahead.select(
        "kind", "event_name", "first_date"
    ).rows()
    assert "Week 2026-08" in ahead["event_name"].to_list()
    assert ahead["effect"].null_count() == ahead.height


def test_a_marketplace_without_sales_has_no_events() -> None:
    rows = pl.DataFrame(schema={"kind": pl.String})

    assert effects(rows).is_empty()


def test_what_the_simulators_sales_truly_bring_lies_within_the_intervals() -> None:
    """Its law of demand: weekdays, the year, each category's season, and sales with their lifts.

    Planted are lifts of 1.3 to 2.1, the highest in Black week, at the turn of Advent; ten worlds of
    the demo's size.
    """
    worlds = []
    for seed in range(10):
        rows, promotions = drawn(lines_a_day=30, seed=seed)
        planted = pl.DataFrame(
            [(sale.name, sale.lift - 1) for sale in promotions],
            schema=["event_name", "planted"],
            orient="row",
        )
        told = effects(rows).filter(kind="sale", status="measured")
        worlds.append(told.join(planted, on="event_name"))

    found = pl.concat(worlds)
    is_black = pl.col("event_name").str.starts_with("Black")
    too_high = ((1 + pl.col("effect")) / (1 + pl.col("planted")) - 1).mean()
    held = found.select(pl.col("planted").is_between("effect_lower", "effect_upper")).to_series()
    # of 150 intervals of 80 % chance alone lets 110 to 130 hold in 19 of 20 cases
    assert found.height == 150
    assert 110 <= held.sum() <= 130
    # the mean of thirty has a standard error of 0.01
    assert found.filter(is_black).select(too_high).item() == pytest.approx(0, abs=0.03)
    assert found.filter(~is_black).select(too_high).item() == pytest.approx(0, abs=0.03)


def test_a_parabola_of_time_is_told_from_what_an_event_brings() -> None:
    # exp(5 - 0.002 t^2) at t = -24 to 24, without chance: a season that turns on the event's day
    day = np.arange(-24, 25)
    lines = np.exp(5 - 0.002 * day**2)
    is_event = np.abs(day) <= 3

    found = baseline(lines, np.ones_like(day), day, is_event)

    assert found.expected == pytest.approx(lines[is_event].sum())
    # the mean of the weeks around it is two thirds of that
    assert lines[~is_event].mean() * 7 < 0.7 * found.expected


def test_where_days_lie_on_one_side_alone_the_level_of_their_weekdays_is_expected() -> None:
    # three weeks of 10 lines, 20 on every seventh day, and then a week of an event
    day = np.arange(28)
    lines = np.where(day % 7 == 0, 20.0, 10.0)

    found = baseline(lines, np.ones_like(day), day, day >= 21)

    assert found.expected == pytest.approx(80)
    # seven levels of weekdays, of three days each: the variance of a sum of means of three
    assert (found.freedom, found.variance) == (14, pytest.approx(80 / 3))
