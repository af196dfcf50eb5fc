"""What a day costs beside a long history: a day of new rows, and corrections of old ones.

`KONTOR_BENCH_ROWS=50000000 python -m benchmarks.run history` measures the budget's size.
"""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import duckdb

from benchmarks.pairs import Pair
from benchmarks.sizes import rows_asked_for
from pipelines.home import Home
from pipelines.loading.apply import LoadStamp, apply_rows, completed
from pipelines.loading.business_days import Zones
from pipelines.loading.claim import claim_warehouse
from pipelines.loading.ledger import Load
from pipelines.loading.warehouse import open_warehouse
from sources.contract import all_contracts

_DAY = 100_000
_COLUMNS = (
    "'order-' || i as order_id, 'customer-' || (i % 1000) as customer_id, 'created' as status, "
    "'EUR' as currency_code, timestamp '2024-01-01' + interval (i) second as ordered_at, "
    "timestamp '2024-01-02' + interval (i + {version}) second as updated_at"
)
_ROWS = (
    "(select {columns}, cast(null as boolean) as is_deleted, cast(null as varchar) as _error, "
    "i + 2 as _line, i + 2 as _row from range({first}, {end}, {step}) as numbers (i))"
)


def prepare(folder: Path) -> list[Pair]:
    """A history, one ten times as long, and a plain table beside it; each call brings the next."""
    rows = rows_asked_for(2_000_000)
    short = _warehouse(folder / "short", rows // 10)
    long = _warehouse(folder / "long", rows)
    plain = duckdb.connect(str(folder / "plain.duckdb"), config={"threads": 2})
    made = _rows(0, rows, 1, 0)
    plain.execute(f"create table orders as select * exclude (_error, _row) from {made}")
    days = [count(2 * rows, _DAY), count(2 * rows, _DAY)]
    versions = [count(1), count(1)]
    changed = rows // 100

    def correct() -> None:
        _apply(long, _rows(0, rows, 100, next(versions[0])))

    def replace() -> None:
        corrected = _rows(0, rows, 100, next(versions[1]))
        plain.execute("begin transaction")
        plain.execute(f"create or replace temp table changed as select * from {corrected}")
        plain.execute("delete from orders where order_id in (select order_id from changed)")
        plain.execute("insert into orders select * exclude (_error, _row) from changed")
        plain.execute("commit")
        plain.execute("checkpoint")

    return [
        Pair(
            f"history: a day beside {rows:,} rows",
            _day(long, days[0]),
            f"beside {rows // 10:,}",
            _day(short, days[1]),
            _DAY,
            "row",
            1.3,
        ),
        Pair(
            f"history: 1 % corrected of {rows:,} rows",
            correct,
            "delete and insert",
            replace,
            changed,
            "row",
            1.3,
        ),
    ]


def _rows(first: int, end: int, step: int, version: int) -> str:
    columns = _COLUMNS.format(version=version)
    return _ROWS.format(columns=columns, first=first, end=end, step=step)


def _warehouse(folder: Path, rows: int) -> duckdb.DuckDBPyConnection:
    folder.mkdir()
    home = Home(folder)
    claim_warehouse(home, "bench")
    connection = open_warehouse(home.warehouse)
    _apply(connection, _rows(0, rows, 1, 0))
    return connection


def _day(connection: duckdb.DuckDBPyConnection, starts: "count[int]") -> Callable[[], None]:
    def load() -> None:
        first = next(starts)
        _apply(connection, _rows(first, first + _DAY, 1, 0))

    return load


def _apply(connection: duckdb.DuckDBPyConnection, rows: str) -> None:
    contract = all_contracts()["orders"]
    connection.execute("begin transaction")
    found = connection.execute("select coalesce(max(sequence), 0) + 1 from raw.loads").fetchone()
    sequence = int(found[0]) if found else 1
    load = Load(
        f"load-{sequence}", sequence, "orders", "bench", "", "", 0, "", "2026-07-01 00:00:00"
    )
    stamp = LoadStamp(load, Zones("UTC", "UTC"))
    whole = completed(connection, contract, rows)
    applied = apply_rows(connection, contract, whole, stamp, has_distinct_keys=True)
    connection.execute(
        "insert into raw.loads (sequence, feed, applied) values (?, 'orders', ?)",
        [sequence, applied.applied],
    )
    connection.execute("commit")
    connection.execute("checkpoint")
