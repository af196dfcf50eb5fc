"""Loading a file, checked and accounted for, against DuckDB's own reader into a typed table.

`KONTOR_BENCH_ROWS=5000000 python -m benchmarks.run ingest` measures the budget's size.
"""

import shutil
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
from sources.contract import all_contracts
from sources.marketplace import Marketplace
from sources.parsing.client import Parser

_BUDGET = 1.3  # decision 19
_LINES = """
select
    'line-' || i as order_line_id, 'order-' || (i // 3) as order_id,
    'vendor-' || (hash(i) % 500) as vendor_id, 'product-' || (hash(i + 7) % 9000) as product_id,
    'delivered' as status, cast(1 + i % 4 as bigint) as quantity,
    cast(hash(i + 2) % 100000 / 100 as decimal(18, 4)) as unit_price,
    cast(hash(i + 3) % 900 / 100 as decimal(18, 2)) as shipping_amount,
    timestamp '2024-01-01' + interval (i) second as ship_by_at,
    timestamp '2024-01-02' + interval (i) second as updated_at
from range({rows}) as rows (i)
"""
_EVENTS = """
select
    md5(cast(i as varchar)) as event_id, 0 as item_number, 'product_viewed' as event_type,
    'visitor-' || (hash(i + 1) % 200000) as visitor_id, 'session-' || (i // 8) as session_id,
    'vendor-' || (hash(i + 2) % 500) as vendor_id, 'product-' || (hash(i + 3) % 9000) as product_id,
    '/products/' || (hash(i + 3) % 9000) as page_path, 'mobile' as device, 'DE' as country_code,
    cast(hash(i + 4) % 10000 / 100 as decimal(18, 4)) as unit_price, 'EUR' as currency_code,
    false as is_bot, true as has_analytics_consent,
    strftime(timestamp '2024-01-01' + interval (i * 100) millisecond, '%Y-%m-%dT%H:%M:%S.%gZ')
        as occurred_at,
    strftime(timestamp '2024-01-02' + interval (i * 100) millisecond, '%Y-%m-%dT%H:%M:%S.%gZ')
        as received_at
from range({rows}) as rows (i)
"""
_READERS = {
    "csv": "read_csv('{path}', header = true, auto_detect = false, columns = {{{columns}}})",
    "jsonl": "read_json('{path}', format = 'newline_delimited', columns = {{{columns}}})",
    "parquet": "read_parquet('{path}')",
}


def prepare(folder: Path) -> list[Pair]:
    """A file of each format; one call loads it into an empty warehouse."""
    rows = rows_asked_for(1_000_000)
    return [
        _pair(folder, "csv", "order_lines", _LINES, rows),
        _pair(folder, "jsonl", "events", _EVENTS, rows_asked_for(2_000_000)),
        _pair(folder, "parquet", "order_lines", _LINES, rows),
    ]


def _pair(folder: Path, suffix: str, feed: str, query: str, rows: int) -> Pair:
    inbox = folder / suffix
    inbox.mkdir()
    path = inbox / f"{feed}.{suffix}"
    options = {"csv": "header", "jsonl": "format json", "parquet": "format parquet"}[suffix]
    duckdb.execute(f"copy ({query.format(rows=rows)}) to '{path}' ({options})")
    shop = Marketplace.model_validate(
        {
            "name": "bench",
            "title": "Bench",
            "folder": inbox,
            "feeds": {feed: [{"files": path.name}]},
        }
    )
    number = count()

    def ours() -> None:
        home = Home(folder / f"home-{suffix}-{next(number)}")
        home.path.mkdir()
        claim_warehouse(home, shop.name)
        with open_warehouse(home.warehouse) as connection, Parser() as parser:
            load_feed(Loader(home, shop, connection, parser, "2026-07-01"), feed)
        shutil.rmtree(home.path)

    reader = _READERS[suffix].format(path=path, columns=_typed(path, feed))

    def peer() -> None:
        target = folder / "bare.duckdb"
        with duckdb.connect(str(target), config={"threads": 2}) as connection:
            connection.execute(f"create table rows as select * from {reader}")
        target.unlink()

    name = f"ingest: {suffix} landed, checked, applied"
    return Pair(name, ours, "bare DuckDB reader", peer, rows, "row", _BUDGET)


def _typed(path: Path, feed: str) -> str:
    columns = all_contracts()[feed].columns
    found = duckdb.execute(f"describe select * from '{path}'").fetchall()
    return ", ".join(f"'{name}': '{columns[name].sql_type}'" for name, *_ in found)
