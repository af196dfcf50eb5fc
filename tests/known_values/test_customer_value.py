"""Predictions of customers, held to CDNOW's later half years; withheld where they would fail."""

from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest
from numpy.testing import assert_allclose

from pipelines.analytics import clv, customer_value
from pipelines.analytics.lifetime_value.cohorts import fitted
from pipelines.analytics.lifetime_value.holdouts import foretell
from tests.known_values.purchases import a_bg_nbd_shop, cdnow_orders

END = date(1998, 7, 1)
HOLDOUT = timedelta(days=customer_value.HOLDOUT_DAYS)


def histories(orders: pl.DataFrame, end: date, holdouts: int = 3) -> pl.DataFrame:
    """What int_customer_histories_spined makes of a frame of customer_id, day and value."""
    days = orders.filter(pl.col("value") > 0).sort("customer_id", "day")
    parts = []
    for back in range(holdouts + 1):
        cutoff = end - back * HOLDOUT
        seen = days.filter(pl.col("day") < cutoff)
        after = days.filter(pl.col("day") >= cutoff, pl.col("day") < cutoff + HOLDOUT)
        people = seen.group_by("customer_id", maintain_order=True).agg(
            first=pl.col("day").min(),
            last=pl.col("day").max(),
            frequency=pl.len() - 1,
            monetary=pl.col("value").slice(1).mean(),
        )
        came = after.group_by("customer_id").agg(orders_after=pl.len())
        count = pl.col("orders_after").fill_null(0) if back else pl.lit(None)
        parts.append(
            people.join(came, on="customer_id", how="left").select(
                "customer_id",
                "frequency",
                "monetary",
                segment=pl.lit("all"),
                channel=pl.lit(None, pl.String),
                mean_margin=pl.lit(None, pl.Float64),
                cutoff_date=pl.lit(cutoff),
                recency=(pl.col("last") - pl.col("first")).dt.total_days(),
                age=(pl.lit(cutoff) - pl.col("first")).dt.total_days(),
                orders_after=count.cast(pl.Int64),
            )
        )
    return pl.concat(parts)


@pytest.fixture(scope="module")
def cdnow() -> pl.DataFrame:
    return histories(cdnow_orders(), END)


def test_cdnows_half_years_are_foretold_as_promised(cdnow: pl.DataFrame) -> None:
    found = customer_value.calibration(cdnow)

    last = found.filter(
        pl.col("model") == "bg_nbd", pl.col("holdout_begins") == END - HOLDOUT
    ).sort("decile")
    now = cdnow.filter(pl.col("cutoff_date") == END - HOLDOUT)
    assert last["actual_orders"].sum() == now["orders_after"].sum()
    assert last["customers"].sum() == now.height
    assert last["is_passed"].all()
    assert last["holdout_covered_share"][0] == pytest.approx(0.8, abs=0.02)
    # the paper's figure 8: the best tenth of the customers is where the orders are
    assert last["top_decile_lift"][0] > 4
    assert_allclose(
        (last["covered_share"] * last["customers"]).sum() / now.height,
        last["holdout_covered_share"][0],
    )


def test_cdnows_customers_are_predicted_with_the_better_model(cdnow: pl.DataFrame) -> None:
    scores = customer_value.calibration(cdnow).unique(["model", "holdout_begins"])
    weighted = scores.join(
        cdnow.group_by(holdout_begins="cutoff_date").agg(size=pl.len()), on="holdout_begins"
    )
    means = weighted.group_by("model").agg(
        (pl.col("log_score") * pl.col("size")).sum() / pl.col("size").sum()
    )
    better = means.sort("log_score", descending=True)["model"][0]

    found = customer_value.values(cdnow)

    assert found["status"].unique().to_list() == ["predicted"]
    assert found["model"].unique().to_list() == [better]
    assert (found["clv_12m_lower"] <= found["clv_12m"]).all()
    ordered = ["expected_orders_3m", "expected_orders_6m", "expected_orders_12m"]
    assert all((found[left] < found[right]).all() for left, right in pairwise(ordered))


def test_coverage_of_the_true_model_is_what_it_promises() -> None:
    """Though four of five order nothing, so that an interval of whole counts holds far more."""
    shop = a_bg_nbd_shop((0.5, 300.0, 0.9, 4.0), (6.0, 4.5, 35.0), 6_000, seed=3, horizon=182)
    frame = shop.histories.with_columns(orders_after=pl.Series(shop.orders_after).cast(pl.Int64))

    told = foretell(clv.fit(frame.drop("monetary")), frame, 182)

    assert (shop.orders_after == 0).mean() > 0.8
    assert told.covered.mean() == pytest.approx(0.8, abs=0.015)
    assert told.ratio == pytest.approx(1, abs=0.07)


def test_a_shop_that_lost_its_customers_at_once_shows_no_prediction(cdnow: pl.DataFrame) -> None:
    last = pl.col("cutoff_date") == END - HOLDOUT
    nobody = pl.when(last).then(pl.col("orders_after") // 4).otherwise(pl.col("orders_after"))

    found = customer_value.values(cdnow.with_columns(orders_after=nobody))

    assert found["status"].unique().to_list() == ["failed_calibration"]
    assert found["clv_12m"].null_count() == found.height
    assert found["p_alive"].null_count() == found.height


def test_a_shop_where_nobody_returns_says_so() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number % 300) for number in range(400)]
    orders = pl.DataFrame(
        {"customer_id": [f"C-{number}" for number in range(400)], "day": days, "value": 10.0}
    )

    found = customer_value.values(histories(orders, date(2026, 11, 1)))

    assert found.height == 400
    assert found["status"].unique().to_list() == ["too_few_repeat_orders"]


def two_channels(search: pl.DataFrame, friends: pl.DataFrame) -> pl.DataFrame:
    """A half year of the past that came, and the same customers as those of today."""
    both = pl.concat(
        [
            frame.with_columns(channel=pl.lit(name), customer_id=name + pl.col("customer_id"))
            for name, frame in (("search", search), ("friends", friends))
        ]
    ).with_columns(segment=pl.lit("all"), mean_margin=pl.lit(None, pl.Float64))
    past = both.with_columns(cutoff_date=pl.lit(END - HOLDOUT))
    now = both.with_columns(cutoff_date=pl.lit(END), orders_after=pl.lit(None, pl.Int64))
    return pl.concat([past, now])


def shop_of(parameters: tuple[float, float, float, float], seed: int) -> pl.DataFrame:
    shop = a_bg_nbd_shop(parameters, (6.0, 4.5, 35.0), 1_000, seed, horizon=182)
    return shop.histories.with_columns(orders_after=pl.Series(shop.orders_after).cast(pl.Int64))


def test_channels_whose_customers_differ_are_fitted_apart() -> None:
    # Those whom friends sent order half as often, and hardly leave.
    search, friends = shop_of((0.8, 40.0, 0.9, 4.0), 21), shop_of((1.6, 160.0, 0.2, 6.0), 22)
    both = two_channels(search, friends)

    told = customer_value.values(both)

    assert told["model"].unique().to_list() == ["bg_nbd_by_channel"]
    assert told["customer_id"].n_unique() == told.height == 2_000
    # as if each channel were a shop of its own
    for name, frame in (("search", search), ("friends", friends)):
        mine = told.filter(pl.col("customer_id").str.starts_with(name))
        alone = clv.predict(clv.fit(frame), frame, interval_mass=None)
        assert mine["clv_12m"].sum() == pytest.approx(alone["clv"].sum())
        assert mine["expected_orders_12m"].sum() == pytest.approx(alone["expected_orders"].sum())


def test_channels_whose_customers_are_alike_are_fitted_together() -> None:
    law = (0.8, 40.0, 0.9, 4.0)
    for seed in (31, 41):
        both = two_channels(shop_of(law, seed), shop_of(law, seed + 1))

        found = customer_value.calibration(both)

        assert not found.filter(model="bg_nbd_by_channel")["is_chosen"].any()


def test_channels_of_too_few_repeaters_share_a_fit() -> None:
    frame = two_channels(shop_of((0.8, 40.0, 0.9, 4.0), 21), shop_of((0.8, 40.0, 0.9, 4.0), 22))
    now = frame.filter(pl.col("orders_after").is_null(), pl.col("channel") == "search")
    few = pl.int_range(pl.len()) % 50 == 0
    channel = pl.when(few).then(pl.lit("fair")).otherwise("channel")

    with pytest.raises(clv.CannotFitError, match="no two channels"):
        fitted(now, "bg_nbd_by_channel")
    apart = fitted(now.with_columns(channel=channel), "bg_nbd_by_channel")

    assert list(apart.of_channel) == ["search"]
    assert apart.others.customers == now.height  # the few alone tell nothing: that of everybody


def test_a_mean_that_does_not_exist_is_no_number() -> None:
    shop = a_bg_nbd_shop((0.8, 40.0, 0.9, 4.0), (6.0, 0.9, 35.0), 3_000, seed=4)
    fit = clv.fit(shop.histories)

    year = clv.predict(fit, shop.histories, interval_mass=None)

    assert fit.parameters["q"] < 1
    once = (shop.histories["frequency"] == 0).to_numpy()
    assert year.filter(once)["clv"].null_count() == once.sum()
    assert year.filter(~once)["clv"].null_count() == 0


def test_no_customers_are_no_rows() -> None:
    nothing = histories(cdnow_orders(), END).clear()

    assert customer_value.values(nothing).is_empty()
    assert customer_value.calibration(nothing).is_empty()


def test_values_are_margins_where_the_margin_of_everybody_is_known(cdnow: pl.DataFrame) -> None:
    # all costs are three quarters of the price
    known = cdnow.with_columns(mean_margin=pl.col("monetary") / 4)

    sales, margins = (customer_value.values(each) for each in (cdnow, known))

    assert sales["value_base"].unique().to_list() == ["net_sales"]
    assert margins["value_base"].unique().to_list() == ["margin"]
    for name in ("clv_12m", "clv_12m_lower", "clv_12m_upper", "expected_value"):
        assert_allclose(margins[name], sales[name] / 4, rtol=2e-3, atol=1e-9)


def test_values_are_withheld_where_those_who_order_often_spend_more(cdnow: pl.DataFrame) -> None:
    tied = cdnow.with_columns(monetary=10.0 * pl.col("frequency"))

    found = customer_value.values(tied)

    assert found["status"].unique().to_list() == ["spend_depends_on_orders"]
    assert found["spend_correlation"][0] == pytest.approx(1)
    assert found["expected_orders_12m"].null_count() == 0
    assert found["clv_12m"].null_count() == found.height
