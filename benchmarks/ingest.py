"""Loading a CSV file, checked and accounted for, against DuckDB's own reader into a typed table."""

import shutil
from itertools import count
from pathlib import Path

import duckdb

from benchmarks.pairs import Pair
from pipelines.home import Home
from pipelines.loading.claim import claim_warehouse
from pipelines.loading.ingest import Loader, ingest_feed
from pipelines.loading.warehouse import open_warehouse
from sources.marketplace import Marketplace
from sources.parsing.client import Parser

ROWS = 1_000_000
_LINES = f"""
copy (
    select
        'line-' || i as order_line_id, 'order-' || (i // 3) as order_id,
        'vendor-' || (i % 500) as vendor_id, 'product-' || (i % 9000) as product_id,
        'delivered' as status, 1 + i % 4 as quantity,
        cast(i % 100000 / 100 as decimal(18, 2)) as unit_price,
        cast(i % 900 / 100 as decimal(18, 2)) as shipping_amount,
        timestamp '2024-01-01' + interval (i) second as ship_by_at,
        timestamp '2024-01-02' + interval (i) second as updated_at
    from range({ROWS}) as rows (i)
) to '{{path}}' (header)
"""
_TYPED = (
    "{'order_line_id': 'varchar', 'order_id': 'varchar', 'vendor_id': 'varchar', "
    "'product_id': 'varchar', 'status': 'varchar', 'quantity': 'bigint', "
    "'unit_price': 'decimal(18,4)', 'shipping_amount': 'decimal(18,2)', "
    "'ship_by_at': 'timestamp', 'updated_at': 'timestamp'}"
)


def prepare(folder: Path) -> list[Pair]:
    """One file of a million order lines; one call loads it into an empty warehouse."""
    inbox = folder / "inbox"
    inbox.mkdir()
    path = inbox / "lines.csv"
    duckdb.execute(_LINES.format(path=path))
    shop = Marketplace.model_validate(
        {
            "name": "bench",
            "title": "Bench",
            "folder": inbox,
            "feeds": {"order_lines": [{"files": "lines.csv"}]},
        }
    )
    number = count()

    def ours() -> None:
        home = Home(folder / f"home-{next(number)}")
        home.path.mkdir()
        claim_warehouse(home, shop.name)
        with open_warehouse(home.warehouse) as connection, Parser() as parser:
            ingest_feed(Loader(home, shop, connection, parser, "2026-07-01"), "order_lines")
        shutil.rmtree(home.path)

    def peer() -> None:
        target = folder / "bare.duckdb"
        with duckdb.connect(str(target), config={"threads": 2}) as connection:
            connection.execute(
                f"create table lines as select * from read_csv('{path}', header = true, "
                f"auto_detect = false, delim = ',', quote = '\"', columns = {_TYPED})"
            )
        target.unlink()

    return [
        Pair("ingest: CSV landed, checked, applied", ours, "bare DuckDB reader", peer, ROWS, "row")
    ]
