"""Fifty vendors of the real marketplace: their scorecard and their own shop, anew in polars."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

import duckdb
import polars as pl
import pytest

from tests.olist.files import read

pytestmark = pytest.mark.olist

VENDORS: Final = 50


@pytest.fixture(scope="module")
def parts(olist_folder: Path) -> pl.DataFrame:
    """Vendors' parts of orders: fifty vendors by chance, the same each time."""
    items = read(olist_folder, "order_items")
    vendors = items["seller_id"].unique().sort().sample(VENDORS, seed=17)
    return (
        items.filter(pl.col("seller_id").is_in(vendors.implode()))
        .group_by("seller_id", "order_id")
        .agg(ship_by=pl.col("shipping_limit_date").min())
        .join(read(olist_folder, "orders"), on="order_id")
        .rename(
            {
                "order_purchase_timestamp": "ordered",
                "order_delivered_carrier_date": "shipped",
                "order_delivered_customer_date": "delivered",
                "order_estimated_delivery_date": "promised",
                "order_status": "status",
            }
        )
    )


@pytest.fixture(scope="module")
def reviews(olist_folder: Path) -> pl.DataFrame:
    return read(olist_folder, "order_reviews").select(
        "order_id",
        created="review_creation_date",
        rating=pl.col("review_score").cast(pl.Int64),
    )


NEVER_SENT: Final = (
    pl.col("status").is_in(["canceled", "unavailable"]) & pl.col("shipped").is_null()
)

Counted = tuple[pl.DataFrame, str, pl.Expr]
Rule = Callable[[pl.DataFrame, pl.DataFrame, date], Counted]


def known(column: str, end: date) -> pl.Expr:
    return pl.when(pl.col(column).dt.date() < end).then(pl.col(column))


def late_shipments(parts: pl.DataFrame, _: pl.DataFrame, end: date) -> Counted:
    sent = known("shipped", end)
    return parts.filter(~NEVER_SENT), "ship_by", sent.is_null() | (sent > pl.col("ship_by"))


def on_time(parts: pl.DataFrame, _: pl.DataFrame, end: date) -> Counted:
    due = parts.filter(~NEVER_SENT, pl.col("ordered").dt.date() < end)
    return due, "promised", (known("delivered", end) <= pl.col("promised")).fill_null(value=False)


def late_by_date(parts: pl.DataFrame, _: pl.DataFrame, end: date) -> Counted:
    there = parts.filter(known("delivered", end).is_not_null())
    return there, "promised", pl.col("delivered").dt.date() > pl.col("promised").dt.date()


def cancellations(parts: pl.DataFrame, _: pl.DataFrame, __: date) -> Counted:
    is_lost = (pl.col("status") == "unavailable") | (
        (pl.col("status") == "canceled") & pl.col("shipped").is_null()
    )
    return parts, "ordered", is_lost


def defects(parts: pl.DataFrame, reviews: pl.DataFrame, end: date) -> Counted:
    bad = reviews.filter(pl.col("rating") <= 2, pl.col("created").dt.date() < end)
    return parts, "ordered", pl.col("order_id").is_in(bad["order_id"].implode())


def ratings(parts: pl.DataFrame, reviews: pl.DataFrame, _: date) -> Counted:
    return parts.join(reviews, on="order_id"), "created", pl.col("rating")


RULES: Final[dict[str, Rule]] = {
    "late_shipment_rate": late_shipments,
    "on_time_delivery_rate": on_time,
    "late_delivery_rate_by_date": late_by_date,
    "vendor_cancellation_rate": cancellations,
    "order_defect_rate": defects,
    "review_score": ratings,
}


@pytest.mark.parametrize("metric", RULES)
def test_every_window_of_fifty_vendors_is_that_of_the_files(
    marts: duckdb.DuckDBPyConnection, parts: pl.DataFrame, reviews: pl.DataFrame, metric: str
) -> None:
    ours = marts.execute(
        "select vendor_id, window_start, window_end, cast(numerator as bigint), "
        "cast(denominator as bigint) from marts.mart_vendor_scorecard "
        "where metric_id = ? and denominator > 0 and list_contains(?, vendor_id)",
        [metric, parts["seller_id"].unique().to_list()],
    ).fetchall()
    windows = marts.execute(
        "select distinct window_start, window_end from marts.mart_vendor_scorecard "
        "where metric_id = ?",
        [metric],
    ).fetchall()

    counted = set()
    for start, end in windows:
        units, day, top = RULES[metric](parts, reviews, end)
        inside = units.filter(pl.col(day).dt.date().is_between(start, end, closed="left"))
        summed = inside.group_by("seller_id").agg(top.cast(pl.Int64).sum(), pl.len().alias("all"))
        counted |= {(vendor, start, end, top, units) for vendor, top, units in summed.rows()}

    assert len(windows) > 10
    assert len(ours) > VENDORS
    assert set(ours) == counted


def test_shop_without_payouts_owes_all_that_was_sold(marts: duckdb.DuckDBPyConnection) -> None:
    told = marts.execute(
        "select sum(sales_amount), sum(payout_amount), sum(paid_amount), "
        "sum(open_amount) from marts.mart_vendor_payouts"
    ).fetchall()

    sold = marts.execute(
        "select sum(gmv_net) from marts.fct_order_lines where is_in_gmv_net"
    ).fetchall()[0][0]
    assert told == [(sold, None, 0, sold)]


def test_what_the_shop_does_not_state_is_nothing_and_no_zero(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    stated = (
        "price_index", "offer_days", "days_of_cover", "viewed_sessions", "completeness_share",
    )  # fmt: skip

    found = marts.execute(
        f"select count(*), {', '.join(f'count({name})' for name in stated)} "
        "from marts.mart_vendor_assortment"
    ).fetchall()[0]
    visits, terms = marts.execute(
        "select (select count(*) from marts.mart_vendor_visits_monthly), "
        "(select count(*) from marts.mart_vendor_search_terms)"
    ).fetchall()[0]

    assert found[0] > 10_000
    assert {*found[1:]} == {0}
    assert (visits, terms) == (0, 0)
