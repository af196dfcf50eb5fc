"""Events through the loader: one id is one event, whatever file, form or day it comes in."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.loading.checks import account_of
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

    assert [account(one) for one in outcomes] == [(4, 4, 0, 0, 0), (7, 1, 3, 3, 0)]
    assert desk.current("events", "event_id", "item_number", "vendor_id") == [
        ("m1", 0, None),
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

    assert desk.query("select count(*), count(distinct _row_id) from raw.events") == [(5, 5)]
    assert desk.current("events", "event_id", "item_number", "vendor_id") == [
        ("m1", 0, None),
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


def an_order(message: str, value: object, *products: tuple[str, int], **more: Any) -> Any:
    listed = [{"product_id": name, "quantity": count} for name, count in products]
    properties = {"order_id": f"o-{message}", "revenue": value, "products": listed, **more}
    return a_call("Order Completed", messageId=message, properties=properties)


def sums(desk: Desk) -> tuple[Any, ...]:
    [found] = desk.query(
        "select sum(value_amount), sum(quantity), count(*) from raw.events_current"
    )
    return found


def test_event_that_comes_again_replaces_all_rows_of_the_event_it_was(desk: Desk) -> None:
    # 45 with 6 units, then corrected to 15 with 2; one event gains a product, one loses all
    desk.put(
        "segment-1.jsonl",
        lines(
            an_order("m1", 45, ("a", 1), ("b", 2), ("c", 3)),
            an_order("m2", 20),
            an_order("m3", 7, ("d", 4)),
        ),
    )
    desk.ingest("events")
    assert sums(desk) == (72, 10, 7)
    again = (an_order("m1", 15, ("a", 2)), an_order("m2", 20, ("e", 5)), an_order("m3", 7))
    desk.put("segment-2.jsonl", lines(*again))

    [outcome] = desk.ingest("events").outcomes

    # m1: b and c are gone; m3: d is gone
    assert sums(desk) == (42, 7, 5)
    assert (outcome.deleted, outcome.restored) == (3, 0)
    with desk.loader() as loader:
        assert account_of(loader.connection, "events").unbalanced == ()

    # and back again, under a name that sorts before the others
    desk.put("segment-0.jsonl", lines(an_order("m1", 15, ("a", 2), ("b", 2)), an_order("m9", 1)))
    [outcome] = desk.ingest("events").outcomes
    assert (sums(desk), outcome.restored) == ((43, 9, 7), 1)


def test_of_an_event_twice_in_one_file_the_last_stands_if_it_is_sound(desk: Desk) -> None:
    first = an_order("m1", 45, ("a", 1), ("b", 2), ("c", 3))
    broken = an_order("m1", 99, ("z", 9)) | {"timestamp": "tomorrow"}
    desk.put("segment-1.jsonl", lines(first, an_order("m1", 15, ("a", 2)), broken))

    [outcome] = desk.ingest("events").outcomes

    assert account(outcome) == (8, 2, 0, 4, 2)
    assert sums(desk) == (15, 2, 2)


def test_value_of_an_event_survives_whatever_is_wrong_with_its_products(desk: Desk) -> None:
    wrong = [{"product_id": "a", "quantity": "many", "price": -1}, "b", None]
    call = an_order("m1", 45)
    call["properties"]["products"] = wrong
    desk.put("segment-1.jsonl", lines(call, an_order("m2", 5, ("c", 1))))

    [outcome] = desk.ingest("events").outcomes

    assert account(outcome) == (4, 4, 0, 0, 0)
    assert sums(desk) == (50, 1, 4)
    assert outcome.quarantined == 0


def test_two_events_of_an_upload_in_two_files_are_two(desk: Desk) -> None:
    def viewed(place: int) -> dict[str, Any]:
        batch = {"batch_page_id": 5, "batch_ordering_id": 1, "batch_event_index": place}
        return a_record("page_view", {"page_location": f"https://s.example/{place}"}, **batch)

    desk.put("ga4-1.jsonl", lines(viewed(1), viewed(2)))
    desk.put("ga4-2.jsonl", lines(viewed(3), viewed(2)))
    # the same upload, written by another hand
    written = {"event_timestamp": 1.7776296e15, "event_bundle_sequence_id": 77.0}
    desk.put("ga4-3.jsonl", lines(viewed(1) | written | {"batch_event_index": "1"}))

    outcomes = desk.ingest("events").outcomes

    assert [account(one) for one in outcomes] == [
        (2, 2, 0, 0, 0),
        (2, 1, 1, 0, 0),
        (1, 0, 1, 0, 0),
    ]
    assert desk.current("events", "page_path") == [("/1",), ("/2",), ("/3",)]


def test_file_read_under_other_rules_leaves_nothing_of_the_reading_before(
    tmp_path: Path, parser: Parser
) -> None:
    desk = a_desk(tmp_path, parser, {"order_lines": [{"files": "lines.csv"}]})
    header = "order_line_id,no,order_id,vendor_id,quantity,unit_price\n"
    desk.put("lines.csv", header + "L1,1,o1,v1,1,10.00\nL2,2,o1,v1,2,10.00\nL3,,o2,v1,3,1.00\n")
    desk.ingest("order_lines")
    columns = {name: name for name in ("order_id", "vendor_id", "quantity", "unit_price")}
    for template, expected in (
        ("{order_id}-{no}", [("o1-1", 1), ("o1-2", 2)]),
        ("{order_line_id}", [("L1", 1), ("L2", 2), ("L3", 3)]),
    ):
        mapped = {"files": "lines.csv", "columns": {"order_line_id": {"template": template}}}
        mapped["columns"] |= columns  # type: ignore[operator]
        desk.marketplace = a_desk(tmp_path, parser, {"order_lines": [mapped]}).marketplace

        desk.ingest("order_lines")

        assert desk.current("order_lines", "order_line_id", "quantity") == expected
        with desk.loader() as loader:
            assert account_of(loader.connection, "order_lines").unbalanced == ()


def test_entries_that_read_one_file_leave_each_others_rows(tmp_path: Path, parser: Parser) -> None:
    def mapped(second: str) -> Desk:
        entries = []
        for number, name in (("1", "1"), ("2", second)):
            columns = {
                "order_id": "order",
                "order_line_id": {"constant": name},
                "vendor_id": "seller",
                "product_id": f"sku{number}",
                "quantity": f"pieces{number}",
                "unit_price": {"constant": "1.00"},
            }
            entries.append({"files": "wide.csv", "columns": columns})
        return a_desk(tmp_path, parser, {"order_lines": entries})

    desk = mapped("2")
    desk.put("wide.csv", "order,seller,sku1,pieces1,sku2,pieces2\no1,v1,A,1,B,2\no2,v1,C,3,,\n")
    desk.ingest("order_lines")
    assert desk.current("order_lines", "order_id", "order_line_id", "quantity") == [
        ("o1", "1", 1),
        ("o1", "2", 2),
        ("o2", "1", 3),
    ]

    desk = mapped("second")
    [outcome] = desk.ingest("order_lines").outcomes

    assert (outcome.applied, outcome.deleted) == (1, 1)
    assert desk.current("order_lines", "order_id", "order_line_id", "quantity") == [
        ("o1", "1", 1),
        ("o1", "second", 2),
        ("o2", "1", 3),
    ]


def test_file_all_of_whose_rows_are_dropped_today_leaves_none(
    tmp_path: Path, parser: Parser
) -> None:
    def mapped(**rule: object) -> Desk:
        entry = {"files": "v.csv", "columns": {"vendor_id": "no", "name": "no"}, **rule}
        return a_desk(tmp_path, parser, {"vendors": [entry]})

    desk = mapped()
    desk.put("v.csv", "no,kind\nv1,test\nv2,test\n")
    desk.ingest("vendors")

    desk = mapped(drop_when={"kind": "test"})
    [outcome] = desk.ingest("vendors").outcomes

    assert (outcome.dropped, outcome.deleted) == (2, 2)
    assert desk.current("vendors", "vendor_id") == []
    with desk.loader() as loader:
        assert account_of(loader.connection, "vendors").is_sound


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
