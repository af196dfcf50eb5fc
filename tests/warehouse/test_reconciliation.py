"""The tiny marketplace's books against numbers worked by hand."""

from decimal import Decimal
from typing import Any

import pytest
from duckdb import DuckDBPyConnection

pytestmark = pytest.mark.warehouse


def money(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in amounts)


def days(warehouse: DuckDBPyConnection, source: str, measure: str, columns: str) -> list[Any]:
    return warehouse.execute(
        f"select cast(reconciliation_date as varchar), vendor_id, {columns}"
        " from marts.mart_reconciliation where source = ? and measure = ?"
        " and state <> 'ok' order by all",
        [source, measure],
    ).fetchall()


def test_difference_between_orders_and_invoices_is_explained_but_for_what_nobody_credited(
    warehouse: DuckDBPyConnection,
) -> None:
    row = warehouse.execute(
        "select shop_amount, source_amount, cancelled_amount, timing_amount, unmatched_amount,"
        " residual_amount from marts.mart_reconciliation_summary"
        " where source = 'erp' and measure = 'goods'"
    ).fetchone()

    # invoiced 49 + 15 + 66; cancelled O3 50, L4a 7, O10 40; still to come O5 12, O6 100, O11 5; and
    # 228 x 10 + 114 x 20 + 57 x 30 + 29 x 40 = 7430 of the regular vendors, where the books agree
    assert row == money("7701", "7560", "97", "117", "-66", "-7")
    assert days(warehouse, "erp", "goods", "residual_amount, unmatched_amount, state") == [
        ("2025-05-11", "V1", *money("-7", "0"), "watch"),
        ("2025-06-10", "V1", *money("0", "-66"), "watch"),
    ]


def test_shipping_of_the_whole_order_is_shared_out_as_the_shop_does(
    warehouse: DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        "select vendor_id, shop_amount, source_amount from marts.mart_reconciliation"
        " where source = 'erp' and measure = 'shipping' order by all"
    ).fetchall()

    # the order's 2.00 by 19 and 30 of 49, and the lines' 3.00 and 4.00
    assert rows == [("V1", *money("3.78", "3.78")), ("V2", *money("5.22", "5.22"))]


def test_one_payment_for_two_vendors_is_shared_out_and_adds_up_to_the_payment(
    warehouse: DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        "select vendor_id, source_amount, residual_amount from marts.mart_reconciliation"
        " where source = 'accounting' and measure = 'payments'"
        " and reconciliation_date = date '2025-05-01' and vendor_id like 'V%' order by all"
    ).fetchall()

    # 55.99 of 58.00; V1 owes 19 + 3.78, V2 30 + 5.22
    assert rows == [("V1", *money("21.99", "0.79")), ("V2", *money("34.00", "1.22"))]


def test_payment_for_an_order_without_lines_belongs_to_no_vendor(
    warehouse: DuckDBPyConnection,
) -> None:
    found = days(warehouse, "accounting", "payments", "residual_amount")

    assert ("2025-05-02", None, Decimal(-10)) in found
    # O4: 15 owed, 7 of it cancelled, nothing paid in more than 45 days
    assert ("2025-05-11", "V1", Decimal(8)) in found


def test_payout_that_is_short_is_short_in_goods_and_net(warehouse: DuckDBPyConnection) -> None:
    for measure in ("goods", "net"):
        assert days(warehouse, "payouts", measure, "shop_amount, source_amount, state") == [
            ("2025-05-31", "V2", *money("30", "25"), "watch")
        ]


def test_rows_behind_a_residual_name_the_order(warehouse: DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select subject_id, residual_amount, unmatched_amount from marts.mart_reconciliation_rows"
        " where source = 'erp' and measure = 'goods' order by all"
    ).fetchall()

    assert rows == [("O4", *money("-7", "0")), ("without an order", *money("0", "-66"))]


def test_system_is_absent_warned_or_fine_by_what_it_delivers(
    warehouse: DuckDBPyConnection,
) -> None:
    states = dict(
        warehouse.execute("select system, state from marts.mart_integration_health").fetchall()
    )

    assert states["crm"] == "absent"
    assert states["shop"] == "warning"  # an order in quarantine, a line without its order
    assert states["helpdesk"] == "warning"  # named, and nothing arrived
    assert states["pim"] == "warning"  # a product of a category that nobody named
    assert states["oms"] == "ok"
