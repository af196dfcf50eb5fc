"""What is true of vendors can be found again in the feeds of the laboratory."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from sources.simulator.world.vendor_laws import (
    CARRIER_LOSES,
    FAULT_CANCELS,
    THIRD_PARTY_CAUSES,
    THIRD_PARTY_SHARE,
)
from tests.simulator.simulated_feeds import local_date, rows, truth

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.simulator

DEFECTS = ["not_as_described", "wrong_item", "missing_parts"]
SETTLED = date(2026, 4, 1)  # whatever was ordered before it has come to its end
PART = ["order_id", "vendor_id"]


@pytest.fixture(scope="module")
def parts(laboratory: Path) -> pl.DataFrame:
    """Shipments of parts that were not cancelled before, with the day and the vendor's period."""
    orders = rows(laboratory, "orders").select(
        "order_id", "ordered_at", local_date("ordered_at").alias("date")
    )
    lines = rows(laboratory, "order_lines")
    shipments = rows(laboratory, "shipments")
    gone = lines.filter(pl.col("status").is_in(["cancelled", "unavailable"])).join(
        shipments.drop_nulls("shipped_at"), on=PART, how="anti"
    )
    spans = truth(laboratory, "vendor_quality").select(
        "vendor_id", "period", "first_date", "last_date"
    )
    sent = shipments.join(orders, on="order_id")
    sent = sent.join(gone, on=PART, how="anti").join(spans, on="vendor_id")
    return sent.filter(
        pl.col("date").is_between("first_date", "last_date"), pl.col("date") < SETTLED
    )


@pytest.fixture(scope="module")
def fault(laboratory: Path) -> dict[str, date]:
    return next(truth(laboratory, "incidents").filter(kind="platform_fault").iter_rows(named=True))


def fits(counted: pl.DataFrame, probability: pl.Expr) -> bool:
    """Whether `hits` of `trials` by vendor and period scatter about the truth as chance does."""
    expected = pl.col("trials") * pl.col("p")
    groups = counted.with_columns(probability.alias("p")).filter(
        expected * (1 - pl.col("p")) > 5  # where the normal law is close enough
    )
    z = (pl.col("hits") - expected) / (expected * (1 - pl.col("p"))).sqrt()
    squares, total = groups.select((z**2).sum(), z.sum().alias("sum")).row(0)
    assert groups.height >= 10, "too few to judge by"
    # Standard normal: their squares add up to chi-squared, their sum scatters by its root.
    count = groups.height
    return bool(squares < count + 4 * (2 * count) ** 0.5 and abs(total) < 4 * count**0.5)


def against_truth(laboratory: Path, hits: pl.DataFrame, hit: pl.Expr) -> pl.DataFrame:
    counted = hits.group_by("vendor_id", "period").agg(
        hit.sum().alias("hits"), pl.len().alias("trials")
    )
    return counted.join(truth(laboratory, "vendor_quality"), on=["vendor_id", "period"])


def test_defects_and_returns_are_each_vendors_true_shares(
    laboratory: Path, parts: pl.DataFrame
) -> None:
    back = rows(laboratory, "returns").with_columns(pl.col("reason").is_in(DEFECTS).alias("bad"))
    back = back.group_by(PART).agg(pl.col("bad").any())
    arrived = parts.drop_nulls("delivered_at").join(back, on=PART, how="left")

    assert fits(against_truth(laboratory, arrived, pl.col("bad")), pl.col("defective"))
    assert fits(against_truth(laboratory, arrived, ~pl.col("bad")), pl.col("sent_back"))


def test_goods_at_fault_are_the_vendors_fault_and_the_lateness_is_its_makers(
    laboratory: Path, parts: pl.DataFrame
) -> None:
    back = rows(laboratory, "returns").drop_nulls("fault").join(parts, on=PART)

    assert set(back.filter(pl.col("reason").is_in(DEFECTS))["fault"]) == {"vendor"}
    late = back.filter(pl.col("reason") == "late")
    by_vendor = late.filter(pl.col("fault") == "vendor")
    assert by_vendor.height > 10
    assert (by_vendor["shipped_at"] > by_vendor["ship_by_at"]).all()
    by_carrier = late.filter(pl.col("fault") == "carrier")
    assert (by_carrier["shipped_at"] <= by_carrier["ship_by_at"]).all()


def test_parcels_without_a_valid_number_are_each_vendors_true_share(
    laboratory: Path, parts: pl.DataFrame
) -> None:
    shipped = parts.drop_nulls("shipped_at")
    unscanned = pl.col("first_scan_at").is_null()

    assert fits(against_truth(laboratory, shipped, unscanned), pl.col("untracked"))
    wrong = shipped.filter(unscanned)["tracking_number"]
    assert 0.2 < wrong.is_null().mean() < 0.5  # type: ignore[operator]
    assert 0.2 < (~wrong.drop_nulls().str.contains(r"^TRK\d{10}$")).mean() < 0.8  # type: ignore[operator]
    assert shipped.filter(~unscanned)["tracking_number"].str.contains(r"^TRK\d{10}$").all()


def test_a_parcel_is_scanned_as_its_shipment_says(laboratory: Path, parts: pl.DataFrame) -> None:
    events = rows(laboratory, "shipment_events").join(parts, on="shipment_id")

    for event, column in (
        ("handed_over", "shipped_at"),
        ("scanned", "first_scan_at"),
        ("delivered", "delivered_at"),
    ):
        mine = events.filter(pl.col("event_type") == event)
        assert mine.height > 10_000
        assert (mine["occurred_at"] == mine[column]).all()
    silent = parts.filter(pl.col("first_scan_at").is_null(), pl.col("shipped_at").is_not_null())
    of_silent = events.join(silent, on="shipment_id", how="semi")
    assert set(of_silent["event_type"]) == {"label_created"}
    tried = events.filter(pl.col("event_type") == "attempted")
    assert (tried["occurred_at"] == tried["first_attempt_at"]).all()
    assert (tried["occurred_at"] < tried["delivered_at"]).all()
    assert {"lost", "returned", "out_for_delivery"} <= set(events["event_type"])


def test_two_parcels_in_a_thousand_are_lost_given_up_within_weeks_and_paid_back(
    laboratory: Path, parts: pl.DataFrame
) -> None:
    shipped = parts.drop_nulls("shipped_at")
    missing = shipped.filter(pl.col("delivered_at").is_null()).select(
        *PART, "shipment_id", "first_scan_at", "shipped_at", "promised_at"
    )
    lines = rows(laboratory, "order_lines").join(missing, on=PART, suffix="_of_parcel")
    reported = rows(laboratory, "shipment_events").filter(pl.col("event_type") == "lost")
    ended = rows(laboratory, "order_events").filter(pl.col("event_type") == "cancelled")
    waited = lines["cancelled_at"] - pl.Series(lines["promised_at"]).zip_with(
        lines["promised_at"] > lines["shipped_at"], lines["shipped_at"]
    )
    paid = rows(laboratory, "payments").filter(pl.col("status") == "paid")
    signed = pl.when(pl.col("kind") == "charge").then(pl.col("amount")).otherwise(-pl.col("amount"))
    all_lost = (
        rows(laboratory, "order_lines")
        .group_by("order_id")
        .agg((pl.col("cancel_reason") == "cannot_deliver").fill_null(value=False).all().alias("is"))
        .filter("is")
        .join(missing, on="order_id", how="semi")
    )
    kept = paid.join(all_lost, on="order_id").group_by("order_id").agg(signed.sum())

    expected = shipped.height * CARRIER_LOSES
    assert abs(missing.height - expected) < 4 * expected**0.5
    assert set(lines["status"]) == {"cancelled"}
    assert set(lines["cancelled_by"]) == {"platform"}
    assert set(lines["cancel_reason"]) == {"cannot_deliver"}
    assert timedelta(days=9) < waited.min() < waited.max() <= timedelta(days=20)  # type: ignore[operator]
    assert ended.join(missing, on=PART, how="semi").height == missing.height
    scanned = missing.drop_nulls("first_scan_at")
    known = reported.join(scanned, on="shipment_id").join(ended, on=PART, suffix="_of_part")
    assert known.height == scanned.height
    assert (known["occurred_at"] == known["occurred_at_of_part"]).all()
    assert all_lost.height > 10
    assert (kept["amount"] == 0).all()


def test_vendors_accept_as_fast_as_is_true(
    laboratory: Path, parts: pl.DataFrame, fault: dict[str, date]
) -> None:
    events = rows(laboratory, "order_events")
    sent, accepted = (
        events.filter(pl.col("event_type") == kind).select(*PART, pl.col("occurred_at").alias(kind))
        for kind in ("sent_to_vendor", "accepted")
    )
    both = parts.filter(pl.col("date") != fault["first_date"]).join(sent, on=PART)
    both = both.join(accepted, on=PART)
    hours = (pl.col("accepted") - pl.col("sent_to_vendor")).dt.total_seconds() / 3600
    # The handover ends the time to accept; within four hours it never does.
    quick = 1 - (-4 / pl.col("acceptance_hours")).exp()

    assert fits(against_truth(laboratory, both, hours < 4), quick)


def test_vendors_answer_as_fast_and_as_often_as_is_true(
    laboratory: Path, parts: pl.DataFrame
) -> None:
    messages = rows(laboratory, "vendor_messages")
    # A machine's reply is no answer.
    people = messages.filter(~pl.col("is_automatic"))
    answers = people.filter(pl.col("direction") == "outbound")
    asked = people.filter("needs_answer").join(
        answers.select("conversation_id", pl.col("sent_at").alias("answered_at")),
        on="conversation_id",
        how="left",
    )
    asked = asked.join(parts.select(*PART, "period"), on=PART)
    hours = (pl.col("answered_at") - pl.col("sent_at")).dt.total_seconds() / 3600
    silent = pl.col("answered_at").is_null()
    answered = asked.filter(~silent)

    assert messages["is_automatic"].sum() > 1_000
    assert fits(against_truth(laboratory, asked, silent), pl.col("unanswered"))
    within_six = 1 - (-(6 - 1 / 60) / pl.col("answer_hours")).exp()
    assert fits(against_truth(laboratory, answered, hours < 6), within_six)


def test_what_a_carrier_holds_in_its_outage_arrives_late(laboratory: Path) -> None:
    outage = next(
        truth(laboratory, "incidents").filter(kind="carrier_outage").iter_rows(named=True)
    )
    first, last = outage["first_date"], outage["last_date"]
    shipped = rows(laboratory, "shipments").drop_nulls("shipped_at")
    within = shipped.filter(local_date("shipped_at").is_between(first, last))
    held = (pl.col("carrier") == outage["carrier"]) & (
        pl.col("ship_country_code") == outage["country_code"]
    )
    late = (pl.col("delivered_at") > pl.col("promised_at")).fill_null(value=True)

    assert (last - first).days == 13
    assert within.filter(held).height > 100
    assert within.filter(held).select(late.mean()).item() == 1
    assert within.filter(~held).select(late.mean()).item() < 0.2


def test_on_the_day_of_the_fault_orders_reach_vendors_a_day_late(
    laboratory: Path, fault: dict[str, date]
) -> None:
    events = rows(laboratory, "order_events")
    orders = rows(laboratory, "orders").select(
        "order_id", local_date("ordered_at").alias("date"), "cancelled_by"
    )
    sent = events.filter(pl.col("event_type") == "sent_to_vendor").join(orders, on="order_id")
    sent = sent.with_columns((local_date("occurred_at") > pl.col("date")).alias("next_day"))
    hit = pl.col("date") == fault["first_date"]
    by_platform = (pl.col("cancelled_by") == "platform").fill_null(value=False)
    of_day = orders.filter(hit)
    expected = FAULT_CANCELS * of_day.height

    assert sent.filter(hit)["next_day"].all()
    assert sent.filter(~hit)["next_day"].mean() < 0.15  # type: ignore[operator]
    cancelled = of_day.filter(by_platform).height
    assert abs(cancelled - expected) < 4 * expected**0.5
    assert orders.filter(~hit).select(by_platform.mean()).item() < 0.02


def test_a_warning_halves_late_handovers_and_a_consultation_does_not(
    laboratory: Path, parts: pl.DataFrame, fault: dict[str, date]
) -> None:
    steps = rows(laboratory, "vendor_steps").filter(
        pl.col("step").is_in(["warning", "consultation"])
    )
    acted = steps.select("vendor_id", "step", local_date("started_at").alias("acted_on"))
    sent = parts.filter(pl.col("date") != fault["first_date"]).drop_nulls("shipped_at")
    sent = sent.join(acted, on="vendor_id").with_columns(
        (pl.col("date") >= pl.col("acted_on")).alias("after"),
        (pl.col("shipped_at") > pl.col("ship_by_at")).alias("late"),
    )
    shares = sent.group_by("step", "after").agg(pl.col("late").sum(), pl.len())
    share = {(step, after): (late, count) for step, after, late, count in shares.iter_rows()}

    def change(step: str) -> tuple[float, float]:
        """The logarithm of the late share after over that before, and its variance."""
        (late, count), (was_late, was) = share[step, True], share[step, False]
        return math.log(late / count / (was_late / was)), 1 / late + 1 / was_late

    (warned, of_warned), (consulted, of_consulted) = change("warning"), change("consultation")
    spread = (of_warned + of_consulted) ** 0.5

    assert spread < 0.25  # so that half and nothing can be told apart
    assert abs(warned - consulted - math.log(0.5)) < 3 * spread
    assert abs(consulted) < 3 * of_consulted**0.5
    assert set(acted["vendor_id"]) == set(truth(laboratory, "vendor_actions")["vendor_id"])


def test_vendors_close_for_a_reason_and_sell_nothing_after(laboratory: Path) -> None:
    vendors = rows(laboratory, "vendors")
    closed = vendors.filter(pl.col("status") == "closed")
    lines = rows(laboratory, "order_lines").join(
        rows(laboratory, "orders").select("order_id", "ordered_at"), on="order_id"
    )
    sold = lines.join(closed, on="vendor_id")

    assert 0.10 <= closed.height / vendors.height <= 0.15
    assert closed["close_reason"].null_count() == 0
    assert vendors.filter(pl.col("status") != "closed")["close_reason"].null_count() > 0
    assert sold.height > 100
    assert (sold["ordered_at"] < sold["closed_at"]).all()


def test_a_seasonal_shop_sells_before_and_after_its_rest_and_not_in_it(laboratory: Path) -> None:
    rest = rows(laboratory, "calendar").filter(pl.col("kind") == "company_closure")
    orders = rows(laboratory, "orders").select("order_id", local_date("ordered_at").alias("date"))
    lines = rows(laboratory, "order_lines").join(orders, on="order_id")
    mine = lines.join(rest.select("vendor_id").unique(), on="vendor_id")
    resting = rest.select("vendor_id", pl.col("calendar_date").alias("date"))

    assert rest["vendor_id"].n_unique() >= 1
    assert mine.join(resting, on=["vendor_id", "date"]).is_empty()
    for vendor in rest["vendor_id"].unique():
        days = rest.filter(pl.col("vendor_id") == vendor)["calendar_date"]
        sold = mine.filter(pl.col("vendor_id") == vendor)["date"]
        assert (sold < days.min()).any() or (sold > days.max()).any()


def test_a_third_of_parcels_go_through_a_fulfiller(laboratory: Path, parts: pl.DataFrame) -> None:
    through = parts.filter(pl.col("fulfilled_by") == "third_party")
    given = rows(laboratory, "order_events").filter(pl.col("event_type") == "handed_over")
    given = through.join(given.select(*PART, "actor", "occurred_at"), on=PART)
    late = given.filter(pl.col("shipped_at") > pl.col("ship_by_at"))
    by_fulfiller = (late["occurred_at"] <= late["ship_by_at"]).sum()
    expected = THIRD_PARTY_CAUSES * late.height

    assert through.height / parts.height == pytest.approx(THIRD_PARTY_SHARE, abs=0.1)
    assert given.height == through.height
    assert (given["occurred_at"] < given["shipped_at"]).all()
    assert late.height > 100
    assert abs(by_fulfiller - expected) < 4 * expected**0.5


def test_some_vendors_belong_to_the_company_of_another(laboratory: Path) -> None:
    vendors = rows(laboratory, "vendors")
    children = vendors.drop_nulls("parent_vendor_id")

    both = children.join(vendors, left_on="parent_vendor_id", right_on="vendor_id", suffix="_of")

    assert set(children["level"]) == {"shop", "brand"}
    assert both.height == children.height >= 2
    assert (both["legal_entity"] == both["legal_entity_of"]).all()
    assert set(both["level_of"]) == {"legal_entity"}
    assert (both["joined_at_of"] <= both["joined_at"] + timedelta(days=1)).all()


def test_orders_count_as_of_the_next_working_day_after_the_cut_off(
    laboratory: Path, parts: pl.DataFrame
) -> None:
    """The time to hand over, reckoned from the feeds: working days of the vendor's country."""
    vendors = rows(laboratory, "vendors").select("vendor_id", "country_code", "cut_off_time")
    holidays = rows(laboratory, "calendar").filter(kind="public_holiday", region="all")
    free = {
        country: set(holidays.filter(country_code=country)["calendar_date"])
        for country in holidays["country_code"].unique()
    }
    handling = truth(laboratory, "vendors").select("vendor_id", "handling_days")
    zoned = pl.col("ordered_at").dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/Berlin")
    some = parts.sample(3_000, seed=1).join(vendors, on="vendor_id").join(handling, on="vendor_id")
    some = some.with_columns(
        (zoned.dt.strftime("%H:%M:%S") > pl.col("cut_off_time") + ":00").alias("missed"),
        local_date("ship_by_at").alias("due"),
    )

    assert 0.1 < some["missed"].mean() < 0.9  # type: ignore[operator]
    for row in some.iter_rows(named=True):
        assert row["due"] == due_date(row, free[row["country_code"]])


def due_date(part: dict[str, date | int | bool], free: set[date]) -> date:
    day: date = part["date"]  # type: ignore[assignment]
    left = int(part["handling_days"])  # type: ignore[call-overload]
    left += bool(part["missed"]) and day.weekday() < 5 and day not in free
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in free
    return day


def test_one_vendor_is_in_trouble_and_one_recovers_in_the_last_ninety_days(
    laboratory: Path,
) -> None:
    quality = truth(laboratory, "vendor_quality").filter(pl.col("period") == 2)
    courses = truth(laboratory, "vendors").join(quality, on="vendor_id")
    last = courses.filter(pl.col("first_date") > date(2026, 4, 1))
    shipments = rows(laboratory, "shipments").filter(pl.col("ship_by_at") < date(2026, 6, 30))
    orders = rows(laboratory, "orders").select("order_id", local_date("ordered_at").alias("date"))
    sent = shipments.join(orders, on="order_id").join(last, on="vendor_id")
    late = (pl.col("shipped_at") > pl.col("ship_by_at")).fill_null(value=True)
    share = {
        (course, after): value
        for course, after, value in sent.group_by(
            "course", (pl.col("date") >= pl.col("first_date")).alias("after")
        )
        .agg(late.mean())
        .iter_rows()
    }

    assert set(last["course"]) == {"in_trouble", "recovering"}
    assert share["in_trouble", True] > 2 * share["in_trouble", False]
    assert share["recovering", True] < share["recovering", False] / 2
