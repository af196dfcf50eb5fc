"""Wrong documents: each is sound by itself, and one of two systems' books no longer agree with it.

A plant sends corrected rows as the systems would, and says under which check, vendor and day the
difference has to stand.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from sources.contract import all_contracts
from sources.simulator.daily import day_path
from sources.simulator.feed_folders import write

Row = dict[str, Any]
LATE_FEED = "reviews"
_DAY = "cast(timezone('Europe/Berlin', timezone('UTC', o.ordered_at)) as date)"
# Old enough that no allowance for time explains anything, and of one vendor, so that it is his.
_OLD = (
    "o.status = 'delivered' and o.ordered_at < timestamp '2026-05-10' and (select "
    "count(distinct vendor_id) from raw.order_lines_current as l where l.order_id = o.order_id) = 1"
)


@dataclass
class Books:
    """The warehouse before, and what is sent to it."""

    connection: duckdb.DuckDBPyConnection
    feeds: Path
    day: date
    expected: dict[str, str] = field(default_factory=dict)
    _sent: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    _used: set[str] = field(default_factory=set)

    def one(self, query: str) -> Row:
        """The first row whose vendor and day no other plant has."""
        for row in self.connection.execute(query).pl().to_dicts():
            place = f"{row['_vendor']} {row['_day']}"
            if place not in self._used:
                self._used.add(place)
                return dict(row)
        raise LookupError(query)

    def send(self, feed: str, row: Row, **changes: Any) -> None:
        """A row of the feed once more, changed and newer."""
        stamp = {"updated_at": f"{self.day} 22:30:00"}
        new = {name: str(value) for name, value in row.items() if value is not None}
        new |= {name: str(value) for name, value in (stamp | changes).items()}
        self._sent[feed].append({name: new.get(name) for name in all_contracts()[feed].columns})

    def write(self) -> list[str]:
        """Delivers everything in files of their feeds' formats; returns those feeds."""
        for feed, rows in self._sent.items():
            path = day_path(self.feeds, feed, self.day)
            name = path.name.replace(str(self.day), "corrections")
            types = dict.fromkeys(all_contracts()[feed].columns, pl.String)
            write(pl.DataFrame(rows, schema=types), path.with_name(name))
        return list(self._sent)


def _document(books: Books, feed: str, condition: str) -> Row:
    """A document of an old order with its vendor and the order's day."""
    vendor = (
        "(select min(vendor_id) from raw.order_lines_current as l where l.order_id = o.order_id)"
    )
    return books.one(
        f"select d.* exclude (_row_id, _load_id, _line, _recorded_at, _sequence), "
        f"{vendor} as _vendor, {_DAY} as _day from raw.{feed}_current as d "
        f"join raw.orders_current as o using (order_id) where {condition} "
        f"order by hash(d.{feed[:-1]}_id)"
    )


def _payout(books: Books) -> Row:
    return books.one(
        "select * exclude (_row_id, _load_id, _line, _recorded_at, _sequence), "
        "vendor_id as _vendor, period_end as _day from raw.payouts_current "
        "where period_end < date '2026-06-10' and gross_amount > 500 and status = 'paid' "
        "order by hash(payout_id)"
    )


def _place(row: Row, check: str) -> str:
    return f"mart_reconciliation/{check} {row['_vendor']} {row['_day']}"


def _invoice(books: Books) -> Row:
    goods = "d.document_kind = 'invoice' and d.vendor_id is not null and d.net_amount > 60"
    return _document(books, "invoices", f"{_OLD} and {goods}")


def _payment(books: Books) -> Row:
    return _document(books, "payments", f"{_OLD} and d.status = 'paid' and d.amount > 60")


def invoice_mistyped(books: Books) -> str:
    row = _invoice(books)
    books.send("invoices", row, net_amount=row["net_amount"] + 90)
    return _place(row, "erp/goods")


def invoice_lost(books: Books) -> str:
    row = _invoice(books)
    books.send("invoices", row, is_deleted="true")
    return _place(row, "erp/goods")


def invoice_twice(books: Books) -> str:
    row = _invoice(books)
    books.send("invoices", row, invoice_id=f"{row['invoice_id']}-2")
    return _place(row, "erp/goods")


def invoice_of_no_order(books: Books) -> str:
    row = _invoice(books)
    row["_day"] = row["issued_at"].date()
    books.send("invoices", row, invoice_id="I-NONE", order_id="O-NONE")
    return _place(row, "erp/goods")


def shipping_mistyped(books: Books) -> str:
    row = _invoice(books)
    books.send("invoices", row, shipping_amount=(row["shipping_amount"] or Decimal(0)) + 20)
    return _place(row, "erp/shipping")


def payment_lost(books: Books) -> str:
    row = _payment(books)
    books.send("payments", row, is_deleted="true")
    return _place(row, "accounting/payments")


def payment_twice(books: Books) -> str:
    row = _payment(books)
    books.send("payments", row, payment_id=f"{row['payment_id']}-2")
    return _place(row, "accounting/payments")


def payment_in_cents(books: Books) -> str:
    row = _payment(books)
    books.send("payments", row, amount=row["amount"] * 100)
    return _place(row, "accounting/payments")


def refund_forgotten(books: Books) -> str:
    ended = "o.status = 'cancelled' and o.ordered_at < timestamp '2026-05-25'"
    row = _document(books, "payments", f"{ended} and d.status = 'refunded' and d.amount > 10")
    books.send("payments", row, status="paid")
    return _place(row, "accounting/refunds")


def payout_short(books: Books) -> str:
    row = _payout(books)
    gross, net = row["gross_amount"] - 80, row["net_amount"] - 80
    books.send("payouts", row, gross_amount=gross, net_amount=net)
    return _place(row, "payouts/goods")


def commission_too_high(books: Books) -> str:
    row = _payout(books)
    kept, net = row["commission_amount"] + 80, row["net_amount"] - 80
    books.send("payouts", row, commission_amount=kept, net_amount=net)
    return _place(row, "payouts/commission")


def refund_invented(books: Books) -> str:
    row = _payout(books)
    refund, net = (row["refund_amount"] or Decimal(0)) + 80, row["net_amount"] - 80
    books.send("payouts", row, refund_amount=refund, net_amount=net)
    return _place(row, "payouts/refunds")


def payout_that_does_not_add_up(books: Books) -> str:
    row = _payout(books)
    books.send("payouts", row, net_amount=row["net_amount"] - 40)
    return _place(row, "payouts/net")


def vendor_vanished(books: Books) -> str:
    """One vendor's lines of a paid order are deleted; nobody is left to whom the money belongs."""
    row = _payment(books)
    lines = books.connection.execute(
        "select * exclude (_row_id, _load_id, _line, _recorded_at, _sequence) "
        "from raw.order_lines_current where order_id = ?",
        [row["order_id"]],
    ).pl()
    for line in lines.to_dicts():
        books.send("order_lines", line, is_deleted="true")
    row["_vendor"] = "nobody"
    return _place(row, "accounting/payments")


def feed_gone_stale(books: Books) -> str:
    """Three days of the feed never came."""
    since = f"{date.fromordinal(books.day.toordinal() - 1)} 00:00:00"
    loads = "select sequence from raw.loads where feed = ? and recorded_at > cast(? as timestamp)"
    for table in (f"raw.{LATE_FEED}", f"raw.{LATE_FEED}_superseded"):
        books.connection.execute(
            f"delete from {table} where _sequence in ({loads})", [LATE_FEED, since]
        )
    for table in ("raw.touched_dates", "raw.loads"):
        books.connection.execute(
            f"delete from {table} where sequence in ({loads})", [LATE_FEED, since]
        )
    for table in ("raw.feed_days", "raw.feed_days_counted"):
        books.connection.execute(f"delete from {table} where feed = ?", [LATE_FEED])
    return f"mart_feed_status/late {LATE_FEED}"


BOOKS: dict[str, tuple[str, Callable[[Books], str]]] = {
    "an invoice with two digits exchanged": ("mart_reconciliation/erp/goods", invoice_mistyped),
    "an invoice lost": ("mart_reconciliation/erp/goods", invoice_lost),
    "an invoice sent twice": ("mart_reconciliation/erp/goods", invoice_twice),
    "an invoice of no order": ("mart_reconciliation/erp/goods", invoice_of_no_order),
    "shipping mistyped on an invoice": ("mart_reconciliation/erp/shipping", shipping_mistyped),
    "a payment lost": ("mart_reconciliation/accounting/payments", payment_lost),
    "a payment booked twice": ("mart_reconciliation/accounting/payments", payment_twice),
    "a payment in cents": ("mart_reconciliation/accounting/payments", payment_in_cents),
    "a refund forgotten": ("mart_reconciliation/accounting/refunds", refund_forgotten),
    "a payout that is short": ("mart_reconciliation/payouts/goods", payout_short),
    "a commission too high": ("mart_reconciliation/payouts/commission", commission_too_high),
    "a refund invented in a payout": ("mart_reconciliation/payouts/refunds", refund_invented),
    "a payout that does not add up": (
        "mart_reconciliation/payouts/net",
        payout_that_does_not_add_up,
    ),
    "a paid order whose lines vanished": (
        "mart_reconciliation/accounting/payments",
        vendor_vanished,
    ),
    "a feed that has gone stale": ("mart_feed_status/late", feed_gone_stale),
}
