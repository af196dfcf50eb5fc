"""Predictions of customers, held to CDNOW's later half years; withheld where they would fail."""

from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest
from numpy.testing import assert_allclose

from pipelines.analytics import clv, customer_value
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
