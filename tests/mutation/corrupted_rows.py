"""Rows that are wrong one by one, in files that can be read: no neighbour is needed to see it."""

import polars as pl

from tests.mutation.delivery import Delivery
from tests.mutation.plants import Corruption, each, kind, moved, times

NEVER = "9999-12-31 00:00:00"


def _events_of_words(delivery: Delivery) -> None:
    delivery.put(delivery.rows.with_columns(pl.col("occurred_at").cast(pl.String) + " o'clock"))


ROWS: list[Corruption] = [
    kind("a required value left out", "orders/quarantine/missing_value", each(9, status=None)),
    kind(
        "a number in words",
        "order_lines/quarantine/invalid_decimal",
        each(9, quantity="two"),
    ),
    kind(
        "a decimal comma",
        "order_lines/quarantine/invalid_decimal",
        each(9, unit_price="12,50"),
    ),
    kind(
        "more decimals than a cent has",
        "invoices/quarantine/too_precise",
        each(9, net_amount="12.345"),
    ),
    kind(
        "a negative amount",
        "invoices/quarantine/below_minimum",
        each(9, net_amount="-" + pl.col("net_amount")),
    ),
    kind("an order of nothing", "order_lines/quarantine/below_minimum", each(9, quantity="0")),
    kind("a rating of six", "reviews/quarantine/above_maximum", each(9, rating="6")),
    kind(
        "perhaps for yes or no",
        "consents/quarantine/invalid_boolean",
        each(9, is_granted="perhaps"),
    ),
    kind(
        "day and month exchanged",
        "orders/quarantine/invalid_timestamp",
        each(9, ordered_at="30.06.2026 10:00"),
    ),
    kind("times in words, in Parquet", "events/quarantine/invalid_timestamp", _events_of_words),
    kind("a date that means never", "invoices/quarantine/out_of_range", each(9, due_at=NEVER)),
    kind(
        "orders of next week",
        "orders/quarantine/in_the_future",
        each(9, ordered_at=moved("ordered_at", days=7)),
    ),
    kind(
        "a consent of the day after tomorrow",
        "consents/quarantine/in_the_future",
        each(2, stated_at=moved("stated_at", days=3)),
    ),
    kind("a status that nobody knows", "orders/quarantine/not_allowed", each(9, status="lost")),
    kind(
        "a currency in small letters",
        "orders/quarantine/pattern_mismatch",
        each(9, currency_code="eur"),
    ),
    kind(
        "orders of nobody",
        "orders/quarantine/none_given",
        each(2, customer_id=None, customer_record_id=None),
    ),
    kind(
        "a whole file of unknown statuses",
        "orders/usable_files/mostly_quarantined",
        each(1, status="S-01"),
    ),
    kind(
        "a currency that is none",
        "orders/expectations/currency_code_is_in_the_list",
        each(9, currency_code="EUX"),
    ),
    kind(
        "a price in hundredths of cents",
        "order_lines/expectations/unit_price_is_plausible",
        each(9, unit_price=times("unit_price", "1000000")),
    ),
    kind(
        "orders of a million units",
        "order_lines/expectations/quantity_is_plausible",
        each(9, quantity="1000000"),
    ),
    kind(
        "names where e-mail addresses belong",
        "customers/expectations/email_is_well_formed",
        each(1, email="Erika Mustermann"),
    ),
]
