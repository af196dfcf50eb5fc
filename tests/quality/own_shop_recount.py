"""What a vendor sees of its own shop, counted a second time: polars over the feeds alone.

Money is in cents and quantities in thousandths, so that nothing is lost to doubles.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING, Any

import polars as pl

from tests.quality.scorecard_recount import LINE, day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.quality.scorecard_recount import Feeds

LOST = ["cancelled", "unavailable"]
SPAN = ["vendor_id", "currency_code", "period_start", "period_end"]
OFFERED = ["active", "out_of_stock"]
DAYS = 90
# Of orders whose vendor no payout speaks to: awaited that long, overdue from then on.
PAYOUT_DAYS = 35


def cents(name: str) -> pl.Expr:
    """An amount in cents, nothing where it is not given."""
    return (pl.col(name).fill_null(0) * 100).round().cast(pl.Int64).alias(name)


def of_part(amount: pl.Expr, part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """The part's share of an amount in cents, halves upwards."""
    return (2 * amount * part + whole) // (2 * whole)


def settled_lines(feeds: Feeds) -> pl.DataFrame:
    """Sales once delivered and returns once paid back, in cents of the order's currency."""
    currency = feeds.of("orders").select("order_id", "currency_code")
    lines = feeds.lines.join(currency, on="order_id").select(
        *LINE,
        "vendor_id",
        "currency_code",
        is_lost=pl.col("status").is_in(LOST),
        discount=cents("discount_amount"),
        goods=cents("line_amount") - cents("discount_amount"),
        commission=cents("commission_amount"),
        pieces=(pl.col("quantity") * 1000).cast(pl.Int64),
    )
    delivered = feeds.shipped.select(*LINE, event_date=day("delivered_at"))
    standing = pl.when("is_lost").then(0)
    sales = lines.join(delivered, on=LINE).select(
        *LINE,
        "vendor_id",
        "currency_code",
        "event_date",
        "goods",
        "discount",
        cancelled=pl.when("is_lost").then("goods").otherwise(0),
        commission=standing.otherwise("commission"),
        refunds=pl.lit(0, pl.Int64),
        given_back=pl.lit(0, pl.Int64),
        is_sale=pl.lit(value=True),
    )
    back = feeds.of("returns").filter(pl.col("status").is_in(["refunded", "received"]))
    back = back.select(
        *LINE,
        event_date=day("refunded_at"),
        came=(pl.col("quantity") * 1000).cast(pl.Int64),
    ).drop_nulls("event_date")
    # what came back is worth its share of the line
    returns = (
        back.join(lines, on=LINE)
        .with_columns(share=of_part(pl.col("goods"), pl.col("came"), pl.col("pieces")))
        .group_by(*LINE, "vendor_id", "currency_code")
        .agg(
            pl.col("event_date").max(),
            goods=pl.lit(0, pl.Int64),
            discount=pl.lit(0, pl.Int64),
            cancelled=pl.lit(0, pl.Int64),
            refunds=pl.col("share").sum(),
            given_back=pl.col("commission").max(),
            is_sale=pl.lit(value=False),
            commission=pl.lit(0, pl.Int64),
        )
        .select(sales.columns)
    )
    both = pl.concat([sales, returns])
    return both.filter(pl.col("event_date") < feeds.end)


def statements(feeds: Feeds) -> pl.DataFrame:
    """What is paid out by span, in cents, the failed left aside; named by the first of a span."""
    amounts = ("gross", "shipping", "commission", "refund", "fee", "net")
    payouts = feeds.of("payouts").filter(
        pl.col("status") != "failed", pl.col("period_end") < feeds.end
    )
    return (
        payouts.with_columns(cents(f"{name}_amount") for name in amounts)
        .group_by(SPAN)
        .agg(
            pl.col("payout_id").min().alias("statement_id"),
            *(pl.col(f"{name}_amount").sum().alias(f"stated_{name}") for name in amounts),
            paid=pl.col("net_amount").filter(pl.col("status") == "paid").sum(),
        )
    )


def payouts(feeds: Feeds) -> dict[tuple[str, str], dict[str, int]]:
    """Every statement's parts in cents, by vendor and statement, with their signs."""
    stated = statements(feeds)
    lines = settled_lines(feeds).join(stated, on=["vendor_id", "currency_code"], how="left")
    covered = pl.col("event_date").is_between("period_start", "period_end")
    first = lines.filter(covered).sort("period_start", "period_end")
    first = first.unique([*LINE, "is_sale"], keep="first", maintain_order=True)
    rest = settled_lines(feeds).join(first, on=[*LINE, "is_sale"], how="anti")
    awaited = pl.col("event_date") > feeds.end - timedelta(days=1 + PAYOUT_DAYS)
    state = pl.when(awaited).then(pl.lit("awaited ")).otherwise(pl.lit("overdue "))
    rest = rest.with_columns(statement_id=state + pl.col("currency_code"))
    parts = ("goods", "discount", "cancelled", "commission", "refunds", "given_back")
    summed = (
        pl.concat([first.select(rest.columns), rest])
        .group_by("vendor_id", "statement_id")
        .agg(pl.col(*parts).sum(), sales=pl.col("is_sale").sum())
    )
    keys = ["vendor_id", "statement_id"]
    whole = stated.with_columns(is_stated=True).join(summed, on=keys, how="full", coalesce=True)
    return {
        (row["vendor_id"], row["statement_id"]): _statement(row)
        for row in whole.with_columns(pl.selectors.integer().fill_null(0)).iter_rows(named=True)
    }


def _statement(row: Mapping[str, Any]) -> dict[str, int]:
    kept = row["commission"] - row["stated_commission"]
    given_back = min(max(kept, 0), row["given_back"]) if row["is_stated"] else 0
    expected = (
        row["goods"]
        - row["cancelled"]
        - row["refunds"]
        + row["stated_shipping"]
        - row["commission"]
        + given_back
        - row["stated_fee"]
    )
    payout = row["stated_net"] if row["is_stated"] else expected
    return {
        "sale_count": row["sales"],
        "list_sales_amount": row["goods"] + row["discount"],
        "discount_amount": -row["discount"],
        "cancelled_amount": -row["cancelled"],
        "refund_amount": -row["refunds"],
        "shipping_amount": row["stated_shipping"],
        "commission_amount": -row["commission"],
        "commission_returned_amount": given_back,
        "fee_amount": -row["stated_fee"],
        "expected_amount": expected,
        "difference_amount": payout - expected,
        "paid_amount": row["paid"],
        "open_amount": payout - row["paid"],
    }


def stocks(feeds: Feeds) -> pl.DataFrame:
    """Each offer's days, days without stock, stock now and daily demand, of the last 90 days."""
    first, last = feeds.end - timedelta(days=DAYS), feeds.end - timedelta(days=1)
    counts = feeds.of("inventory").select("offer_id", "location", "stock_date", "quantity_on_hand")
    counts = counts.filter(pl.col("stock_date") < feeds.end)
    days = pl.DataFrame({"on": pl.date_range(first, last, eager=True)})
    offers = feeds.of("offers").select(
        "offer_id",
        "vendor_id",
        "product_id",
        until=pl.when(pl.col("status").is_in(["paused", "refused", "closed"]))
        .then(day("updated_at"))
        .otherwise(pl.lit(feeds.end)),
    )
    held = (
        counts.select("offer_id", "location")
        .unique()
        .join(days, how="cross")
        .sort("on")
        .join_asof(
            counts.sort("stock_date"),
            left_on="on",
            right_on="stock_date",
            by=["offer_id", "location"],
            check_sortedness=False,
        )
        .drop_nulls("quantity_on_hand")
        .group_by("offer_id", "on")
        .agg(pl.col("quantity_on_hand").cast(pl.Float64).sum())
        .join(offers, on="offer_id")
        .filter(pl.col("on") < pl.col("until"))
    )
    standing = feeds.lines.filter(~pl.col("status").is_in(LOST))
    sold = (
        feeds.between(standing, "order_date", DAYS)
        .group_by("offer_id")
        .agg(units=pl.col("quantity").cast(pl.Float64).sum())
    )
    is_empty = pl.col("quantity_on_hand") <= 0
    return (
        held.group_by("offer_id", "vendor_id", "product_id")
        .agg(
            days=pl.len(),
            empty_days=is_empty.sum(),
            on_hand=pl.col("quantity_on_hand").filter(pl.col("on") == last).first(),
        )
        .join(sold, on="offer_id", how="left")
        .with_columns(pl.col("units").fill_null(0))
        .with_columns(
            demand=pl.when(pl.col("days") > pl.col("empty_days")).then(
                pl.col("units") / (pl.col("days") - pl.col("empty_days"))
            )
        )
    )


def assortment(feeds: Feeds) -> pl.DataFrame:
    """Days on offer, days and demand without stock and days of cover, by vendor and product."""
    offered = pl.col("on_hand").is_not_null()

    def known(values: pl.Expr) -> pl.Expr:
        return pl.when(values.count() > 0).then(values.sum())

    return (
        stocks(feeds)
        .group_by("vendor_id", "product_id")
        .agg(
            offer_days=pl.col("days").sum(),
            stock_out_days=pl.col("empty_days").sum(),
            demanded=known(pl.col("demand") * pl.col("days")),
            missed=known(pl.col("demand") * pl.col("empty_days")),
            on_hand=known(pl.col("on_hand")),
            demand=known(pl.col("demand").filter(offered)),
        )
        .with_columns(
            cover=pl.when(pl.col("demand") > 0).then(pl.col("on_hand") / pl.col("demand"))
        )
    )


def price_indexes(
    feeds: Feeds, clicks: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], tuple[str, float]]:
    """What each product's price is compared with, and its index, by vendor and product.

    Args:
        feeds: offers, products and benchmark prices.
        clicks: sessions that looked at a vendor's product.
    """
    items = {
        row["product_id"]: row["gtin"] or row["product_id"] for row in _rows(feeds, "products")
    }
    market = _market(feeds, items)
    asked: dict[tuple[str, str], dict[str, tuple[float, int]]] = {}
    offers = [row for row in _rows(feeds, "offers") if (row["status"] or "active") in OFFERED]
    for row in offers:
        if (row["condition"] or "new") == "new" and row["unit_price"] > 0:
            row["item"] = (items.get(row["product_id"], row["product_id"]), row["currency_code"])
            of_item = asked.setdefault(row["item"], {})
            price, seen = of_item.get(row["vendor_id"], (float("inf"), 0))
            of_item[row["vendor_id"]] = (
                min(price, float(row["unit_price"])),
                max(seen, clicks.get((row["vendor_id"], row["product_id"]), 0)),
            )
    found = {}
    by_product = ("vendor_id", "product_id")
    offers.sort(key=lambda row: tuple(row[name] for name in by_product))
    for key, several in groupby(offers, key=lambda row: (row["vendor_id"], row["product_id"])):
        judged = [(*_compared(row, market, asked), row) for row in several]
        basis, benchmark, offer = min(
            judged,
            key=lambda one: (
                one[2]["currency_code"] != "EUR", one[0] == "", one[2]["unit_price"],
            ),
        )  # fmt: skip
        if basis:
            found[key] = (basis, 100 * float(offer["unit_price"]) / benchmark)
    return found


def _rows(feeds: Feeds, name: str) -> list[dict[str, Any]]:
    return feeds.of(name).to_dicts()


def _market(feeds: Feeds, items: Mapping[str, str]) -> dict[tuple[str, str], float]:
    """The mean of the shops' newest prices of 30 days, by item and currency."""
    newest: dict[tuple[str, str], dict[str, tuple[Any, float]]] = {}
    for row in _rows(feeds, "benchmark_prices"):
        is_recent = feeds.end - timedelta(days=30) <= row["price_date"] < feeds.end
        if row["is_available"] and row["price"] > 0 and is_recent:
            shops = newest.setdefault((items[row["product_id"]], row["currency_code"]), {})
            looked_up = (row["price_date"], -float(row["price"]))
            shops[row["source"]] = max(shops.get(row["source"], looked_up), looked_up)
    return {
        item: -sum(price for _, price in shops.values()) / len(shops)
        for item, shops in newest.items()
    }


def _compared(
    offer: Mapping[str, Any],
    market: Mapping[tuple[str, str], float],
    asked: Mapping[tuple[str, str], Mapping[str, tuple[float, int]]],
) -> tuple[str, float]:
    """The basis and the benchmark, or nothing."""
    item = offer.get("item")
    if item is None:
        return "", 0.0
    others = [one for vendor, one in asked[item].items() if vendor != offer["vendor_id"]]
    seen = sum(clicks for _, clicks in others)
    if item in market:
        return "market", market[item]
    if len(others) < 3:
        return "", 0.0
    if seen and max(clicks for _, clicks in others) <= 0.8 * seen:
        return "offers_by_clicks", sum(price * clicks for price, clicks in others) / seen
    return "offers", median(price for price, _ in others)
