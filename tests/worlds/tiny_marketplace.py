"""A marketplace small enough to be worked by hand; the sums are in tests/warehouse/test_marts.py.

Times are UTC, days are Berlin's (UTC+2 in summer), the last day that counts is 30 June 2025. Beside
the few odd orders written out here, five vendors go about their regular business (everyday.py).
"""

from datetime import date
from typing import Any, Final

from tests.worlds import everyday

NAME: Final = "tiny"
TITLE: Final = "Tiny market"
AS_OF: Final = date(2025, 6, 30)

Rows = list[dict[str, Any]]

VENDORS: Final[Rows] = [
    {"vendor_id": "V1", "name": "First", "email": "canary@example.org", "city": "Kiel"},
    {"vendor_id": "V2", "name": "Second"},
]
CATEGORIES: Final[Rows] = [{"category_id": "C1", "name": "Tools"}]
PRODUCTS: Final[Rows] = [
    {"product_id": "P1", "category_id": "C1", "name": "Hammer"},
    {"product_id": "P2", "category_id": "C2"},
]
# Two records of one person.
CUSTOMERS: Final[Rows] = [
    {
        "customer_record_id": "R1",
        "customer_id": "A",
        "name": "Old Name",
        "created_at": "2024-01-01",
    },
    {
        "customer_record_id": "R2",
        "customer_id": "A",
        "name": "New Name",
        "created_at": "2025-01-01",
    },
    {"customer_record_id": "R3", "customer_id": "B", "name": "Other"},
]


def _order(
    order_id: str, ordered_at: str, status: str = "delivered", **more: Any
) -> dict[str, Any]:
    order = {"order_id": order_id, "status": status, "currency_code": "EUR"}
    return order | {"ordered_at": ordered_at} | more


ORDERS: Final[Rows] = [
    # Two vendors, three payments, two reviews.
    _order("O1", "2025-05-01 10:00:00", customer_record_id="R1", shipping_amount=2),
    # No lines.
    _order("O2", "2025-05-02 10:00:00", customer_record_id="R2"),
    _order("O3", "2025-05-10 10:00:00", "cancelled", customer_id="B", cancelled_by="buyer"),
    # One of two lines cancelled by the vendor, known from 2 June on; the other overdue.
    _order("O4", "2025-05-11 10:00:00", "shipped", customer_id="B"),
    # Overdue and not shipped.
    _order("O5", "2025-06-01 10:00:00", "approved", customer_id="A"),
    # A vendor and a buyer nobody knows, one minute before midnight in Berlin.
    _order("O6", "2025-06-30 21:59:00", "approved", customer_record_id="R77"),
    # Midnight in Berlin: July.
    _order("O7", "2025-06-30 22:00:00", "approved", customer_id="A"),
    _order("O8", "2025-06-15 10:00:00", customer_id="A", is_test=True),
    _order("O10", "2025-06-20 10:00:00", "unavailable", customer_id="B"),
    # Delivered after the last day that counts.
    _order("O11", "2025-06-25 10:00:00", customer_id="A"),
]


def _line(line: str, order: str, vendor: str, price: str, **more: Any) -> dict[str, Any]:
    fields = {"order_line_id": line, "order_id": order, "vendor_id": vendor, "unit_price": price}
    return fields | {"product_id": "P1", "quantity": 1} | more


ORDER_LINES: Final[Rows] = [
    _line(
        *("L1", "O1", "V1", "10.005"),
        quantity=2,
        discount_amount="1.01",
        shipping_amount=3,
        commission_amount="1.90",
    ),
    _line("L2", "O1", "V2", "30", product_id="P2", shipping_amount=4),
    _line("L3", "O3", "V1", "50"),
    _line(
        *("L4a", "O4", "V1", "7"),
        status="cancelled",
        cancelled_by="vendor",
        cancelled_at="2025-06-02 10:00:00",
    ),
    _line("L4b", "O4", "V1", "8"),
    _line(
        *("L5", "O5", "V1", "12"),
        ship_by_at="2025-06-03 10:00:00",
        promised_at="2025-06-08 10:00:00",
    ),
    _line("L6", "O6", "V9", "100"),
    _line("L7", "O7", "V1", "1000"),
    _line("L8", "O8", "V1", "999"),
    _line("L10", "O10", "V2", "40"),
    _line("L11", "O11", "V2", "5"),
    _line("L99", "OX", "V1", "66"),
]
SHIPMENTS: Final[Rows] = [
    {"shipment_id": "S1", "order_id": "O1", "vendor_id": "V1", "ship_by_at": "2025-05-02 12:00:00"}
    | {"promised_at": "2025-05-06 00:00:00", "shipped_at": "2025-05-02 11:00:00"}
    | {"delivered_at": "2025-05-05 09:00:00"},
    # A day late to the carrier; ten hours after the promise, on the promised day.
    {"shipment_id": "S2", "order_id": "O1", "vendor_id": "V2", "ship_by_at": "2025-05-02 12:00:00"}
    | {"promised_at": "2025-05-06 00:00:00", "shipped_at": "2025-05-03 11:00:00"}
    | {"delivered_at": "2025-05-06 10:00:00"},
    {"shipment_id": "S3", "order_id": "O2", "promised_at": "2025-05-10 00:00:00"}
    | {"shipped_at": "2025-05-03 10:00:00", "delivered_at": "2025-05-09 10:00:00"},
    {"shipment_id": "S4", "order_id": "O4", "order_line_id": "L4b"}
    | {"ship_by_at": "2025-05-14 12:00:00", "shipped_at": "2025-05-14 11:00:00"}
    | {"promised_at": "2025-06-01 10:00:00"},
    {"shipment_id": "S11", "order_id": "O11", "ship_by_at": "2025-06-27 12:00:00"}
    | {"shipped_at": "2025-06-26 10:00:00", "promised_at": "2025-06-29 10:00:00"}
    | {"delivered_at": "2025-07-02 10:00:00"},
]
PAYMENTS: Final[Rows] = [
    {"payment_id": "Y1", "order_id": "O1", "amount": "30.00", "status": "paid"},
    {"payment_id": "Y2", "order_id": "O1", "amount": "25.99"},
    {"payment_id": "Y3", "order_id": "O1", "amount": "5.00", "status": "failed"},
    {"payment_id": "Y4", "order_id": "O2", "amount": "10.00", "status": "paid"},
    {"payment_id": "Y5", "order_id": "O3", "amount": "50.00", "status": "refunded"},
]
INVOICES: Final[Rows] = [
    # The whole order, both vendors.
    {"invoice_id": "I1", "order_id": "O1", "document_kind": "invoice", "currency_code": "EUR"}
    | {"net_amount": "49", "shipping_amount": "9", "issued_at": "2025-05-03 10:00:00"},
    # L4a was cancelled four weeks ago, and nobody credited it.
    {"invoice_id": "I4", "order_id": "O4", "vendor_id": "V1", "document_kind": "invoice"}
    | {"currency_code": "EUR", "net_amount": "15", "issued_at": "2025-05-14 12:00:00"},
    # An order that never came.
    {"invoice_id": "I9", "order_id": "OX", "vendor_id": "V1", "document_kind": "invoice"}
    | {"currency_code": "EUR", "net_amount": "66", "issued_at": "2025-06-10 12:00:00"},
]
_MAY: Final = {"currency_code": "EUR", "period_start": "2025-05-01", "period_end": "2025-05-31"}
PAYOUTS: Final[Rows] = [
    {"payout_id": "P1", "vendor_id": "V1", "gross_amount": "19", "commission_amount": "1.90"}
    | {"fee_amount": "1", "net_amount": "16.10"}
    | _MAY,
    # Five short.
    {"payout_id": "P2", "vendor_id": "V2", "gross_amount": "25", "net_amount": "25"} | _MAY,
]
REVIEWS: Final[Rows] = [
    # Names no vendor, so it speaks of both.
    {
        "review_id": "W1",
        "order_id": "O1",
        "rating": 5,
        "created_at": "2025-05-08",
        "comment": "secret",
    },
    {
        "review_id": "W2",
        "order_id": "O1",
        "rating": 2,
        "created_at": "2025-05-09",
        "vendor_id": "V2",
    },
    {"review_id": "W3", "order_id": "O8", "rating": 1, "created_at": "2025-06-16"},
]
# A row twice and a row that cannot be read.
REPEATED: Final[Rows] = [_order("O2", "2025-05-02 10:00:00", customer_record_id="R2")]
UNREADABLE: Final[Rows] = [_order("OB", "secret", customer_id="A")]

FEEDS: Final[dict[str, Rows]] = {
    "vendors": VENDORS + everyday.VENDOR_ROWS,
    "categories": CATEGORIES + everyday.CATEGORIES,
    "products": PRODUCTS + everyday.PRODUCTS,
    "customers": CUSTOMERS,
    "orders": ORDERS + everyday.ORDERS + REPEATED + UNREADABLE,
    "order_lines": ORDER_LINES + everyday.ORDER_LINES,
    "shipments": SHIPMENTS + everyday.SHIPMENTS,
    "payments": PAYMENTS + everyday.PAYMENTS,
    "invoices": INVOICES + everyday.INVOICES,
    "payouts": PAYOUTS + everyday.PAYOUTS,
    "reviews": REVIEWS + everyday.REVIEWS,
    # named by the marketplace, and nothing arrives
    "tickets": [],
}
