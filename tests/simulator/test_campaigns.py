"""What campaigns truly cause is found again in the feeds, and mail obeys who is held out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from sources.simulator.world.people_laws import (
    ACQUIRED,
    ARRIVES_WITHIN,
    CART_HOLDOUT,
    HOLDOUT,
    LINK_LOST,
    LINK_MISTAKEN,
    ORDERS_CAUSED,
    READS_IN_OWN_HOURS,
    RECOVERED,
    REMINDED_AFTER_HOURS,
    WINDOW_DAYS,
)
from tests.simulator.effects import effect, effects
from tests.simulator.shares import Comparison, difference, ratio, slope_within
from tests.simulator.simulated_feeds import local_date, rows, truth

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.simulator

WINDOW = timedelta(days=WINDOW_DAYS)
LAST = datetime(2026, 6, 30, 22) - WINDOW  # noqa: DTZ001 - UTC, as all instants of the feeds
KINDS = {"newsletter": "^Newsletter", "promotion": ": mail$", "reactivation": "^We miss you"}


def members(world: Path) -> pl.DataFrame:
    """Members whose window is over, and how often each ordered within it."""
    named = rows(world, "campaigns").select("campaign_id", "name")
    listed = rows(world, "campaign_members").filter(pl.col("joined_at") < LAST)
    orders = rows(world, "orders").select("customer_id", "ordered_at")
    during = listed.join(orders, on="customer_id").filter(
        pl.col("ordered_at").is_between("joined_at", pl.col("joined_at") + WINDOW)
    )
    counted = during.group_by("campaign_id", "customer_id").agg(pl.len().alias("ordered"))
    both = listed.join(named, on="campaign_id").join(
        counted, on=["campaign_id", "customer_id"], how="left"
    )
    return both.with_columns(pl.col("ordered").fill_null(0), is_reached=~pl.col("is_holdout"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_lift_of_members_against_the_holdout_is_what_mail_causes(
    laboratory: Path, kind: str
) -> None:
    mine = members(laboratory).filter(pl.col("name").str.contains(KINDS[kind]))

    # Within each campaign: more are held out, and fewer buy anyway, in some than in others.
    lift = difference(mine, "ordered", "is_reached", "campaign_id")

    told = truth(laboratory, "campaigns").join(
        mine.select("campaign_id").unique(), on="campaign_id"
    )
    per_person = told["incremental_orders"].sum() / told["reached_count"].sum()
    assert told.height > 1
    assert lift.error < 0.01
    assert abs(lift.z(per_person)) < 3
    # Of those reached some had left for good, whom nothing brings back.
    assert 0.4 < per_person / ORDERS_CAUSED[kind] < 1.1


def test_all_mail_together_has_an_effect_that_chance_does_not_have(laboratory: Path) -> None:
    assert difference(members(laboratory), "ordered", "is_reached", "campaign_id").z(0.0) > 3


def test_the_holdout_is_drawn_by_chance_and_gets_no_message(laboratory: Path) -> None:
    mine = members(laboratory).filter(pl.col("joined_at") < datetime(2026, 3, 1))  # noqa: DTZ001
    sent = rows(laboratory, "messages").filter(pl.col("direction") == "outbound")
    keys = ["campaign_id", "customer_id"]

    assert mine["is_holdout"].mean() == pytest.approx(HOLDOUT, abs=0.01)
    assert mine.filter("is_holdout").join(sent, on=keys, how="semi").height == 0
    assert mine.filter("is_reached").join(sent, on=keys, how="anti").height == 0
    businesses = rows(laboratory, "customers").unique("customer_id")
    both = mine.join(businesses.select("customer_id", "customer_type"), on="customer_id")
    both = both.with_columns(is_business=pl.col("customer_type") == "business")
    assert abs(difference(both, "is_business", "is_holdout").z(0.0)) < 3


def test_an_order_that_a_mail_caused_follows_its_reading_and_usually_a_click(
    laboratory: Path,
) -> None:
    caused = truth(laboratory, "order_causes").filter(pl.col("channel") == "email")
    orders = rows(laboratory, "orders").select("order_id", "ordered_at")
    sent = rows(laboratory, "messages").filter(pl.col("direction") == "outbound")

    both = caused.drop("ordered_at").join(orders, on="order_id")
    both = both.join(sent, on=["campaign_id", "customer_id"])

    assert both.height == caused.height > 500
    assert (both["opened_at"] < both["ordered_at"]).all()
    assert (both["ordered_at"] < both["sent_at"] + WINDOW).all()
    assert 0.8 < (both["clicked_at"] < both["ordered_at"]).fill_null(value=False).mean() < 0.9  # type: ignore[operator]


def first_orders(world: Path) -> pl.DataFrame:
    """Customers since the first week: the link of their first order, and what the CRM names."""
    people = rows(world, "customers").unique("customer_id")
    new = people.filter(pl.col("created_at") >= datetime(2025, 1, 7))  # noqa: DTZ001
    orders = (
        rows(world, "orders").sort("ordered_at", "order_id").unique("customer_id", keep="first")
    )
    both = new.join(orders.select("customer_id", "campaign_id"), on="customer_id")
    return both.rename({"campaign_id": "link", "acquisition_campaign_id": "named"})


def test_the_crm_names_the_last_link_before_the_first_order_but_for_its_errors(
    laboratory: Path,
) -> None:
    found = first_orders(laboratory)
    linked = found.drop_nulls("link")

    is_mistaken = found.select(
        pl.col("named").is_not_null() & pl.col("named").ne_missing(pl.col("link"))
    )
    lost = linked["named"].is_null()

    assert Comparison(*share_of(is_mistaken.to_series())).z(LINK_MISTAKEN) < 3
    assert Comparison(*share_of(lost)).z(LINK_LOST * (1 - LINK_MISTAKEN)) < 3


def share_of(values: pl.Series) -> tuple[float, float]:
    """A share and its standard error."""
    share = values.mean()
    return share, (share * (1 - share) / values.len()) ** 0.5  # type: ignore[operator, return-value]


def test_paid_campaigns_bring_as_many_customers_as_is_true_and_the_crm_does_not_know_whom(
    laboratory: Path,
) -> None:
    found = first_orders(laboratory)
    causes = truth(laboratory, "order_causes").filter("is_first_order")
    both = found.join(
        causes.select("customer_id", cause="campaign_id"), on="customer_id", how="left"
    )
    channels = rows(laboratory, "campaigns").select(cause="campaign_id", objective="objective")

    brought = both.drop_nulls("cause")

    assert Comparison(*share_of(both["cause"].is_not_null())).z(ACQUIRED) < 3
    assert set(brought.join(channels, on="cause")["objective"]) == {"acquisition"}
    known = (brought["named"] == brought["cause"]).fill_null(value=False).mean()
    idle = (
        both.drop_nulls("named")
        .select(pl.col("cause").ne_missing(pl.col("named")))
        .to_series()
        .mean()
    )
    assert 0.2 < known < 0.85  # type: ignore[operator]
    assert 0.2 < idle < 0.85  # type: ignore[operator]


def test_customers_arrive_as_money_is_spent_on_clicks(laboratory: Path) -> None:
    """Weekly arrivals regressed on spending, every month with a level of its own."""
    campaigns = rows(laboratory, "campaigns").filter(pl.col("objective") == "acquisition")
    costs = rows(laboratory, "campaign_costs").filter(pl.col("cost_kind") == "media")
    spent = (
        costs.join(campaigns, on="campaign_id", how="semi")
        .group_by(date="cost_date")
        .agg(pl.col("cost_amount").cast(pl.Float64).sum().alias("spent"))
    )
    people = rows(laboratory, "customers").group_by("customer_id").agg(pl.col("created_at").min())
    arrivals = people.group_by(date=local_date("created_at")).len("arrived")
    sales = rows(laboratory, "promotions").filter(pl.col("vendor_id").is_null())
    on_sale = [
        day
        for begin, end in sales.select("starts_at", "ends_at").iter_rows()
        for day in pl.date_range(begin.date(), end.date(), eager=True)
    ]
    # Who clicks buys within some days: money is spread over them before weeks are added up.
    days = (
        spent.join(arrivals, on="date", how="left")
        .sort("date")
        .with_columns(
            pl.col("arrived").fill_null(0),
            pl.col("spent").rolling_mean(ARRIVES_WITHIN),
            is_sale=pl.col("date").is_in(on_sale),
        )
    )
    week = pl.int_range(pl.len()) // 7
    weeks = (
        days.drop_nulls()
        .group_by(week, maintain_order=True)
        .agg(
            pl.col("arrived", "spent").sum(),
            pl.col("is_sale").any(),
            pl.col("date").min(),
            pl.len(),
        )
    )
    month = pl.col("date").dt.truncate("1mo")
    weeks = weeks.filter(pl.col("len") == 7, ~pl.col("is_sale"))
    weeks = weeks.filter(pl.len().over(month) > 1).with_columns(month=month.rank("dense"))
    per_euro = slope_within(*(weeks[name].to_numpy() for name in ("spent", "arrived", "month")))

    told = truth(laboratory, "campaigns").join(campaigns, on="campaign_id", how="semi")
    planted = 100 * told["incremental_customers"].sum() / told["media_cents"].sum()
    assert per_euro.error < 0.3 * planted
    assert abs(per_euro.z(planted)) < 3
    assert per_euro.z(0.0) > 3


def test_people_read_in_their_hours_and_answer_to_their_way(laboratory: Path) -> None:
    sent = rows(laboratory, "messages").filter(
        pl.col("direction") == "outbound", pl.col("status") == "delivered"
    )
    people = truth(laboratory, "customers")
    both = sent.join(people, on="customer_id").with_columns(
        is_own_way=pl.col("channel") == pl.col("answers_by"),
        is_read=pl.col("opened_at").is_not_null(),
    )
    local = pl.col("opened_at").dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/Berlin")
    read = both.drop_nulls("opened_at").with_columns(hour=local.dt.hour())
    in_band = pl.col("hour").is_between("reads_from_hour", pl.col("reads_until_hour") - 1)

    # What is not read in the own hours falls into them by chance as well.
    assert READS_IN_OWN_HOURS < read.select(in_band.mean()).item() < READS_IN_OWN_HOURS + 0.12
    assert ratio(both, "is_read", "is_own_way").estimate > 1.8
    assert set(sent["channel"]) == {"email", "sms"}
    asked = rows(laboratory, "consents").filter(pl.col("purpose") == "marketing")
    allowed = asked.filter("is_granted").select("customer_id", "channel").unique()
    assert sent.join(allowed, on=["customer_id", "channel"], how="anti").height == 0


def reminded(world: Path) -> pl.DataFrame:
    """Members of the reminders, as the shop knows them: whose cart it was, and if it was bought."""
    campaigns = rows(world, "campaigns").filter(pl.col("name").str.starts_with("Cart reminder"))
    listed = rows(world, "campaign_members").join(campaigns, on="campaign_id", how="semi")
    until = pl.col("joined_at") + pl.duration(hours=1)
    listed = listed.with_columns(due=until, left_at=until - timedelta(hours=REMINDED_AFTER_HOURS))
    added = rows(world, "events").filter(pl.col("event_type") == "product_added")
    added = added.drop_nulls("customer_id").select("customer_id", "occurred_at", "cart_id")
    carts = listed.sort("left_at").join_asof(
        added.sort("occurred_at"),
        left_on="left_at",
        right_on="occurred_at",
        by="customer_id",
        strategy="forward",
        tolerance=timedelta(hours=4),
        check_sortedness=False,
    )
    orders = rows(world, "orders").drop_nulls("cart_id").select("cart_id", "ordered_at")
    both = carts.join(orders, on="cart_id", how="left")
    in_time = pl.col("ordered_at").is_between("due", pl.col("due") + WINDOW)
    return both.with_columns(
        is_reached=~pl.col("is_holdout"), recovered=in_time.fill_null(value=False)
    )


def test_reminders_recover_as_many_carts_as_is_true(
    demo: tuple[Path, float], effect_models: dict[str, str]
) -> None:
    mine = reminded(demo[0])
    known = truth(demo[0], "cart_reminders").join(
        truth(demo[0], "customers").select("customer_id", "churned_at"), on="customer_id"
    )
    stays = pl.col("churned_at").is_null() | (pl.col("churned_at") > pl.col("left_at"))

    found = difference(mine, "recovered", "is_reached")
    measured, error = effect(effects(demo[0], effect_models), "recovery", "holdout")

    # Who would come back anyway or is gone for good cannot be won; the window ends with the data.
    winnable = known.filter(~pl.col("is_holdout")).select(
        (stays & ~pl.col("would_come_back")).mean()
    )
    assert mine.height == known.height > 2_000
    assert set(mine["cart_id"]) == set(known["cart_id"])
    assert abs(mine["is_holdout"].mean() - CART_HOLDOUT) < 0.04  # type: ignore[operator]
    assert abs(found.z(RECOVERED * winnable.item())) < 3
    assert found.z(0.0) > 2
    # The mart, of whom it knows that a cart was left, says the same.
    assert abs(measured - RECOVERED * winnable.item()) < 3 * error
    assert measured > 2 * error
    # Some of those who are not reminded come back as well: not all that is bought was recovered.
    assert 0.05 < mine.filter("is_holdout")["recovered"].mean() < 0.3  # type: ignore[operator]


def test_a_reminder_goes_a_day_after_the_cart_was_left_to_nobody_held_out_and_once_a_month(
    demo: tuple[Path, float],
) -> None:
    mine = reminded(demo[0])
    sent = rows(demo[0], "messages").join(
        mine.select("campaign_id", "customer_id", "left_at", "is_holdout"),
        on=["campaign_id", "customer_id"],
    )

    assert set(sent["is_holdout"]) == {False}
    assert set(sent["channel"]) == {"email"}
    waited = (sent["sent_at"] - sent["left_at"]).dt.total_hours()
    assert waited.is_between(24, 25).all()
    assert sent["opened_at"].drop_nulls().len() > sent["clicked_at"].drop_nulls().len() > 100
    month = pl.col("left_at").dt.offset_by("1d").dt.truncate("1mo")
    assert mine.select(pl.struct("customer_id", "campaign_id").is_unique().all()).item()
    assert mine.group_by("campaign_id").agg(month.n_unique())["left_at"].max() <= 2
