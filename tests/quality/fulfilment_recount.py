"""Shipments, deliveries, cancellations and ratings counted a second time: polars over the feeds.

As in scorecard_recount: numerator and denominator per vendor, as known at the window's end. The
worst line of a vendor's part of an order speaks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from tests.quality.feeds_as_delivered import LINE, PART, Feeds, day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NEVER_SENT = pl.col("sent").is_null() | (pl.col("cancelled_at") < pl.col("sent")).fill_null(
    value=False
)


def lines_as_known(feeds: Feeds) -> pl.DataFrame:
    """Every line with its parcel's times, those after the end being unknown."""
    parcels = feeds.shipped.select(
        *LINE,
        "shipped_at",
        "delivered_at",
        due_by_parcel=pl.col("ship_by_at_shipment"),
        promised_by_parcel=pl.col("promised_at_shipment"),
        packed_by="fulfilled_by",
    )

    def known(name: str) -> pl.Expr:
        return pl.when(day(name) < feeds.end).then(pl.col(name))

    joined = feeds.lines.join(parcels, on=LINE, how="left").with_columns(
        sent=known("shipped_at"),
        there=known("delivered_at"),
        due=pl.coalesce("ship_by_at", "due_by_parcel"),
        promised=pl.coalesce("promised_at", "promised_by_parcel"),
        is_lost=pl.col("status").is_in(["cancelled", "unavailable"])
        | (pl.col("order_status") == "cancelled"),
    )
    return joined.with_columns(due_on=day("due"), promised_on=day("promised"))


def worst(lines: pl.DataFrame, is_bad: pl.Expr) -> pl.DataFrame:
    """The line that decides of each part, with `is_bad`."""
    judged = lines.with_columns(is_bad=is_bad.fill_null(value=False))
    ordered = judged.sort("is_bad", "order_line_id", descending=[True, False])
    return ordered.unique(PART, keep="first", maintain_order=True)


def _counted(parts: pl.DataFrame, top: pl.Expr) -> pl.DataFrame:
    return parts.group_by("vendor_id").agg(
        numerator=top.sum().cast(pl.Float64), denominator=pl.len().cast(pl.Float64)
    )


def late_shipments(feeds: Feeds) -> pl.DataFrame:
    """Parts handed over late, or due and not handed over; 90 days of the ship-by date."""
    lines = lines_as_known(feeds).filter(
        pl.col("packed_by").fill_null("vendor") == "vendor",
        pl.col("due").is_not_null(),
        ~(pl.col("is_lost") & NEVER_SENT),
    )
    is_late = (pl.col("sent") > pl.col("due")).fill_null(pl.col("due_on") < feeds.end)
    parts = worst(lines, is_late)
    return _counted(feeds.between(parts, "due_on", 90), pl.col("is_bad"))


def on_time(feeds: Feeds) -> pl.DataFrame:
    """Parts delivered by the promised time; 90 days of the promise."""
    lines = lines_as_known(feeds).filter(
        pl.col("promised").is_not_null(), ~(pl.col("is_lost") & NEVER_SENT)
    )
    is_late = (pl.col("there") > pl.col("promised")).fill_null(pl.col("promised_on") < feeds.end)
    parts = worst(lines, is_late)
    return _counted(
        feeds.between(parts, "promised_on", 90),
        (pl.col("there") <= pl.col("promised")).fill_null(value=False),
    )


def late_by_date(feeds: Feeds) -> pl.DataFrame:
    """Delivered parts that came after the promised day; 90 days of the promise."""
    lines = lines_as_known(feeds).filter(
        pl.col("promised").is_not_null(), pl.col("there").is_not_null()
    )
    parts = worst(lines, day("there") > pl.col("promised_on"))
    return _counted(feeds.between(parts, "promised_on", 90), pl.col("is_bad"))


def _lost(feeds: Feeds) -> pl.DataFrame:
    is_lost = (pl.col("status") == "unavailable") | (
        pl.col("is_lost") & (pl.col("cancelled_by").fill_null("unknown") != "buyer") & NEVER_SENT
    )
    return feeds.between(worst(lines_as_known(feeds), is_lost), "order_date", 90)


def cancellations(feeds: Feeds) -> pl.DataFrame:
    """Parts that the vendor's side lost before shipping; 90 days of the order."""
    return _counted(_lost(feeds), pl.col("is_bad"))


def own_cancellations(feeds: Feeds) -> pl.DataFrame:
    """The same, of those lost the ones that the vendor cancelled, had not, refused or let lapse."""
    events = feeds.of("order_events").filter(
        pl.col("event_type").is_in(["accepted", "refused", "auto_rejected"])
    )
    first = events.sort("occurred_at", "order_event_id").unique(PART, keep="first")
    refused = first.filter(pl.col("event_type") != "accepted").select(*PART, is_refused=True)
    is_own = (
        (pl.col("status") == "unavailable")
        | (pl.col("cancelled_by") == "vendor")
        | (
            pl.col("is_refused")
            & ~pl.col("cancel_reason").fill_null("").is_in(["payment_failed", "fraud_suspected"])
        )
    ).fill_null(value=False)
    parts = _lost(feeds).join(refused, on=PART, how="left")
    return _counted(parts.filter(~pl.col("is_bad") | is_own), pl.col("is_bad"))


def ratings(feeds: Feeds) -> pl.DataFrame:
    """Stars and reviews of each vendor's parts; 180 days of the review."""
    reviews = feeds.of("reviews").select(
        "order_id", "rating", of_vendor="vendor_id", reviewed=day("created_at")
    )
    spoken = feeds.parts.join(reviews, on="order_id").filter(
        pl.col("of_vendor").is_null() | (pl.col("of_vendor") == pl.col("vendor_id"))
    )
    return _counted(feeds.between(spoken, "reviewed", 180), pl.col("rating"))


FULFILMENT: Mapping[str, Callable[[Feeds], pl.DataFrame]] = {
    "late_shipment_rate": late_shipments,
    "on_time_delivery_rate": on_time,
    "late_delivery_rate_by_date": late_by_date,
    "vendor_cancellation_rate": cancellations,
    "review_score": ratings,
}
OWN_FULFILMENT: Mapping[str, Callable[[Feeds], pl.DataFrame]] = {
    "vendor_cancellation_rate": own_cancellations,
    "review_score": ratings,
}
