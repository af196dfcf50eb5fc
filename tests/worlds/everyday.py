"""Five vendors of the tiny marketplace with regular sales, for pages to have something to show.

Counted back from 30 June 2025 there is one order on every second day for 15 months, the newest with
number 0. The first vendor sells in each, the second in every second, the third in every fourth, the
fourth in every eighth, always one piece; the fifth has not sold yet. So all sums can be worked by
hand: of the 228 orders they have 228, 114, 57 and 29 lines. Names try to be Markdown, HTML, a
formula or a path, and each vendor's names hold a canary that no other vendor may see.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote

Rows = list[dict[str, Any]]

ORDER_COUNT: Final = 228
_NEWEST: Final = datetime.fromisoformat("2025-06-30T10:00:00")  # UTC
# Midnight in Berlin; what happens later is not known yet.
_END: Final = datetime.fromisoformat("2025-06-30T22:00:00")
_SETTLED: Final = datetime.fromisoformat("2025-05-31T22:00:00")  # payouts are made until here


@dataclass(frozen=True)
class Vendor:
    """How a vendor does: of its parts every `late_every`th is late, the first of them `late_from`.

    Numbers are the vendor's own, the newest part has number 0.
    """

    vendor_id: str
    name: str
    category: str
    sells_every: int = 0
    price: int = 0
    late_every: int = 1
    late_from: int = 0
    rating: int = 5

    @property
    def canary(self) -> str:
        return self.name.split()[-1]

    @property
    def product_ids(self) -> list[str]:
        return [f"p-{quote(self.vendor_id)}-{number}" for number in range(len(_PRODUCT_NAMES))]


VENDORS: Final = [
    Vendor("v-001", "Alder & Sons CANARY-V001", "Garden", 1, 10, 50, 25),
    Vendor(
        *("v-002", "![x](http://beacon.invalid/a.png) Müller CANARY-V002", "Kitchen"),
        *(2, 20, 2, 1, 3),
    ),
    Vendor("v-003", "<script>alert(1)</script> Löwe CANARY-V003", "Toys", 4, 30, 10, 5, 4),
    Vendor("v/004 ü", "Nadel \u202egpj.exe CANARY-V004", "Tools", 8, 40, 5, 2),
    Vendor("v-005", "Not yet sold CANARY-V005", "Books"),
]
CANARIES: Final = {vendor.vendor_id: vendor.canary for vendor in VENDORS}
_PRODUCT_NAMES: Final = [
    "=1+1 Set",
    "@SUM(A1) Bowl",
    "[Lamp](javascript:alert(1))",
    "Oak box",
    "Tea $x^2$ **bold**",
]


@dataclass(frozen=True)
class Part:
    """What one vendor sells in one order."""

    vendor: Vendor
    order_number: int

    @property
    def number(self) -> int:
        return self.order_number // self.vendor.sells_every

    @property
    def order_id(self) -> str:
        return f"o-{self.order_number:06d}"

    @property
    def line_id(self) -> str:
        return f"{self.order_id}-{quote(self.vendor.vendor_id)}"

    @property
    def ordered_at(self) -> datetime:
        return _NEWEST - timedelta(days=2 * self.order_number)

    @property
    def is_late(self) -> bool:
        return self.number % self.vendor.late_every == self.vendor.late_from

    @cached_property
    def shipped_at(self) -> datetime | None:
        return self._known(days=3 if self.is_late else 1)

    @cached_property
    def delivered_at(self) -> datetime | None:
        return self._known(days=8 if self.is_late else 3)

    @property
    def is_reviewed(self) -> bool:
        return self.number % 2 == 0 and self._known(days=9) is not None

    def _known(self, *, days: int) -> datetime | None:
        moment = self.ordered_at + timedelta(days=days)
        return moment if moment < _END else None


def _parts() -> Iterator[Part]:
    for number in range(ORDER_COUNT):
        for vendor in VENDORS:
            if vendor.sells_every and number % vendor.sells_every == 0:
                yield Part(vendor, number)


def _order_rows(parts: list[Part]) -> tuple[Rows, Rows, Rows]:
    """The orders, each paid and invoiced as a whole within the hour."""
    orders, payments, invoices = [], [], []
    for number in range(ORDER_COUNT):
        own = [part for part in parts if part.order_number == number]
        first = own[0]
        total = sum(part.vendor.price for part in own)
        delivered = all(part.delivered_at for part in own)
        soon = first.ordered_at + timedelta(hours=1)
        subject = {"order_id": first.order_id, "currency_code": "EUR"}
        orders.append(
            subject
            | {"customer_id": f"customer-canary-{number % 40}", "channel": "web"}
            | {"status": "delivered" if delivered else "shipped", "ordered_at": first.ordered_at}
        )
        payments.append(
            subject
            | {"payment_id": f"y-{number}", "amount": total, "status": "paid", "paid_at": soon}
        )
        invoices.append(
            subject
            | {"invoice_id": f"i-{number}", "document_kind": "invoice"}
            | {"net_amount": total, "issued_at": soon}
        )
    return orders, payments, invoices


def _line_row(part: Part) -> dict[str, Any]:
    return {
        "order_line_id": part.line_id,
        "order_id": part.order_id,
        "vendor_id": part.vendor.vendor_id,
        "product_id": part.vendor.product_ids[part.number % len(_PRODUCT_NAMES)],
        "quantity": 1,
        "unit_price": part.vendor.price,
        "commission_amount": part.vendor.price // 10,
        "ship_by_at": part.ordered_at + timedelta(days=2),
        "promised_at": part.ordered_at + timedelta(days=6),
    }


def _shipment_row(part: Part) -> dict[str, Any]:
    return {
        "shipment_id": f"s-{part.line_id}",
        "order_id": part.order_id,
        "vendor_id": part.vendor.vendor_id,
        "ship_by_at": part.ordered_at + timedelta(days=2),
        "promised_at": part.ordered_at + timedelta(days=6),
        "shipped_at": part.shipped_at,
        "delivered_at": part.delivered_at,
    }


def _review_row(part: Part) -> dict[str, Any]:
    return {
        "review_id": f"w-{part.line_id}",
        "order_id": part.order_id,
        "vendor_id": part.vendor.vendor_id,
        "rating": part.vendor.rating,
        "created_at": part.ordered_at + timedelta(days=9),
    }


def _payout_row(vendor: Vendor, parts: list[Part]) -> dict[str, Any]:
    """One payout of all that the vendor delivered until the end of May."""
    own = [part for part in parts if part.vendor is vendor and part.delivered_at]
    count = sum(part.delivered_at < _SETTLED for part in own if part.delivered_at)
    goods = count * vendor.price
    return {
        "payout_id": f"p-{vendor.vendor_id}",
        "vendor_id": vendor.vendor_id,
        "currency_code": "EUR",
        "gross_amount": goods,
        "commission_amount": goods // 10,
        "net_amount": goods - goods // 10,
        "period_start": "2024-04-01",
        "period_end": "2025-05-31",
    }


_ALL: Final = list(_parts())
VENDOR_ROWS: Final[Rows] = [
    {"vendor_id": vendor.vendor_id, "name": vendor.name, "city": "Leipzig", "status": "active"}
    for vendor in VENDORS
]
CATEGORIES: Final[Rows] = [
    {"category_id": vendor.category, "name": vendor.category} for vendor in VENDORS
]
PRODUCTS: Final[Rows] = [
    {"product_id": product_id, "vendor_id": vendor.vendor_id, "category_id": vendor.category}
    | {"name": f"{name} {vendor.canary}"}
    for vendor in VENDORS
    for product_id, name in zip(vendor.product_ids, _PRODUCT_NAMES, strict=True)
]
ORDERS, PAYMENTS, INVOICES = _order_rows(_ALL)
ORDER_LINES: Final[Rows] = [_line_row(part) for part in _ALL]
SHIPMENTS: Final[Rows] = [_shipment_row(part) for part in _ALL if part.shipped_at]
REVIEWS: Final[Rows] = [_review_row(part) for part in _ALL if part.is_reviewed]
PAYOUTS: Final[Rows] = [_payout_row(vendor, _ALL) for vendor in VENDORS if vendor.sells_every]
