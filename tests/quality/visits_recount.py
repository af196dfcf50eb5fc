"""A vendor's visitors counted a second time: session by session, step by step, in Python.

How clicks become sessions and who is no human is held against the truth in test_sessions_truth.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    import duckdb

    from tests.quality.feeds_as_delivered import Feeds

FEWEST = 10
FUNNEL = ("sessions", "viewed", "added_to_cart", "began_checkout", "purchased", "converted")
Step = dict[str, Any]


def sessions(demo: duckdb.DuckDBPyConnection, first: date, end: date) -> Iterator[list[Step]]:
    """The steps of each human session in order, with its visitor and day."""
    rows = demo.execute(
        "select session_id, visitor_id, sessions.session_date, steps.vendor_id, event_type, "
        "search_term, occurred_at from intermediate.int_session_steps as steps "
        "join marts.fct_sessions as sessions using (session_id) where session_kind = 'human' "
        "and sessions.session_date >= ? and sessions.session_date < ? "
        "order by session_id, occurred_at",
        [first, end],
    ).pl()
    for _, steps in groupby(rows.iter_rows(named=True), key=lambda step: step["session_id"]):
        yield list(steps)


def funnels(
    demo: duckdb.DuckDBPyConnection, first: date, end: date
) -> dict[tuple[str, date], tuple[int, ...]]:
    """The funnel by vendor and month, where ten visitors are behind it."""
    counts: dict[tuple[str, date], Counter[str]] = defaultdict(Counter)
    people: dict[tuple[str, date], set[str]] = defaultdict(set)
    for steps in sessions(demo, first, end):
        checkouts = [
            step["occurred_at"] for step in steps if step["event_type"] == "checkout_started"
        ]
        for vendor in {step["vendor_id"] for step in steps} - {None}:
            key = (vendor, steps[0]["session_date"].replace(day=1))
            people[key].add(steps[0]["visitor_id"])
            counts[key].update(_reached([s for s in steps if s["vendor_id"] == vendor], checkouts))
    return {
        key: tuple(counts[key][name] for name in FUNNEL)
        for key, visitors in people.items()
        if len(visitors) >= FEWEST
    }


def _reached(steps: list[Step], checkouts: list[datetime]) -> set[str]:
    """How far one session came with a vendor's products."""
    reached, viewed, added = {"sessions"}, None, None
    for step in steps:
        if step["event_type"] == "product_viewed":
            reached.add("viewed")
            viewed = viewed or step["occurred_at"]
    for step in steps:
        if step["event_type"] == "product_added" and viewed and step["occurred_at"] >= viewed:
            reached.add("added_to_cart")
            added = added or step["occurred_at"]
    orders = [step["occurred_at"] for step in steps if step["event_type"] == "order_completed"]
    if orders:
        reached.add("converted")
    after = [moment for moment in checkouts if added and moment >= added]
    if after:
        reached.add("began_checkout")
    if any(moment <= order for moment in after for order in orders):
        reached.add("purchased")
    return reached


def terms(
    demo: duckdb.DuckDBPyConnection, first: date, end: date
) -> dict[tuple[str, str], tuple[int, int | None]]:
    """By vendor and term, in whole tens: who came by it, and ordered, where that may be said."""
    came: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    bought: dict[tuple[str, str], set[str]] = defaultdict(set)
    for steps in sessions(demo, first, end):
        ordered = {s["vendor_id"] for s in steps if s["event_type"] == "order_completed"}
        searched = [
            (step["occurred_at"], step["search_term"])
            for step in steps
            if step["event_type"] == "products_searched" and step["search_term"] is not None
        ]
        for step in steps:
            before = [found for found in searched if found[0] <= step["occurred_at"]]
            if step["event_type"] != "product_viewed" or not step["vendor_id"] or not before:
                continue
            last = max(moment for moment, _ in before)
            key = (step["vendor_id"], min(term for moment, term in before if moment == last))
            came[key][step["visitor_id"]].add(step["session_id"])
            if step["vendor_id"] in ordered:
                bought[key].add(step["visitor_id"])
    return {
        key: (len(by) // 10 * 10, _shown(len(by), len(bought[key])))
        for key, by in came.items()
        if len(by) >= FEWEST and max(map(len, by.values())) <= 0.8 * sum(map(len, by.values()))
    }


def _shown(people: int, part: int) -> int | None:
    return part // 10 * 10 if FEWEST <= part <= people - FEWEST else None


def completeness(feeds: Feeds) -> dict[str, float | None]:
    """By product, the share of images, attributes, brand and GTIN that its data have."""
    products = feeds.of("products")
    asked = {name: products[name].is_not_null().any() for name in ("brand", "gtin")}
    return {row["product_id"]: _share(row, asked) for row in products.iter_rows(named=True)}


def _share(row: dict[str, Any], asked: dict[str, bool]) -> float | None:
    given = [float(row[name] is not None) for name, is_asked in asked.items() if is_asked]
    if row["image_count"] is not None:
        given.append(float(row["image_count"] > 0))
    if row["required_attribute_count"] and row["attribute_count"] is not None:
        given.append(min(1.0, row["attribute_count"] / row["required_attribute_count"]))
    return sum(given) / len(given) if given else None
