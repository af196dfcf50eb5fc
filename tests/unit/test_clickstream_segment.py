"""Segment's and RudderStack's calls; expectations are worked out by hand from their examples."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sources.parsing.client import Parser
from tests.unit.clickstream_desk import a_call, lines, misfits_of, parse_events
from tests.unit.parsing_desk import faults_of, quarantine_of, rows_of

pytestmark = pytest.mark.loading

# https://segment.com/docs/connections/spec/ecommerce/v2/#order-completed
ORDER = {
    "checkout_id": "fksdjfsdjfisjf9sdfjsd9f",
    "order_id": "50314b8e9bcf000000000000",
    "affiliation": "Google Store",
    "subtotal": 22,
    "total": 27.50,
    "revenue": 25.00,
    "shipping": 3,
    "tax": 2,
    "discount": 2.5,
    "coupon": "hasbros",
    "currency": "USD",
    "products": [
        {
            "product_id": "507f1f77bcf86cd799439011",
            "sku": "45790-32",
            "name": "Monopoly: 3rd Edition",
            "price": 19,
            "quantity": 1,
            "category": "Games",
            "vendor_id": "hasbro",
        },
        {
            "product_id": "505bd76785ebb509fc183733",
            "sku": "46493-32",
            "name": "Uno Card Game",
            "price": 3,
            "quantity": 2,
            "category": "Games",
        },
    ],
}


def test_completed_order_becomes_a_row_per_product_with_its_own_vendor(
    parser: Parser, tmp_path: Path
) -> None:
    result = parse_events(parser, tmp_path, "segment", a_call("Order Completed", properties=ORDER))

    found = rows_of(
        result,
        "event_type, item_number, vendor_id, product_id, category_id, quantity, unit_price",
        "value_amount, currency_code, order_id, cart_id, _line",
    )
    shared = ("USD", "50314b8e9bcf000000000000", "fksdjfsdjfisjf9sdfjsd9f", 1)
    nothing = (None, None, None, None)
    assert found == [
        ("order_completed", 0, "Google Store", *nothing, Decimal("25.00"), *shared),
        (
            "order_completed",
            1,
            "hasbro",
            "507f1f77bcf86cd799439011",
            "Games",
            1,
            Decimal(19),
            None,
            *shared,
        ),
        (
            "order_completed",
            2,
            "Google Store",
            "505bd76785ebb509fc183733",
            "Games",
            2,
            Decimal(3),
            None,
            *shared,
        ),
    ]


def test_common_fields_tell_who_where_and_when(parser: Parser, tmp_path: Path) -> None:
    call = a_call("Product Viewed", properties={"product_id": "p1"})
    call["context"] |= {
        "groupId": "acme",
        "campaign": {"source": "Newsletter", "medium": "email", "name": "tps"},
        "location": {"country": "Bosnia & Herzegovina"},
    }

    result = parse_events(parser, tmp_path, "segment", call)

    who = "event_id, visitor_id, customer_id, account_id"
    where = "page_path, source, medium, campaign_id, device, country_code, is_bot"
    assert rows_of(result, who, where, "occurred_at, received_at") == [
        (
            "022bb90c-bbac-11e4-8dfc-aa07a5b093db",
            "507f191e810c19729de860ea",
            "97980cfea0067",
            "acme",
            "/academy/",
            "Newsletter",
            "email",
            "tps",
            "desktop",
            "BA",
            False,
            datetime.fromisoformat("2015-12-10 04:08:31.905000"),
            datetime.fromisoformat("2015-12-10 04:08:31.909000"),
        )
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Product Viewed", "product_viewed"),
        ("product_viewed", "product_viewed"),
        ("Viewed Product", "product_viewed"),
        ("Products Searched", "products_searched"),
        ("Product List Viewed", "product_list_viewed"),
        ("Product Clicked", "product_clicked"),
        ("Product Added", "product_added"),
        ("Product Removed", "product_removed"),
        ("Cart Viewed", "cart_viewed"),
        ("Checkout Started", "checkout_started"),
        ("Checkout Step Viewed", "other"),
        ("Checkout Step Completed", "checkout_step_completed"),
        ("Payment Info Entered", "payment_info_entered"),
        ("Order Refunded", "order_refunded"),
        ("Order Cancelled", "other"),
        ("Coupon Applied", "coupon_applied"),
        ("Promotion Viewed", "promotion_viewed"),
        ("Promotion Clicked", "promotion_clicked"),
        ("Product Added to Wishlist", "wishlist_added"),
        ("Quote Requested", "quote_requested"),
        ("approval_requested", "approval_requested"),
        ("Approval Granted", "approval_granted"),
        ("Approval Refused", "approval_refused"),
        ("Credit Check Failed", "credit_check_failed"),
        ("Reorder Started", "reorder_started"),
        ("Signed Up", "signed_up"),
        ("Something of our own", "other"),
    ],
)
def test_event_names_have_one_meaning_in_every_spelling(
    parser: Parser, tmp_path: Path, name: str, expected: str
) -> None:
    result = parse_events(parser, tmp_path, "segment", a_call(name))

    assert rows_of(result, "event_type") == [(expected,)]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("page", "page_viewed"),
        ("screen", "page_viewed"),
        ("identify", "other"),
        ("group", "other"),
        ("alias", "other"),
    ],
)
def test_calls_that_are_no_track_events_are_counted_too(
    parser: Parser, tmp_path: Path, kind: str, expected: str
) -> None:
    call = a_call(type=kind, groupId="acme", previousId="old", anonymousId=None)

    result = parse_events(parser, tmp_path, "segment", call)

    found = rows_of(result, "event_type, visitor_id, customer_id, account_id")
    assert found == [(expected, "old", "97980cfea0067", "acme")]


def test_clock_of_the_device_is_corrected_where_nobody_did_so_before(
    parser: Parser, tmp_path: Path
) -> None:
    # The device sent at 08:00:10 by its clock what arrived at 10:00:00: it runs 1:59:50 behind.
    wrong = {
        "timestamp": None,
        "originalTimestamp": "2026-05-01T08:00:00.000Z",
        "sentAt": "2026-05-01T08:00:10.000Z",
        "receivedAt": "2026-05-01T10:00:00.000Z",
    }

    result = parse_events(
        parser,
        tmp_path,
        "segment",
        a_call("Cart Viewed", messageId="m1", **wrong),
        a_call("Cart Viewed", messageId="m2", **(wrong | {"sentAt": None})),
        a_call("Cart Viewed", messageId="m3", **(wrong | {"originalTimestamp": None})),
        a_call("Cart Viewed", messageId="m4", timestamp="2026-05-01T10:00:00+02:00"),
    )

    assert [row[0] for row in rows_of(result, "occurred_at")] == [
        datetime.fromisoformat("2026-05-01 09:59:50"),
        datetime.fromisoformat("2026-05-01 08:00:00"),
        datetime.fromisoformat("2026-05-01 10:00:00"),
        datetime.fromisoformat("2026-05-01 08:00:00"),
    ]


def test_without_consent_the_event_counts_and_belongs_to_nobody(
    parser: Parser, tmp_path: Path
) -> None:
    def consenting(given: Any) -> dict[str, Any]:
        preferences = {"Analytics": given, "Advertising": False}
        context = {"consent": {"categoryPreferences": preferences}}
        return a_call("Cart Viewed", messageId=f"m-{given}", context=context)

    result = parse_events(
        parser, tmp_path, "segment", consenting(False), consenting(True), consenting("denied")
    )

    assert rows_of(result, "visitor_id, customer_id, has_analytics_consent") == [
        (None, None, False),
        ("507f191e810c19729de860ea", "97980cfea0067", True),
        (None, None, False),
    ]


def test_another_category_of_consent_can_be_mapped(parser: Parser, tmp_path: Path) -> None:
    call = a_call("Cart Viewed", context={"consent": {"categoryPreferences": {"C0002": False}}})
    path = "context.consent.categoryPreferences.C0002"

    result = parse_events(
        parser, tmp_path, "segment", call, columns={"has_analytics_consent": path}
    )

    assert rows_of(result, "customer_id, has_analytics_consent") == [(None, False)]


def test_single_columns_can_be_mapped_for_events_and_for_their_products(
    parser: Parser, tmp_path: Path
) -> None:
    properties = {
        "merchant": "m1",
        "products": [{"id": "a", "owner": "m2"}, {"id": "b", "owner": "m3"}],
    }
    call = a_call("Order Completed", properties=properties)

    for_events = parse_events(
        parser, tmp_path, "segment", call, columns={"vendor_id": "properties.merchant"}
    )
    of_events = rows_of(for_events, "item_number, vendor_id, product_id")
    for_products = parse_events(
        parser, tmp_path, "segment", call, columns={"vendor_id": "properties.products.owner"}
    )
    of_products = rows_of(for_products, "item_number, vendor_id, product_id")

    assert of_events == [(0, "m1", None), (1, "m1", "a"), (2, "m1", "b")]
    assert of_products == [(0, None, None), (1, "m2", "a"), (2, "m3", "b")]


def test_nothing_that_names_a_person_is_kept(parser: Parser, tmp_path: Path) -> None:
    call = a_call(
        "Products Searched",
        messageId="jo@example.org-1",
        userId="jo@example.org",
        properties={
            "query": "gift for jo@x.org",
            "cart_id": "jo%40example.org",
            "path": "/u/jo@x.org/c",
        },
    )
    page = a_call(type="page", messageId="m2")
    page["context"] = {
        "ip": "203.0.113.9",
        "page": {"path": "/s?q=disease#jo", "title": "my disease"},
        "campaign": {"name": "jo@example.org"},
        "traits": {"email": "jo@example.org"},
    }
    broken = a_call("Cart Viewed", messageId="m3", timestamp="jo@example.org")

    result = parse_events(parser, tmp_path, "segment", call, page, broken)

    found = rows_of(result, "event_id, customer_id, cart_id, campaign_id, page_path")
    # md5 of jo@example.org-1, by md5sum
    assert found == [
        ("5b386970e7aa817b729d97f02e9ccbfa", None, None, None, "/u/*/c"),
        ("m2", "97980cfea0067", None, None, "/s"),
    ]
    kept = str(rows_of(result, "*")) + str(quarantine_of(result))
    for secret in ("example.org", "203.0.113.9", "8.8.8.8", "disease", "Mozilla"):
        assert secret not in kept
    assert [(q["line"], q["column_name"], q["raw_text"]) for q in quarantine_of(result)] == [
        (3, "occurred_at", "")
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{broken", "invalid_json"),
        (b"[1, 2]", "invalid_json"),
        (b'{"type": "track", "event": "Cart Viewed"}', "missing_value"),
        (lines(a_call("Cart Viewed", timestamp="yesterday")).strip(), "invalid_timestamp"),
        (lines(a_call("Cart Viewed", timestamp="2031-01-01")).strip(), "in_the_future"),
        (b'{"messageId": "\xff"}', "invalid_encoding"),
        (b'{"x": ' + b"[" * 65 + b"]" * 65 + b"}", "json_too_deep"),
        (b'{"x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "json_too_deep"),
        (b'{"x": "' + b"y" * (1 << 20) + b'"}', "line_too_long"),
    ],
)
def test_bad_line_is_quarantined_alone(
    parser: Parser, tmp_path: Path, line: bytes, reason: str
) -> None:
    first, last = a_call("Cart Viewed", messageId="m1"), a_call("Cart Viewed", messageId="m3")

    result = parse_events(parser, tmp_path, "segment", first, line, last)

    assert rows_of(result, "event_id, _line") == [("m1", 1), ("m3", 3)]
    assert [fault[:2] for fault in faults_of(result)] == [(2, reason)]
    assert result.received == 3


def test_long_list_of_products_is_not_deep(parser: Parser, tmp_path: Path) -> None:
    products = [{"product_id": f"p{n}"} for n in range(1, 201)]
    call = a_call("Product List Viewed", properties={"products": products})

    result = parse_events(parser, tmp_path, "segment", call)

    found = rows_of(result, "item_number, product_id")
    assert found == [(0, None), *((n, f"p{n}") for n in range(1, 201))]


def test_broken_product_leaves_the_others(parser: Parser, tmp_path: Path) -> None:
    products = [{"id": "a", "quantity": -1}, {"id": "b", "quantity": 2}, {"id": "c", "price": "x"}]
    call = a_call("Order Completed", properties={"products": products})

    result = parse_events(parser, tmp_path, "segment", call, a_call("Cart Viewed", messageId="m2"))

    columns = "item_number, product_id, quantity, unit_price"
    assert rows_of(result, columns, "_line") == [
        (0, None, None, None, 1),
        (1, "a", None, None, 1),
        (2, "b", 2, None, 1),
        (3, "c", None, None, 1),
        (0, None, None, None, 2),
    ]
    assert misfits_of(result) == [
        ("quantity", "below_minimum", 1, 1),
        ("unit_price", "invalid_decimal", 1, 1),
    ]


def test_sums_of_binary_fractions_are_rounded(parser: Parser, tmp_path: Path) -> None:
    call = a_call("Product Added", properties={"price": 0.1 + 0.2, "value": 19.999999999999996})

    result = parse_events(parser, tmp_path, "segment", call)

    assert rows_of(result, "unit_price, value_amount") == [(Decimal("0.3000"), Decimal("20.00"))]


def test_search_engine_is_where_the_visit_came_from_and_the_shop_is_not(
    parser: Parser, tmp_path: Path
) -> None:
    def referred(referrer: str) -> dict[str, Any]:
        page = {"url": "https://shop.example/p/1", "referrer": referrer}
        return a_call(type="page", messageId=referrer, context={"page": page})

    result = parse_events(
        parser,
        tmp_path,
        "segment",
        referred("https://www.google.com/search?q=shoes"),
        referred("https://shop.example/p/2"),
    )

    assert rows_of(result, "source, medium, page_path") == [
        ("www.google.com", "referral", "/p/1"),
        (None, None, "/p/1"),
    ]


def test_a_search_term_is_normalised_and_dropped_where_it_may_be_about_a_person(
    parser: Parser, tmp_path: Path
) -> None:
    kept = {
        "Gift  for\u00a0ANNA ": "gift for anna",
        "Bu\u0308robedarf": "bürobedarf",
        "m8 x 40": "m8 x 40",
        "iso 900": "iso 900",
        "a" * 100: "a" * 100,
        "a" * 101: None,
        "order 100482": None,
        "030 12 34": None,
        "+48 (22) 1-2": None,
        "\u0661\u0662\u0663\u0664": None,
        "jo\uff20example": None,
        "jo%40example.org": None,
        "@jo": None,
        "  ": None,
    }
    calls = [
        a_call("Products Searched", messageId=f"m{place:02}", properties={"query": searched})
        for place, searched in enumerate(kept)
    ]

    result = parse_events(parser, tmp_path, "segment", *calls)

    found = sorted(rows_of(result, "event_id, search_term"))
    assert [term for _, term in found] == list(kept.values())


def test_steps_and_promotions_are_told(parser: Parser, tmp_path: Path) -> None:
    step = a_call("Checkout Step Completed", messageId="m1", properties={"step": 2})
    shown = a_call("Promotion Viewed", messageId="m2", properties={"promotion_id": "spring"})

    result = parse_events(parser, tmp_path, "segment", step, shown)

    assert rows_of(result, "event_type, checkout_step, promotion_id") == [
        ("checkout_step_completed", 2, None),
        ("promotion_viewed", None, "spring"),
    ]
