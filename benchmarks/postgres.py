"""A table of a PostgreSQL server, landed, checked and applied, against DuckDB's bare extension.

Debian's server is started for it and ends with it; `KONTOR_BENCH_ROWS` rows are read, a million
unless it says otherwise. Client processes share the machine with the server, so compare on a quiet
one.
"""

import atexit
import shutil
from contextlib import ExitStack
from functools import partial
from itertools import count
from pathlib import Path

import duckdb
import psycopg

from benchmarks.pairs import Pair
from pipelines.home import Home
from pipelines.loading.claim import claim_warehouse
from pipelines.loading.feed import load_feed
from pipelines.loading.reading import Loader
from pipelines.loading.warehouse import open_warehouse
from pipelines.settings import environment_value
from sources.connectors.postgres_extension import extension_file
from sources.marketplace import Marketplace
from sources.parsing.client import Parser
from tests.operations.stores import postgresql, why_no_postgresql

ROWS = 1_000_000
_LINES = """
create table lines as
select
    'line-' || i as order_line_id, 'order-' || i / 3 as order_id,
    'vendor-' || i % 500 as vendor_id, 'product-' || i % 9000 as product_id,
    'delivered' as status, 1 + i % 4 as quantity,
    cast(i % 100000 / 100.0 as numeric(18, 2)) as unit_price,
    cast(i % 900 / 100.0 as numeric(18, 2)) as shipping_amount,
    timestamptz '2024-01-01' + i * interval '1 second' as ship_by_at,
    timestamptz '2024-01-02' + i * interval '1 second' as updated_at
from generate_series(1, {rows}) as numbers (i)
"""
_COLUMNS = (
    "order_line_id", "order_id", "vendor_id", "product_id", "status", "quantity", "unit_price",
    "shipping_amount", "ship_by_at", "updated_at",
)  # fmt: skip


def prepare(folder: Path) -> list[Pair]:
    """A table of order lines; one call reads it into an empty warehouse, whole or by cursor."""
    reason = why_no_postgresql()
    if reason:
        print(f"postgres: left out, {reason}")
        return []
    rows = int(environment_value("KONTOR_BENCH_ROWS") or ROWS)
    running = ExitStack()
    atexit.register(running.close)
    url = running.enter_context(postgresql())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_LINES.format(rows=rows).encode())
        connection.execute("create index on lines (updated_at)")
        connection.execute("vacuum analyze lines")
    number = count()

    def ours(mode: str) -> None:
        home = Home(folder / f"home-{next(number)}")
        home.path.mkdir()
        shop = _shop(url, mode, folder)
        claim_warehouse(home, shop.name)
        with open_warehouse(home.warehouse) as connection, Parser() as parser:
            load_feed(Loader(home, shop, connection, parser, "2026-07-01"), "order_lines")
        shutil.rmtree(home.path)

    def peer() -> None:
        target = folder / "bare.duckdb"
        with duckdb.connect(str(target), config={"threads": 2}) as connection:
            connection.execute(f"load '{extension_file()}'")
            connection.execute(
                f"create table lines as select {', '.join(_COLUMNS)} "
                f"from postgres_scan('{url}', 'public', 'lines')"
            )
        target.unlink()

    return [
        Pair(
            f"postgres: {mode}, landed, checked, applied",
            partial(ours, mode),
            "bare postgres extension",
            peer,
            rows,
            "row",
            budget=1.3,
        )
        for mode in ("full", "cursor")
    ]


def _shop(url: str, mode: str, folder: Path) -> Marketplace:
    entry = {"database": "shop", "table": "public.lines", "mode": mode}
    cursor = {"cursor": "updated_at"} if mode == "cursor" else {}
    columns = {"columns": {name: name for name in _COLUMNS}}
    return Marketplace.model_validate(
        {
            "name": "bench",
            "title": "Bench",
            "folder": folder,
            "databases": {"shop": {"url": url, "accept_writing_role": True}},
            "feeds": {"order_lines": [{**entry, **cursor, **columns}]},
        }
    )
