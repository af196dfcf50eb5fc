"""Fifty vendors of the real marketplace: scorecard, faults and own shop, anew in polars."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb
import holidays
import numpy as np
import polars as pl
import pytest

from tests.olist.files import read

pytestmark = pytest.mark.olist

VENDORS: Final = 50


END: Final = date(2018, 10, 18)  # the day after the last of the files


@pytest.fixture(scope="module")
def parts(olist_folder: Path) -> pl.DataFrame:
    """Vendors' parts of orders: fifty vendors by chance, the same each time."""
    items = read(olist_folder, "order_items")
    vendors = items["seller_id"].unique().sort().sample(VENDORS, seed=17)
    orders = read(olist_folder, "orders").rename(
        {
            "order_purchase_timestamp": "ordered",
            "order_delivered_carrier_date": "shipped",
            "order_delivered_customer_date": "delivered",
            "order_estimated_delivery_date": "promised",
            "order_status": "status",
        }
    )
    lines = (
        items.filter(pl.col("seller_id").is_in(vendors.implode()))
        .rename({"shipping_limit_date": "ship_by"})
        .join(orders, on="order_id")
        .join(read(olist_folder, "sellers"), on="seller_id")
    )
    lines = lines.with_columns(
        shipping_fault=pl.struct(lines.columns).map_elements(
            shipping_fault, return_dtype=pl.String, skip_nulls=False
        )
    )
    # of two late items the first one speaks for the part
    return (
        lines.with_columns(is_kept=pl.col("shipping_fault").is_null())
        .sort("is_kept", "order_item_id")
        .unique(["seller_id", "order_id"], keep="first", maintain_order=True)
    )


def shipping_fault(line: dict[str, Any]) -> str | None:
    """Through whose fault a line was handed over late, if it was."""
    due, sent = line["ship_by"], line["shipped"]
    if sent <= due if sent else due.date() >= END:
        return None
    rests = HOLIDAYS[line["seller_state"]]
    day = due.date()
    if sent and not np.is_busday(day, holidays=rests):
        # days of work after the day of rest, the day of the handing over among them
        worked = np.busday_count(day, sent.date() + timedelta(days=1), holidays=rests)
        if worked <= 1:
            return "force_majeure"
    return "unknown" if sent is None and line["delivered"] else "vendor"


class _Holidays(dict[str, list[date]]):
    def __missing__(self, state: str) -> list[date]:
        self[state] = sorted(holidays.country_holidays("BR", subdiv=state, years=range(2016, 2020)))
        return self[state]


HOLIDAYS: Final = _Holidays()


@pytest.fixture(scope="module")
def reviews(olist_folder: Path) -> pl.DataFrame:
    return read(olist_folder, "order_reviews").select(
        "order_id",
        created="review_creation_date",
        rating=pl.col("review_score").cast(pl.Int64),
    )


# Units, the column of their day, what a unit brings to the numerator, whose fault a failure is.
Counted = tuple[pl.DataFrame, str, pl.Expr, pl.Expr]
Rule = Callable[[pl.DataFrame, pl.DataFrame, date], Counted]

NEVER_SENT: Final = (
    pl.col("status").is_in(["canceled", "unavailable"]) & pl.col("shipped").is_null()
)
NOBODY: Final = pl.lit(None, pl.String)
IS_LATE: Final = (pl.col("delivered") > pl.col("promised")).fill_null(
    pl.col("promised").dt.date() < END
)
DELIVERY_FAULT: Final = (
    pl.when(IS_LATE)
    .then(
        pl.coalesce(
            "shipping_fault",
            pl.when(pl.col("shipped").is_null() & pl.col("delivered").is_not_null())
            .then(pl.lit("unknown"))
            .when(pl.col("shipped") <= pl.col("promised"))
            .then(pl.lit("carrier"))
            .otherwise(pl.lit("vendor")),
        )
    )
    .otherwise(NOBODY)
)


def known(column: str, end: date) -> pl.Expr:
    return pl.when(pl.col(column).dt.date() < end).then(pl.col(column))


def late_shipments(parts: pl.DataFrame, _: pl.DataFrame, end: date) -> Counted:
    sent = known("shipped", end)
    is_late = sent.is_null() | (sent > pl.col("ship_by"))
    return parts.filter(~NEVER_SENT), "ship_by", is_late, pl.col("shipping_fault")


def on_time(parts: pl.DataFrame, _: pl.DataFrame, end: date) -> Counted:
    due = parts.filter(~NEVER_SENT, pl.col("ordered").dt.date() < end)
    is_met = (known("delivered", end) <= pl.col("promised")).fill_null(value=False)
    return due, "promised", is_met, DELIVERY_FAULT


def late_by_date(parts: pl.DataFrame, _: pl.DataFrame, end: date) -> Counted:
    there = parts.filter(known("delivered", end).is_not_null())
    is_late = pl.col("delivered").dt.date() > pl.col("promised").dt.date()
    return there, "promised", is_late, pl.when(is_late).then(DELIVERY_FAULT)


def cancellations(parts: pl.DataFrame, _: pl.DataFrame, __: date) -> Counted:
    is_out = pl.col("status") == "unavailable"
    is_cancelled = (pl.col("status") == "canceled") & pl.col("shipped").is_null()
    # nobody says who cancelled
    fault = pl.when(is_out).then(pl.lit("vendor")).when(is_cancelled).then(pl.lit("unknown"))
    return parts, "ordered", is_out | is_cancelled, fault


def defects(parts: pl.DataFrame, reviews: pl.DataFrame, end: date) -> Counted:
    bad = reviews.filter(pl.col("rating") <= 2, pl.col("created").dt.date() < end)
    is_bad = pl.col("order_id").is_in(bad["order_id"].implode())
    late = pl.coalesce(DELIVERY_FAULT, "shipping_fault", pl.lit("vendor"))
    return parts, "ordered", is_bad, pl.when(is_bad).then(late)


def ratings(parts: pl.DataFrame, reviews: pl.DataFrame, _: date) -> Counted:
    return parts.join(reviews, on="order_id"), "created", pl.col("rating"), NOBODY


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
    counts = ("numerator", "denominator", "accountable_numerator", "accountable_denominator",
              "unknown_cause_count")  # fmt: skip
    ours = marts.execute(
        "select vendor_id, window_start, window_end, "
        f"{', '.join(f'cast({count} as bigint)' for count in counts)} "
        "from marts.mart_vendor_scorecard "
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
        units, day, top, fault = RULES[metric](parts, reviews, end)
        inside = units.filter(pl.col(day).dt.date().is_between(start, end, closed="left"))
        judged = inside.with_columns(brought=top.cast(pl.Int64), fault=fault)
        is_own = pl.col("fault").fill_null("vendor") == "vendor"
        summed = judged.group_by("seller_id").agg(
            pl.col("brought").sum(),
            pl.len().alias("all"),
            pl.col("brought").filter(is_own).sum().alias("own"),
            is_own.sum().alias("all_own"),
            (pl.col("fault") == "unknown").sum().alias("unknown"),
        )
        counted |= {(vendor, start, end, *sums) for vendor, *sums in summed.rows()}

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
