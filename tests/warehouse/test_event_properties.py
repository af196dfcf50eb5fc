"""Whatever is delivered of an event, and how often: its last delivery stands, as it was sent."""

import shutil
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.parsing.client import Parser
from tests.unit.clickstream_desk import a_call, a_record, lines
from tests.unit.loading_desk import a_desk

pytestmark = pytest.mark.warehouse

FEEDS = {
    "events": [
        {"files": "segment*.jsonl", "dialect": "segment"},
        {"files": "ga4*.jsonl", "dialect": "ga4"},
    ]
}
MOMENT = 1_777_629_600_000_000  # 2026-05-01 10:00:00 UTC
# One number as different writers write it.
SPELLINGS = (str, int, float, lambda number: f"{number}.0", lambda number: f"{number:.17E}")

events = st.tuples(
    st.integers(1, 3),  # which event
    st.integers(0, 50),  # what it is worth
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 3)), max_size=3),
    st.sampled_from(SPELLINGS),
    st.sampled_from(["", "quantity", "price", "value", "products", "context"]),  # what is broken
)
deliveries = st.lists(st.lists(events, min_size=1, max_size=4), min_size=1, max_size=4)
Event = tuple[int, int, list[tuple[str, int]], Any, str]


def a_segment_call(event: Event) -> dict[str, Any]:
    number, value, products, _, broken = event
    listed: Any = [
        {"product_id": name, "quantity": "x" if broken == "quantity" else count, "price": 1}
        | ({"price": "1,5 EUR"} if broken == "price" else {})
        for name, count in products
    ]
    properties = {
        "value": "dear" if broken == "value" else value,
        "products": {"a": 1} if broken == "products" else listed,
    }
    context = "web" if broken == "context" else {}
    return a_call("Order Completed", messageId=f"m{number}", properties=properties, context=context)


def a_ga4_record(event: Event) -> dict[str, Any]:
    number, value, products, spell, broken = event
    listed: Any = [
        {"item_id": name, "quantity": "x" if broken == "quantity" else count}
        | ({"price": "1,5 EUR"} if broken == "price" else {})
        for name, count in products
    ]
    written = "dear" if broken == "value" else str(value)
    return a_record(
        "purchase",
        {"value": written},
        event_timestamp=spell(MOMENT),
        event_bundle_sequence_id=spell(9),
        batch_event_index=spell(number),
        items="none" if broken == "products" else listed,
        device="web" if broken == "context" else {"category": "mobile"},
    )


def expected(delivered: list[list[Event]]) -> list[tuple[Any, ...]]:
    """A second implementation: the last of each event, in the order of files and lines."""
    last: dict[int, Event] = {}
    for file in delivered:
        for event in file:
            last[event[0]] = event
    rows: list[tuple[Any, ...]] = []
    for _, value, products, _, broken in last.values():
        rows.append((0, None, None, None if broken == "value" else Decimal(value)))
        if broken != "products":
            rows += [
                (place, name, None if broken == "quantity" else count, None)
                for place, (name, count) in enumerate(products, start=1)
            ]
    return sorted(rows, key=str)


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(delivered=deliveries, dialect=st.sampled_from(["segment", "ga4"]))
def test_what_stands_of_an_event_is_its_last_delivery(
    parser: Parser, delivered: list[list[Event]], dialect: str
) -> None:
    written = a_segment_call if dialect == "segment" else a_ga4_record
    folder = Path(tempfile.mkdtemp())
    try:
        desk = a_desk(folder, parser, FEEDS)
        for number, file in enumerate(delivered):
            # a line of its own, for the same bytes are loaded once
            own = [b" " * number + b"x"]
            desk.put(f"{dialect}-{number}.jsonl", lines(*map(written, file), *own))
            desk.ingest("events")

        found = desk.current("events", "item_number", "product_id", "quantity", "value_amount")
        ids = desk.query("select count(distinct event_id) from raw.events")
        [(received, accounted, quarantined)] = desk.query(
            "select sum(received), sum(applied + unchanged + duplicate + quarantined), "
            "sum(quarantined) from raw.loads"
        )
    finally:
        shutil.rmtree(folder)

    assert sorted(found, key=str) == expected(delivered)
    assert ids == [(len({event[0] for file in delivered for event in file}),)]
    # of all that is wrong with them no event is lost
    assert received == accounted
    assert quarantined == len(delivered)
