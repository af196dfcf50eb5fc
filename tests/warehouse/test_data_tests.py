"""The data tests guard publication, so each kind of them is shown to fail when it should."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.warehouse import build, tiny_marketplace
from tests.warehouse.raw_tables import create_raw_tables

pytestmark = pytest.mark.warehouse

# What is done to a finished warehouse, and the test that has to notice.
CORRUPTIONS = {
    "insert into marts.fct_orders from marts.fct_orders where order_id = 'O2'": (
        "unique_combination_fct_orders_order_id"
    ),
    "update marts.mart_vendor_daily set gmv = gmv + 0.01 where vendor_id = 'V9'": (
        "assert_gmv_agrees_between_lines_orders_days_and_vendors"
    ),
    "update marts.fct_order_lines set shipping_amount = -1 where order_line_id = 'L1'": (
        "at_least_fct_order_lines_shipping_amount__0"
    ),
    "update marts.fct_order_lines set gmv = gmv + 0.01 where order_line_id = 'L2'": (
        "line_value_is_price_times_quantity_less_discount"
    ),
    "update marts.fct_orders set paid_amount = paid_amount * 2 where order_id = 'O1'": (
        "assert_payments_and_reviews_are_counted_once"
    ),
    "delete from marts.mart_vendor_metric_lines where order_line_id = 'L5'": (
        "assert_scorecard_equals_recount_from_lines"
    ),
    # as it looks when the posteriors are of another run's counts
    "update marts.mart_vendor_scorecard set state = null where vendor_id = 'V1'": (
        "interval_and_state_belong_to_the_counts"
    ),
    "update marts.mart_reconciliation set timing_amount = timing_amount + 0.01": (
        "parts_and_residual_are_the_difference"
    ),
    # as it looks when a payment is shared out to two vendors in full
    "update intermediate.int_amounts_reconciled set source_amount = 55.99"
    " where measure = 'payments' and subject_id = 'O1'": (
        "assert_reconciliation_counts_every_amount_once"
    ),
    "update marts.mart_data_quality set received = received + 1": (
        "every_received_row_is_accounted_for"
    ),
}


def test_each_kind_of_damage_fails_the_test_that_guards_against_it(
    built: Path, tmp_path: Path
) -> None:
    damaged = tmp_path / "warehouse.duckdb"
    shutil.copy(built, damaged)
    with duckdb.connect(str(damaged)) as connection:
        for corruption in CORRUPTIONS:
            connection.execute(corruption)

    result = build.dbt(
        *("test", "--exclude", "test_type:unit"),
        warehouse=damaged,
        variables=tiny_marketplace.VARS,
    )

    assert result.returncode != 0
    results = json.loads((tmp_path / "target" / "run_results.json").read_text())["results"]
    failed = {entry["unique_id"].split(".")[2] for entry in results if entry["status"] == "fail"}
    assert set(CORRUPTIONS.values()) <= failed
    assert "unique_combination_dim_vendors_vendor_id" not in failed


def test_marketplace_without_any_row_builds_and_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        create_raw_tables(connection)

    build.build(path, tiny_marketplace.VARS)

    with duckdb.connect(str(path), read_only=True) as connection:
        states = dict(
            connection.execute(
                "select feed, state from marts.mart_feed_status where is_required"
            ).fetchall()
        )
    assert states == {"orders": "failed", "order_lines": "failed", "vendors": "failed"}
