"""A line costs what the price list, an agreement or a promotion says, and what it costs adds up."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from tests.simulator.simulated_feeds import local_date, rows, truth
from tests.simulator.sold_goods import goods, sold_lines

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.simulator


@pytest.fixture(scope="module")
def sold(laboratory: Path) -> pl.DataFrame:
    return sold_lines(laboratory)


def test_a_line_costs_what_the_price_list_says_or_the_agreement_or_the_promotion(
    laboratory: Path, sold: pl.DataFrame
) -> None:
    agreements = rows(laboratory, "price_agreements").select(
        "agreement_id",
        pl.col("unit_price").alias("agreed"),
        pl.col("discount_rate").alias("agreed_rate"),
        "account_id",
        "valid_from",
        "valid_until",
        "minimum_quantity",
    )
    planted = truth(laboratory, "agreements_ignored")["order_line_id"]

    lines = sold.join(agreements, on="agreement_id", how="left", suffix="_of_agreement")
    by_rate = pl.col("list_price").cast(pl.Float64) * (1 - pl.col("agreed_rate").cast(pl.Float64))
    owed = pl.coalesce(pl.col("agreed").cast(pl.Float64), by_rate, pl.col("list_price"))
    off = (pl.col("unit_price").cast(pl.Float64) - owed).abs()

    assert (lines["currency_code"] == lines["price_currency"]).all()
    assert (lines["list_price"] == lines["listed"]).all()
    wrong = lines.filter(off > 0.0051)
    assert set(wrong["order_line_id"]) == set(planted)
    bound = lines.drop_nulls("agreement_id")
    assert (bound["account_id"] == bound["account_id_of_agreement"]).all()
    assert bound.select(pl.col("date").is_between("valid_from", "valid_until").all()).item()
    assert (bound["quantity"] >= bound["minimum_quantity"]).all()
    assert bound.height > 300
    share = goods(laboratory)["agreement_ignored"]
    error = (share * (1 - share) / bound.height) ** 0.5
    assert abs(len(planted) / bound.height - share) < 3 * error


def test_a_discount_is_that_of_the_promotion_to_the_cent(
    laboratory: Path, sold: pl.DataFrame
) -> None:
    promotions = rows(laboratory, "promotions").select(
        "promotion_id",
        "kind",
        pl.col("vendor_id").alias("giver"),
        pl.col("category_id").alias("promoted"),
        pl.col("discount_rate").alias("rate"),
        pl.col("discount_amount").alias("amount"),
        "starts_at",
        "ends_at",
    )
    lines = sold.join(promotions, on="promotion_id", how="left")
    given = pl.coalesce(
        pl.col("line_amount").cast(pl.Float64) * pl.col("rate").cast(pl.Float64),
        pl.col("amount").cast(pl.Float64),
        0.0,
    )
    reduced = lines.drop_nulls("promotion_id")

    assert lines.select((pl.col("discount_amount").cast(pl.Float64) - given).abs().max()).item() < (
        0.00501
    )
    assert set(reduced["kind"]) == {"percentage", "amount", "free_shipping", "bundle"}
    inside = pl.col("ordered_at").is_between("starts_at", "ends_at", closed="left")
    assert reduced.select(inside.all()).item()
    mine = pl.col("giver").is_null() | (pl.col("giver") == pl.col("vendor_id"))
    assert reduced.select(mine.all()).item()
    of_category = pl.col("promoted").is_null() | (pl.col("promoted") == pl.col("category_id"))
    assert reduced.select(of_category.all()).item()
    freed = reduced.filter(pl.col("kind") == "free_shipping")
    assert (freed["shipping_amount"] == 0).all()


def test_what_is_weighed_or_cut_is_rounded_once_and_is_in_parts_of_a_unit_everywhere(
    laboratory: Path,
) -> None:
    lines = rows(laboratory, "order_lines").filter(pl.col("unit").is_in(["kg", "m"]))
    stated = lines.select("quantity", "unit_price", "line_amount")
    back = rows(laboratory, "returns").join(lines, on="order_line_id", suffix="_bought")
    stock = rows(laboratory, "inventory").join(
        rows(laboratory, "offers").select("offer_id", "product_id"), on="offer_id"
    )
    filled = rows(laboratory, "events").filter(pl.col("event_type") == "product_added")
    filled = filled.join(lines.select("product_id").unique(), on="product_id")
    lying = stock.join(lines.select("product_id").unique(), on="product_id")["quantity_on_hand"]

    # Kaufmännisch gerundet, DIN 1333: half a cent is rounded up.
    for quantity, price, amount in stated.iter_rows():
        assert amount == (quantity * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert lines.height > 3_000
    in_parts = (lines["quantity"], back["quantity"], filled["quantity"], lying)
    assert [(quantity % 1 != 0).any() for quantity in in_parts] == [True] * 4
    assert (lines["quantity"] % Decimal("0.01") != 0).any()  # grams
    assert (lines["quantity"] >= Decimal("0.2")).all()
    assert (back["quantity"] <= back["quantity_bought"]).all()


def test_nothing_is_sold_below_its_cost(sold: pl.DataFrame) -> None:
    cost = pl.col("cost_amount").cast(pl.Float64)
    listed = pl.col("cost_price").cast(pl.Float64) * pl.col("quantity")
    goods_value = pl.col("line_amount") - pl.col("discount_amount")

    # Half a cent of rounding, where a part of a unit is sold.
    assert sold.select((cost - listed).abs().max()).item() < 0.00501
    assert sold.select((goods_value > pl.col("cost_amount")).all()).item()
    margin = sold.select(1 - cost.sum() / goods_value.cast(pl.Float64).sum()).item()
    assert 0.3 < margin < 0.5


def test_an_order_costs_its_lines_with_shipping_and_tax(
    laboratory: Path, sold: pl.DataFrame
) -> None:
    orders = rows(laboratory, "orders")
    lines = sold.group_by("order_id").agg(
        (pl.col("line_amount") - pl.col("discount_amount")).sum().alias("goods"),
        pl.col("shipping_amount", "tax_amount").sum().name.suffix("_of_lines"),
    )
    both = orders.join(lines, on="order_id")
    rates = {"DE": 0.19, "AT": 0.20, "CH": 0.081, "PL": 0.23}
    rate = pl.col("ship_country_code").replace_strict(rates)
    shipping = pl.col("shipping_amount_of_lines") + pl.col("shipping_amount")
    taxed = pl.col("goods") + shipping - pl.col("discount_amount")

    assert both.height == orders.height
    assert both.select((pl.col("total_amount") == taxed + pl.col("tax_amount")).all()).item()
    # Each line's tax is rounded, that of its share of a coupon, and the surcharge's.
    off = (pl.col("tax_amount").cast(pl.Float64) - taxed.cast(pl.Float64) * rate).abs()
    assert both.select((off <= 0.0051 * (1 + 2 * 10)).all()).item()
    assert set(both["currency_code"]) == {"EUR", "CHF", "PLN"}
    currency = {"DE": "EUR", "AT": "EUR", "CH": "CHF", "PL": "PLN"}
    assert (both["ship_country_code"].replace_strict(currency) == both["currency_code"]).all()


def test_prices_of_a_product_follow_the_level_of_each_currency(laboratory: Path) -> None:
    offers = rows(laboratory, "offers").with_columns(pl.col("unit_price").cast(pl.Float64).log())
    euros = offers.filter(pl.col("currency_code") == "EUR")
    pairs = offers.filter(pl.col("currency_code") != "EUR").join(
        euros, on=["vendor_id", "product_id"], suffix="_euro"
    )
    found = pairs.group_by("currency_code").agg(
        (pl.col("unit_price") - pl.col("unit_price_euro")).mean().alias("level"),
        ((pl.col("unit_price") - pl.col("unit_price_euro")).std() / pl.len().sqrt()).alias("error"),
    )
    levels = pl.DataFrame(goods(laboratory)["storefronts"])

    both = found.join(levels, on="currency_code")
    z = (both["level"] - both["price_level"].log()) / both["error"]

    assert both.height == 2
    assert both["error"].max() < 0.03  # type: ignore[operator]
    assert z.abs().max() < 3.5  # type: ignore[operator]


CELL = ["product_id", "currency_code"]


def test_a_new_competitor_undercuts_the_others(laboratory: Path) -> None:
    benchmarks = rows(laboratory, "benchmark_prices").sort("price_date")
    prices = rows(laboratory, "price_history").with_columns(price_date=local_date("valid_from"))
    offers = rows(laboratory, "offers").select("offer_id", *CELL)
    ours = benchmarks.join(offers, on=CELL).sort("price_date")
    ours = ours.join_asof(
        prices.select("offer_id", "price_date", pl.col("unit_price").cast(pl.Float64)).sort(
            "price_date"
        ),
        on="price_date",
        by="offer_id",
        check_sortedness=False,
    )
    keys = ["product_id", "source", "price_date"]
    ratio = ours.group_by(keys).agg(
        pl.col("price").first().cast(pl.Float64).log() - pl.col("unit_price").log().mean()
    )
    found = ratio.group_by("source", "product_id").agg(pl.col("price").mean(), pl.len())
    found = found.group_by("source").agg(
        pl.col("price").mean().alias("level"),
        (pl.col("price").std() / pl.len().sqrt()).alias("error"),
    )
    shops = {shop["name"]: shop for shop in goods(laboratory)["competitors"]}
    days = benchmarks.group_by("source").agg(pl.col("price_date").min())

    assert set(found["source"]) == set(shops)
    for name, level, error in found.iter_rows():
        assert abs(level - np.log(shops[name]["price_level"])) < 4 * error + 0.005, name
    started = dict(days.iter_rows())
    assert started["Neuladen"] > started["Preisblick"] + timedelta(days=300)


def test_a_coupon_makes_an_order_cheaper_in_every_book_but_the_vendors(laboratory: Path) -> None:
    orders = rows(laboratory, "orders").filter(~pl.col("is_test"), pl.col("discount_amount") > 0)
    documents = rows(laboratory, "invoices").filter(pl.col("document_kind") != "dunning_fee")
    gross = pl.col("net_amount") + pl.col("shipping_amount") + pl.col("tax_amount")
    billed = pl.when(pl.col("document_kind") == "invoice").then(gross).otherwise(-gross)
    payments = rows(laboratory, "payments").filter(
        pl.col("status") == "paid", pl.col("kind") != "chargeback"
    )
    paid = pl.when(pl.col("kind") == "charge").then("amount").otherwise(-pl.col("amount"))

    # Judged when all is settled: what is refunded goes back within days.
    last_day = orders["ordered_at"].max()
    settled = orders.filter(pl.col("ordered_at") < last_day - timedelta(days=90))
    settled = settled.filter(pl.col("status").is_in(["delivered", "cancelled", "unavailable"]))
    wrong = truth(laboratory, "reconciliation_differences").filter(pl.col("feed") == "invoices")
    named = wrong.select(pl.col("document_id").str.extract(r"^(O-\d+)").alias("order_id"))
    by_order = [
        settled.join(named, on="order_id", how="anti").select("order_id", "total_amount"),
        documents.group_by("order_id").agg(billed.sum().alias("billed")),
        payments.group_by("order_id").agg(paid.sum().alias("paid")),
        rows(laboratory, "returns").select("order_id", "refunded_at").unique("order_id"),
        rows(laboratory, "order_lines")
        .group_by("order_id")
        .agg(pl.col("status").is_in(["cancelled", "unavailable"]).any().alias("has_ended")),
    ]
    both = by_order[0]
    for further in by_order[1:]:
        both = both.join(further, on="order_id", how="left")
    both = both.with_columns(pl.col("billed", "paid").fill_null(0))

    assert both.filter(pl.col("billed") != pl.col("paid")).is_empty()
    whole = both.filter(pl.col("refunded_at").is_null(), ~pl.col("has_ended"))
    whole = whole.join(
        orders.filter(status="delivered").select("order_id"), on="order_id", how="semi"
    )
    assert whole.filter(pl.col("billed") != pl.col("total_amount")).is_empty()
    assert whole.height > 300
    assert both.filter(pl.col("refunded_at").is_not_null()).height > 10
    assert both.filter("has_ended").height > 10
    amounts = set(orders.filter(currency_code="EUR")["discount_amount"].cast(pl.Float64))
    assert amounts == {5.0, 10.0, 15.0, 20.0}
    share = rows(laboratory, "orders").select((pl.col("discount_amount") > 0).mean()).item()
    assert 0.01 < share < 0.06
