"""Forecasts against the library's documented results, a simulated truth, and rules of their own."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose
from scipy.sparse import csr_array

from pipelines.analytics.forecasting import (
    InvalidSeriesError,
    Settings,
    backtest,
    forecast,
)
from pipelines.analytics.time_series import ladder
from pipelines.analytics.time_series.champions import Compared, champions
from pipelines.analytics.time_series.finer import summed
from pipelines.analytics.time_series.intervals import Scores, intervals
from pipelines.analytics.time_series.origins import Origin
from pipelines.analytics.time_series.reconciliation import Sums, reconciler

CHEAP = Settings(dear_values=0, is_pooled=False)


def air_passengers() -> pl.DataFrame:
    from statsforecast.utils import AirPassengersDF  # noqa: PLC0415 - takes a second

    return pl.from_pandas(AirPassengersDF).with_columns(pl.col("ds").dt.date())


def days(values: Any, name: object = "a", first: date = date(2024, 1, 1)) -> pl.DataFrame:
    moments = [first + timedelta(days=day) for day in range(len(values))]
    return pl.DataFrame({"unique_id": [name] * len(values), "ds": moments, "y": values})


def shops(count: int = 60, length: int = 420, seed: int = 3) -> pl.DataFrame:
    """Daily sales with a week's shape, as many kinds of size as there are shops."""
    random = np.random.default_rng(seed)
    week = np.array([0.7, 0.8, 0.9, 1.0, 1.3, 1.6, 0.7])
    level = random.lognormal(2.0, 1.0, count)
    rate = level[:, None] * week[np.arange(length) % 7]
    sold = random.negative_binomial(4, 4 / (4 + rate)).astype(float)
    return pl.concat([days(row, f"s{number:02}") for number, row in enumerate(sold)])


def test_auto_theta_of_air_passengers_is_the_documented_one() -> None:
    # darts' documentation of AutoTheta, which calls statsforecast: the first six months of 1961
    documented = [442.94078295, 432.22936898, 495.30609727, 482.30625563, 487.49312172, 555.579027]
    y = air_passengers()["y"].to_numpy().astype(float)

    found = ladder.models(12)["AutoTheta"](y, 6)

    assert_allclose(found, documented, rtol=2e-5)


def test_auto_ets_of_air_passengers_is_that_of_the_package_it_follows() -> None:
    # R: forecast(ets(AirPassengers), h = 12), ETS(M,Ad,M); another optimiser, so to three percent
    published = [441.8018, 434.1186, 496.6300, 483.2375, 483.9914, 551.0244]
    y = air_passengers()["y"].to_numpy().astype(float)

    found = ladder.models(12)["AutoETS"](y, 6)

    assert_allclose(found, published, rtol=0.03)


def test_the_year_after_a_held_out_one_is_foretold_better_than_by_repeating_it() -> None:
    passengers = air_passengers()

    found = forecast(passengers.head(132), "month", 12, 12, (80,))

    # the twelve months of 1960 were 574 above those of 1959 in all
    actual = passengers.tail(12)["y"].to_numpy()
    ours = np.abs(found["y_mean"].to_numpy() - actual).sum()
    assert found["ds"].to_list() == passengers.tail(12)["ds"].to_list()
    assert ours < 0.8 * 574


def a_year_of(name: str) -> tuple[Any, int, int]:
    """Values of a public series that statsmodels ships, its season, and how far to forecast."""
    import statsmodels.datasets as public  # noqa: PLC0415 - takes a second

    if name == "sunspots by year":
        return public.sunspots.load_pandas().data["SUNACTIVITY"].to_numpy(), 1, 6
    if name == "consumer prices by quarter":
        return public.macrodata.load_pandas().data["cpi"].to_numpy(), 4, 8
    weeks = public.co2.load_pandas().data["co2"].to_numpy()[-520:]
    return np.where(np.isnan(weeks), np.nanmean(weeks), weeks), 52, 13


@pytest.mark.parametrize(
    "name", ["sunspots by year", "consumer prices by quarter", "carbon dioxide by week"]
)
def test_series_of_any_season_are_foretold_better_than_by_their_last_season(name: str) -> None:
    values, season, horizon = a_year_of(name)
    rows = days(values[:-horizon]).with_columns(ds=pl.int_range(pl.len()))

    found = forecast(rows, 1, season, horizon, (80,), settings=Settings(dear_values=20_000))

    came = values[-horizon:]
    last = np.resize(values[-horizon - season : -horizon], horizon)
    assert np.abs(found["y_mean"].to_numpy() - came).sum() < 0.9 * np.abs(last - came).sum()
    assert (found["interval_status"] == "published").any()


def test_a_day_of_hours_has_its_week_in_it() -> None:
    # Offices: forty an hour by day, ten at night, and on two days of seven ten all day.
    hour = np.arange(24 * 7 * 9)
    is_busy = (hour % 24 >= 8) & (hour % 24 < 18) & (hour // 24 % 7 < 5)
    rate = np.where(is_busy, 40.0, 10.0)
    random = np.random.default_rng(6)
    first = datetime(2026, 3, 2, tzinfo=UTC).replace(tzinfo=None)
    rows = pl.concat(
        pl.DataFrame(
            {
                "unique_id": f"o{office}",
                "ds": [first + timedelta(hours=int(each)) for each in hour[:-168]],
                "y": random.poisson(rate[:-168]).astype(float),
            }
        )
        for office in range(3)
    )

    found = forecast(rows, "hour", 24, 168, (80,), settings=CHEAP)

    told = found["y_mean"].to_numpy().reshape(3, 168)
    # yesterday's hours again are 30 off in ten hours of two days of seven after a working day
    assert np.abs(told - rate[-168:]).mean() < 3


def test_a_series_too_short_for_a_model_of_the_library_is_forecast_by_others() -> None:
    # AutoETS refuses what has fewer values than its parameters and four more
    random = np.random.default_rng(1)
    short = [days(random.uniform(50, 150, 12 + 2 * each), f"y{each}") for each in range(6)]
    rows = pl.concat(short).with_columns(ds=pl.col("ds").dt.ordinal_day())

    found = forecast(rows, 1, 1, 4, (80,), settings=Settings(is_pooled=False))

    assert found["y_mean"].is_between(50, 150).all()


def test_the_same_rows_in_any_order_give_the_same_bytes() -> None:
    rows = shops(count=14, length=200)
    settings = Settings(dear_values=0)

    once = forecast(rows, "day", 7, 14, settings=settings)
    again = forecast(rows.sample(fraction=1, shuffle=True, seed=5), "day", 7, 14, settings=settings)

    assert once.write_csv() == again.write_csv()


def test_shuffling_the_future_changes_nothing_that_was_forecast_before_it() -> None:
    rows = shops(count=14, length=200)
    told = backtest(rows, "day", 7, 14, settings=Settings(dear_values=0))
    last = told["periods_back"].unique().sort()[2]
    begins = rows["ds"].max() - timedelta(days=int(last) - 1)  # type: ignore[operator]
    late = pl.col("ds") >= begins
    shuffled = rows.with_columns(
        y=pl.when(late).then(pl.col("y").shuffle(seed=1) * 3 + 1).otherwise(pl.col("y"))
    )

    told_then = told.filter(pl.col("periods_back") >= last)
    now = backtest(shuffled, "day", 7, 14, settings=Settings(dear_values=0))

    kept = ["unique_id", "ds", "periods_back", "y_mean", "y_lower", "y_upper", "model"]
    assert told_then.height > 1_000
    assert now.filter(pl.col("periods_back") >= last).select(kept).equals(told_then.select(kept))
    assert not now.select("y").equals(told.select("y"))


def test_intervals_hold_what_they_promise_on_origins_that_they_were_not_made_of() -> None:
    told = backtest(shops(count=120, length=500), "day", 7, 14, settings=CHEAP)

    kept = told.filter(pl.col("y_upper").is_not_null())
    held = pl.col("y").is_between("y_lower", "y_upper").mean()
    overall = kept.group_by("interval_level").agg(held).sort("interval_level")["y"].to_list()
    bands = kept.group_by("interval_level", "size_band").agg(held)
    assert overall == [pytest.approx(0.8, abs=0.03), pytest.approx(0.9, abs=0.03)]
    for level, _, share in bands.rows():
        assert share == pytest.approx(level / 100, abs=0.05)


def test_a_known_level_and_week_are_foretold_as_well_as_noise_allows() -> None:
    told = backtest(shops(count=120, length=500), "day", 7, 14, (80,), settings=CHEAP)

    # The naive forecast's error has twice the variance of the noise, the truth's once: for an
    # error of any shape that does not change, between 0.7 and 0.8 of it is as good as can be.
    error = (told["y"] - told["y_mean"]).abs().sum()
    assert error < 0.8 * (told["y"] - told["y_naive"]).abs().sum()


def test_intervals_are_not_negative_and_each_holds_those_before_it() -> None:
    found = forecast(shops(count=30, length=200), "day", 7, 14, (90, 50, 80), settings=CHEAP)

    wide = found.pivot("interval_level", index=["unique_id", "ds"], values=["y_lower", "y_upper"])
    assert found["y_lower"].min() >= 0  # type: ignore[operator]
    assert (found["y_lower"] <= found["y_mean"]).all()
    assert (found["y_mean"] <= found["y_upper"]).all()
    for narrow, broad in ((50, 80), (80, 90)):
        assert (wide[f"y_lower_{narrow}"] >= wide[f"y_lower_{broad}"]).all()
        assert (wide[f"y_upper_{narrow}"] <= wide[f"y_upper_{broad}"]).all()


def test_the_conformal_quantile_is_the_rank_of_the_theorem() -> None:
    # Of the scores 1 to 99 of each of four origins the 80 % interval is from rank 0.1 (n + 1) to
    # rank 0.9 (n + 1) of n = 396: 39.7 and 357.3, rounded outwards 39 and 358, which are the
    # scores 10 and 90; half of that with a spread of a half.
    past = [
        Scores(
            column,
            np.array(["large_steady@"] * 99),
            np.arange(1.0, 100)[:, None],
            np.zeros((99, 1), np.bool_),
            np.full((1, 99, 1), np.nan),
        )
        for column in (10, 20, 30, 40)
    ]
    one = np.array([100.0])
    origin = Origin(
        50, np.array([""]), np.array(["ok"]), np.array(["smooth@"]), np.array(["large"]),
        np.array([["SES0.1"]]), np.array([True]), one[:, None], one[:, None], one / 200,
        one[:, None] / 200, one, np.array([True]), one * 0,
    )  # fmt: skip

    (found,) = intervals(origin, past, [0.8])

    assert found.upper.tolist() == [[145.0]]
    # scores are all above zero, yet an interval does not begin above its mean
    assert found.lower.tolist() == [[100.0]]


def test_a_single_series_that_was_always_missed_one_way_may_be_missed_the_other() -> None:
    # Of 1 to 12 and their negatives the 80 % interval is from rank 2.5 to 22.5 of 24, outwards
    # 2 and 23: -11 and 11; signed scores alone would let it begin at the forecast.
    past = [
        Scores(
            number,
            np.array(["large_steady@"]),
            np.array([[float(number)]]),
            np.zeros((1, 1), np.bool_),
            np.full((1, 1, 1), np.nan),
        )
        for number in range(1, 13)
    ]
    one = np.array([100.0])
    origin = Origin(
        50, np.array([""]), np.array(["ok"]), np.array(["smooth@"]), np.array(["large"]),
        np.array([["SES0.1"]]), np.array([True]), one[:, None], one[:, None], one,
        one[:, None] / 100, one, np.array([True]), one * 0,
    )  # fmt: skip

    (found,) = intervals(origin, past, [0.8])

    assert (found.lower.item(), found.upper.item()) == (89.0, 111.0)


def test_parts_and_sums_add_up_and_what_nobody_doubts_stays() -> None:
    # One total of two parts: total 110 with variance 1, parts 60 and 40 with variances 3 and 0.
    # The gap of 10 goes to the total by 1/4 and to the first part by 3/4: 67.5, 40 and 107.5.
    sums = Sums(np.array([0]), np.array([1, 2]), csr_array([[1.0, 1.0]]))
    mean = np.array([[110.0], [60.0], [40.0]])

    found = reconciler(sums)(mean, np.array([1.0, np.sqrt(3.0), 0.0]))

    assert_allclose(found.ravel(), [107.5, 67.5, 40.0], rtol=1e-6)


def test_parts_that_would_fall_below_zero_are_zero_and_still_add_up() -> None:
    sums = Sums(np.array([0]), np.array([1, 2]), csr_array([[1.0, 1.0]]))

    found = reconciler(sums)(np.array([[10.0], [30.0], [1.0]]), np.array([0.1, 1.0, 1.0]))

    assert (found >= 0).all()
    assert found[0] == found[1:].sum()


def test_seasonal_naive_is_kept_where_nothing_beats_it() -> None:
    # Each year repeats the one before exactly, but no two months of it are alike.
    year = np.random.default_rng(2).permutation(np.arange(1.0, 13.0) ** 2)
    rows = days(np.tile(year, 8)).with_columns(ds=pl.int_range(1, 97))

    found = forecast(rows, 1, 12, 6, settings=CHEAP)

    assert set(found["model"]) == {"SeasonalNaive"}
    assert found.filter(interval_level=80)["y_mean"].to_list() == year[:6].tolist()


@pytest.mark.parametrize(("relative", "chosen"), [(0.99, "SES0.1"), (1.0, "SeasonalNaive")])
def test_whatever_does_not_beat_the_seasonal_naive_forecast_is_not_chosen(
    relative: float, chosen: str
) -> None:
    naive = np.array([[3.0, 1.0], [2.0, 2.0], [1.0, 4.0], [5.0, 2.0]])
    errors = {"SeasonalNaive": naive, "SES0.1": naive * relative, "SES0.3": naive * 1.2}
    past = [Compared(10, np.array(["smooth@"] * 4), errors, np.zeros((3, 1, 2)))]

    assert champions(12, past, season=7, horizon=2) == {"smooth@": chosen}


def test_of_a_period_that_has_begun_what_came_is_known_and_the_rest_is_foretold() -> None:
    # Two days of three have come, 5 and 7; the next brings 3, and the three after it 9 in all.
    sums = summed(
        ["a"],
        np.array([[5.0, 7.0]]),
        np.array([[3.0, 2.0, 3.0, 4.0]]),
        [0, 0, 0, 1, 1, 1],
        np.array([False]),
    )

    assert sums.mean.tolist() == [[15.0, 9.0]]
    assert (sums.come.tolist(), sums.to_come) == ([12.0], pytest.approx(1 / 3))
    assert np.isnan(sums.of(["b", "a"], 3).mean).tolist() == [[True] * 3, [False, False, True]]


def test_what_was_not_observed_teaches_nothing() -> None:
    # Nine in ten days at ten, then four weeks without stock: not known, so demand did not fall.
    sold = [10.0] * 200 + [None] * 28  # type: ignore[list-item]
    wavy = [value and value + day % 3 for day, value in enumerate(sold)]

    (known,) = forecast(days(wavy), "day", 7, 1, (80,), settings=CHEAP).rows(named=True)

    assert known["y_mean"] == pytest.approx(11, abs=1.1)


@pytest.mark.parametrize(
    ("values", "status", "expected"),
    [
        ([5.0], "short", 5.0),
        ([4.0] * 40, "constant", 4.0),
        ([0.0] * 40, "all_zero", 0.0),
        ([3.0, 5.0] * 30 + [0.0] * 30, "ended", 0.0),
        # 50 and 60 a day, and after them 2 in four days; a season ago there were 220
        ([50.0, 60.0] * 30 + [0.0, 1.0, 0.0, 1.0], "faded", 0.5),
        # six in twelve days
        ([1.0, 0.0, 2.0, *[0.0] * 8, 3.0], "few_sales", 0.5),
        ([1.0, 2.0, 3.0, 2.0, 1.0], "new", None),
        ([float("nan")] * 9, "no_values", None),
        ([1.0, 4.0, 2.0, 5.0, 3.0] * 2, "no_season", None),
    ],
)
def test_a_series_that_says_little_is_named(
    values: list[float], status: str, expected: float | None
) -> None:
    found = forecast(days(values), "day", 7, 6, settings=CHEAP)

    assert set(found["status"]) == {status}
    assert found.height == 12
    assert found["y_upper"].null_count() == 12
    if expected is not None:
        assert set(found["y_mean"]) == {expected}
    assert set(found["interval_status"]) <= {status, "too_few_origins"}


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pl.concat([days([1.0, 2.0]), days([3.0])]), "series a has 2 rows that share a period"),
        (days([1.0, float("inf")]), "series a is infinite at 2024-01-02"),
        (days([1.0, 2.0]).drop("y"), "no column y"),
        (days(["1", "2"]), "y is String"),
        (days([1.0, 2.0]).with_columns(ds=pl.lit("2024-01-01")), "ds is String"),
        (days([1.0, 2.0]).with_columns(unique_id=pl.lit(None)), "2 rows have no unique_id"),
        (days([1.0, 2.0]).with_columns(holiday=1), "`ahead` has no unique_id, ds, holiday"),
    ],
)
def test_rows_that_are_no_series_are_refused_by_name(frame: pl.DataFrame, message: str) -> None:
    with pytest.raises(InvalidSeriesError, match=message):
        forecast(frame, "day", 7, 2)


@pytest.mark.parametrize("levels", [90, ["80"], [], (80, 100), (0, 50)])
def test_levels_that_are_no_percentages_are_refused(levels: Any) -> None:
    with pytest.raises(InvalidSeriesError, match="must be percentages between 0 and 100"):
        forecast(days([1.0, 2.0]), "day", 7, 2, levels)


def test_levels_may_be_shares_and_percentages() -> None:
    found = forecast(days([1.0, 2.0, 4.0]), "day", 7, 2, (0.5, 95), settings=CHEAP)

    assert found["interval_level"].to_list() == [0.5, 95.0] * 2


def test_another_librarys_frame_is_refused_by_name() -> None:
    rows: Any = days([1.0, 2.0]).to_pandas()

    with pytest.raises(InvalidSeriesError, match="is a pandas DataFrame; it must be a polars"):
        forecast(rows, "day", 7, 2)


def test_a_moment_off_the_grid_is_named() -> None:
    weekly = pl.DataFrame(
        {"unique_id": ["a", "a"], "ds": [date(2024, 1, 1), date(2024, 1, 9)], "y": [1.0, 2.0]}
    )

    with pytest.raises(InvalidSeriesError, match="series a: 2024-01-09 is not a whole number"):
        forecast(weekly, "week", 52, 2)


@pytest.mark.parametrize(
    ("frequency", "moments", "following"),
    [
        ("month", [date(2024, 12, 31), date(2025, 1, 31)], [date(2025, 2, 28), date(2025, 3, 31)]),
        ("MS", [date(2024, 12, 1), date(2025, 1, 1)], [date(2025, 2, 1), date(2025, 3, 1)]),
        ("quarter", [date(2024, 7, 1), date(2024, 10, 1)], [date(2025, 1, 1), date(2025, 4, 1)]),
        ("W-MON", [date(2024, 12, 23), date(2024, 12, 30)], [date(2025, 1, 6), date(2025, 1, 13)]),
        (1, [6, 7], [8, 9]),
    ],
)
def test_the_periods_to_come_follow_the_last_one(
    frequency: str | int, moments: list[Any], following: list[Any]
) -> None:
    rows = pl.DataFrame({"unique_id": [1, 1], "ds": moments, "y": [1, 2]})

    found = forecast(rows, frequency, 1, 2, (80,), settings=CHEAP)

    assert found["ds"].to_list() == following


def test_no_series_have_no_forecasts() -> None:
    assert forecast(days([1.0]).clear(), "day", 7, 3).is_empty()


def test_a_column_that_is_known_ahead_is_used() -> None:
    # Every holiday sells three times as much; holidays come by no rule.
    random = np.random.default_rng(1)
    holiday = random.random(430) < 0.1
    shapes = [
        days(sold[:400], f"s{number:02}").with_columns(holiday=pl.Series(holiday[:400] * 1.0))
        for number in range(20)
        for sold in (random.poisson(20.0 * np.where(holiday, 3, 1)).astype(float),)
    ]
    ahead = pl.concat(
        [
            days([0.0] * 14, f"s{number:02}", date(2024, 1, 1) + timedelta(days=400))
            .drop("y")
            .with_columns(holiday=pl.Series(holiday[400:414] * 1.0))
            for number in range(20)
        ]
    )

    found = forecast(
        pl.concat(shapes), "day", 7, 14, (80,), ahead=ahead, settings=Settings(dear_values=0)
    )

    means = found.join(ahead, on=["unique_id", "ds"]).group_by("holiday").agg(pl.mean("y_mean"))
    usual, special = means.sort("holiday")["y_mean"]
    assert special / usual == pytest.approx(3, rel=0.15)
