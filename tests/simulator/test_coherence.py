"""The simulated feeds tell one story: money adds up, visits lead to orders, mail obeys consent."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl
import pytest

from sources.simulator.daily import deliver_days
from sources.simulator.simulation import simulate
from sources.simulator.world.holidays import black_friday, easter_sunday, public_holidays
from tests.simulator.simulated_feeds import TINY, files_of, local_date, rows, truth

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.simulator

END = date(2026, 6, 30)
DAYS = 200
FIRST = END - timedelta(days=DAYS - 1)
PART = ["order_id", "vendor_id"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("coherent") / "world"
    simulate(TINY, DAYS, 5, out, END, foreign_days=14)
    return out


def parts(world: Path) -> pl.DataFrame:
    """Vendors' parts of real orders: goods, shipping, commission, and what became of them."""
    money = (pl.col("quantity") * pl.col("unit_price") - pl.col("discount_amount")).alias("goods")
    sums = pl.col("goods", "shipping_amount", "commission_amount").sum()
    lines = rows(world, "order_lines").with_columns(money).group_by(PART).agg(sums)
    real = rows(world, "orders").filter(~pl.col("is_test")).select("order_id")
    sent = rows(world, "shipments").select(*PART, "shipped_at", "delivered_at")
    return lines.join(real, on="order_id").join(sent, on=PART, how="left")


def test_a_payout_is_deliveries_less_commission_refunds_and_fee_except_where_planted(
    world: Path,
) -> None:
    def period(column: str) -> pl.Expr:
        return ((local_date(column) - FIRST).dt.total_days() // 14).alias("period")

    by = ["vendor_id", "period"]
    delivered = parts(world).drop_nulls("delivered_at").with_columns(period("delivered_at"))
    real = rows(world, "orders").filter(~pl.col("is_test")).select("order_id")
    back = rows(world, "returns").drop_nulls("refunded_at").join(real, on="order_id")
    plans = rows(world, "vendor_contracts").drop_nulls("monthly_fee")
    owed = (
        delivered.group_by(by)
        .agg(pl.col("goods", "shipping_amount", "commission_amount").sum())
        .join(
            back.with_columns(period("refunded_at"))
            .group_by(by)
            .agg(pl.col("refund_amount").sum()),
            on=by,
            how="full",
            coalesce=True,
        )
        .join(plans.select("vendor_id", "monthly_fee"), on="vendor_id")
        .with_columns(
            pl.col("goods", "shipping_amount", "commission_amount", "refund_amount").fill_null(0)
        )
    )
    # Fees are whole euros and ninety cents or so: 19.00, 39.00 or 99.00 a month, half per payout.
    fee = pl.when(pl.col("goods") > 0).then(
        pl.col("monthly_fee") * pl.lit("0.5").cast(pl.Decimal(4, 1))
    )
    expected = (
        pl.col("goods")
        + pl.col("shipping_amount")
        - pl.col("commission_amount")
        - pl.col("refund_amount")
    ) - fee.otherwise(0)
    owed = owed.with_columns(expected.cast(pl.Float64).round(2).alias("expected"))
    paid = rows(world, "payouts").with_columns(
        ((pl.col("period_start") - FIRST).dt.total_days() // 14).alias("period")
    )

    both = paid.join(owed, on=by, how="left")
    wrong = both.filter((pl.col("net_amount").cast(pl.Float64) - pl.col("expected")).abs() > 0.001)

    planted = truth(world, "reconciliation_differences").filter(pl.col("feed") == "payouts")
    assert both["expected"].null_count() == 0
    assert planted.height > 0
    assert set(wrong["payout_id"]) == set(planted["document_id"])
    periods_ended = DAYS // 14
    assert (
        owed.filter(pl.col("period") < periods_ended - 1).height
        == both.filter(pl.col("period") < periods_ended - 1).height
    )


def test_every_part_that_was_sent_is_invoiced_at_its_goods_value_except_where_planted(
    world: Path,
) -> None:
    invoices = rows(world, "invoices").filter(
        (pl.col("document_kind") == "invoice") & pl.col("vendor_id").is_not_null()
    )
    billed = invoices.group_by(PART).agg(pl.col("net_amount").sum())
    sent = parts(world).drop_nulls("shipped_at")

    both = sent.join(billed, on=PART, how="left").with_columns(pl.col("net_amount").fill_null(0))
    wrong = both.filter(pl.col("goods") != pl.col("net_amount")).select(
        *PART, (pl.col("net_amount") - pl.col("goods")).cast(pl.Float64).alias("off")
    )

    planted = truth(world, "reconciliation_differences").filter(pl.col("feed") == "invoices")
    planted = planted.with_columns(
        pl.col("document_id").str.extract(r"^(O-\d+)").alias("order_id"),
        (pl.col("recorded_amount") - pl.col("true_amount")).cast(pl.Float64).alias("planted"),
    )
    known = wrong.join(planted, on=PART, how="left")
    assert wrong.height > 0
    assert (known["off"] - known["planted"]).abs().max() < 0.001  # type: ignore[operator]
    assert set(planted["kind"]) <= {"invoice_amount_wrong", "invoice_missing", "invoice_twice"}


def test_what_comes_back_is_refunded_and_credited_to_the_cent(world: Path) -> None:
    real = rows(world, "orders").filter(~pl.col("is_test")).select("order_id")
    back = rows(world, "returns").drop_nulls("refunded_at").join(real, on="order_id")
    credited = rows(world, "invoices").filter(
        (pl.col("document_kind") == "credit_note") & pl.col("invoice_id").str.ends_with("-R")
    )

    refunded = back.group_by(PART).agg(pl.col("refund_amount").sum())
    both = refunded.join(credited, on=PART, how="full", coalesce=True)

    assert both.height == credited.height > 0
    assert (both["refund_amount"] == both["net_amount"]).all()
    events = rows(world, "order_events").filter(pl.col("event_type") == "returned")
    returned = rows(world, "returns").select(PART).unique()
    assert events.select(PART).unique().join(returned, on=PART, how="anti").height == 0


def test_every_order_of_the_web_ends_a_visit_that_went_through_the_funnel(world: Path) -> None:
    events = rows(world, "events")
    orders = rows(world, "orders").filter((pl.col("channel") == "web") & ~pl.col("is_test"))
    done = events.filter(pl.col("event_type") == "order_completed")
    heads = done.filter(pl.col("item_number") == 1).join(orders, on="order_id")

    assert heads.height == orders.height == done["order_id"].n_unique()
    assert (heads["occurred_at"] == heads["ordered_at"]).all()
    funnel = [
        "page_viewed", "product_viewed", "product_added", "cart_viewed", "checkout_started",
        "payment_info_entered", "order_completed",
    ]  # fmt: skip
    visits = events.join(heads.select("session_id"), on="session_id")
    steps = visits.group_by("session_id").agg(
        pl.col("occurred_at").filter(pl.col("event_type") == step).max().alias(step)
        for step in funnel
    )
    for earlier, later in pairwise(funnel[2:]):
        assert (steps[earlier] < steps[later]).all(), later
    assert steps["product_viewed"].null_count() == 0


def test_an_order_event_lists_the_lines_of_the_order(world: Path) -> None:
    completed = rows(world, "events").filter(pl.col("event_type") == "order_completed")
    done = completed.filter(pl.col("item_number") > 0)
    lines = rows(world, "order_lines")

    on = ["order_id", "product_id", "vendor_id", "quantity", "unit_price"]
    both = done.join(lines, on=on)

    assert both.height == done.height
    counted = lines.join(done.select("order_id").unique(), on="order_id", how="semi")
    assert counted.height == done.height


def test_the_truth_knows_whose_browser_and_which_visits_led_to_an_order(world: Path) -> None:
    events = rows(world, "events")
    identities = truth(world, "identities")
    paths = truth(world, "attribution_paths")
    signed_in = events.drop_nulls("customer_id").select("visitor_id", "customer_id").unique()

    assert signed_in.join(identities, on=["visitor_id", "customer_id"], how="anti").height == 0
    last = paths.sort("touch_number").group_by("order_id").last()
    assert last["is_order"].all()
    ordered = events.filter(pl.col("event_type") == "order_completed")
    pairs = ordered.select("order_id", "session_id").unique()
    assert pairs.join(last, on=["order_id", "session_id"], how="anti").height == 0
    early = paths.filter(~pl.col("is_order")).join(
        last.select("order_id", pl.col("occurred_at").alias("ordered_at")), on="order_id"
    )
    assert early.height > 0
    assert (early["occurred_at"] < early["ordered_at"]).all()


def test_robots_are_known_to_the_truth_and_most_of_them_to_the_tracker(world: Path) -> None:
    events = rows(world, "events")
    bots = truth(world, "bots")

    seen = events.select("visitor_id", "is_bot").unique().join(bots, on="visitor_id", how="left")

    assert set(seen.filter(pl.col("is_bot"))["says_so"]) == {True}
    assert not seen.filter(~pl.col("is_bot"))["says_so"].any()


def test_nobody_gets_mail_after_unsubscribing_or_without_having_agreed(world: Path) -> None:
    messages = rows(world, "messages")
    said = rows(world, "consents").filter(pl.col("purpose") == "marketing")
    first = said.filter("is_granted").group_by("contact_id").agg(pl.col("stated_at").min())
    off = said.filter(~pl.col("is_granted"), pl.col("source") != "checkout")
    stopped = off.group_by("contact_id").agg(pl.col("stated_at").min().alias("stopped_at"))

    known = messages.join(first, on="contact_id", how="left")
    known = known.join(stopped, on="contact_id", how="left")

    assert messages.height > 100
    assert (known["sent_at"] > known["stated_at"]).all()
    begins = known.group_by("campaign_id").agg(pl.col("sent_at").min().alias("begins_at"))
    later = known.join(begins, on="campaign_id").filter(pl.col("stopped_at") < pl.col("begins_at"))
    assert later.height == 0
    clicked = messages.drop_nulls("unsubscribed_at")
    links = off.filter(pl.col("source") == "unsubscribe_link").select("contact_id", "stated_at")
    on = ["contact_id"]
    assert clicked.join(links, on=on, how="anti").height == 0


def test_quotes_and_approvals_come_before_their_orders(world: Path) -> None:
    orders = rows(world, "orders").select("order_id", "ordered_at", "customer_id")

    quotes = rows(world, "quotes").join(orders, on="order_id", suffix="_of_order")
    approvals = rows(world, "approvals").join(orders, on="order_id")

    assert quotes.height > 0
    assert set(quotes["status"]) == {"accepted"}
    assert (quotes["decided_at"] == quotes["ordered_at"]).all()
    assert (quotes["requested_at"] < quotes["sent_at"]).all()
    assert (quotes["customer_id"] == quotes["customer_id_of_order"]).all()
    assert approvals.height > 0
    assert (approvals["decided_at"] <= approvals["ordered_at"]).all()
    assert set(approvals["decision"]) == {"approved"}


def test_an_opportunity_stands_where_its_last_event_left_it(world: Path) -> None:
    events = rows(world, "opportunity_events").sort("occurred_at", "opportunity_event_id")
    last = events.group_by("opportunity_id", maintain_order=True).last()

    both = rows(world, "opportunities").join(last, on="opportunity_id", suffix="_last")

    assert both.height == rows(world, "opportunities").height > 0
    assert (both["stage"] == both["stage_last"]).all()
    assert (both["updated_at"] == both["occurred_at"]).all()


# Published: Butcher's ecclesiastical calendar; the Friday after the fourth Thursday of November.
def test_holidays_lie_where_the_calendar_has_them() -> None:
    assert [easter_sunday(year) for year in (2024, 2025, 2026, 2038)] == [
        date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2038, 4, 25),
    ]  # fmt: skip
    assert public_holidays(2025, "DE")[date(2025, 5, 29)] == "Christi Himmelfahrt"
    assert public_holidays(2025, "DE")[date(2025, 6, 9)] == "Pfingstmontag"
    assert public_holidays(2025, "AT")[date(2025, 6, 19)] == "Fronleichnam"
    assert public_holidays(2026, "PL")[date(2026, 6, 4)] == "Boże Ciało"
    assert date(2025, 4, 18) not in public_holidays(2025, "AT")  # Good Friday, a working day there
    assert [date(year, 12, 24) in public_holidays(year, "PL") for year in (2024, 2025)] == [
        False, True,
    ]  # fmt: skip
    assert [black_friday(year) for year in (2024, 2025)] == [date(2024, 11, 29), date(2025, 11, 28)]


def test_nothing_is_handed_over_on_a_public_holiday(world: Path) -> None:
    where = rows(world, "vendors").select("vendor_id", "country_code")
    sent = rows(world, "shipments").drop_nulls("shipped_at").join(where, on="vendor_id")
    free = rows(world, "calendar").filter(pl.col("kind") == "public_holiday")
    sent = sent.with_columns(local_date("shipped_at").alias("calendar_date"))

    assert date(2026, 4, 1) in set(sent["calendar_date"])
    assert date(2026, 4, 3) in set(free["calendar_date"])
    assert sent.join(free, on=["calendar_date", "country_code"]).is_empty()


def test_segment_calls_are_the_canonical_events(world: Path) -> None:
    events = rows(world, "events").filter(pl.col("item_number") == 0)
    known = truth(world, "foreign_events").filter(pl.col("dialect") == "segment")
    calls = {}
    for path in sorted((world / "foreign" / "segment").iterdir()):
        for line, text in enumerate(path.read_text().splitlines(), start=1):
            calls[f"foreign/segment/{path.name}", line] = json.loads(text)

    recent = events.filter(pl.col("occurred_at").dt.date() > END - timedelta(days=14))

    assert len(calls) == known.height == recent.height > 0
    by_id = {row["event_id"]: row for row in recent.iter_rows(named=True)}
    for file, line, event_id in known.select("file", "line", "event_id").iter_rows():
        call, row = calls[file, line], by_id[event_id]
        assert call["messageId"] == event_id
        assert call["timestamp"] == f"{row['occurred_at']:%Y-%m-%dT%H:%M:%S.000Z}"
        assert call["anonymousId"] == row["visitor_id"]
        assert call["properties"]["order_id"] == row["order_id"]
        assert (call["type"] == "page") == (row["event_type"] == "page_viewed")


def test_the_ga4_export_is_the_canonical_events_in_both_forms(world: Path) -> None:
    events = rows(world, "events")
    known = truth(world, "foreign_events").filter(pl.col("dialect") == "ga4")
    exported, lines = [], 0
    for path in sorted((world / "foreign" / "ga4").glob("*.parquet")):
        frame = pl.read_parquet(path).with_row_index("line", offset=1)
        exported.append(frame.with_columns(pl.lit(f"foreign/ga4/{path.name}").alias("file")))
        lines += len(path.with_suffix(".jsonl").read_text().splitlines())

    both = pl.concat(exported).join(
        known.with_columns(pl.col("line").cast(pl.UInt32)), on=["file", "line"]
    )

    assert both.height == known.height == lines > 0
    heads = events.filter(pl.col("item_number") == 0)
    joined = both.join(heads, on="event_id")
    assert joined.height == both.height
    assert (pl.from_epoch(joined["event_timestamp"], "us") == joined["occurred_at"]).all()
    refused = joined.filter(pl.col("has_analytics_consent").not_())
    assert refused["user_pseudo_id"].null_count() == refused.height > 0
    is_item = pl.col("item_number") > 0
    bought = both.filter(pl.col("event_name") == "purchase").select("event_id", "items")
    items = bought.explode("items").unnest("items")
    listed = events.filter((pl.col("event_type") == "order_completed") & is_item)
    listed = listed.join(bought, on="event_id", how="semi")
    assert items.height == listed.height > 0
    assert sorted(items["item_id"]) == sorted(listed["product_id"])


def test_the_shops_tables_hold_what_the_feeds_hold(world: Path) -> None:
    for table in ("orders", "order_lines", "vendors", "invoices"):
        copied = pl.read_csv(world / "foreign" / "postgres" / f"{table}.csv", infer_schema=False)
        feed = pl.concat([pl.read_csv(path, infer_schema=False) for path in files_of(world, table)])
        assert copied.equals(feed), table
    schema = (world / "foreign" / "postgres" / "schema.sql").read_text()
    assert "create table shop.order_lines" in schema
    assert "primary key (order_id, order_line_id)" in schema


def test_days_delivered_one_by_one_add_up_to_the_whole_world(tmp_path: Path) -> None:
    simulate(TINY, 60, 2, tmp_path / "whole", END)

    delivered = list(deliver_days(TINY, 60, 2, tmp_path / "daily", END - timedelta(days=3)))

    assert [day for day, _ in delivered] == [END - timedelta(days=days) for days in (3, 2, 1, 0)]
    assert all(counts["orders"] > 0 for _, counts in delivered)
    for feed in ("orders", "order_lines", "events", "customers", "invoices", "tickets"):
        whole, daily = rows(tmp_path / "whole", feed), rows(tmp_path / "daily", feed)
        key = whole.columns[:2] if feed == "events" else whole.columns[:1]
        version = "updated_at" if "updated_at" in whole.columns else key[0]
        latest = daily.sort(version, maintain_order=True).unique(key, keep="last")
        assert latest.sort(key).equals(whole.sort(key)), feed
