"""The metrics of the scorecard counted a second time: polars over the feeds, nothing of the models.

Each function returns numerator and denominator per vendor of a window of days, both ends as dates,
the last one excluded, as known at its end.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import polars as pl

from tests.quality.feeds_as_delivered import LINE, PART, ZONE, Feeds, day, half_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Counts = pl.DataFrame


def _counted(frame: pl.DataFrame, top: pl.Expr, bottom: pl.Expr | None = None) -> Counts:
    return frame.group_by("vendor_id").agg(
        numerator=top.sum().cast(pl.Float64),
        denominator=(pl.len() if bottom is None else bottom.sum()).cast(pl.Float64),
    )


def order_defects(feeds: Feeds) -> Counts:
    """Parts with one or two stars, a claim that stood, or a chargeback; 60 days."""
    reviews = feeds.of("reviews").filter(pl.col("rating") <= 2, day("created_at") < feeds.end)
    claims = feeds.of("tickets").filter(
        pl.col("kind").is_in(["claim", "chargeback"]),
        ~pl.col("resolution").fill_null("").is_in(["denied", "withdrawn"]),
    )
    backs = (
        feeds.of("payments")
        .filter(kind="chargeback", status="paid")
        .join(feeds.of("invoices").select("invoice_id", "vendor_id"), on="invoice_id", how="left")
    )
    defects = pl.concat([frame.select(PART) for frame in (reviews, claims, backs)])
    named = defects.drop_nulls().unique().with_columns(is_named=True)
    unnamed = defects.filter(pl.col("vendor_id").is_null()).select("order_id").unique()
    parts = feeds.between(feeds.parts, "order_date", 60).join(named, on=PART, how="left")
    is_defective = pl.col("is_named").fill_null(value=False) | pl.col("order_id").is_in(
        unnamed["order_id"].implode()
    )
    return _counted(parts, is_defective)


def _returned(feeds: Feeds) -> pl.DataFrame:
    return feeds.of("returns").filter(pl.col("status") != "refused")


def incidents(feeds: Feeds) -> Counts:
    """Accepted lines with a complaint in earnest or a return for a fault; 60 days."""
    lines = feeds.between(feeds.lines, "order_date", 60).filter(day("accepted_at") < feeds.end)
    tickets = (
        feeds.of("tickets")
        .filter(
            pl.col("kind").is_in(["complaint", "claim", "chargeback"]),
            pl.col("resolution").fill_null("") != "withdrawn",
        )
        .select("order_id", of_vendor="vendor_id", of_product="product_id")
    )
    complained = (
        lines.join(tickets, on="order_id")
        .filter(
            pl.col("of_vendor").is_null() | (pl.col("of_vendor") == pl.col("vendor_id")),
            pl.col("of_product").is_null() | (pl.col("of_product") == pl.col("product_id")),
        )
        .select(LINE)
    )
    back = _returned(feeds).filter(~pl.col("reason").is_in(["changed_mind", "other"])).select(LINE)
    troubled = pl.concat([complained, back]).unique().with_columns(is_troubled=True)
    joined = lines.join(troubled, on=LINE, how="left")
    return _counted(joined, pl.col("is_troubled").fill_null(value=False))


def returns(feeds: Feeds) -> Counts:
    """Delivered lines with a return; 90 days of delivery."""
    back = _returned(feeds).select(LINE).unique().with_columns(is_back=True)
    lines = feeds.between(
        feeds.shipped.with_columns(delivered=day("delivered_at")), "delivered", 90
    ).join(back, on=LINE, how="left")
    return _counted(lines, pl.col("is_back").fill_null(value=False))


def refunds(feeds: Feeds) -> Counts:
    """Units paid back of units ordered, without cancelled lines; 90 days."""
    paid = (
        feeds.of("returns")
        .filter(day("refunded_at") < feeds.end)
        .group_by(LINE)
        .agg(back=pl.col("quantity").sum())
    )
    standing = feeds.lines.filter(~pl.col("status").is_in(["cancelled", "unavailable"]))
    lines = feeds.between(standing, "order_date", 90).join(paid, on=LINE, how="left")
    return _counted(
        lines, pl.min_horizontal(pl.col("back").fill_null(0), "quantity"), pl.col("quantity")
    )


def acceptance(feeds: Feeds) -> Counts:
    """First decisions that were to accept; 30 days of the decision."""
    events = feeds.of("order_events").filter(
        pl.col("event_type").is_in(["accepted", "refused", "auto_rejected"])
    )
    first = events.sort("occurred_at", "order_event_id").unique(PART, keep="first")
    known = first.join(feeds.parts, on=PART).with_columns(decided=day("occurred_at"))
    return _counted(feeds.between(known, "decided", 30), pl.col("event_type") == "accepted")


def acceptance_hours(feeds: Feeds) -> Counts:
    """Hours of working days from when the vendor had the order, day by day; 30 days."""
    events = feeds.of("order_events").drop_nulls("vendor_id")
    decisions = events.filter(pl.col("event_type").is_in(["accepted", "refused", "auto_rejected"]))
    first = decisions.sort("occurred_at", "order_event_id").unique(PART, keep="first")
    accepted = first.filter(event_type="accepted").join(feeds.parts, on=PART)
    sent = events.filter(event_type="sent_to_vendor").select(*PART, sent_at="occurred_at")
    vendors = feeds.of("vendors").select("vendor_id", "country_code", "region", "cut_off_time")
    timed = feeds.between(accepted.with_columns(decided=day("occurred_at")), "decided", 30)
    timed = timed.join(sent, on=PART).join(vendors, on="vendor_id")
    rests = _days_of_rest(feeds)
    hours = [_worked(row, rests) for row in timed.iter_rows(named=True)]
    return _counted(timed.with_columns(hours=pl.Series(hours)), half_up(pl.col("hours")))


def _days_of_rest(feeds: Feeds) -> set[tuple[date, str, str, str]]:
    calendar = feeds.of("calendar")
    rest = pl.col("kind").is_in(["public_holiday", "company_closure"])
    free = calendar.filter(~pl.coalesce("is_working_day", ~rest))
    return set(free.select("calendar_date", "country_code", "region", "vendor_id").rows())


def _worked(row: dict[str, Any], rests: set[tuple[date, str, str, str]]) -> float:
    """What of each day between the two moments was worked."""

    def works(on: date) -> bool:
        places = product(
            (row["country_code"], "ZZ"), (row["region"], "all"), (row["vendor_id"], "all")
        )
        return on.weekday() < 5 and not any((on, *place) in rests for place in places)

    start, end = (
        row[name].replace(tzinfo=UTC).astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
        for name in ("sent_at", "occurred_at")
    )
    if works(start.date()) and f"{start:%H:%M}" > row["cut_off_time"]:
        start = datetime.combine(start.date() + timedelta(days=1), time())
    hours, midnight = 0.0, datetime.combine(start.date(), time())
    while midnight < end:
        if works(midnight.date()):
            until = min(end, midnight + timedelta(days=1))
            hours += max((until - max(start, midnight)).total_seconds(), 0) / 3600
        midnight += timedelta(days=1)
    return hours


def _followed(feeds: Feeds) -> pl.DataFrame:
    scans = feeds.of("shipment_events").filter(
        pl.col("event_type").is_in(["scanned", "out_for_delivery", "attempted", "delivered"])
    )
    parcels = feeds.of("shipments").filter(day("shipped_at") < feeds.end)
    parcels = parcels.join(feeds.parts, on=PART).with_columns(promised=day("promised_at"))
    is_scanned = pl.col("first_scan_at").is_not_null() | pl.col("shipment_id").is_in(
        scans["shipment_id"].implode()
    )
    return feeds.between(parcels, "promised", 30).with_columns(
        is_followed=pl.col("tracking_number").is_not_null() & is_scanned
    )


def tracking(feeds: Feeds) -> Counts:
    """Parcels with a number and a scan, of those handed over; 30 days of the promise."""
    return _counted(_followed(feeds), pl.col("is_followed"))


def own_tracking(feeds: Feeds) -> Counts:
    """The same without parcels that the platform packed and that cannot be followed."""
    is_own = pl.col("fulfilled_by").fill_null("vendor") != "platform"
    return _counted(_followed(feeds).filter(is_own | pl.col("is_followed")), pl.col("is_followed"))


def answers(feeds: Feeds) -> Counts:
    """Hours to the first answer of a person, 72 at most; questions of 30 days."""
    messages = feeds.of("vendor_messages").filter(day("sent_at") < feeds.end)
    people = messages.filter(~((pl.col("direction") == "outbound") & pl.col("is_automatic")))
    people = people.sort("conversation_id", "sent_at", "message_id")
    asked = (pl.col("direction") == "inbound") & pl.col("needs_answer")
    people = people.with_columns(
        answered=pl.when(direction="outbound")
        .then("sent_at")
        .otherwise(None)
        .backward_fill()
        .over("conversation_id"),
        asked_before=asked.shift(1, fill_value=False).over("conversation_id"),
    )
    hours = (pl.col("answered") - pl.col("sent_at")).dt.total_seconds() / 3600
    questions = people.filter(asked, ~pl.col("asked_before")).with_columns(
        asked_on=day("sent_at"), hours=hours.fill_null(72).clip(upper_bound=72)
    )
    known = questions.filter(
        pl.when(pl.col("hours") < 72)
        .then(day("answered"))
        .otherwise(pl.col("asked_on") + timedelta(days=3))
        < feeds.end
    )
    return _counted(feeds.between(known, "asked_on", 30), half_up(pl.col("hours")))


def stock_outs(feeds: Feeds) -> Counts:
    """Days of an offer without stock of those it was active and counted, one row each; 30 days."""
    stock = feeds.of("inventory").select("offer_id", "location", "stock_date", "quantity_on_hand")
    first, days = feeds.end - timedelta(days=30), pl.date_range
    offers = feeds.of("offers").with_columns(
        until=pl.when(pl.col("status").is_in(["paused", "refused", "closed"]))
        .then(day("updated_at"))
        .otherwise(pl.lit(feeds.end))
    )
    every = pl.DataFrame({"on": days(first, feeds.end, closed="left", eager=True)})
    places = stock.select("offer_id", "location").unique().join(every, how="cross")
    held = places.sort("on").join_asof(
        stock.sort("stock_date"),
        left_on="on",
        right_on="stock_date",
        by=["offer_id", "location"],
        check_sortedness=False,
    )
    by_day = (
        held.drop_nulls("quantity_on_hand")
        .group_by("offer_id", "on")
        .agg(pl.col("quantity_on_hand").sum())
    )
    # a vendor that has sold nothing yet has no scorecard
    active = by_day.join(offers.select("offer_id", "vendor_id", "until"), on="offer_id").join(
        feeds.parts.select("vendor_id").unique(), on="vendor_id"
    )
    return _counted(active.filter(pl.col("on") < pl.col("until")), pl.col("quantity_on_hand") <= 0)


def invoices(feeds: Feeds) -> Counts:
    """Invoices corrected, or a part's first later than the day after the handover; 90 days."""
    has_ended = pl.col("status").is_in(["cancelled", "unavailable"])
    handed = (
        feeds.shipped.join(feeds.lines.select(*LINE, "status"), on=LINE)
        .filter(~has_ended | pl.col("shipped_at").is_not_null())
        .group_by(PART)
        .agg(
            out=pl.when(pl.col("shipped_at").is_null().any())
            .then(None)
            .otherwise(day("shipped_at").max())
        )
    )
    asked = feeds.of("invoices").filter(
        pl.col("document_kind") == "invoice", pl.col("status") != "draft"
    )
    judged = (
        asked.with_columns(
            issued=day("issued_at"),
            first=pl.col("invoice_id").sort_by("issued_at", "invoice_id").first().over(PART),
        )
        .join(feeds.parts, on=PART)
        .join(handed, on=PART, how="left")
    )
    is_first = pl.col("invoice_id") == pl.col("first")
    is_late = (is_first & (pl.col("issued") > pl.col("out") + timedelta(days=1))).fill_null(
        value=False
    )
    return _counted(
        feeds.between(judged, "issued", 90), pl.col("is_corrected").fill_null(value=False) | is_late
    )


RECOUNTS: Mapping[str, Callable[[Feeds], Counts]] = {
    "order_defect_rate": order_defects,
    "incident_rate": incidents,
    "return_rate": returns,
    "refund_rate": refunds,
    "acceptance_rate": acceptance,
    "acceptance_hours": acceptance_hours,
    "valid_tracking_rate": tracking,
    "response_hours": answers,
    "stock_out_rate": stock_outs,
    "invoice_defect_rate": invoices,
}

# What the vendor answers for. Who caused a late delivery is recounted on Olist's files.
OWN_RECOUNTS: Mapping[str, Callable[[Feeds], Counts]] = {
    "acceptance_rate": acceptance,
    "acceptance_hours": acceptance_hours,
    "valid_tracking_rate": own_tracking,
    "response_hours": answers,
    "stock_out_rate": stock_outs,
    "invoice_defect_rate": invoices,
}
