"""Sales of the marketplace and its parts, foretold each by itself and made to add up."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from pipelines.analytics.forecasting import walked
from pipelines.analytics.sales_forecasts import issued
from pipelines.analytics.steps import STEPS
from pipelines.assets.step_process import run_apart
from tests.unit.law_of_demand import drawn

pytestmark = pytest.mark.statistics

SUNDAY = date(2026, 6, 28)
STEP = next(step for step in STEPS if step.name == "sales_forecasts")


def sales(days: int = 300) -> pl.DataFrame:
    """Three vendors in two categories, one of them new, with a week's shape and noise."""
    random = np.random.default_rng(4)
    first = SUNDAY - timedelta(days=days - 1)
    rows = []
    for vendor, category, level, since in (
        ("a", "x", 40, 0), ("a", "y", 9, 0), ("b", "x", 20, 0), ("c", "y", 15, days - 21),
    ):  # fmt: skip
        for day in range(since, days):
            sold = random.poisson(level * (1.5 if day % 7 == 5 else 1))
            if sold:
                rows.append((vendor, category, float(sold), first + timedelta(days=day)))
    frame = pl.DataFrame(
        rows, schema=["vendor_id", "category_id", "gmv", "order_date"], orient="row"
    )
    return as_read(frame, first)


def as_read(frame: pl.DataFrame, first: date) -> pl.DataFrame:
    """Sales with the columns of the model that the step reads."""
    return frame.with_columns(
        first_order_date=pl.lit(first),
        issued_on=pl.lit(SUNDAY),
        kind=pl.lit("sales"),
        event_name=pl.lit("sales"),
        country_code=pl.lit("ZZ"),
        weight=pl.lit(None, pl.Float64),
        line_count=pl.lit(1),
    )


def an_event(kind: str, day: date, **columns: object) -> dict[str, object]:
    """A row of something that makes a day's sales differ, for everybody but for `columns`."""
    scope = {"vendor_id": "all", "category_id": "all", "country_code": "ZZ"}
    return {"kind": kind, "event_name": kind, "weight": 1.0, "order_date": day, **scope, **columns}


@pytest.fixture(scope="module")
def made() -> pl.DataFrame:
    return issued(sales())


def test_parts_add_up_to_the_marketplace_at_every_origin(made: pl.DataFrame) -> None:
    sums = made.filter(interval_level=80).group_by(
        "is_issued", "frequency", "issued_on", "forecast_date"
    )
    by_kind = sums.agg(
        *(
            pl.col("y_mean").filter(pl.col("series_kind") == kind).sum().alias(kind)
            for kind in ("marketplace", "category", "vendor", "vendor_category")
        )
    )

    assert by_kind.height > 100
    for kind in ("category", "vendor", "vendor_category"):
        assert (by_kind[kind] - by_kind["marketplace"]).abs().max() < 1e-6  # type: ignore[operator]


def test_weeks_are_the_sums_of_their_days_at_every_origin(made: pl.DataFrame) -> None:
    rows = made.filter(interval_level=80)
    series = ["is_issued", "series_kind", "series_id", "issued_on"]
    weeks = rows.filter(pl.col("horizon") <= 4, frequency="week")
    days = rows.filter(frequency="day").with_columns(pl.col("forecast_date").dt.truncate("1w"))

    summed = days.group_by(*series, "forecast_date").agg(days=pl.col("y_mean").sum())
    both = weeks.join(summed, on=[*series, "forecast_date"])
    # all, two categories, three vendors and their four parts
    assert both["issued_on"].n_unique() == 9
    assert both.filter("is_issued").height == 10 * 4
    assert (both["y_mean"] - both["days"]).abs().max() < 1e-5  # type: ignore[operator]


def test_the_month_that_has_begun_is_what_came_and_its_days_to_come(made: pl.DataFrame) -> None:
    ahead = made.filter("is_issued", interval_level=80, series_kind="marketplace")
    june = sales().filter(pl.col("order_date") >= date(2026, 6, 1))["gmv"].sum()

    of_days = ahead.filter(pl.col("forecast_date") <= date(2026, 6, 30), frequency="day")
    of_month = ahead.filter(frequency="month", forecast_date=date(2026, 6, 1))
    # the 28th is the last day that is known
    assert of_days.height == 2
    assert of_month["y_mean"].item() == pytest.approx(june + of_days["y_mean"].sum())


def test_who_began_within_the_month_is_foretold_by_its_days(made: pl.DataFrame) -> None:
    new = made.filter("is_issued", interval_level=80, series_kind="vendor", series_id="c")
    months = new.filter(frequency="month").sort("forecast_date")

    # three weeks until the 28th of June are known, of which none is a month
    assert set(months["status"]) == {"short"}
    assert set(months["y_upper"]) == {None}
    means = months["y_mean"].to_list()
    # August is the last month that days reach the end of
    assert means[3:] == [means[2]] * 9
    assert means[2] / 31 == pytest.approx(15 * 7.5 / 7, rel=0.35)


def test_the_next_periods_are_forecast_as_far_as_promised(made: pl.DataFrame) -> None:
    ahead = made.filter(pl.col("is_issued"), interval_level=80, series_kind="marketplace")

    spans = ahead.group_by("frequency").agg(
        pl.col("forecast_date").min().alias("first"), pl.len(), pl.col("horizon").max()
    )
    # June is not over on the 28th, so May is the last month that is known
    assert sorted(spans.rows()) == [
        ("day", date(2026, 6, 29), 28, 28),
        ("month", date(2026, 6, 1), 12, 12),
        ("week", date(2026, 6, 29), 13, 13),
    ]


def test_origins_of_the_past_stand_beside_what_came(made: pl.DataFrame) -> None:
    rows = sales()
    past = made.filter(
        ~pl.col("is_issued"),
        interval_level=80,
        series_kind="vendor",
        series_id="a",
        frequency="day",
    )

    came = rows.filter(vendor_id="a").group_by("order_date").agg(pl.col("gmv").sum().alias("came"))
    told = past.join(came, left_on="forecast_date", right_on="order_date", how="left")
    assert past["issued_on"].n_unique() == 8
    assert (told["came"].fill_null(0) == told["y"]).all()
    gap = (told["forecast_date"] - told["issued_on"]).dt.total_days()
    assert (gap == told["horizon"]).all()


def test_a_vendor_of_three_weeks_is_forecast_and_has_no_past(made: pl.DataFrame) -> None:
    new = made.filter(pl.col("is_issued"), series_kind="vendor", series_id="c", frequency="day")

    assert set(new["status"]) == {"new"}
    # fifteen a day, and half as much again on one day of seven; the sums, which hardly know it,
    # take a part of that away
    assert new["y_mean"].mean() == pytest.approx(15 * 7.5 / 7, rel=0.35)


def test_a_marketplace_without_sales_has_no_forecasts() -> None:
    assert issued(sales().clear()).is_empty()


def test_one_day_of_sales_is_no_error() -> None:
    found = issued(sales().filter(pl.col("order_date") == SUNDAY).head(1))

    assert set(found["frequency"]) <= {"day", "week", "month"}


def test_a_process_of_its_own_makes_the_same(made: pl.DataFrame) -> None:
    apart = run_apart(STEP, sales(), SUNDAY, "hash")

    assert apart.drop("as_of_date", "model_version", "input_hash").equals(made.sort(STEP.key))


def test_what_was_issued_before_stands_whatever_is_made_of_it_now(made: pl.DataFrame) -> None:
    before = made.with_columns(
        pl.col("issued_on").dt.offset_by("-1w"), y_mean=pl.lit(1.0), extra=pl.lit("gone")
    )

    first = STEP.beside_earlier(made, before)
    again = STEP.beside_earlier(made.with_columns(y_mean=pl.lit(2.0)), first)

    told = again.filter(pl.col("is_issued"))
    assert told.filter(issued_on=SUNDAY - timedelta(days=7))["y_mean"].unique().to_list() == [1.0]
    assert told.filter(issued_on=SUNDAY).equals(made.filter(pl.col("is_issued")).sort(STEP.key))
    # how the past would have been foretold is measured anew
    assert set(again.filter(~pl.col("is_issued"))["y_mean"]) == {2.0}


def test_where_nothing_was_sold_there_is_nothing_for_a_model_of_all_series_to_learn() -> None:
    """A distribution of sales has no mean of zero, and LightGBM refuses to fit it."""
    random = np.random.default_rng(8)
    days, first = 300, SUNDAY - timedelta(days=299)
    # the origins lie in the last 56 days, and before them there are zeros alone
    frame = pl.DataFrame(
        {
            "unique_id": np.repeat(np.arange(12), days),
            "ds": [first + timedelta(days=day) for day in range(days)] * 12,
            "y": np.where(np.arange(days) < 250, 0, random.poisson(5, (12, days))).ravel(),
        }
    )

    walk = walked(frame, "day", 7, 7)
    ahead, behind = walk.ahead(), walk.behind()

    assert "LightGBM" not in {*ahead["model"], *behind["model"]}
    assert ahead.height == 12 * 7 * 2
    assert ahead["y_mean"].mean() == pytest.approx(5, rel=0.4)
    assert set(behind.filter(step=1, periods_back=56)["y_mean"]) == {0.0}


RESTS = [SUNDAY - timedelta(days=ago) for ago in range(7, 28)]
RESTS_TO_COME = [SUNDAY + timedelta(days=ahead) for ahead in range(8, 15)]
OUT_OF_STOCK = [SUNDAY - timedelta(days=ago) for ago in range(10)]
SALE = [SUNDAY - timedelta(days=ago) for ago in (34, 35, 36, 90, 91, 92, 150, 151, 200)]
SALE_TO_COME = [SUNDAY + timedelta(days=ahead) for ahead in (3, 4, 5)]


@pytest.fixture(scope="module")
def eventful() -> pl.DataFrame:
    """Vendor b closes, what a has of y runs out, and twice as much of x is sold in sales."""
    vendor, category, day = pl.col("vendor_id"), pl.col("category_id"), pl.col("order_date")
    is_lost = ((vendor == "b") & day.is_in(RESTS)) | (
        (vendor == "a") & (category == "y") & day.is_in(OUT_OF_STOCK)
    )
    is_on = (category == "x") & day.is_in(SALE)
    rows = sales().filter(~is_lost)
    rows = rows.with_columns(gmv=pl.col("gmv") * pl.when(is_on).then(2).otherwise(1))
    events = [
        *(an_event("closure", day, vendor_id="b") for day in RESTS + RESTS_TO_COME),
        *(an_event("stock_out", day, vendor_id="a", category_id="y") for day in OUT_OF_STOCK),
        *(an_event("sale", day, category_id="x", weight=0.2) for day in SALE + SALE_TO_COME),
    ]
    return issued(pl.concat([rows, pl.DataFrame(events)], how="diagonal"))


def test_a_shop_that_closes_sells_nothing_then_and_learns_nothing_from_it(
    eventful: pl.DataFrame,
) -> None:
    of_b = eventful.filter(series_kind="vendor", series_id="b", frequency="day", interval_level=80)

    told = of_b.filter("is_issued").with_columns(
        is_closed=pl.col("forecast_date").is_in(RESTS_TO_COME),
        is_sale=pl.col("forecast_date").is_in(SALE_TO_COME),
    )
    assert told.filter("is_closed")["y_mean"].to_list() == [0.0] * 7
    # twenty a day, and half as much again on one day of seven
    usual = told.filter(~pl.col("is_closed") & ~pl.col("is_sale"))["y_mean"].mean()
    assert usual == pytest.approx(20 * 7.5 / 7, rel=0.1)
    # days that are not known are in no error
    past = of_b.filter(~pl.col("is_issued"))
    assert past["forecast_date"].is_in(SALE[:3]).any()
    assert not past["forecast_date"].is_in(RESTS).any()


def test_what_is_out_of_stock_does_not_teach_that_demand_fell(eventful: pl.DataFrame) -> None:
    part = eventful.filter("is_issued", series_kind="vendor_category", series_id="a/y")

    mean = part.filter(frequency="day", interval_level=80)["y_mean"].mean()
    # ten days of nothing would leave a tenth; the sums, which miss it as well, take a part away
    assert mean == pytest.approx(9 * 7.5 / 7, rel=0.35)


def test_a_sale_that_is_planned_is_expected_to_bring_what_sales_brought(
    eventful: pl.DataFrame,
) -> None:
    part = eventful.filter("is_issued", series_kind="vendor_category", series_id="a/x")
    told = part.filter(frequency="day", interval_level=80)

    later = [day + timedelta(days=7) for day in SALE_TO_COME]
    planned = told.filter(pl.col("forecast_date").is_in(SALE_TO_COME))["y_mean"].sum()
    usual = told.filter(pl.col("forecast_date").is_in(later))["y_mean"].sum()
    assert planned / usual == pytest.approx(2, rel=0.15)


def test_of_too_many_vendors_the_categories_and_their_sum_are_forecast() -> None:
    days = 60
    first = SUNDAY - timedelta(days=days - 1)
    rows = [
        (f"v{number}", f"c{number // 751}", 10.0, first + timedelta(days=number % days))
        for number in range(1_501)
    ]
    frame = pl.DataFrame(
        rows, schema=["vendor_id", "category_id", "gmv", "order_date"], orient="row"
    )

    found = issued(as_read(frame, first))

    assert set(found["series_id"].unique()) == {"all", "c0", "c1"}
    ahead = found.filter("is_issued", frequency="day", interval_level=80)
    by_kind = dict(ahead.group_by("series_kind").agg(pl.col("y_mean").sum()).rows())
    assert by_kind["category"] == pytest.approx(by_kind["marketplace"])


def test_days_of_the_simulators_law_of_demand_have_six_tenths_of_the_naive_error() -> None:
    """Weekdays, Christmas, seasons and sales, at the size and noise of the demo's marketplace."""
    rows, _ = drawn(lines_a_day=30, seed=6)

    past = issued(rows).filter(
        ~pl.col("is_issued"), frequency="day", series_kind="marketplace", interval_level=80
    )
    missed, naive = (
        float(np.abs((past["y"] - past[name]).to_numpy()).sum()) for name in ("y_mean", "y_naive")
    )
    assert past.height == 8 * 28
    assert missed <= 0.6 * naive
