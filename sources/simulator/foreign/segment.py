"""Canonical events as calls of the Segment specification.

https://segment.com/docs/connections/spec/ : track and page calls with their common fields.
Addresses are made up; real calls have them, and they are not to be kept.
"""

from __future__ import annotations

import polars as pl

SHOP = "https://shop.example.com"
STAMP = "%Y-%m-%dT%H:%M:%S.000Z"
AGENTS = {
    "desktop": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36",
    "mobile": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "tablet": "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Safari/604.1",
    "app": "Kontor/4.2 (Android 14; Mobile)",
}
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
NUMBERS = ("quantity", "unit_price", "value_amount")


def segment_rows(events: pl.DataFrame) -> pl.DataFrame:
    """One call per event, in the order of the rows; listed products lie within their event."""
    typed = events.with_columns(pl.col(NUMBERS).cast(pl.Float64))
    listed = pl.col("item_number") > 0
    products = (
        typed.filter(listed)
        .sort("event_id", "item_number")
        .group_by("event_id", maintain_order=True)
        .agg(
            pl.struct(
                "product_id",
                "vendor_id",
                "category_id",
                "quantity",
                pl.col("unit_price").alias("price"),
                pl.col("item_number").alias("position"),
            ).alias("products")
        )
    )
    heads = typed.filter(~listed).join(products, on="event_id", how="left", maintain_order="left")
    return heads.select(*common(), context().alias("context"), properties().alias("properties"))


def common() -> list[pl.Expr]:
    """The fields of every call."""
    is_page = pl.col("event_type") == "page_viewed"
    sent = pl.col("occurred_at").dt.strftime(STAMP)
    words = pl.col("event_type").str.replace_all("_", " ").str.to_titlecase()
    return [
        pl.when(is_page).then(pl.lit("page")).otherwise(pl.lit("track")).alias("type"),
        pl.when(~is_page).then(words).alias("event"),
        pl.col("event_id").alias("messageId"),
        pl.col("visitor_id").alias("anonymousId"),
        pl.col("customer_id").alias("userId"),
        sent.alias("timestamp"),
        sent.alias("originalTimestamp"),
        sent.alias("sentAt"),
        pl.col("received_at").dt.strftime(STAMP).alias("receivedAt"),
    ]


def context() -> pl.Expr:
    """Where a call comes from; addresses are of the range for documentation (RFC 5737)."""
    agent = pl.col("device").replace_strict(AGENTS, default=None, return_dtype=pl.String)
    number = pl.col("session_id").str.slice(2).cast(pl.Int64)
    consent = pl.struct(
        pl.struct(
            pl.col("has_analytics_consent").alias("Analytics"),
            pl.col("has_marketing_consent").alias("Advertising"),
        ).alias("categoryPreferences")
    )
    return pl.struct(
        pl.when("is_bot").then(pl.lit(ROBOT)).otherwise(agent).alias("userAgent"),
        ("203.0.113." + (number % 254 + 1).cast(pl.String)).alias("ip"),
        pl.col("session_id").alias("sessionId"),
        pl.col("account_id").alias("groupId"),
        pl.struct(
            pl.col("page_path").alias("path"), (SHOP + pl.col("page_path")).alias("url")
        ).alias("page"),
        pl.struct(
            pl.col("campaign_id").alias("id"),
            pl.col("source"),
            pl.col("medium"),
        ).alias("campaign"),
        consent.alias("consent"),
        pl.struct(pl.col("country_code").alias("country")).alias("location"),
        pl.struct(pl.when(pl.col("device") == "app").then(pl.lit("android")).alias("type")).alias(
            "device"
        ),
    )


def properties() -> pl.Expr:
    """What the event is about; where products are listed, each says it for itself."""
    is_list = pl.col("products").is_not_null()

    def single(name: str, alias: str | None = None) -> pl.Expr:
        return pl.when(~is_list).then(pl.col(name)).alias(alias or name)

    return pl.struct(
        single("product_id"),
        single("vendor_id"),
        single("category_id"),
        single("quantity"),
        single("unit_price", "price"),
        pl.col("currency_code").alias("currency"),
        pl.col("value_amount").alias("total"),
        "cart_id",
        "order_id",
        "quote_id",
        "content_id",
        "promotion_id",
        "experiment_id",
        pl.col("search_term").alias("query"),
        "result_count",
        pl.col("checkout_step").alias("step"),
        pl.col("page_path").alias("path"),
        "products",
    )
