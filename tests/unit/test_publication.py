"""What a published version says of itself."""

import duckdb

from output.findings.finding import Finding
from pipelines.checking import check_results
from pipelines.checking.check_results import METRICS, VOLUME, CheckRow
from pipelines.loading.warehouse import create_tables
from pipelines.runs.publication import _incomplete_feed_count, _odd_figure_count


def a_result(feed: str, name: str, sentence: str, *, is_passed: bool) -> CheckRow:
    return CheckRow(
        run_at="2026-07-01 03:00:00",
        feed=feed,
        check_name=name,
        severity="warn",
        is_passed=is_passed,
        observed=1.0,
        finding=Finding.as_written(sentence),
        held_back=None,
    )


def test_a_version_warns_of_feeds_and_of_the_figures_made_of_them() -> None:
    metric = a_result("mart_marketplace_daily", f"{METRICS}/gmv", "gmv is odd", is_passed=False)
    calm = a_result("mart_marketplace_daily", f"{METRICS}/orders", "as usual", is_passed=True)
    # What is wrong with a feed is in its state already.
    volume = a_result("orders", f"{VOLUME}/rows", "few orders", is_passed=False)
    with duckdb.connect() as connection:
        create_tables(connection, [])
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.mart_feed_status as select * from (values "
            "('orders', 'warning'), ('vendors', 'ok')) as status (feed, state)"
        )
        check_results.replace_results(
            connection, METRICS, ["mart_marketplace_daily"], [metric, calm]
        )
        check_results.replace_results(connection, VOLUME, ["orders"], [volume])

        assert _incomplete_feed_count(connection) == 1
        assert _odd_figure_count(check_results.results(connection)) == 1
