"""What orders met with and whether their customers ordered again: polars over the feeds alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from tests.simulator.simulated_feeds import local_date, rows

if TYPE_CHECKING:
    from pathlib import Path

MET_WITHIN = timedelta(days=60)
AGAIN_WITHIN = timedelta(days=90)
PATIENCE = timedelta(hours=72)


def order_experiences(world: Path, end: date) -> pl.DataFrame:
    """A row per order of a known customer that is no test; `end` is the day after the last."""
    orders = numbered(world).with_columns(
        placebo=pl.col("order_date").dt.day() % 2 == 0,
        until=pl.min_horizontal(pl.col("order_date") + MET_WITHIN, pl.lit(end)),
    )
    for met in (promises(world, orders), questions(world), first_price_changes(world, orders)):
        name = met.columns[1]
        seen = met.join(orders.select("order_id", "until"), on="order_id").filter(
            pl.col("on") < pl.col("until")
        )
        orders = orders.join(
            seen.group_by("order_id").agg(pl.col(name).any()), on="order_id", how="left"
        )
    priced = orders_with_a_price(world, orders)
    opened = (
        rows(world, "tickets").drop_nulls("order_id").select("order_id", on=local_date("opened_at"))
    )
    first = opened.group_by("order_id").agg(pl.col("on").min())
    orders = orders.join(first, on="order_id", how="left").with_columns(
        price_rise=pl.when(pl.col("order_id").is_in(priced.implode())).then(
            pl.col("price_rise").fill_null(value=False)
        ),
        ticket=pl.when(pl.col("order_date") >= opened["on"].min()).then(
            (pl.col("on") < pl.col("until")).fill_null(value=False)
        ),
    )
    return followed(orders, end).drop("on", "until")


def numbered(world: Path) -> pl.DataFrame:
    """The orders of each customer, counted, with who bought for how much before."""
    people = rows(world, "customers").unique("customer_id", keep="last")
    amount = pl.col("quantity").cast(pl.Float64) * pl.col("unit_price").cast(pl.Float64)
    amounts = rows(world, "order_lines").group_by("order_id").agg(spend=amount.sum())
    orders = (
        rows(world, "orders")
        .filter(~pl.col("is_test"))
        .drop_nulls("customer_id")
        .with_columns(order_date=local_date("ordered_at"))
        .join(
            people.select("customer_id", "country_code", segment="customer_type"), on="customer_id"
        )
        .join(amounts, on="order_id", how="left")
        .sort("customer_id", "ordered_at", "order_id")
    )
    by_vendor = pl.col("cancelled_by").fill_null("") != "buyer"
    return orders.with_columns(
        order_number=pl.int_range(1, pl.len() + 1).over("customer_id"),
        days_since_previous=pl.col("order_date").diff().over("customer_id").dt.total_days(),
        spend_so_far=pl.col("spend").fill_null(0).cum_sum().over("customer_id"),
        tenure_days=(
            pl.col("order_date") - pl.col("order_date").min().over("customer_id")
        ).dt.total_days(),
        lost_order=(pl.col("status") == "unavailable")
        | ((pl.col("status") == "cancelled") & by_vendor),
    )


def promises(world: Path, orders: pl.DataFrame) -> pl.DataFrame:
    """Promises of what was sent or still shall be, whether each was broken, and when it was due."""
    late = (pl.col("delivered_at") > pl.col("promised_at")).fill_null(value=True)
    waits = pl.col("status").is_in(["created", "approved", "invoiced", "processing"])
    parts = rows(world, "shipments").drop_nulls("promised_at")
    standing = parts.join(orders.select("order_id", "status"), on="order_id").filter(
        pl.col("shipped_at").is_not_null() | waits
    )
    return standing.select("order_id", late_delivery=late, on=local_date("promised_at"))


def questions(world: Path) -> pl.DataFrame:
    """Questions, whether each stayed unanswered, and when patience with it ended."""
    told = rows(world, "vendor_messages").drop_nulls("order_id")
    answers = told.filter(pl.col("direction") == "outbound", ~pl.col("is_automatic"))
    answered = answers.group_by("conversation_id").agg(answered_at=pl.col("sent_at").min())
    asked = told.filter(pl.col("needs_answer")).join(answered, on="conversation_id", how="left")
    too_late = pl.col("answered_at") > pl.col("sent_at") + PATIENCE
    return asked.select(
        "order_id",
        unanswered_message=too_late.fill_null(value=True),
        on=local_date("sent_at") + timedelta(days=3),
    )


def first_price_changes(world: Path, orders: pl.DataFrame) -> pl.DataFrame:
    """The first change of what an order's first line cost, whether it is a rise, and when."""
    before = pl.col("unit_price").shift().over("offer_id")
    changes = (
        rows(world, "price_history")
        .sort("offer_id", "valid_from")
        .with_columns(price_rise=pl.col("unit_price") > before, was=before)
        .filter(pl.col("was") != pl.col("unit_price"))
    )
    return (
        first_lines(world, orders)
        .sort("ordered_at")
        .join_asof(
            changes.select("offer_id", "price_rise", "valid_from").sort("valid_from"),
            left_on="ordered_at",
            right_on="valid_from",
            by="offer_id",
            strategy="forward",
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .drop_nulls("valid_from")
        .select("order_id", "price_rise", on=local_date("valid_from"))
    )


def orders_with_a_price(world: Path, orders: pl.DataFrame) -> pl.Series:
    """Orders of whose first line the price was known when it was ordered."""
    known = rows(world, "price_history").group_by("offer_id").agg(pl.col("valid_from").min())
    priced = first_lines(world, orders).join(known, on="offer_id")
    return priced.filter(pl.col("valid_from") <= pl.col("ordered_at"))["order_id"]


def first_lines(world: Path, orders: pl.DataFrame) -> pl.DataFrame:
    """The line of each order that comes first."""
    lines = rows(world, "order_lines").sort("order_id", "order_line_id")
    firsts = lines.group_by("order_id", maintain_order=True).agg(pl.col("offer_id").first())
    return firsts.join(orders.select("order_id", "ordered_at"), on="order_id")


def followed(orders: pl.DataFrame, end: date) -> pl.DataFrame:
    """Whether each customer ordered in the ninety days after the sixty, null before their end."""
    marked = orders.with_columns(landmark=pl.col("order_date") + MET_WITHIN)
    days = orders.select("customer_id", again_on="order_date").sort("again_on")
    found = marked.sort("landmark").join_asof(
        days,
        left_on="landmark",
        right_on="again_on",
        by="customer_id",
        strategy="forward",
        check_sortedness=False,
    )
    over = pl.col("landmark") + AGAIN_WITHIN
    again = (pl.col("again_on") < over).fill_null(value=False)
    return found.with_columns(ordered_again=pl.when(over <= end).then(again)).drop("again_on")
