"""Marts of the tiny marketplace against numbers worked by hand."""

from datetime import date
from decimal import Decimal
from hashlib import md5
from typing import Any

import pytest
from duckdb import DuckDBPyConnection

from dashboards.components import units

pytestmark = pytest.mark.warehouse

# All but the vendors of everyday.py. Of their orders number 0 is of 30 June, 1 of 28 June, and so
# on; the first vendor has a part in each, the others in every second, fourth and eighth.
ODD = "vendor_id in ('V1', 'V2', 'V9')"


def one(warehouse: DuckDBPyConnection, sql: str, *values: object) -> tuple[Any, ...]:
    row = warehouse.execute(sql, list(values)).fetchone()
    assert row is not None
    return row


def counts(
    warehouse: DuckDBPyConnection, vendor: str, metric: str, window_end: str = "2025-07-01"
) -> tuple[int, int]:
    numerator, denominator = one(
        warehouse,
        "select numerator, denominator from marts.mart_vendor_scorecard"
        " where is_judged and vendor_id = ? and metric_id = ? and window_end = ?",
        *(vendor, metric, window_end),
    )
    return numerator, denominator


def test_gmv_counts_every_order_and_net_value_only_what_stands(
    warehouse: DuckDBPyConnection,
) -> None:
    gmv, gmv_net = one(
        warehouse, f"select sum(gmv), sum(gmv_net) from marts.fct_order_lines where {ODD}"
    )

    # O1 (2 x 10.005 = 20.01 - 1.01) + 30, O3 50, O4 7 + 8, O5 12, O6 100, O10 40, O11 5
    assert gmv == Decimal("271.00")
    # less O3 (cancelled), 7 of O4 (cancelled) and O10 (unavailable)
    assert gmv_net == Decimal("174.00")


def test_orders_without_lines_count_and_test_and_later_orders_do_not(
    warehouse: DuckDBPyConnection,
) -> None:
    orders = warehouse.execute(
        "select order_id from marts.fct_orders where order_id like 'O%' order by 1"
    ).fetchall()

    assert [row[0] for row in orders] == ["O1", "O10", "O11", "O2", "O3", "O4", "O5", "O6"]
    assert one(
        warehouse,
        "select line_count, vendor_count, gmv, paid_amount from marts.fct_orders"
        " where order_id = 'O2'",
    ) == (0, 0, Decimal(0), Decimal(10))


def test_lines_payments_and_reviews_of_one_order_do_not_multiply_each_other(
    warehouse: DuckDBPyConnection,
) -> None:
    row = one(
        warehouse,
        "select line_count, vendor_count, gmv, shipping_amount, commission_amount, payment_count,"
        " paid_amount, review_count, review_rating_sum from marts.fct_orders where order_id = 'O1'",
    )

    # shipping: 2 of the order, 3 and 4 of its lines; the failed payment is not paid
    assert row == (2, 2, Decimal(49), Decimal(9), Decimal("1.90"), 2, Decimal("55.99"), 2, 7)


def test_order_one_minute_before_local_midnight_belongs_to_the_day_that_ends(
    warehouse: DuckDBPyConnection,
) -> None:
    assert one(warehouse, "select order_date from marts.fct_orders where order_id = 'O6'") == (
        date(2025, 6, 30),
    )


def test_customer_comes_from_the_order_then_the_record_then_is_the_record(
    warehouse: DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        "select customer_id, customer_name, order_count, is_registered from marts.dim_customers"
        " where customer_id not like 'customer-canary-%' order by 1"
    ).fetchall()

    # A: O1, O2, O5, O11; B: O3, O4, O10; the later record gives the name
    assert rows == [("A", "New Name", 4, True), ("B", "Other", 3, True), ("R77", None, 1, False)]


def test_vendor_that_sells_without_being_registered_is_kept_and_reported(
    warehouse: DuckDBPyConnection,
) -> None:
    assert one(
        warehouse,
        "select vendor_name, is_registered, gmv from marts.dim_vendors where vendor_id = 'V9'",
    ) == ("V9", False, Decimal(100))
    assert one(
        warehouse,
        "select missing_count, state from marts.mart_feed_status where feed = 'vendors'",
    ) == (1, "warning")


def test_line_without_its_order_is_no_fact_and_is_reported(warehouse: DuckDBPyConnection) -> None:
    assert one(
        warehouse, "select count(*) from marts.fct_order_lines where order_line_id = 'L99'"
    ) == (0,)
    assert one(
        warehouse, "select orphan_count from marts.mart_feed_status where feed = 'order_lines'"
    ) == (1,)


def test_delivery_after_the_last_day_is_not_yet_known(warehouse: DuckDBPyConnection) -> None:
    assert one(
        warehouse,
        "select delivered_at, is_late, is_overdue from marts.fct_order_lines"
        " where order_line_id = 'L11'",
    ) == (None, None, True)


def test_late_by_timestamp_and_late_by_date_differ_on_the_promised_day(
    warehouse: DuckDBPyConnection,
) -> None:
    assert one(
        warehouse,
        "select is_late, is_late_by_date from marts.fct_order_lines where order_line_id = 'L2'",
    ) == (True, False)


@pytest.mark.parametrize(
    ("vendor", "metric", "expected"),
    [
        # V1: O1 in time, O4 (line L4b) in time, O5 overdue and never shipped
        ("V1", "late_shipment_rate", (1, 3)),
        # V1: O1 delivered in time, O4 and O5 are due and not delivered
        ("V1", "on_time_delivery_rate", (1, 3)),
        ("V1", "late_delivery_rate_by_date", (0, 1)),
        # V1: O1, O3 (the buyer's wish), O4 (the vendor's), O5
        ("V1", "vendor_cancellation_rate", (1, 4)),
        ("V1", "review_score", (5, 1)),
        # V2: O1 a day late, O11 in time
        ("V2", "late_shipment_rate", (1, 2)),
        ("V2", "on_time_delivery_rate", (0, 2)),
        ("V2", "late_delivery_rate_by_date", (0, 1)),
        # V2: O10 could not be supplied; O1, O11
        ("V2", "vendor_cancellation_rate", (1, 3)),
        # V2: 5 for the whole order and 2 of its own
        ("V2", "review_score", (7, 2)),
        ("V9", "vendor_cancellation_rate", (0, 1)),
    ],
)
def test_scorecard_counts_are_those_worked_by_hand(
    warehouse: DuckDBPyConnection, vendor: str, metric: str, expected: tuple[int, int]
) -> None:
    assert counts(warehouse, vendor, metric) == expected


def test_earlier_window_is_judged_with_what_was_known_at_its_end(
    warehouse: DuckDBPyConnection,
) -> None:
    # the cancellation of L4a became known on 2 June, and nothing of O4 was due before June
    assert counts(warehouse, "V1", "vendor_cancellation_rate", "2025-06-01") == (0, 3)
    assert counts(warehouse, "V1", "on_time_delivery_rate", "2025-06-01") == (1, 1)


def test_windows_of_a_vendor_begin_with_its_own_first_order(
    warehouse: DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        "select vendor_id, window_end, count(*) from marts.mart_vendor_scorecard"
        f" where {ODD} and is_judged and metric_id in ('late_shipment_rate', 'review_score')"
        " group by all order by all"
    ).fetchall()

    june, july = date(2025, 6, 1), date(2025, 7, 1)
    assert rows == [
        ("V1", june, 2),
        ("V1", july, 2),
        ("V2", june, 2),
        ("V2", july, 2),
        ("V9", july, 2),
    ]


def test_rate_without_a_denominator_is_null_and_says_no_data(warehouse: DuckDBPyConnection) -> None:
    assert one(
        warehouse,
        "select denominator, rate, rate_estimate, rate_lower, rate_upper,"
        " probability_over_threshold, state"
        " from marts.mart_vendor_scorecard"
        " where vendor_id = 'V9' and metric_id = 'on_time_delivery_rate' and is_judged",
    ) == (0, None, None, None, None, None, "no_data")


def test_marketplace_rate_sums_counts_and_never_averages_rates(
    warehouse: DuckDBPyConnection,
) -> None:
    # 1 of 3, 1 of 2 and nothing: 2 of 5. Of the regular orders 1 to 45 had to be shipped in the
    # window: 1 of 45 was late, 11 of 22, 1 of 11 and 1 of 5. The mean of the rates would be 0.258.
    assert one(
        warehouse,
        "select distinct marketplace_rate from marts.mart_vendor_scorecard"
        " where metric_id = 'late_shipment_rate' and window_end = '2025-07-01' and is_judged",
    ) == (pytest.approx(16 / 88),)


def test_number_id_is_the_hash_of_what_the_number_is(warehouse: DuckDBPyConnection) -> None:
    text = "tiny|V1|late_shipment_rate|1|days_90|2025-04-02|2025-07-01|1.000|3.000"

    assert one(
        warehouse,
        "select number_id from marts.mart_vendor_scorecard where vendor_id = 'V1'"
        " and metric_id = 'late_shipment_rate' and window_end = '2025-07-01' and is_judged",
    ) == (md5(text.encode(), usedforsecurity=False).hexdigest(),)


def test_unit_of_an_order_metric_is_the_vendors_part_and_its_worst_line_decides(
    warehouse: DuckDBPyConnection,
) -> None:
    # O4 has two lines of V1: 7 cancelled by the vendor and 8 that stands; 15 in all
    assert one(
        warehouse,
        "select unit_kind, unit_id, order_line_id, in_numerator, line_count, gmv, gmv_net,"
        " membership_date from marts.mart_vendor_metric_lines"
        " where order_id = 'O4' and metric_id = 'vendor_cancellation_rate'",
    ) == ("order", "O4", None, True, 2, Decimal(15), Decimal(8), date(2025, 5, 11))


def test_pages_name_the_units_that_the_lines_hold(warehouse: DuckDBPyConnection) -> None:
    held = warehouse.execute(
        "select distinct metric_id, unit_kind from marts.mart_vendor_metric_lines"
    ).fetchall()

    assert {(metric_id, units.kind({"metric_id": metric_id})) for metric_id, _ in held} == {*held}


def test_unit_of_the_review_score_is_a_review(warehouse: DuckDBPyConnection) -> None:
    units = warehouse.execute(
        "select vendor_id, unit_kind, unit_id, numerator_value, denominator_value,"
        " membership_date from marts.mart_vendor_metric_lines"
        " where order_id = 'O1' and metric_id = 'review_score' order by all"
    ).fetchall()

    # W1 names no vendor and speaks of both, W2 of V2
    assert units == [
        ("V1", "review", "W1 O1", 5, 1, date(2025, 5, 8)),
        ("V2", "review", "W1 O1", 5, 1, date(2025, 5, 8)),
        ("V2", "review", "W2 O1", 2, 1, date(2025, 5, 9)),
    ]


def test_summary_compares_thirty_days_with_the_thirty_before(warehouse: DuckDBPyConnection) -> None:
    row = one(
        warehouse,
        "select window_start, window_end, gmv, order_count, average_order_value, active_vendors,"
        " late_delivery_rate, review_score, previous_gmv, previous_order_count"
        " from marts.mart_marketplace_summary where window_id = 'last_30_days'",
    )

    # June: O5 12, O6 100, O10 40, O11 5; net 117 over the three that stand. Regular orders 0 to 14:
    # 15 x 10 + 8 x 20 + 4 x 30 + 2 x 40 = 510. Delivered in June: ten in time, and 6, 10, 14, 16
    # and 18 late. Reviews written in June: 7 x 5, 3 x 3, 2 x 4 and 1 x 5 of the four vendors.
    # 2 to 31 May: O2, O3, O4 and the orders 15 to 29: 15 x 10 + 7 x 20 + 4 x 30 + 2 x 40 = 490.
    assert row == (
        *(date(2025, 6, 1), date(2025, 7, 1), Decimal(157 + 510), 19, Decimal("34.83"), 7),
        *(pytest.approx(5 / 15), pytest.approx(57 / 13), Decimal(65 + 490), 18),
    )


def test_all_time_has_no_window_before(warehouse: DuckDBPyConnection) -> None:
    # delivered: O1 late, O2 in time, and the orders from 3 on, of which 5 are late by the first
    # vendor, 56 by the second, 6 and 6 by the others, never two in one; ratings 5 and 2, and
    # 111 x 5, 55 x 3, 28 x 4, 14 x 5
    assert one(
        warehouse,
        "select gmv, order_count, active_customers, late_delivery_rate, review_score, previous_gmv"
        " from marts.mart_marketplace_summary where window_id = 'all_time'",
    ) == (
        *(Decimal(271 + 7430), 8 + 228, 3 + 40),
        *(pytest.approx(74 / 227), pytest.approx(909 / 210), None),
    )


def test_every_day_has_a_row_even_without_orders(warehouse: DuckDBPyConnection) -> None:
    # from the oldest regular order, 2 x 227 days ago; four of the odd orders are of days between
    assert one(
        warehouse,
        "select count(*), count_if(order_count = 0), sum(order_count)"
        " from marts.mart_marketplace_daily",
    ) == (455, 455 - 228 - 4, 8 + 228)


def test_vendor_summary_counts_orders_once_and_ranks_by_gmv(warehouse: DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select vendor_id, order_count, unit_count, gmv, gmv_net, cancelled_order_count,"
        " review_score, gmv_rank from marts.mart_vendor_summary"
        f" where window_id = 'all_time' and {ODD} order by vendor_id"
    ).fetchall()

    # behind the four regular ones: 2280, 2280, 1710 and 1160
    assert rows == [
        ("V1", 4, 6, Decimal(96), Decimal(39), 2, 5.0, 6),
        ("V2", 3, 3, Decimal(75), Decimal(35), 0, 3.5, 7),
        ("V9", 1, 1, Decimal(100), Decimal(100), 0, None, 5),
    ]


def test_vendors_part_of_an_order_holds_nothing_of_the_other_vendor(
    warehouse: DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        "select vendor_id, line_count, gmv, is_late, review_rating"
        " from exports.exp_vendor__fct_orders"
        " where order_id = 'O1' order by vendor_id"
    ).fetchall()

    assert rows == [("V1", 1, Decimal(19), False, 5.0), ("V2", 1, Decimal(30), True, 3.5)]


def test_feed_states_say_what_is_absent_missing_or_in_quarantine(
    warehouse: DuckDBPyConnection,
) -> None:
    states = dict(warehouse.execute("select feed, state from marts.mart_feed_status").fetchall())

    assert states["leads"] == "absent"
    assert states["orders"] == "warning"
    assert states["shipments"] == "ok"


def test_quarantine_mart_names_the_reason_and_quotes_nothing(warehouse: DuckDBPyConnection) -> None:
    rows = warehouse.execute("from marts.mart_quarantine").fetchall()
    reason = one(warehouse, "select reason_code, column_name, row_count from marts.mart_quarantine")

    assert len(rows) == 1
    assert "secret" not in repr(rows)
    assert reason == ("invalid_timestamp", "ordered_at", 1)
