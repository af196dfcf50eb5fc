"""What a late delivery and a price rise do to a customer is found again in the feeds alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from sources.simulator.world.people_laws import (
    LATE_DELIVERY,
    LEAVES,
    PRICE_RISE,
    REMEMBERED_DAYS,
    UNANSWERED_MESSAGE,
)
from sources.simulator.world.vendor_laws import PATIENCE_HOURS
from tests.simulator.shares import ratio
from tests.simulator.simulated_feeds import rows, truth

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.simulator

HORIZON = timedelta(days=90)
LAST = datetime(2026, 6, 30, 22) - HORIZON  # noqa: DTZ001 - UTC, as all instants of the feeds


def real_orders(world: Path) -> pl.DataFrame:
    return rows(world, "orders").filter(~pl.col("is_test"))


def consumers_orders(world: Path) -> pl.DataFrame:
    """Orders of people: companies buy more often, and of other vendors with other carriers."""
    people = rows(world, "customers").filter(pl.col("customer_type") == "consumer")
    return real_orders(world).join(
        people.select("customer_id").unique(), on="customer_id", how="semi"
    )


def experiences(world: Path, orders: pl.DataFrame) -> pl.DataFrame:
    """Orders that were sent: when the promise was due, and whether any was broken."""
    sent = rows(world, "shipments").drop_nulls("shipped_at")
    is_late = pl.col("delivered_at").is_null() | (pl.col("delivered_at") > pl.col("promised_at"))
    parts = sent.join(orders.select("order_id", "customer_id"), on="order_id").select(
        "order_id", "customer_id", "promised_at", "carrier", is_late=is_late
    )
    by_order = parts.group_by("order_id", "customer_id", maintain_order=True).agg(
        pl.col("carrier").first(),
        pl.col("is_late").any(),
        pl.when(pl.col("is_late").any())
        .then(pl.col("promised_at").filter("is_late").min())
        .otherwise(pl.col("promised_at").min())
        .alias("at"),
    )
    return by_order.filter(pl.col("at") < LAST)


def with_what_followed(world: Path, met: pl.DataFrame) -> pl.DataFrame:
    """Whether each customer ordered again within the horizon after an instant."""
    orders = rows(world, "orders").select("customer_id", "ordered_at").sort("ordered_at")
    follows = met.sort("at").join_asof(
        orders,
        left_on="at",
        right_on="ordered_at",
        by="customer_id",
        strategy="forward",
        tolerance=HORIZON,
        check_sortedness=False,
    )
    return follows.with_columns(again=pl.col("ordered_at").is_not_null())


def test_a_late_delivery_makes_as_many_leave_as_is_true(laboratory: Path) -> None:
    met = with_what_followed(laboratory, experiences(laboratory, consumers_orders(laboratory)))

    found = ratio(met, "again", "is_late")

    assert found.error < 0.03
    assert abs(found.z(1 - LEAVES[LATE_DELIVERY])) < 3
    assert found.z(1.0) < -3  # an effect, not chance


def test_the_carrier_of_a_parcel_in_time_makes_nobody_leave(laboratory: Path) -> None:
    met = experiences(laboratory, consumers_orders(laboratory)).filter(~pl.col("is_late"))
    met = with_what_followed(laboratory, met)
    most = met["carrier"].value_counts(sort=True)["carrier"][0]

    found = ratio(met.with_columns(is_other=pl.col("carrier") != most), "again", "is_other")

    assert found.error < 0.02
    assert abs(found.z(1.0)) < 3


def test_a_price_rise_makes_as_many_leave_as_is_true_and_a_fall_nobody(laboratory: Path) -> None:
    prices = rows(laboratory, "price_history").sort("offer_id", "valid_from")
    changes = prices.with_columns(
        pl.col("valid_from").alias("at"),
        is_rise=pl.col("unit_price") > pl.col("unit_price").shift().over("offer_id"),
    ).select("offer_id", "at", "is_rise")
    firsts = rows(laboratory, "order_lines").filter(pl.col("order_line_id").str.ends_with("-1"))
    bought = firsts.join(consumers_orders(laboratory), on="order_id").select(
        "customer_id", "offer_id", "ordered_at"
    )
    met = bought.sort("ordered_at").join_asof(
        changes.drop_nulls().sort("at"),
        left_on="ordered_at",
        right_on="at",
        by="offer_id",
        strategy="forward",
        tolerance=timedelta(days=REMEMBERED_DAYS),
        check_sortedness=False,
    )
    met = met.drop_nulls("at").filter(pl.col("at") < LAST).drop("ordered_at")

    found = ratio(with_what_followed(laboratory, met), "again", "is_rise")

    assert found.error < 0.04
    assert abs(found.z(1 - LEAVES[PRICE_RISE])) < 3


def test_an_unanswered_question_makes_as_many_leave_as_is_true(laboratory: Path) -> None:
    # Vendors who do not answer deliver late as well, some months more than others.
    came = experiences(laboratory, real_orders(laboratory)).select("order_id", "is_late")
    kinds = rows(laboratory, "customers").select("customer_id", "customer_type").unique()
    told = rows(laboratory, "vendor_messages").join(came, on="order_id")
    told = told.join(kinds, on="customer_id")
    asked = told.filter("needs_answer").select(
        "conversation_id", "customer_id", "customer_type", "is_late", "sent_at"
    )
    answered = told.filter(pl.col("direction") == "outbound", ~pl.col("is_automatic"))
    patience = timedelta(hours=PATIENCE_HOURS)
    met = (
        asked.join(
            answered.select("conversation_id", answered_at="sent_at"),
            on="conversation_id",
            how="left",
        )
        .with_columns(at=pl.col("sent_at") + patience)
        .with_columns(
            is_unanswered=pl.col("answered_at").is_null() | (pl.col("answered_at") > pl.col("at")),
            month=pl.col("at").dt.truncate("1mo"),
        )
        .filter(pl.col("at") < LAST)
    )

    followed = with_what_followed(laboratory, met)
    found = ratio(followed, "again", "is_unanswered", "customer_type", "is_late", "month")

    assert found.error < 0.035
    assert abs(found.z(1 - LEAVES[UNANSWERED_MESSAGE])) < 3
    assert found.z(1.0) < -3  # an effect, not chance


def test_the_truth_says_who_left_and_why(laboratory: Path) -> None:
    people = truth(laboratory, "customers")
    last = rows(laboratory, "orders").group_by("customer_id").agg(pl.col("ordered_at").max())
    both = people.join(last, on="customer_id").drop_nulls("churned_at")

    reasons = set(both["left_because"])

    assert reasons == {"chance", "late_delivery", "unanswered_message", "price_rise"}
    assert (both["ordered_at"] <= both["churned_at"]).all()
    # What customers meet with moves their leaving; chance still decides most of it.
    assert 0.5 < (both["left_because"] == "chance").mean() < 0.9  # type: ignore[operator]
