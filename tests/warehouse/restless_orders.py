"""Orders that keep changing: late, corrected, moved, deleted, and all that hangs on them."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

FEEDS = (
    "vendors", "categories", "products", "customers", "orders", "order_lines", "shipments",
    "payments", "invoices", "returns", "reviews", "order_events",
)  # fmt: skip
_START = date(2025, 1, 10)
_STATUSES = ["created", "approved", "shipped", "delivered", "delivered", "unavailable", "cancelled"]

Rows = dict[str, list[dict[str, Any]]]


class RestlessOrders:
    """Makes the rows of each delivery; the same seed makes the same rows."""

    def __init__(self, seed: int, last_day: date) -> None:
        self.random = Random(seed)  # noqa: S311 - a test's, to be repeated
        self.last_day = last_day
        self.held: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        self.rows: Rows = {}
        self._version = 0

    def first(self, orders: int) -> Rows:
        """The catalogue, and orders spread over the days up to the last."""
        for number in range(3):
            self._put("vendors", f"V{number}", name=f"Vendor {number}")
            self._put("categories", f"C{number}", name=f"Category {number}")
        for number in range(12):
            category = f"C{number % 3}"
            self._put("products", f"P{number}", category_id=category, name=f"Product {number}")
            self._put("customers", f"R{number}", customer_id=f"K{number // 2}")
        for _ in range(orders):
            self._order()
        return self._taken()

    def next(self, changes: int) -> Rows:
        """Some changes, as one delivery of each feed that they touch."""
        deeds = [
            self._order, self._order, self._late_line, self._move_order, self._correct_order,
            self._delete, self._delete, self._correct_line, self._move_line, self._shipment,
            self._payment, self._invoice, self._return, self._review, self._event, self._event,
            self._product, self._category, self._customer,
        ]  # fmt: skip
        for _ in range(changes):
            self.random.choice(deeds)()
        return self._taken()

    def _taken(self) -> Rows:
        rows, self.rows = self.rows, {}
        # files come in any order
        return dict(self.random.sample(sorted(rows.items()), len(rows)))

    def _put(self, feed: str, key: str, **values: Any) -> dict[str, Any]:
        self._version += 1
        updated = datetime(2026, 1, 1) + timedelta(seconds=self._version)  # noqa: DTZ001
        name = {"categories": "category_id", "customers": "customer_record_id"}.get(
            feed, feed.removesuffix("s") + "_id"
        )
        row = {**self.held[feed].get(key, {}), name: key, "is_deleted": "", **values}
        if feed != "order_events":
            # events do not say when they were changed: the row that comes last counts
            row["updated_at"] = updated
        self.held[feed][key] = row
        self.rows[feed] = [r for r in self.rows.get(feed, []) if r[name] != key] + [row]
        return row

    def _any(self, feed: str) -> str:
        return self.random.choice(sorted(self.held[feed]))

    def _number(self, feed: str) -> str:
        return f"{feed[:2].upper()}{len(self.held[feed])}"

    def _moment(self, since: date = _START, days: int | None = None) -> datetime:
        span = (self.last_day - since).days + 3 if days is None else days
        return datetime(since.year, since.month, since.day) + timedelta(  # noqa: DTZ001
            days=self.random.randint(0, max(span, 1)), minutes=self.random.randint(0, 1439)
        )

    def _order(self) -> None:
        order = self._number("orders")
        placed = self._moment()
        status = self.random.choice(_STATUSES)
        cancelled = placed + timedelta(days=self.random.randint(0, 20))
        self._put(
            *("orders", order), vendor_id=self._vendor_or_none(), status=status,
            customer_record_id=self._any("customers"), currency_code="EUR",
            ordered_at=placed, shipping_amount=self.random.choice(["", "2"]),
            cancelled_at=cancelled if status == "cancelled" else "",
        )  # fmt: skip
        for _ in range(self.random.randint(0, 3)):
            self._line(order)
        if self.random.random() < 0.7:
            self._shipment(order)
        if self.random.random() < 0.7:
            self._payment(order)
        if self.random.random() < 0.6:
            self._invoice(order)
        for _ in range(self.random.randint(0, 4)):
            self._event(order)

    def _line(self, order: str) -> None:
        price = self.random.randint(100, 9999) / 100
        self._put(
            *("order_lines", self._number("order_lines")), order_id=order,
            vendor_id=self._vendor_or_none(), product_id=self._any("products"),
            quantity=self.random.randint(1, 3), unit_price=price, commission_amount=price / 10,
            promised_at=self._moment(days=180),
        )  # fmt: skip

    def _late_line(self) -> None:
        # of an order that comes later, if at all
        self._line(f"OR{len(self.held['orders']) + self.random.randint(0, 2)}")

    def _move_order(self) -> None:
        self._put("orders", self._any("orders"), ordered_at=self._moment())

    def _correct_order(self) -> None:
        self._put(
            *("orders", self._any("orders")), status=self.random.choice(_STATUSES),
            is_test=self.random.choice(["true", "false"]),
            cancelled_at=self.random.choice(["", self._moment()]),
        )  # fmt: skip

    def _delete(self) -> None:
        feed = self.random.choice(
            [
                *("orders", "order_lines", "order_events", "shipments", "payments", "invoices"),
                *("reviews", "products"),
            ]
        )
        if self.held[feed]:
            key = self._any(feed)
            is_deleted = self.held[feed][key]["is_deleted"]
            self._put(feed, key, is_deleted="" if is_deleted else "true")

    def _correct_line(self) -> None:
        self._put(
            *("order_lines", self._any("order_lines")), vendor_id=self._vendor_or_none(),
            quantity=self.random.randint(1, 5), status=self.random.choice(["", *_STATUSES]),
        )  # fmt: skip

    def _move_line(self) -> None:
        self._put("order_lines", self._any("order_lines"), order_id=self._any("orders"))

    def _shipment(self, order: str = "") -> None:
        shipped = self._moment()
        arrives = shipped + timedelta(days=self.random.randint(1, 9))
        self._put(
            *("shipments", self._number("shipments")), order_id=order or self._any("orders"),
            vendor_id=self.random.choice(["", self._any("vendors")]), ship_by_at=self._moment(),
            promised_at=self._moment(), shipped_at=shipped, delivered_at=arrives,
        )  # fmt: skip

    def _payment(self, order: str = "") -> None:
        self._put(
            *("payments", self._number("payments")), order_id=order or self._some_order(),
            amount=self.random.randint(100, 9999) / 100, currency_code="EUR",
            status=self.random.choice(["paid", "paid", "pending", "failed", "refunded"]),
            paid_at=self.random.choice(["", self._moment(), self._moment()]),
        )  # fmt: skip

    def _invoice(self, order: str = "") -> None:
        self._put(
            *("invoices", self._number("invoices")),
            order_id=order or self.random.choice(["", self._some_order(), self._some_order()]),
            vendor_id=self.random.choice(["", self._any("vendors")]), currency_code="EUR",
            document_kind=self.random.choice(["invoice", "invoice", "credit_note"]),
            status=self.random.choice(["open", "paid", "cancelled"]),
            net_amount=self.random.randint(100, 9999) / 100, issued_at=self._moment(),
        )  # fmt: skip

    def _event(self, order: str = "") -> None:
        self._put(
            *("order_events", self._number("order_events")), order_id=order or self._some_order(),
            vendor_id=self._vendor_or_none(), occurred_at=self._moment(),
            event_type=self.random.choice(
                ["sent_to_vendor", "sent_to_vendor", "accepted", "accepted", "refused"]
            ),
        )  # fmt: skip

    def _vendor_or_none(self) -> str:
        return self.random.choice(["", self._any("vendors"), self._any("vendors")])

    def _some_order(self) -> str:
        to_come = f"OR{len(self.held['orders']) + 1}"
        return self.random.choice([self._any("orders"), self._any("orders"), to_come])

    def _return(self) -> None:
        line = self._any("order_lines")
        requested = self._moment()
        named: dict[str, Any] = {"order_line_id": line}
        named["order_id"] = self.held["order_lines"][line]["order_id"]
        if self.random.random() < 0.5:
            named = {"product_id": self._any("products")}
            named["customer_id"] = f"K{self.random.randint(0, 9)}"
        self._put(
            *("returns", self._number("returns")), **named, quantity=1, status="refunded",
            requested_at=requested, refunded_at=requested + timedelta(days=5),
            refund_amount=self.random.choice(["", 1.5]),
        )  # fmt: skip

    def _review(self) -> None:
        self._put(
            *("reviews", self._number("reviews")), order_id=self._any("orders"),
            rating=self.random.randint(1, 5), created_at=self.random.choice(["", self._moment()]),
            vendor_id=self.random.choice(["", self._any("vendors")]),
        )  # fmt: skip

    def _product(self) -> None:
        self._put(
            *("products", self._any("products")), vendor_id=self._vendor_or_none(),
            category_id=self._any("categories"),
            name=self.random.choice(["", f"Name {self._version}"]),
        )  # fmt: skip

    def _category(self) -> None:
        self._put("categories", self._any("categories"), name=f"Name {self._version}")

    def _customer(self) -> None:
        self._put("customers", self._any("customers"), customer_id=f"K{self._version % 9}")
