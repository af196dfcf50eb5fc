"""Visits that keep changing: late, corrected, deleted, joined and torn by events between them."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

_TYPES = (
    "page_viewed", "product_viewed", "product_viewed", "product_added", "checkout_started",
    "order_completed", "products_searched",
)  # fmt: skip
_DAYS = 12


class RestlessVisits:
    """Makes the rows of each delivery of events; the same seed makes the same rows.

    There are few visitors, so that events often come close to each other: within half an hour of
    one visit or of two, after midnight, on and on for days.
    """

    def __init__(self, seed: int, last_day: date) -> None:
        self.random = Random(seed)  # noqa: S311 - a test's, to be repeated
        self.end = datetime.combine(last_day, datetime.min.time()) + timedelta(days=2)
        self.held: dict[str, dict[str, Any]] = {}
        self.rows: list[dict[str, Any]] = []

    def next(self, changes: int) -> dict[str, list[dict[str, Any]]]:
        """Some new visits and changes of events, as one delivery."""
        deeds = [self._visit, self._visit, self._again, self._between, self._delete, self._move]
        for _ in range(changes):
            self.random.choice(deeds)()
        self._endless()
        rows, self.rows = self.rows, []
        # of one event the later row stands, which two rows of one file would leave open
        return {"events": list({row["event_id"]: row for row in rows}.values())}

    def _visit(self) -> None:
        at = self.end - timedelta(seconds=self.random.randrange(_DAYS * 86_400))
        # the last one refused to be analysed
        visitor = self.random.choice([*(f"vis-{number}" for number in range(6)), ""])
        for _ in range(self.random.randrange(1, 9)):
            self._event(visitor, at)
            at += timedelta(seconds=self.random.choice([0, 20, 300, 900, 1_799, 1_800, 1_801]))

    def _endless(self) -> None:
        """Three days without a pause, a piece of them at a time."""
        start = self.end - timedelta(days=6)
        for _ in range(40):
            at = start + timedelta(minutes=20 * self.random.randrange(3 * 72))
            self._event("vis-endless", at)

    def _again(self) -> None:
        """The same event again, with another type or customer."""
        if self.held:
            event = dict(self.random.choice(list(self.held.values())))
            event["event_type"] = self.random.choice(_TYPES)
            event["customer_id"] = self.random.choice(["", "K1", "K2"])
            self._put(event)

    def _between(self) -> None:
        """Something after an event that is known: it may join two visits."""
        if self.held:
            known = self.random.choice(list(self.held.values()))
            at = known["occurred_at"] + timedelta(minutes=self.random.randrange(1, 31))
            self._event(known["visitor_id"], at)

    def _delete(self) -> None:
        if self.held:
            event = self.held.pop(self.random.choice(list(self.held)))
            self.rows.append({**event, "is_deleted": "true"})

    def _move(self) -> None:
        if self.held:
            event = dict(self.random.choice(list(self.held.values())))
            event["occurred_at"] += timedelta(minutes=self.random.randrange(-2_000, 2_000))
            event["received_at"] = event["occurred_at"]
            self._put(event)

    def _event(self, visitor: str, at: datetime) -> None:
        number = len(self.held) + self.random.randrange(10**9)
        delay = self.random.choice([0, 0, 0, 5, 10_800, 10_801, 90_000])
        self._put(
            {
                "event_id": f"e-{number}",
                "item_number": 0,
                "event_type": self.random.choice(_TYPES),
                "visitor_id": visitor,
                "customer_id": self.random.choice(["", "", "", "K1"]),
                "vendor_id": f"V{self.random.randrange(3)}",
                "category_id": f"C{self.random.randrange(3)}",
                "cart_id": f"cart-{self.random.randrange(20)}",
                "order_id": f"O{self.random.randrange(40)}",
                "source": self.random.choice(["", "google"]),
                "page_path": f"/{self.random.randrange(5)}",
                "search_term": "lamp",
                "result_count": self.random.randrange(2),
                "device": self.random.choice(["desktop", "mobile"]),
                "occurred_at": at,
                "received_at": at + timedelta(seconds=delay),
            }
        )

    def _put(self, event: dict[str, Any]) -> None:
        self.held[event["event_id"]] = event
        self.rows.append(event)
