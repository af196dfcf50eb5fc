"""Making sessions of events beside one sort of the same events, and a day beside all of them.

The texts are those that dbt runs, of every day and of one. `KONTOR_BENCH_ROWS=50000000` measures
the size that was asked for: at most twice the sort, within 3 GB; a day a tenth of it.
"""

import shutil
import subprocess
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.pairs import Pair, Work
from benchmarks.sizes import rows_asked_for
from pipelines.dbt.project import DBT_FOLDER, dbt_environment, dbt_executable, dbt_variables
from pipelines.home import Home
from pipelines.marketplaces import marketplace_named
from pipelines.settings import PipelineSettings, child_environment

_EVENTS = 5_000_000
_MODEL = "int_session_spans"
_DAY = date(2026, 6, 30)
# Visits of four events on 730 days by visitors who come five times; an eighth of them sign in.
_FILL = """
create table staging.stg_tracking__events as select
    'vis-' || hash(i // 4) % ({events} // 20) as visitor_id,
    case when i // 4 % 8 = 0 then 'C-' || hash(i // 4) % ({events} // 20) end as customer_id,
    cast(null as varchar) as account_id,
    cast(0 as bigint) as item_number,
    list_extract(['page_viewed', 'product_viewed', 'product_added', 'order_completed'],
        1 + cast(i % 4 as integer)) as event_type,
    cast(20 as bigint) as engagement_seconds,
    false as is_bot,
    timestamp '2024-07-01' + to_seconds(cast(hash(i // 4, 1) % 63072000 + i % 4 * 200 as bigint))
        as occurred_at,
    cast(null as timestamp) as received_at
from range({events}) as numbers (i)
"""


def prepare(folder: Path) -> list[Pair]:
    """A file with events alone; each call makes a table of them."""
    events = rows_asked_for(_EVENTS)
    home = Home(folder / "home")
    home.path.mkdir()
    with duckdb.connect(str(home.warehouse)) as connection:
        for schema in ("raw", "staging"):
            connection.execute(f"create schema {schema}")
        connection.execute("create table raw.stale_session_days (stale_date date)")
        connection.execute("insert into raw.stale_session_days values (?)", [_DAY])
        connection.execute(_FILL.format(events=events))
    every_day, one_day = _compiled(home), _compiled(home)
    connection = duckdb.connect(str(home.warehouse), config={"threads": 2, "memory_limit": "3GB"})
    sort = "select * from staging.stg_tracking__events order by visitor_id, occurred_at"
    made, sorted_, day = (_making(connection, sql) for sql in (every_day, sort, one_day))
    return [
        Pair("sessions of all events", made, "one sort of them", sorted_, events, "events", 2.0),
        Pair("sessions of one day", day, "those of every day", made, events, "events", 0.1),
    ]


def _making(connection: duckdb.DuckDBPyConnection, sql: str) -> Work:
    def make() -> None:
        connection.execute(f"create or replace table made as {sql}")

    return make


def _compiled(home: Home) -> str:
    """The model's text as dbt has just run it: of every day, and of the stale one from then on."""
    settings = PipelineSettings(home=home.path)
    variables = dbt_variables(marketplace_named("demo", home), _DAY)
    command = [dbt_executable(), "--quiet", "run", "--select", _MODEL, "--vars", variables]
    command += ["--project-dir", str(DBT_FOLDER)]
    environment = child_environment(dbt_environment(home, settings))
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout)
    [path] = (home.path / "dbt" / "compiled").rglob(f"{_MODEL}.sql")
    sql = path.read_text("utf-8")
    shutil.rmtree(home.path / "dbt" / "compiled")
    return sql
