"""The data tests guard publication, so each kind of them is shown to fail when it should."""

from pathlib import Path

import duckdb
import pytest

from pipelines.dbt.project import dbt_variables
from pipelines.home import Home
from pipelines.loading.claim import claim_warehouse
from pipelines.loading.feed_table import write_feeds
from pipelines.loading.warehouse import open_warehouse
from pipelines.runs.run import RunArguments, execute
from pipelines.settings import PipelineSettings, temporary_environment
from tests.warehouse.dbt import results_of, run_dbt
from tests.worlds.built_once import copied
from tests.worlds.published_shop import RAN_AT, deliver, marketplace_of, published_shop
from tests.worlds.tiny_marketplace import AS_OF, FEEDS

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
        "line_is_worth_what_was_stated_at_the_rate_of_its_day"
    ),
    "update marts.fct_orders set paid_amount = paid_amount * 2 where order_id = 'O1'": (
        "assert_payments_and_reviews_are_counted_once"
    ),
    "delete from marts.mart_vendor_metric_lines where unit_id = 'O5'": (
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


def test_each_kind_of_damage_fails_the_test_that_guards_against_it(own_home: Home) -> None:
    with duckdb.connect(str(own_home.warehouse)) as connection:
        for corruption in CORRUPTIONS:
            connection.execute(corruption)

    variables = dbt_variables(marketplace_of(own_home), AS_OF)
    result = run_dbt(own_home, "test", "--exclude", "test_type:unit", variables=variables)

    assert result.returncode != 0
    failed = {name for name, status in results_of(own_home).items() if status == "fail"}
    assert set(CORRUPTIONS.values()) <= failed
    assert "unique_combination_dim_vendors_vendor_id" not in failed


def test_marketplace_without_any_row_builds_and_says_what_is_missing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    deliver(tmp_path, {feed: [] for feed in FEEDS})
    # The same project and the same variables, so there is nothing to parse again.
    copied(published_shop().path / "dbt", tmp_path / "dbt")
    claim_warehouse(home, "tiny")
    with open_warehouse(home.warehouse) as connection:
        write_feeds(connection, marketplace_of(home))

    file = str(tmp_path / "tiny.yml")
    with temporary_environment({"KONTOR_HOME": str(tmp_path), "KONTOR_MARKETPLACE": file}):
        arguments = RunArguments(file, AS_OF, full=False, now=RAN_AT)
        outcome, reasons = execute("build_models", PipelineSettings(), arguments)

    assert (outcome, reasons) == ("published", [])
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        states = dict(
            connection.execute(
                "select feed, state from marts.mart_feed_status where is_required"
            ).fetchall()
        )
    assert states == {"orders": "failed", "order_lines": "failed", "vendors": "failed"}
