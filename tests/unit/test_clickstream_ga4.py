"""Records of the GA4 export, made by hand after Google's description of its columns."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sources.parsing.client import Parser
from sources.parsing.request import ParseResult
from tests.unit.clickstream_desk import a_param, a_record, lines, parse_events
from tests.unit.parsing_desk import detail_of, faults_of, parse_bytes, rows_of

pytestmark = pytest.mark.loading

SESSION = {"ga_session_id": 1777629590, "page_location": "https://shop.example/p/1?q=secret#top"}


def as_parquet(parser: Parser, folder: Path, *records: Any) -> ParseResult:
    """The same records as BigQuery writes them to Parquet: typed, whole numbers as numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "made.jsonl").write_bytes(lines(*records))
    value = "struct(string_value varchar, int_value bigint, double_value double)"
    duckdb.execute(
        f"""
        copy (select * from read_json('{folder}/made.jsonl', columns = {{
            'event_timestamp': 'bigint', 'event_name': 'varchar',
            'event_params': 'struct(key varchar, value {value})[]',
            'event_bundle_sequence_id': 'bigint', 'user_pseudo_id': 'varchar',
            'privacy_info': 'struct(analytics_storage varchar, ads_storage varchar)',
            'device': 'struct(category varchar)', 'geo': 'struct(country varchar)',
            'items': 'struct(item_id varchar, item_category varchar, affiliation varchar,
                price double, quantity bigint)[]'
        }})) to '{folder}/made.parquet'
        """
    )
    content = (folder / "made.parquet").read_bytes()
    return parse_bytes(parser, folder, content, feed="events", name="e.parquet", dialect="ga4")


PURCHASE = a_record(
    "purchase",
    SESSION | {"transaction_id": "T-1", "value": 61.5, "currency": "USD"},
    items=[
        {"item_id": "SKU1", "item_category": "Bags", "affiliation": "v1", "price": 20.5}
        | {"quantity": 2},
        {"item_id": "SKU2", "item_category": "Pens", "affiliation": "v2", "price": 20.5}
        | {"quantity": 1},
    ],
)


def test_purchase_has_a_row_per_item_in_both_forms(parser: Parser, tmp_path: Path) -> None:
    from_json = parse_events(parser, tmp_path / "json", "ga4", PURCHASE)
    from_parquet = as_parquet(parser, tmp_path / "parquet", PURCHASE)

    columns = (
        "event_type, item_number, vendor_id, product_id, category_id, quantity, unit_price",
        "value_amount, order_id, currency_code, session_id, occurred_at",
    )
    shared = ("T-1", "USD", "111.222-1777629590", datetime.fromisoformat("2026-05-01 10:00:00"))
    expected = [
        ("order_completed", 0, None, None, None, None, None, Decimal("61.5"), *shared),
        ("order_completed", 1, "v1", "SKU1", "Bags", 2, Decimal("20.5"), None, *shared),
        ("order_completed", 2, "v2", "SKU2", "Pens", 1, Decimal("20.5"), None, *shared),
    ]
    assert rows_of(from_json, *columns) == expected
    assert rows_of(from_parquet, *columns) == expected
    assert rows_of(from_json, "event_id, item_number") == rows_of(
        from_parquet, "event_id, item_number"
    )


def test_page_is_kept_without_its_query_and_the_country_as_its_code(
    parser: Parser, tmp_path: Path
) -> None:
    record = a_record("page_view", SESSION | {"engagement_time_msec": 2600})

    result = parse_events(parser, tmp_path, "ga4", record)

    columns = (
        "event_type, page_path, country_code, device, engagement_seconds",
        "has_analytics_consent, has_marketing_consent, item_number",
    )
    assert rows_of(result, *columns) == [("page_viewed", "/p/1", "DE", "mobile", 3, True, False, 0)]


@pytest.mark.parametrize(
    ("country", "code"),
    [
        ("United States", "US"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Myanmar (Burma)", "MM"),
        ("Trinidad & Tobago", "TT"),
        ("Hong Kong", "HK"),
        ("(not set)", None),
        ("Atlantis", None),
    ],
)
def test_country_names_become_codes(
    parser: Parser, tmp_path: Path, country: str, code: str | None
) -> None:
    result = parse_events(parser, tmp_path, "ga4", a_record("scroll", geo={"country": country}))

    assert rows_of(result, "country_code, event_type") == [(code, "other")]


def test_what_google_does_not_tell_is_nothing(parser: Parser, tmp_path: Path) -> None:
    record = a_record(
        "purchase",
        {"transaction_id": "(not set)", "source": "(data deleted)", "campaign": "(organic)"},
        items=[{"item_id": "(not set)", "quantity": None}],
    )

    result = parse_events(parser, tmp_path, "ga4", record)

    assert rows_of(result, "order_id, source, campaign_id, product_id, item_number") == [
        (None, None, None, None, 0),
        (None, None, None, None, 1),
    ]


def test_source_of_this_visit_and_not_of_the_first_one(parser: Parser, tmp_path: Path) -> None:
    first_ever = {"source": "bing", "medium": "cpc", "name": "old"}
    told = {"source": "google", "medium": "organic", "page_location": "https://shop.example/"}
    own = {"source": "shop.example", "medium": "referral", "page_location": "https://shop.example/"}

    result = parse_events(
        parser,
        tmp_path,
        "ga4",
        a_record("session_start", told, traffic_source=first_ever),
        a_record("page_view", own, traffic_source=first_ever),
    )

    assert rows_of(result, "source, medium") == [("google", "organic"), (None, None)]


def test_without_consent_the_event_counts_and_belongs_to_nobody(
    parser: Parser, tmp_path: Path
) -> None:
    refused = a_record("page_view", SESSION, privacy_info={"analytics_storage": "No"})
    unknown = a_record("page_view", SESSION, privacy_info={"analytics_storage": None})

    result = parse_events(parser, tmp_path, "ga4", refused, unknown)

    assert rows_of(result, "visitor_id, session_id, has_analytics_consent") == [
        (None, None, False),
        ("111.222", "111.222-1777629590", None),
    ]


def test_another_delivery_gives_the_same_ids_in_any_order(parser: Parser, tmp_path: Path) -> None:
    records = [
        a_record("page_view", SESSION),
        a_record("page_view", SESSION),  # a true twin: the same in everything
        a_record("page_view", SESSION | {"page_location": "https://shop.example/p/2"}),
        a_record("page_view", SESSION, event_timestamp="1777629600000001"),
        PURCHASE,
    ]

    once = parse_events(parser, tmp_path / "once", "ga4", *records)
    again = parse_events(parser, tmp_path / "again", "ga4", *reversed(records))

    columns = ("event_id, item_number, page_path, occurred_at",)
    assert sorted(rows_of(once, *columns)) == sorted(rows_of(again, *columns))
    assert len({row[0] for row in rows_of(once, "event_id")}) == 5
    assert rows_of(once, "_line, item_number")[-2:] == [(5, 1), (5, 2)]


def test_parameters_can_be_mapped(parser: Parser, tmp_path: Path) -> None:
    item = {"item_id": "a", "item_params": [a_param("merchant", "m2")]}
    record = a_record("purchase", {"merchant": "m1"}, items=[item])
    columns = {"vendor_id": "items.item_params.merchant", "account_id": "event_params.merchant"}

    result = parse_events(parser, tmp_path, "ga4", record, columns=columns)

    assert rows_of(result, "item_number, vendor_id, account_id") == [
        (0, None, "m1"),
        (1, "m2", "m1"),
    ]


def test_record_without_time_or_name_is_quarantined(parser: Parser, tmp_path: Path) -> None:
    result = parse_events(
        parser,
        tmp_path,
        "ga4",
        a_record("page_view", event_timestamp=None),
        a_record("page_view", event_timestamp="soon"),
        a_record("page_view") | {"event_name": None},
        a_record("page_view", SESSION),
    )

    assert rows_of(result, "_line") == [(4,)]
    assert faults_of(result) == [
        (1, "missing_value", "occurred_at"),
        (2, "invalid_timestamp", "occurred_at"),
        (3, "missing_value", "event_type"),
    ]


def test_parquet_file_of_something_else_is_refused(parser: Parser, tmp_path: Path) -> None:
    duckdb.execute(f"copy (select 1 as order_id) to '{tmp_path}/orders.parquet'")
    content = (tmp_path / "orders.parquet").read_bytes()

    result = parse_bytes(parser, tmp_path, content, feed="events", name="e.parquet", dialect="ga4")

    assert (result.status, result.reason_code) == ("rejected", "missing_column")
    assert "'event_timestamp', 'event_name'" in detail_of(result)


def test_a_search_says_its_term_on_its_own_row_alone(parser: Parser, tmp_path: Path) -> None:
    found = [{"item_id": "SKU1"}, {"item_id": "SKU2"}]
    record = a_record("view_search_results", SESSION | {"search_term": "Desk  Lamp"}, items=found)

    result = parse_events(parser, tmp_path, "ga4", record)

    assert rows_of(result, "event_type, item_number, product_id, search_term") == [
        ("products_searched", 0, None, "desk lamp"),
        ("products_searched", 1, "SKU1", None),
        ("products_searched", 2, "SKU2", None),
    ]
