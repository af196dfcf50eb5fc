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
    """Vendors' parts of real orders: goods, shipping, tax, commission, and what became of them."""
    money = (pl.col("line_amount") - pl.col("discount_amount")).alias("goods")
    sums = pl.col("goods", "shipping_amount", "tax_amount", "commission_amount").sum()
    lines = rows(world, "order_lines").with_columns(money).group_by(PART).agg(sums)
    real = rows(world, "orders").filter(~pl.col("is_test")).select("order_id", "currency_code")
    sent = rows(world, "shipments").select(*PART, "shipped_at", "delivered_at")
    return lines.join(real, on="order_id").join(sent, on=PART, how="left")


def planted_in(world: Path, feed: str) -> pl.DataFrame:
    """What the truth says of a feed's wrong documents: by how much each amount is off."""
    off = (pl.col("recorded_amount") - pl.col("true_amount")).alias("off")
    found = truth(world, "reconciliation_differences").filter(pl.col("feed") == feed)
    return found.with_columns(off)


def test_a_payout_is_deliveries_less_commission_refunds_and_fee_except_where_planted(
    world: Path,
) -> None:
    def period(column: str) -> pl.Expr:
        return ((local_date(column) - FIRST).dt.total_days() // 14).alias("period")

    by = ["vendor_id", "currency_code", "period"]
    delivered = parts(world).drop_nulls("delivered_at").with_columns(period("delivered_at"))
    real = rows(world, "orders").filter(~pl.col("is_test")).select("order_id")
    # Buyers get their tax back; what the vendor gives back is before it.
    # The marketplace bears what coupons take off.
    goods = rows(world, "invoices").filter(pl.col("invoice_id").str.contains(r"-I\d+-R$"))
    back = goods.join(real, on="order_id").with_columns(period("issued_at"))
    plans = rows(world, "vendor_contracts").drop_nulls("monthly_fee")
    amounts = ["goods", "shipping_amount", "commission_amount"]
    owed = (
        delivered.group_by(by)
        .agg(pl.col(amounts).sum())
        .join(
            back.group_by(by).agg(pl.col("net_amount").sum().alias("refund")),
            on=by,
            how="full",
            coalesce=True,
        )
        .join(plans.select("vendor_id", "monthly_fee"), on="vendor_id")
        .with_columns(pl.col(*amounts, "refund").fill_null(0))
    )
    # Fees are in whole euros: 19.00, 39.00 or 99.00 a month, half per payout.
    pays = (pl.col("goods") > 0) & (pl.col("currency_code") == "EUR")
    fee = pl.when(pays).then(pl.col("monthly_fee") * pl.lit("0.5").cast(pl.Decimal(4, 1)))
    expected = (
        pl.col("goods")
        + pl.col("shipping_amount")
        - pl.col("commission_amount")
        - pl.col("refund")
        - fee.otherwise(0)
    )
    owed = owed.with_columns(expected.cast(pl.Decimal(18, 2)).alias("expected"))
    # What the bank sent back was made again.
    made = rows(world, "payouts").filter(pl.col("status") != "failed")
    paid = made.with_columns(
        ((pl.col("period_start") - FIRST).dt.total_days() // 14).alias("period")
    )

    both = paid.join(owed, on=by, how="left")
    off = (pl.col("net_amount") - pl.col("expected")).alias("off")
    wrong = both.with_columns(off).filter(pl.col("off") != 0)

    planted = planted_in(world, "payouts").filter(pl.col("measure") == "net")
    assert paid["payout_id"].is_unique().all()
    assert set(paid["currency_code"]) == {"EUR", "CHF", "PLN"}
    assert both["expected"].null_count() == 0
    assert planted.height > 0
    by_document = ["document_id", "currency_code", "off"]
    named = wrong.select(pl.col("payout_id").alias("document_id"), "currency_code", "off")
    assert named.sort(by_document).equals(planted.select(by_document).sort(by_document))
    periods_ended = DAYS // 14
    assert (
        owed.filter(pl.col("period") < periods_ended - 1).height
        == both.filter(pl.col("period") < periods_ended - 1).height
    )


def test_every_part_that_was_sent_is_invoiced_with_its_tax_except_where_planted(
    world: Path,
) -> None:
    invoices = rows(world, "invoices").filter(
        (pl.col("document_kind") == "invoice") & pl.col("vendor_id").is_not_null(),
        ~pl.col("invoice_id").str.contains("-V-"),  # coupons of what was cancelled or came back
    )
    billed = invoices.group_by(PART).agg(
        pl.col("net_amount").sum().alias("goods"),
        pl.col("shipping_amount").sum().alias("shipping"),
        pl.col("tax_amount").sum().alias("tax"),
    )
    measures = ["goods", "shipping", "tax"]
    on = [*PART, "currency_code", "measure"]
    sent = parts(world).drop_nulls("shipped_at")
    sent = sent.rename({"shipping_amount": "shipping", "tax_amount": "tax"})

    right = sent.unpivot(measures, index=[*PART, "currency_code"], variable_name="measure")
    written = billed.unpivot(measures, index=PART, variable_name="measure", value_name="written")
    both = right.join(written, on=[*PART, "measure"], how="left")
    wrong = both.select(*on, (pl.col("written").fill_null(0) - pl.col("value")).alias("off"))

    planted = planted_in(world, "invoices").with_columns(
        pl.col("document_id").str.extract(r"^(O-\d+)").alias("order_id")
    )
    known = wrong.filter(pl.col("off") != 0).join(planted, on=on, suffix="_planted", how="full")
    # A part that was not sent yet may be invoiced already, and wrongly.
    known = known.drop_nulls("order_id")
    assert known.height > 0
    assert (known["off"] == known["off_planted"]).all()
    assert known["off_planted"].null_count() == 0
    assert set(planted["kind"]) == {"invoice_amount_wrong", "invoice_missing", "invoice_twice"}


def test_what_comes_back_is_refunded_and_credited_to_the_cent(world: Path) -> None:
    real = rows(world, "orders").filter(~pl.col("is_test")).select("order_id")
    back = rows(world, "returns").drop_nulls("refunded_at").join(real, on="order_id")
    gross = (pl.col("net_amount") + pl.col("tax_amount")).alias("gross")
    invoices = rows(world, "invoices").with_columns(gross)
    credited = invoices.filter(
        (pl.col("document_kind") == "credit_note") & pl.col("invoice_id").str.ends_with("-R")
    )
    # What a coupon had taken off is charged again.
    again = invoices.filter(pl.col("invoice_id").str.ends_with("-V-R")).select(
        pl.col("invoice_id").str.replace("-V-R", "-R"), pl.col("gross").alias("again")
    )
    credited = credited.join(again, on="invoice_id", how="left").with_columns(
        pl.col("gross") - pl.col("again").fill_null(0)
    )
    paid = rows(world, "payments").filter(pl.col("invoice_id").str.ends_with("-R"))

    refunded = back.group_by(PART).agg(pl.col("refund_amount").sum())
    both = refunded.join(credited, on=PART, how="full", coalesce=True)
    settled = credited.join(paid, on="invoice_id", how="full", suffix="_of_payment")

    assert both.height == credited.height > 0
    assert (both["refund_amount"] == both["gross"]).all()
    assert settled.height == credited.height
    assert (settled["gross"] == settled["amount"]).all()
    assert set(settled["kind"]) == {"refund"}
    events = rows(world, "order_events").filter(pl.col("event_type") == "returned")
    returned = rows(world, "returns").select(PART).unique()
    assert events.select(PART).unique().join(returned, on=PART, how="anti").height == 0


def test_an_order_costs_what_its_lines_say_with_the_tax_of_the_country_it_is_sent_to(
    world: Path,
) -> None:
    # Published: the standard rates of 2026 of Germany and Austria, Switzerland and Poland.
    rates = {"EUR": [0.19, 0.20], "CHF": [0.081], "PLN": [0.23]}
    goods = pl.col("line_amount") - pl.col("discount_amount")
    lines = rows(world, "order_lines").with_columns(
        (goods + pl.col("shipping_amount")).alias("before_tax")
    )
    orders = rows(world, "orders")
    sums = lines.group_by("order_id").agg(pl.col("before_tax", "tax_amount").sum())
    both = orders.join(sums, on="order_id", suffix="_of_lines")
    charged = pl.col("before_tax") + pl.col("shipping_amount") - pl.col("discount_amount")
    assert both.height == orders.height
    assert both.filter(charged + pl.col("tax_amount") != pl.col("total_amount")).height == 0
    rest = pl.col("tax_amount") - pl.col("tax_amount_of_lines")
    for currency, allowed in rates.items():
        mine = both.filter(pl.col("currency_code") == currency)
        taxed = lines.join(mine.select("order_id"), on="order_id").with_columns(
            off=pl.min_horizontal(
                (pl.col("before_tax") * rate - pl.col("tax_amount")).abs() for rate in allowed
            )
        )
        # Half a cent of rounding, and one more for what binary numbers lose.
        assert taxed.filter(pl.col("off") > 0.0051).height == 0
        assert set((taxed["tax_amount"] / taxed["before_tax"]).cast(pl.Float64).round(2)) >= {
            round(rate, 2) for rate in allowed
        }
        express = mine.filter(pl.col("shipping_amount") > 0)
        assert (express["discount_amount"] == 0).all()
        express = express.with_columns(
            off=pl.min_horizontal(
                (pl.col("shipping_amount") * rate - rest).abs() for rate in allowed
            )
        )
        assert express.filter(pl.col("off") > 0.0051).height == 0
    assert set(both["currency_code"]) == set(rates)


def test_charges_less_what_went_back_are_what_stands_of_an_order(world: Path) -> None:
    orders = rows(world, "orders").filter(~pl.col("is_test"))
    gone = pl.col("status").is_in(["cancelled", "unavailable"])
    gross = (
        pl.col("line_amount")
        - pl.col("discount_amount")
        + pl.col("shipping_amount")
        + pl.col("tax_amount")
    ).alias("gross")
    lines = rows(world, "order_lines").with_columns(gross, gone.alias("is_gone"))
    ended = lines.group_by("order_id").agg(
        pl.col("gross").filter(pl.col("is_gone")).sum().alias("ended"),
        pl.col("is_gone").all().alias("is_over"),
    )
    back = rows(world, "returns").drop_nulls("refunded_at")
    back = back.group_by("order_id").agg(pl.col("refund_amount").sum().alias("back"))
    stands = (
        pl.when("is_over")
        .then(0)
        .otherwise(pl.col("total_amount") - pl.col("ended"))
        .sub(pl.col("back").fill_null(0))
    )
    owed = (
        orders.join(ended, on="order_id")
        .join(back, on="order_id", how="left")
        .select("order_id", "currency_code", "ordered_at", stands.alias("stands"))
    )

    payments = rows(world, "payments")
    moved = pl.col("status") == "paid"
    signed = pl.when(pl.col("kind") == "charge").then(pl.col("amount")).otherwise(-pl.col("amount"))
    open_ = payments.filter(pl.col("status") == "pending").select("order_id").unique()
    taken = payments.filter(pl.col("kind") == "chargeback").select("order_id")
    by_order = payments.filter(moved).group_by("order_id", "currency_code").agg(signed.sum())
    # Nobody pays an invoice that is still to come: an order is judged when all of it was sent.
    sent = parts(world).group_by("order_id").agg(pl.col("shipped_at").is_null().any())
    waiting = (
        sent.filter("shipped_at")
        .select("order_id")
        .join(ended.filter(pl.col("ended") == 0), on="order_id", how="semi")
    )
    judged = owed.filter(pl.col("ordered_at").dt.date() < END - timedelta(days=70))
    # What coupons take off is shared out over parts: compared with the invoices elsewhere.
    reduced = orders.filter(pl.col("discount_amount") > 0).select("order_id")
    for unfinished in (open_, taken, waiting, reduced):
        judged = judged.join(unfinished, on="order_id", how="anti")
    found = judged.join(by_order, on=["order_id", "currency_code"], how="left").with_columns(
        pl.col("amount").fill_null(0)
    )

    assert found.height > 300
    assert found.filter(pl.col("amount") != pl.col("stands")).height == 0
    kinds = payments.group_by("kind", "status").len()
    # Five card payments in a thousand are taken back: a world this small may have none.
    assert {"charge", "refund"} <= set(kinds["kind"]) <= {"charge", "refund", "chargeback"}
    assert {"paid", "pending", "failed", "refunded"} == set(kinds["status"])


def test_banks_say_why_they_take_payments_back_but_where_a_difference_is_planted(
    laboratory: Path, demo: tuple[Path, float]
) -> None:
    payments, planted = rows(laboratory, "payments"), rows(demo[0], "payments")
    taken = payments.filter(pl.col("kind") == "chargeback")
    cards = payments.filter(pl.col("kind") == "charge", pl.col("method") == "card")
    there = planted.filter(pl.col("kind") == "chargeback")
    silent = there.filter(pl.col("chargeback_reason").is_null())

    # Nothing is planted in the laboratory.
    reasons = {"fraud", "not_as_described", "duplicate", "not_received"}
    assert set(taken["chargeback_reason"]) == reasons
    assert payments.filter(pl.col("kind") != "chargeback")["chargeback_reason"].is_null().all()
    # Five in a thousand; what was cancelled or sent back is not taken back as well.
    assert 0.003 < taken.height / cards.height < 0.006
    assert set(silent["payment_id"]) == set(planted_in(demo[0], "payments")["document_id"])
    assert 0 < silent.height < there.height / 2


def test_an_invoice_says_how_much_of_it_was_paid(world: Path) -> None:
    invoices = rows(world, "invoices").filter(pl.col("document_kind") == "invoice")
    payments = rows(world, "payments").filter(pl.col("kind") == "charge")
    named = payments.drop_nulls("invoice_id")
    received = (pl.col("status").is_in(["paid", "refunded"])).alias("is_received")
    paid = (
        named.with_columns(received)
        .group_by("invoice_id")
        .agg(
            pl.col("amount").filter("is_received").sum().alias("received"),
            pl.col("amount").sum().alias("charged"),
            pl.len().alias("rates"),
        )
    )
    wrong = planted_in(world, "invoices").select(pl.col("document_id").alias("invoice_id"))

    both = invoices.join(paid, on="invoice_id").join(wrong, on="invoice_id", how="anti")

    total = pl.col("net_amount") + pl.col("shipping_amount") + pl.col("tax_amount")
    assert both.filter(pl.col("received") != pl.col("paid_amount")).height == 0
    assert both.filter(pl.col("charged") != total).height == 0
    assert both.filter((pl.col("paid_amount") > 0) & (pl.col("paid_amount") < total)).height > 0
    assert set(both["rates"]) == {1, 2}
    statuses = set(invoices["status"])
    assert statuses == {"open", "partly_paid", "paid", "overdue", "cancelled"}


def test_rates_are_of_days_of_business_and_stay_around_their_level(world: Path) -> None:
    rates = rows(world, "exchange_rates")
    level = {"CHF": 0.96, "PLN": 4.30}

    days = set(rates["rate_date"])
    assert {day.weekday() for day in days} == {0, 1, 2, 3, 4}
    # Published: TARGET's closing days, and the days before and after that are none.
    assert not days & {date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1), date(2026, 4, 3)}
    assert {date(2026, 4, 2), date(2026, 4, 7), date(2026, 5, 14)} <= days
    assert min(days) < FIRST - timedelta(days=6)
    for code, middle in level.items():
        mine = rates.filter(pl.col("currency_code") == code).sort("rate_date")["rate"]
        assert mine.is_unique().sum() > 100
        assert abs(float(mine.cast(pl.Float64).mean()) / middle - 1) < 0.05  # type: ignore[arg-type]
    used = set(rows(world, "orders")["currency_code"]) - {"EUR"}
    assert used <= set(rates["currency_code"])


def test_every_order_of_the_web_ends_a_visit_that_went_through_the_funnel(world: Path) -> None:
    events = rows(world, "events")
    orders = rows(world, "orders").filter((pl.col("channel") == "web") & ~pl.col("is_test"))
    done = events.filter(pl.col("event_type") == "order_completed")
    heads = done.filter(pl.col("item_number") == 1).join(orders, on="order_id")

    assert heads.height == orders.height == done["order_id"].n_unique()
    assert (heads["occurred_at"] == heads["ordered_at"]).all()
    # What was put into the cart in an earlier visit is in it still.
    carts = (
        events.drop_nulls("cart_id")
        .group_by("cart_id")
        .agg((pl.col("event_type") == "product_added").any().alias("filled"))
    )
    assert (heads["cart_id"] == heads["cart_id_right"]).all()
    assert heads.join(carts, on="cart_id")["filled"].all()
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
    links = off.filter(pl.col("source") == "unsubscribe_link")
    on = ["contact_id", "channel"]
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
    free = rows(world, "calendar").filter(kind="public_holiday", region="all")
    sent = sent.with_columns(local_date("shipped_at").alias("calendar_date"))

    assert date(2026, 4, 1) in set(sent["calendar_date"])
    assert date(2026, 4, 3) in set(free["calendar_date"])
    assert sent.join(free, on=["calendar_date", "country_code"]).is_empty()


SEGMENT_NAMES = {
    "order_id": "order_id",
    "cart_id": "cart_id",
    "promotion_id": "promotion_id",
    "query": "search_term",
    "result_count": "result_count",
    "step": "checkout_step",
}


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
        for theirs, ours in SEGMENT_NAMES.items():
            assert call["properties"][theirs] == row[ours], ours
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
    for key, ours in (("search_term", "search_term"), ("cart_id", "cart_id")):
        told = joined.explode("event_params").unnest("event_params")
        told = told.filter(pl.col("key") == key).unnest("value").select("event_id", "string_value")
        assert told.height == joined[ours].drop_nulls().len() > 0
        assert (
            told.join(
                heads, left_on=["event_id", "string_value"], right_on=["event_id", ours]
            ).height
            == told.height
        )
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
    mine = ("orders", "order_lines", "events", "customers", "invoices", "tickets", "quotes")
    others = ("approvals", "survey_responses", "product_registrations", "leads", "opportunities")
    for feed in mine + others:
        whole, daily = rows(tmp_path / "whole", feed), rows(tmp_path / "daily", feed)
        key = whole.columns[:2] if feed == "events" else whole.columns[:1]
        version = "updated_at" if "updated_at" in whole.columns else key[0]
        latest = daily.sort(version, maintain_order=True).unique(key, keep="last")
        assert latest.sort(key).equals(whole.sort(key)), feed
