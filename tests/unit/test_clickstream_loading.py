"""Events through the loader: one id is one event, whatever file, form or day it comes in."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sources.parsing.client import Parser
from tests.unit.clickstream_desk import a_call, a_record, lines
from tests.unit.loading_desk import Desk, a_desk

pytestmark = pytest.mark.warehouse

FEEDS = {
    "events": [
        {"files": "segment*.jsonl", "dialect": "segment"},
        {"files": "ga4*.jsonl", "dialect": "ga4"},
        {"files": "events*"},
    ]
}
LIST = [{"product_id": "a", "vendor_id": "v1"}, {"product_id": "b", "vendor_id": "v2"}]


@pytest.fixture
def desk(parser: Parser, tmp_path: Path) -> Desk:
    return a_desk(tmp_path, parser, FEEDS)


def account(outcome: Any) -> tuple[int, ...]:
    return (
        outcome.received,
        outcome.applied,
        outcome.unchanged,
        outcome.duplicate,
        outcome.quarantined,
    )


def test_event_in_two_files_is_one_event(desk: Desk) -> None:
    order = a_call("Order Completed", messageId="m1", properties={"products": LIST})
    desk.put("segment-1.jsonl", lines(order, a_call("Cart Viewed", messageId="m2")))
    desk.put("segment-2.jsonl", lines(a_call("Cart Viewed", messageId="m3"), order, order))

    outcomes = desk.ingest("events").outcomes

    assert [account(one) for one in outcomes] == [(3, 3, 0, 0, 0), (5, 1, 2, 2, 0)]
    assert desk.current("events", "event_id", "item_number", "vendor_id") == [
        ("m1", 1, "v1"),
        ("m1", 2, "v2"),
        ("m2", 0, None),
        ("m3", 0, None),
    ]


def test_every_row_of_the_history_has_a_number_of_its_own(desk: Desk) -> None:
    order = a_call("Order Completed", messageId="m1", properties={"products": LIST})
    desk.put("segment-1.jsonl", lines(order, a_call("Cart Viewed", messageId="m2")))
    desk.ingest("events")
    corrected = a_call("Order Completed", messageId="m1", properties={"products": LIST[:1] * 2})
    desk.put("segment-2.jsonl", lines(corrected))

    desk.ingest("events")

    assert desk.query("select count(*), count(distinct _row_id) from raw.events") == [(4, 4)]
    assert desk.current("events", "event_id", "item_number", "vendor_id") == [
        ("m1", 1, "v1"),
        ("m1", 2, "v1"),
        ("m2", 0, None),
    ]


def test_event_in_two_forms_is_one_event(desk: Desk) -> None:
    call = a_call("Cart Viewed", messageId="m1", context={}, anonymousId="b1", userId=None)
    desk.put("segment-1.jsonl", lines(call))
    desk.put(
        "events.csv",
        "event_id,event_type,visitor_id,occurred_at,received_at\n"
        "m1,cart_viewed,b1,2015-12-10T04:08:31.905Z,2015-12-10T04:08:31.909Z\n"
        "m2,cart_viewed,b1,2015-12-10T05:00:00Z,\n",
    )

    outcomes = desk.ingest("events").outcomes

    assert [account(one) for one in outcomes] == [(1, 1, 0, 0, 0), (2, 1, 1, 0, 0)]
    assert desk.current("events", "event_id", "item_number") == [("m1", 0), ("m2", 0)]


def test_corrected_daily_export_adds_and_corrects_and_repeats_nothing(desk: Desk) -> None:
    intraday = [
        a_record("session_start", {"ga_session_id": 1}),
        a_record("purchase", {"value": 10, "transaction_id": "(not set)"}),
    ]
    daily = [
        a_record("purchase", {"value": 10, "transaction_id": "T-1"}),
        a_record("session_start", {"ga_session_id": 1}),
        a_record("page_view"),
    ]
    desk.put("ga4-intraday.jsonl", lines(*intraday))
    desk.ingest("events")
    desk.put("ga4-daily.jsonl", lines(*daily))

    outcomes = desk.ingest("events").outcomes

    assert [account(one) for one in outcomes] == [(3, 2, 1, 0, 0)]
    assert desk.current("events", "event_type", "order_id") == [
        ("order_completed", "T-1"),
        ("page_viewed", None),
        ("session_started", None),
    ]


def test_late_event_is_applied_and_its_day_is_named_for_rebuilding(desk: Desk) -> None:
    today = a_call("Cart Viewed", messageId="m1", timestamp="2026-06-30T08:00:00Z")
    late = a_call("Cart Viewed", messageId="m2", timestamp="2026-05-21T08:00:00Z")
    desk.put("segment-1.jsonl", lines(today))
    desk.ingest("events")
    desk.put("segment-2.jsonl", lines(late))

    outcomes = desk.ingest("events").outcomes

    assert [account(one) for one in outcomes] == [(1, 1, 0, 0, 0)]
    assert desk.current("events", "event_id", "occurred_at") == [
        ("m1", datetime.fromisoformat("2026-06-30 08:00:00")),
        ("m2", datetime.fromisoformat("2026-05-21 08:00:00")),
    ]
    touched = desk.query("select cast(event_date as varchar) from raw.touched_dates order by 1")
    assert touched == [("2026-05-21",), ("2026-06-30",)]


def test_canonical_form_obeys_the_same_rules(desk: Desk) -> None:
    desk.put(
        "events.csv",
        "event_id,event_type,visitor_id,customer_id,page_path,has_analytics_consent,occurred_at\n"
        "e1,page_viewed,b1,c1,/s?q=disease#top,,2026-06-01 10:00:00\n"
        "e2,page_viewed,b1,c1,https://shop.example/p/1,false,2026-06-01 10:00:01\n"
        "e3,page_viewed,b1,jo@example.org,/u/jo@example.org,true,2026-06-01 10:00:02\n"
        "e4,bought,b1,jo@example.org,/,true,2026-06-01 10:00:03\n",
    )

    outcomes = desk.ingest("events").outcomes

    assert [account(one) for one in outcomes] == [(4, 3, 0, 0, 1)]
    assert desk.current("events", "event_id", "item_number", "visitor_id", "customer_id") == [
        ("e1", 0, "b1", "c1"),
        ("e2", 0, None, None),
        ("e3", 0, "b1", None),
    ]
    assert desk.current("events", "event_id", "page_path") == [
        ("e1", "/s"),
        ("e2", "/p/1"),
        ("e3", "/u/*"),
    ]
    rows = desk.query("select line, reason_code, column_name, raw_text from quarantine.rows")
    assert rows == [(5, "not_allowed", "event_type", "")]


def test_file_of_broken_lines_alone_is_accounted_for(desk: Desk) -> None:
    desk.put("segment-1.jsonl", b"{broken\n[]\n\n{}\n")

    outcomes = desk.ingest("events").outcomes

    assert [account(one) for one in outcomes] == [(3, 0, 0, 0, 3)]
    found = desk.query("select line, reason_code from quarantine.rows order by line")
    assert found == [(1, "invalid_json"), (2, "invalid_json"), (4, "missing_value")]


def test_lines_keep_their_numbers_in_a_file_of_many_row_groups(desk: Desk) -> None:
    # DuckDB writes 122,880 rows at a time and with two threads, so order is not a matter of course.
    count = 400_000
    rows = "".join(f"e{n},cart_viewed,2026-06-01 10:00:00\n" for n in range(2, count + 2))
    desk.put("events.csv", "event_id,event_type,occurred_at\n" + rows)
    calls = (
        b'{"messageId":"m%d","timestamp":"2026-06-01T10:00:00Z"}\n' % n for n in range(1, count)
    )
    desk.put("segment-1.jsonl", b"".join(calls))

    desk.ingest("events")

    misplaced = "select count(*) from raw.events where cast(substr(event_id, 2) as int) <> _line"
    assert desk.query(misplaced) == [(0,)]
