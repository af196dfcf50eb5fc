"""Canonical events as rows of Google Analytics 4's BigQuery export.

https://support.google.com/analytics/answer/7029846 : nested and repeated columns. Who refuses to be
analysed has no pseudonym there. The export numbers no events; a bundle's number tells them apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pyarrow.parquet as pq  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from pathlib import Path

SHOP = "https://shop.example.com"
NAMES = {
    "page_viewed": "page_view",
    "content_viewed": "select_content",
    "vendor_viewed": "view_vendor",
    "product_list_viewed": "view_item_list",
    "products_searched": "view_search_results",
    "product_viewed": "view_item",
    "product_added": "add_to_cart",
    "cart_viewed": "view_cart",
    "coupon_applied": "apply_coupon",
    "checkout_started": "begin_checkout",
    "checkout_step_completed": "add_shipping_info",
    "payment_info_entered": "add_payment_info",
    "order_completed": "purchase",
    "quote_requested": "request_quote",
    "approval_requested": "request_approval",
    "approval_granted": "grant_approval",
    "reorder_started": "begin_reorder",
    "promotion_viewed": "view_promotion",
    "signed_in": "login",
    "newsletter_subscribed": "subscribe_newsletter",
}
COUNTRIES = {"DE": "Germany", "AT": "Austria", "CH": "Switzerland", "PL": "Poland"}
PLATFORMS = {"app": "ANDROID"}
VALUES = ("string_value", "int_value", "float_value", "double_value")
TYPES = (pl.String, pl.Int64, pl.Float64, pl.Float64)
OF_PRODUCT = ("product_viewed", "product_added", "order_completed")
# Parameters of an event: their key, the canonical column, and which of VALUES holds them.
PARAMETERS = (
    ("content_id", "content_id", 0),
    ("cart_id", "cart_id", 0),
    ("quote_id", "quote_id", 0),
    ("promotion_id", "promotion_id", 0),
    ("experiment_id", "experiment_id", 0),
    ("campaign_id", "campaign_id", 0),
    ("source", "source", 0),
    ("medium", "medium", 0),
    ("account_id", "account_id", 0),
    ("currency", "currency_code", 0),
    ("search_term", "search_term", 0),
    ("result_count", "result_count", 1),
    ("checkout_step", "checkout_step", 1),
    ("value", "value_amount", 3),
)


def ga4_rows(events: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    """The ids of the events and a row for each, in the order of their first rows."""
    typed = events.with_columns(pl.col("quantity", "unit_price", "value_amount").cast(pl.Float64))
    items = (
        typed.filter(pl.col("event_type").is_in(OF_PRODUCT) & pl.col("product_id").is_not_null())
        .sort("event_id", "item_number")
        .group_by("event_id", maintain_order=True)
        .agg(item().alias("items"))
    )
    heads = typed.filter(pl.col("item_number") == 0).join(
        items, on="event_id", how="left", maintain_order="left"
    )
    heads = heads.with_row_index("place").with_columns(
        pl.col("source").replace({"direct": "(direct)"}),
        pl.col("medium").replace({"none": "(none)"}),
        pl.col("session_id").str.slice(2).cast(pl.Int64).alias("session_number"),
        pl.col("has_analytics_consent").fill_null(value=True).alias("may_follow"),
    )
    return heads["event_id"], heads.select(*who_and_when(), *where(), *worth())


def item() -> pl.Expr:
    """A product of an event; its vendor is what the export calls affiliation.

    Its quantities are whole: of what is weighed or cut it knows one, at the price of the line.
    """
    quantity, price = pl.col("quantity"), pl.col("unit_price")
    is_whole = quantity.is_null() | (quantity == quantity.floor())
    return pl.struct(
        pl.col("product_id").alias("item_id"),
        pl.col("category_id").alias("item_category"),
        pl.when(is_whole).then(price).otherwise((price * quantity).round(2)).alias("price"),
        pl.when(is_whole).then(quantity).otherwise(1.0).cast(pl.Int64).alias("quantity"),
        pl.col("vendor_id").alias("affiliation"),
    )


def who_and_when() -> list[pl.Expr]:
    """Event, visitor and parameters."""
    may = pl.col("may_follow")
    return [
        pl.col("occurred_at").dt.strftime("%Y%m%d").alias("event_date"),
        pl.col("occurred_at").dt.epoch("us").alias("event_timestamp"),
        pl.col("event_type").replace(NAMES).alias("event_name"),
        event_params().alias("event_params"),
        pl.col("place").cast(pl.Int64).alias("event_bundle_sequence_id"),
        (pl.col("received_at") - pl.col("occurred_at"))
        .dt.total_microseconds()
        .alias("event_server_timestamp_offset"),
        pl.when(may).then("customer_id").alias("user_id"),
        pl.when(may).then("visitor_id").alias("user_pseudo_id"),
        pl.struct(
            yes_or_no("has_analytics_consent").alias("analytics_storage"),
            yes_or_no("has_marketing_consent").alias("ads_storage"),
            pl.lit("No").alias("uses_transient_token"),
        ).alias("privacy_info"),
    ]


def yes_or_no(column: str) -> pl.Expr:
    flag = pl.col(column)
    return pl.when(flag).then(pl.lit("Yes")).when(~flag).then(pl.lit("No"))


def event_params() -> pl.Expr:
    """The parameters that have a value, as keys and values."""
    given = [parameter(key, pl.col(column), place) for key, column, place in PARAMETERS]
    session = pl.when("may_follow").then("session_number")
    path = (SHOP + pl.col("page_path")).alias("location")
    seconds = pl.col("engagement_seconds") * 1_000
    shown = pl.when(pl.col("event_type") == "vendor_viewed").then("vendor_id")
    further = [
        parameter("ga_session_id", session, 1),
        parameter("page_location", path, 0),
        parameter("engagement_time_msec", seconds, 1),
        parameter("vendor_id", shown, 0),
    ]
    return pl.concat_list([*further, *given]).list.drop_nulls()


def parameter(key: str, value: pl.Expr, place: int) -> pl.Expr:
    """One parameter, null where it has no value."""
    values = [
        (value if where == place else pl.lit(None)).cast(kind).alias(name)
        for where, (name, kind) in enumerate(zip(VALUES, TYPES, strict=True))
    ]
    pair = pl.struct(pl.lit(key).alias("key"), pl.struct(values).alias("value"))
    return pl.when(value.is_not_null()).then(pair)


def where() -> list[pl.Expr]:
    """Device, country and the visit's origin."""
    category = pl.col("device").replace({"app": "mobile"})
    platform = pl.col("device").replace_strict(PLATFORMS, default="WEB", return_dtype=pl.String)
    return [
        pl.struct(category.alias("category"), pl.lit("de-de").alias("language")).alias("device"),
        pl.struct(pl.col("country_code").replace(COUNTRIES).alias("country")).alias("geo"),
        pl.struct(
            pl.col("campaign_id").alias("manual_campaign_id"),
            pl.col("source").alias("manual_source"),
            pl.col("medium").alias("manual_medium"),
        ).alias("collected_traffic_source"),
        platform.alias("platform"),
        pl.lit(value=2_100_450_278).alias("stream_id"),
    ]


def worth() -> list[pl.Expr]:
    """What was bought."""
    bought = pl.col("event_type") == "order_completed"
    order = pl.when(bought).then("order_id").otherwise(pl.lit("(not set)"))
    empty = pl.lit([], dtype=pl.List(pl.Struct(ITEM_SCHEMA)))
    return [
        pl.struct(
            pl.when(bought).then("value_amount").alias("purchase_revenue"),
            order.alias("transaction_id"),
        ).alias("ecommerce"),
        pl.coalesce("items", empty).alias("items"),
    ]


ITEM_SCHEMA = {
    "item_id": pl.String,
    "item_category": pl.String,
    "price": pl.Float64,
    "quantity": pl.Int64,
    "affiliation": pl.String,
}


def write_ga4(rows: pl.DataFrame, folder: Path, day: str) -> None:
    """Writes the rows as nested Parquet and as JSON lines."""
    folder.mkdir(parents=True, exist_ok=True)
    table = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
    pq.write_table(table, folder / f"events_{day}.parquet", compression="zstd")
    rows.write_ndjson(folder / f"events_{day}.jsonl")
