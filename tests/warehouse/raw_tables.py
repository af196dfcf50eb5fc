"""The tables the loader writes, made empty from the feed contracts, and rows put into them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import yaml

ROOT = Path(__file__).parents[2]
CONTRACTS = ROOT / "sources" / "contracts"
_TYPES = {"text": "varchar", "integer": "bigint"}
_BOOKKEEPING = "_load_id varchar, _line bigint, _recorded_at timestamp, _sequence bigint"
_LEDGER = """
create table raw.loads (
    load_id varchar, sequence bigint, feed varchar, source varchar, path varchar, file_id varchar,
    byte_count bigint, status varchar, reason_code varchar, reason_detail varchar, received bigint,
    applied bigint, unchanged bigint, duplicate bigint, quarantined bigint, late bigint,
    first_event_date date, last_event_date date, rules_version varchar, is_present boolean,
    recorded_at timestamp
);
create table raw.feeds (
    feed varchar, title varchar, is_required boolean, is_configured boolean,
    event_time_column varchar, system varchar, delivery varchar, what_depends varchar
);
create table raw.feed_days (feed varchar, event_date date, row_count bigint);
create table raw.check_results (
    run_at timestamp, feed varchar, check_name varchar, severity varchar, is_passed boolean,
    observed double, expected varchar, sentence varchar, held_back varchar
);
create table quarantine.rows (
    source varchar, feed varchar, load_id varchar, file_id varchar, path varchar, line bigint,
    column_name varchar, reason_code varchar, detail varchar, raw_text varchar,
    rules_version varchar, first_seen_at timestamp, replayed_at timestamp
);
create table predictions.vendor_rate_posteriors (
    vendor_id varchar, metric_id varchar, window_end date, numerator bigint, denominator bigint,
    prior_mean double, rate_lower double, rate_upper double, probability_over_threshold double,
    state varchar
);
"""


def contracts() -> list[dict[str, Any]]:
    return [yaml.safe_load(path.read_text()) for path in sorted(CONTRACTS.glob("*.yml"))]


def create_raw_tables(connection: duckdb.DuckDBPyConnection) -> None:
    for schema in ("raw", "quarantine", "predictions"):
        connection.execute(f"create schema if not exists {schema}")
    connection.execute(_LEDGER)
    for contract in contracts():
        columns = ", ".join(
            f"{name} {_TYPES.get(column['type'], column['type'])}"
            for name, column in contract["columns"].items()
            if name != "is_deleted"
        )
        connection.execute(
            f"create table raw.{contract['feed']}_current ({columns}, {_BOOKKEEPING})"
        )
        connection.execute(
            "insert into raw.feeds values (?, ?, ?, true, ?, ?, ?, ?)",
            [
                contract["feed"],
                contract["title"],
                contract.get("required_feed", False),
                contract.get("event_time"),
                contract["system"],
                contract["delivery"],
                contract.get("what_depends"),
            ],
        )


def insert(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    for row in rows:
        names, values = ", ".join(row), ", ".join("?" for _ in row)
        connection.execute(f"insert into {table} ({names}) values ({values})", list(row.values()))


def count_days(connection: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Fills raw.feed_days as the loader would, from what stands in every feed."""
    for contract in contracts():
        time = contract.get("event_time")
        stored = f"timezone('{zone}', timezone('UTC', cast({time} as timestamp)))"
        day = f"cast({stored} as date)" if time else "cast(null as date)"
        connection.execute(
            f"insert into raw.feed_days select '{contract['feed']}', {day}, count(*)"
            f" from raw.{contract['feed']}_current group by all"
        )
