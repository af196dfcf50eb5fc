"""Whom to win back: listed once for each silence, and kept as listed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from pipelines.loading.warehouse import create_tables
from pipelines.segmentation.win_back import record_listings
from sources.contract import all_contracts

FIRST, SECOND = date(2025, 6, 30), date(2025, 7, 1)
_CANDIDATES = """
create table intermediate.int_win_back_candidates (
    customer_id varchar, reason_code varchar, contact_channel varchar, silence_days bigint,
    limit_days bigint, historic_value decimal(18, 2), is_lost_order boolean,
    is_late_delivery boolean, is_unanswered_message boolean, is_price_rise boolean,
    is_ticket boolean, silent_since date
)
"""


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        create_tables(connection, [all_contracts()["operation_states"]])
        connection.execute("create schema intermediate")
        connection.execute(_CANDIDATES)
        yield connection


def candidate(
    connection: duckdb.DuckDBPyConnection, customer: str, silent_since: str, reason: str
) -> None:
    connection.execute("delete from intermediate.int_win_back_candidates")
    connection.execute(
        "insert into intermediate.int_win_back_candidates by name "
        "select ? as customer_id, ? as reason_code, cast(? as date) as silent_since",
        [customer, reason, silent_since],
    )


def on_record(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return connection.execute(
        "select customer_id, listed_on, reason_code from raw.win_back_listings order by listed_on"
    ).fetchall()


def test_a_silence_is_listed_once_with_the_reason_known_then(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    candidate(warehouse, "A", "2025-01-01", "none_known")
    assert record_listings(warehouse, FIRST) == 1
    assert record_listings(warehouse, FIRST) == 0

    candidate(warehouse, "A", "2025-01-01", "late_delivery")  # a delivery became known since
    assert record_listings(warehouse, SECOND) == 0

    assert on_record(warehouse) == [("A", FIRST, "none_known")]


def test_another_silence_of_the_same_customer_is_listed_again(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    candidate(warehouse, "A", "2024-01-01", "ticket")
    record_listings(warehouse, FIRST)
    candidate(warehouse, "A", "2025-02-01", "price_rise")
    record_listings(warehouse, SECOND)

    assert on_record(warehouse) == [("A", FIRST, "ticket"), ("A", SECOND, "price_rise")]


def test_who_is_no_candidate_any_more_stays_on_record(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    candidate(warehouse, "A", "2025-01-01", "ticket")
    record_listings(warehouse, FIRST)
    candidate(warehouse, "B", "2025-01-02", "ticket")

    record_listings(warehouse, SECOND)

    assert [row[0] for row in on_record(warehouse)] == ["A", "B"]
