"""Loading clickstream in its foreign forms against DuckDB reading the same values into a table.

`KONTOR_BENCH_ROWS=20000000 python -m benchmarks.run clickstream` measures the issue's size; a call
is about a kilobyte, so that needs 70 GB of disk.
"""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import duckdb

from benchmarks.pairs import Pair
from benchmarks.sizes import rows_asked_for
from pipelines.home import Home
from pipelines.loading.claim import claim_warehouse
from pipelines.loading.feed import load_feed
from pipelines.loading.reading import Loader
from pipelines.loading.warehouse import open_warehouse
from sources.clickstream.ga4 import ga4
from sources.clickstream.nesting import sql_type
from sources.clickstream.segment import segment
from sources.marketplace import Marketplace
from sources.parsing.client import Parser

EVENTS = 300_000
_AGENTS = """[
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) '
    'Chrome/126.0.0.0 Safari/537.36',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like '
    'Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
]"""
# Calls of about a kilobyte: one in eight track events is an order, one a list, of four products.
_SEGMENT = f"""
copy (select
    case when i % 3 = 0 then 'page' else 'track' end as "type",
    'ajs-next-' || md5(cast(i as varchar)) as "messageId",
    md5(cast(i % 200000 as varchar)) as "anonymousId",
    case when i % 4 = 0 then 'customer-' || (i % 50000) end as "userId",
    case when i % 3 <> 0 then list_extract(['Product Viewed', 'Product Added',
        'Product List Viewed', 'Order Completed', 'Products Searched', 'Checkout Started',
        'Cart Viewed', 'Product Clicked'], 1 + (i // 3) % 8) end as "event",
    {{'ip': '203.0.113.' || (i % 250), 'locale': 'de-DE', 'timezone': 'Europe/Berlin',
      'userAgent': list_extract({_AGENTS}, 1 + i % 3),
      'library': {{'name': 'analytics.js', 'version': 'next-1.70.0'}},
      'page': {{'path': '/produkte/artikel-' || (i % 9000), 'referrer': 'https://www.google.com/',
        'search': '?q=test', 'title': 'Artikel ' || i,
        'url': 'https://shop.example/produkte/artikel-' || (i % 9000) || '?q=test'}},
      'campaign': case when i % 5 = 0
        then {{'name': 'spring', 'source': 'newsletter', 'medium': 'email'}} end,
      'consent': {{'categoryPreferences': {{'Analytics': i % 10 <> 0, 'Advertising': i % 2 = 0}}}},
      'groupId': case when i % 4 = 0 then 'account-' || (i % 5000) end}} as "context",
    {{'product_id': 'p' || (i % 9000), 'sku': 'sku-' || (i % 9000), 'name': 'Artikel',
      'price': (i % 10000) / 100, 'quantity': 1 + i % 4, 'currency': 'EUR',
      'category': 'c' || (i % 40), 'cart_id': 'cart-' || (i % 300000),
      'vendor_id': 'v' || (i % 500), 'order_id': case when i % 24 = 10 then 'o' || i end,
      'products': case when i % 3 <> 0 and (i // 3) % 8 in (2, 3) then list_transform(range(4),
        lambda k: {{'product_id': 'p' || ((i + k) % 9000), 'price': (i % 1000) / 100 + k,
          'quantity': 1 + k, 'vendor_id': 'v' || ((i + k) % 500), 'category': 'c' || (i % 40)}})
        end}} as "properties",
    {{time}} as "timestamp", {{time}} as "originalTimestamp", {{time}} as "sentAt",
    {{time}} as "receivedAt"
from range({{rows}}) as numbers (i)) to '{{path}}' (format json)
"""
_TIME = "strftime(timestamp '2026-05-01' + to_milliseconds(i * 100), '%Y-%m-%dT%H:%M:%S.%gZ')"
_PARAMS = {
    "ga_session_id": "{'int_value': 1777600000 + i % 90000}",
    "ga_session_number": "{'int_value': i % 5}",
    "page_location": "{'string_value': 'https://shop.example/p/' || (i % 9000) || '?q=test'}",
    "page_referrer": "{'string_value': 'https://www.google.com/'}",
    "page_title": "{'string_value': 'Artikel ' || i}",
    "engagement_time_msec": "{'int_value': i % 60000}",
    "debug_mode": "{'int_value': 1}",
    "session_engaged": "{'string_value': '1'}",
    "currency": "{'string_value': 'EUR'}",
    "value": "{'double_value': (i % 10000) / 100}",
}
_LISTED = ", ".join(f"{{'key': '{key}', 'value': {value}}}" for key, value in _PARAMS.items())
_GA4 = f"""
copy (select
    '20260501' as event_date, 1777629600000000 + i * 100000 as event_timestamp,
    list_extract(['page_view', 'view_item', 'user_engagement', 'scroll', 'add_to_cart',
        'session_start', 'view_search_results', 'purchase'], 1 + i % 8) as event_name,
    [{_LISTED}] as event_params, i * 7 as event_bundle_sequence_id,
    (i % 90000) || '.' || (i % 777) as user_pseudo_id,
    {{'analytics_storage': 'Yes', 'ads_storage': 'No'}} as privacy_info,
    {{'category': 'mobile', 'mobile_brand_name': 'Apple', 'language': 'de-de'}} as device,
    {{'continent': 'Europe', 'country': 'Germany', 'city': 'Ulm'}} as geo,
    {{'medium': 'organic', 'name': '(organic)', 'source': 'google'}} as traffic_source,
    'WEB' as platform,
    case when i % 8 in (1, 7) then list_transform(range(3), lambda k: {{'item_id': 'p' || (i + k),
        'item_name': 'Artikel', 'item_category': 'c' || (i % 40), 'price': (i % 1000) / 100,
        'quantity': 1 + k}}) else [] end as items
from range({{rows}}) as numbers (i)) to '{{path}}' (format {{form}})
"""
_MADE = {
    "segment.jsonl": _SEGMENT.replace("{time}", _TIME),
    "ga4.jsonl": _GA4.replace("{form}", "json"),
    "ga4.parquet": _GA4.replace("{form}", "parquet"),
}


def prepare(folder: Path) -> list[Pair]:
    """A file of each form; one call loads it into an empty warehouse."""
    inbox = folder / "inbox"
    inbox.mkdir()
    return list(_pairs(folder, inbox))


def _pairs(folder: Path, inbox: Path) -> Iterator[Pair]:
    events = rows_asked_for(EVENTS)
    for name, statement in _MADE.items():
        path = inbox / name
        duckdb.execute(statement.replace("{path}", str(path)).replace("{rows}", str(events)))
        dialect = path.stem
        budget = 1.3 if path.suffix == ".jsonl" else None
        yield Pair(
            f"clickstream: {name} as events",
            _loading(folder, inbox, name, dialect),
            "bare DuckDB reader",
            _reading(folder, path, dialect),
            events,
            "event",
            budget,
        )


def _loading(folder: Path, inbox: Path, name: str, dialect: str) -> Callable[[], None]:
    feeds = {"events": [{"files": name, "dialect": dialect}]}
    shop = Marketplace.model_validate(
        {"name": "bench", "title": "Bench", "folder": inbox, "feeds": feeds}
    )
    number = count()

    def load() -> None:
        home = Home(folder / f"home-{dialect}-{next(number)}")
        home.path.mkdir()
        claim_warehouse(home, shop.name)
        with open_warehouse(home.warehouse) as connection, Parser() as parser:
            load_feed(Loader(home, shop, connection, parser, "2026-07-01"), "events")
        shutil.rmtree(home.path)

    return load


def _reading(folder: Path, path: Path, dialect: str) -> Callable[[], None]:
    document = {"segment": segment, "ga4": ga4}[dialect]().document
    columns = ", ".join(f"'{name}': '{sql_type(part)}'" for name, part in document.items())
    reader = f"read_json('{path}', format = 'newline_delimited', columns = {{{columns}}})"
    if path.suffix == ".parquet":
        reader = f"read_parquet('{path}')"

    def read() -> None:
        target = folder / "bare.duckdb"
        with duckdb.connect(str(target), config={"threads": 2}) as connection:
            connection.execute(f"create table events as select * from {reader}")
        target.unlink()

    return read
