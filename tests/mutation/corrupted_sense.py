"""Rows that are sound one by one, and wrong beside other rows, other feeds or other days."""

from datetime import datetime, time, timedelta

import polars as pl

from tests.mutation.delivery import Delivery
from tests.mutation.plants import Corruption, each, kind, moved, rows, times


def _absent(delivery: Delivery) -> None:
    delivery.path.unlink()


def _another_order(delivery: Delivery) -> None:
    """The same rows, so the bytes differ and nothing else."""
    delivery.put_beside(
        "feeds/orders/orders-again.csv",
        delivery.rows.reverse().write_csv().encode(),
    )


def _contradiction(delivery: Delivery) -> None:
    """Some orders once more under another customer, and no newer version."""
    again = delivery.rows.head(5).with_columns(pl.lit("C-1").alias("customer_id"))
    delivery.put(pl.concat([delivery.rows, again]))


def _lines_of_other_orders(delivery: Delivery) -> None:
    """The lines of the last days' orders are deleted."""
    numbers = delivery.rows["order_id"].unique().sort()
    recent = delivery.rows.filter(pl.col("order_id").is_in(numbers.tail(400).to_list()))
    stamp = f"{delivery.day} 23:59:59"
    delivery.put(recent.with_columns(is_deleted=pl.lit("true"), updated_at=pl.lit(stamp)))


def _twice(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    return pl.concat([frame, frame.with_columns((pl.col(column) + "-2").alias(column))])


def _placed_that_day(frame: pl.DataFrame) -> pl.Expr:
    return pl.col("ordered_at") > frame["ordered_at"].max()[:10]


def _vendors_turned(delivery: Delivery) -> None:
    frame = delivery.known.tail(3).with_columns(
        (pl.col("name") + "\u202egro").alias("name"),
        pl.lit(f"{delivery.day} 20:00:00").alias("updated_at"),
    )
    delivery.put(frame)


def _ids_again(delivery: Delivery) -> None:
    """A counter that began anew: the day's events have the ids of the day before."""
    before = Delivery(delivery.feed, delivery.day - timedelta(days=1), delivery.inbox).rows
    used = before["event_id"].unique(maintain_order=True)
    frame = delivery.rows
    number = frame["event_id"].rank("dense").cast(pl.Int64) - 1
    delivery.put(frame.with_columns(used.gather(number % used.len()).alias("event_id")))


def _id(copy: int) -> pl.Expr:
    return (pl.lit(f"b{copy}-") + pl.col("event_id")).alias("event_id")


def _bots(frame: pl.DataFrame) -> pl.DataFrame:
    flood = [frame.with_columns(_id(n)) for n in range(12)]
    return pl.concat([frame, *flood])


def _declared_bots(frame: pl.DataFrame) -> pl.DataFrame:
    flood = [frame.with_columns(_id(n), is_bot=pl.lit(value=True)) for n in range(60)]
    return pl.concat([frame, *flood])


def _late(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col("occurred_at").dt.offset_by("-40d"))


def _ahead(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col("occurred_at").dt.offset_by("2h"))


def _unsubscribed(delivery: Delivery) -> None:
    """The last messages once more: their readers are gone."""
    late = pl.lit(datetime.combine(delivery.day, time(20))).cast(pl.Datetime("ms"))
    gone = delivery.known.tail(30).with_columns(
        pl.col("sent_at").alias("unsubscribed_at"), late.alias("updated_at")
    )
    delivery.put(gone)


def _nobody(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.lit(None, pl.String).alias("visitor_id"), has_analytics_consent=pl.lit(value=True)
    )


def _mass_deletion(delivery: Delivery) -> None:
    stamp = f"{delivery.day} 23:59:59"
    delivery.put(delivery.rows.with_columns(is_deleted=pl.lit("true"), updated_at=pl.lit(stamp)))


def _exchanged(frame: pl.DataFrame, one: str, other: str) -> pl.DataFrame:
    return frame.with_columns(pl.col(one).alias(other), pl.col(other).alias(one))


SENSE: list[Corruption] = [
    kind("a day that never came", "orders/volume/row_count", _absent),
    kind("a day without its order lines", "order_lines/volume/row_count", _absent),
    Corruption(
        "three days of orders without their lines",
        "order_lines",
        _lines_of_other_orders,
        "orders/expectations/line_count_is_plausible",
    ),
    kind(
        "a day's orders again under new ids",
        "orders/expectations/lineless_share",
        rows(lambda frame: _twice(frame.filter(_placed_that_day(frame)), "order_id")),
    ),
    kind(
        "payments booked four times",
        "payments/volume/row_count",
        rows(lambda frame: _twice(_twice(frame, "payment_id"), "payment_id")),
    ),
    kind("a day's rows in a second file", "orders/ledger/nothing_new", _another_order),
    kind(
        "one order twice, with two customers",
        "orders/expectations/contradicting_count",
        _contradiction,
    ),
    kind("a day deleted", "orders/volume/row_count", _mass_deletion),
    kind(
        "lines of orders that never came",
        "order_lines/expectations/order_id_is_known",
        each(1, order_id="X" + pl.col("order_id")),
    ),
    kind(
        "vendors in small letters",
        "order_lines/expectations/vendor_id_is_known",
        each(1, vendor_id=pl.col("vendor_id").str.to_lowercase()),
    ),
    kind(
        "products of another system",
        "order_lines/expectations/product_id_is_known",
        each(1, product_id="SKU" + pl.col("product_id")),
    ),
    kind(
        "two columns of ids exchanged",
        "order_lines/expectations/vendor_id_is_known",
        rows(lambda frame: _exchanged(frame, "vendor_id", "product_id")),
    ),
    Corruption(
        "prices in cents",
        "order_lines",
        each(1, unit_price=times("unit_price", "100"), line_amount=times("line_amount", "100")),
        "mart_marketplace_daily/metrics/average_order_value",
    ),
    kind(
        "commission above the price",
        "order_lines/expectations/commission_is_within_price",
        each(4, commission_amount=times("unit_price", "20")),
    ),
    Corruption(
        "orders in another currency than their payments",
        "orders",
        each(1, currency_code="USD"),
        "payments/expectations/currency_is_the_orders",
    ),
    kind(
        "delivered before it was shipped",
        "shipments/expectations/delivered_at_is_not_before_shipped_at",
        each(1, delivered_at=moved("shipped_at", hours=-5)),
    ),
    kind(
        "ordered in another time zone",
        "orders/expectations/approved_at_is_not_before_ordered_at",
        each(1, ordered_at=moved("ordered_at", hours=2)),
    ),
    kind(
        "paid before it was ordered",
        "invoices/expectations/due_at_is_not_before_issued_at",
        each(1, due_at=moved("issued_at", days=-30)),
    ),
    kind(
        "orders of another age",
        "orders/expectations/too_old_count",
        each(40, ordered_at="2019-03-01 10:00:00"),
    ),
    kind(
        "names that turn their neighbours around",
        "vendors/expectations/name_is_plain_text",
        _vendors_turned,
    ),
    kind("event ids used again", "events/volume/row_count", _ids_again),
    kind(
        "a flood of programs that name themselves",
        "events/expectations/bot_share",
        rows(_declared_bots),
    ),
    kind("a flood of programs that do not", "events/volume/row_count", rows(_bots)),
    kind("events of nobody", "events/volume/empty visitor_id", rows(_nobody)),
    kind("a tracker two hours ahead", "events/expectations/skew_share", rows(_ahead)),
    kind("events forty days late", "events/expectations/late_share", rows(_late)),
    Corruption(
        "unsubscribed, and no word of it among consents",
        "messages",
        _unsubscribed,
        "consents/expectations/unsuppressed_count",
    ),
]


def _smallest(frame: pl.DataFrame) -> str:
    """The vendor with the fewest lines; a large one is missed by the shipments of its lines."""
    return str(frame["vendor_id"].value_counts().sort("count", "vendor_id")["vendor_id"][0])


# Planted as well, to know that they are not seen; why not stands in the decision.
BLIND: list[Corruption] = [
    kind(
        "a small vendor of thirty missing for a day",
        "order_lines/volume/vendor_count",
        rows(lambda frame: frame.filter(pl.col("vendor_id") != _smallest(frame))),
    ),
    kind(
        "prices that are ten per cent too low",
        "order_lines/volume/row_count",
        each(1, unit_price=times("unit_price", "0.9")),
    ),
    kind(
        "stars counted from the wrong end",
        "reviews/volume/row_count",
        each(1, rating=(6 - pl.col("rating").cast(pl.Int64)).cast(pl.String)),
    ),
]
