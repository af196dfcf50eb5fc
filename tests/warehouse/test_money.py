"""Money that is not as simple as price times quantity in one currency, worked by hand.

Loaded by the real loader, built by dbt, euros, days of Berlin, the last day that counts is 30 June.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import duckdb
import pytest

from output.findings.finding import Finding
from pipelines.checking.check_results import CheckRow
from pipelines.checking.feed_batches import CHARGED, OWN_LINES
from pipelines.checking.warning_tests import note_warnings
from pipelines.dbt.manifest import Manifest
from pipelines.dbt.project import dbt_variables, target_folder
from pipelines.home import Home
from pipelines.loading.feed_table import write_feeds
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk
from tests.warehouse.dbt import run_dbt
from tests.worlds.built_once import copied
from tests.worlds.published_shop import deliver, marketplace_of, published_shop
from tests.worlds.tiny_marketplace import AS_OF, Rows

pytestmark = pytest.mark.warehouse

MODELS: Final = (
    "mart_marketplace_summary",
    "mart_vendor_daily",
    "fct_vendor_orders",
    "mart_checks",
    "mart_reconciliation_summary",
    "mart_reconciliation_rows",
)


def _order(order_id: str, ordered_at: str, currency: str, **more: Any) -> dict[str, Any]:
    order = {"order_id": order_id, "customer_id": "A", "status": "delivered"}
    return order | {"ordered_at": ordered_at, "currency_code": currency} | more


def _line(line: str, order: str, quantity: float, **more: Any) -> dict[str, Any]:
    fields = {"order_line_id": line, "order_id": order, "vendor_id": "V1", "quantity": quantity}
    return fields | more


def _payment(payment: str, order: str, amount: str, **more: Any) -> dict[str, Any]:
    return {"payment_id": payment, "order_id": order, "amount": amount, "status": "paid"} | more


def _document(invoice: str, order: str, vendor: str | None, **amounts: str) -> dict[str, Any]:
    fields = {"invoice_id": invoice, "order_id": order, "vendor_id": vendor}
    fields |= {"document_kind": "invoice", "currency_code": "PLN"}
    return fields | {"issued_at": "2025-04-14 10:00:00"} | amounts


def _payout(payout: str, currency: str, **amounts: str) -> dict[str, Any]:
    fields = {"payout_id": payout, "vendor_id": "V2", "currency_code": currency}
    return fields | {"period_start": "2025-04-01", "period_end": "2025-04-30"} | amounts


def _rate(base: str, quote: str, rate: str, day: str) -> dict[str, Any]:
    return {"base_currency_code": base, "currency_code": quote, "rate": rate, "rate_date": day}


_REFUNDED: Final = {"status": "refunded", "requested_at": "2025-06-20", "refunded_at": "2025-06-21"}

FEEDS: Final[dict[str, Rows]] = {
    "vendors": [{"vendor_id": "V1", "name": "First"}, {"vendor_id": "V2", "name": "Second"}],
    "orders": [
        _order("E1", "2025-06-10 10:00:00", "EUR", shipping_amount="5", total_amount="53")
        | {"vendor_id": "V2"},
        # half past eleven in the evening of Saturday the 14th in Berlin, and an hour later
        _order("U1", "2025-06-14 21:30:00", "USD"),
        _order("U2", "2025-06-14 22:30:00", "USD"),
        _order("J1", "2025-06-05 10:00:00", "JPY"),
        # eight days after the newest rate
        _order("J2", "2025-06-09 10:00:00", "JPY"),
        _order("T1", "2025-06-10 10:00:00", "EUR", total_amount="80"),
        # 40 by its lines
        _order("W1", "2025-06-10 10:00:00", "EUR", total_amount="35"),
        # 23 % tax on 100.00 and 10.00 of shipping by line, and on 20.00 of shipping by order
        _order(
            *("Z1", "2025-04-10 10:00:00", "PLN"),
            shipping_amount="20",
            tax_amount="29.90",
            total_amount="159.90",
        ),
        # 10 % off the whole order, its tax stated as a whole
        _order(
            *("Z2", "2025-04-11 10:00:00", "PLN"),
            discount_amount="5.00",
            tax_amount="10.35",
            total_amount="55.35",
        ),
        # the same vendor in a currency that has no rate at all
        _order("C1", "2025-04-12 10:00:00", "CHF", tax_amount="1.62", total_amount="21.62"),
        # a third of a kilogram of cheese at 17.90, with 7 % tax
        _order("K1", "2025-04-12 10:00:00", "EUR", tax_amount="0.42", total_amount="6.42"),
    ],
    "order_lines": [
        # 20 less 10 %, and 30 as a whole, whatever the unit price says, for one piece and a half
        _line("L1", "E1", 2, unit_price="10.00", discount_rate="0.1"),
        _line("L2", "E1", 1.5, unit_price="30.00", line_amount="30.00"),
        _line("L3", "U1", 1, unit_price="3.33"),
        _line("L4", "U1", 1, unit_price="3.33"),
        _line("L5", "U1", 1, unit_price="3.33"),
        _line("L6", "U2", 1, unit_price="10.00"),
        _line("L7", "J1", 1, unit_price="10000"),
        _line("L8", "J2", 1, unit_price="10000"),
        _line("L9", "W1", 2, unit_price="20.00"),
        _line("Z1a", "Z1", 4, unit_price="25.00", shipping_amount="10", tax_amount="25.30")
        | {"vendor_id": "V2", "commission_amount": "12.00"},
        _line("Z2a", "Z2", 1, unit_price="50.00", commission_amount="6.00") | {"vendor_id": "V2"},
        _line("C1a", "C1", 1, unit_price="20.00", tax_amount="1.62", commission_amount="2.40")
        | {"vendor_id": "V2"},
        # 5.9965
        _line("K1a", "K1", 0.335, unit_price="17.90", tax_amount="0.42", commission_amount="0.72")
        | {"vendor_id": "V2", "unit": "kg"},
    ],
    "returns": [
        {"return_id": "R1", "order_id": "E1", "order_line_id": "L2", "quantity": 0.5} | _REFUNDED,
        # five came back of one
        {"return_id": "R2", "order_id": "U1", "order_line_id": "L5", "quantity": 5} | _REFUNDED,
        # one of four, with its tax, in its order's currency
        {"return_id": "R3", "order_id": "Z1", "order_line_id": "Z1a", "quantity": 1}
        | {"status": "refunded", "requested_at": "2025-04-20", "refunded_at": "2025-04-25"}
        | {"refund_amount": "30.75"},
        # a hundred grams: 1.791 of the 6.00, with its tax of 0.13
        {"return_id": "R4", "order_id": "K1", "order_line_id": "K1a", "quantity": "0.1"}
        | {"status": "refunded", "requested_at": "2025-04-20", "refunded_at": "2025-04-25"},
        # of what its customer never bought
        {"return_id": "R5", "customer_id": "A", "product_id": "P9", "quantity": 1} | _REFUNDED,
    ],
    "shipments": [
        {"shipment_id": f"S-{order}", "order_id": order, "vendor_id": "V2"}
        | {"shipped_at": "2025-04-13 10:00:00", "delivered_at": "2025-04-15 10:00:00"}
        for order in ("Z1", "Z2", "C1", "K1")
    ],
    "invoices": [
        # the express shipping is the marketplace's own
        _document("I1", "Z1", "V2", net_amount="100.00", shipping_amount="10", tax_amount="25.30"),
        _document("I2", "Z1", None, net_amount="0", shipping_amount="20", tax_amount="4.60"),
        _document("I3", "Z1", "V2", net_amount="25.00", tax_amount="5.75")
        | {"document_kind": "credit_note"},
        # one zloty too much tax
        _document("I4", "Z2", "V2", net_amount="50.00", tax_amount="11.35"),
        _document("I5", "C1", "V2", net_amount="20.00", tax_amount="1.62")
        | {"currency_code": "CHF"},
        _document("I6", "K1", "V2", net_amount="6.00", tax_amount="0.42")
        | {"currency_code": "EUR"},
        _document("I7", "K1", "V2", net_amount="1.79", tax_amount="0.13")
        | {"document_kind": "credit_note", "currency_code": "EUR"},
    ],
    "payouts": [
        # 150 less 18, and less the 25 that came back, whose tax is not the vendor's
        _payout("O1", "PLN", gross_amount="150.00", shipping_amount="10.00")
        | {"commission_amount": "18.00", "refund_amount": "25.00", "net_amount": "117.00"},
        # the vendor's other currency, of which one was forgotten
        _payout("O2", "CHF", gross_amount="20.00")
        | {"commission_amount": "2.40", "net_amount": "16.60"},
        # 6.00 less 0.72, and less what came back
        _payout("O3", "EUR", gross_amount="6.00", refund_amount="1.79")
        | {"commission_amount": "0.72", "net_amount": "3.49"},
    ],
    "payments": [
        _payment("P1", "E1", "53.00"),
        _payment("P2", "E1", "10.00", kind="refund"),
        _payment("P3", "E1", "-3.00"),
        _payment("P4", "U1", "9.99"),
        _payment("P5", "U2", "5.00", currency_code="EUR"),
        _payment("P6", "T1", "80.00", currency_code="GBP"),
        # two instalments of the gross, and the returned unit's gross back
        _payment("P7", "Z1", "100.00", paid_at="2025-04-10 11:00:00"),
        _payment("P8", "Z1", "59.90", paid_at="2025-05-10 11:00:00"),
        _payment("P9", "Z1", "30.75", kind="refund", paid_at="2025-04-26 11:00:00"),
        _payment("P10", "Z2", "55.35", paid_at="2025-04-11 11:00:00"),
        _payment("P11", "C1", "21.62", paid_at="2025-04-12 11:00:00"),
        _payment("P12", "K1", "6.42", paid_at="2025-04-12 11:00:00"),
        _payment("P13", "K1", "1.92", kind="refund", paid_at="2025-04-26 11:00:00"),
    ],
    "exchange_rates": [
        _rate("EUR", "USD", "1.25", "2025-06-13"),
        _rate("EUR", "USD", "2.00", "2025-06-15"),
        _rate("JPY", "EUR", "0.006", "2025-06-01"),
        _rate("EUR", "PLN", "4.25", "2025-04-10"),
    ],
}


@pytest.fixture(scope="module")
def found(
    tmp_path_factory: pytest.TempPathFactory, parser: Parser
) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, CheckRow]]]:
    """The built warehouse, and what the warning tests found, by check."""
    home = Home(tmp_path_factory.mktemp("money"))
    deliver(home.path, FEEDS)
    # The same project, so there is nothing to parse again.
    copied(published_shop().path / "dbt", home.path / "dbt")
    shop = marketplace_of(home)
    desk = Desk(home, shop, parser, "2025-07-01 03:00:00")
    for feed in FEEDS:
        desk.ingest(feed)
    with desk.loader() as loader:
        write_feeds(loader.connection, shop)

    manifest = Manifest.read(target_folder(home) / "manifest.json")
    # forecasts are made by a step and not by dbt
    warnings = [test.name for test in manifest.warning_tests if test.subject != "mart_forecast"]
    built = run_dbt(
        home,
        *("build", "--full-refresh", "--exclude-resource-type", "unit_test"),
        *("--indirect-selection", "cautious"),
        *("--select", *(f"+{model}" for model in MODELS), *warnings),
        variables=dbt_variables(shop, AS_OF),
    )

    assert built.returncode == 0, built.stdout
    results = json.loads((target_folder(home) / "build" / "run_results.json").read_text())
    with duckdb.connect(str(home.warehouse)) as connection:
        rows = note_warnings(connection, manifest, results["results"], "2025-07-01 03:00:00")
        yield connection, {row.check_name.removeprefix("models/"): row for row in rows}


Found = tuple[duckdb.DuckDBPyConnection, dict[str, CheckRow]]


def rows(found: Found, query: str) -> list[tuple[Any, ...]]:
    return found[0].execute(query).fetchall()


def test_amounts_are_converted_at_the_rate_of_the_local_order_date(found: Found) -> None:
    orders = rows(
        found,
        "select order_id, currency_code, gmv, gmv_net, paid_amount, refunded_amount,"
        " original_currency_code, original_gmv from marts.fct_orders order by order_id",
    )

    assert [tuple(map(str, order)) for order in orders] == [
        # paid in francs, of which no rate is known
        ("C1", "EUR", "None", "None", "None", "None", "CHF", "20.00"),
        # 18 and 30, less a third of 30; 53 paid, 10 and 3 given back
        ("E1", "EUR", "48.00", "38.00", "40.00", "13.00", "EUR", "48.00"),
        # 10000 x 0.006
        ("J1", "EUR", "60.00", "60.00", "0.00", "0.00", "JPY", "10000.00"),
        # no rate: unknown, not zero
        ("J2", "EUR", "None", "None", "0.00", "0.00", "JPY", "10000.00"),
        # 0.335 x 17.90 less 1.79; 6.42 paid, 1.92 given back
        ("K1", "EUR", "6.00", "4.21", "4.50", "1.92", "EUR", "6.00"),
        # a total that no line shares out, paid in a currency without a rate
        ("T1", "EUR", "None", "None", "None", "None", "EUR", "None"),
        # 9.99 / 1.25 = 7.992; the third line came back whole
        ("U1", "EUR", "7.99", "5.33", "7.99", "0.00", "USD", "9.99"),
        # Sunday in Berlin: 10 / 2, paid in euros
        ("U2", "EUR", "5.00", "5.00", "5.00", "0.00", "USD", "10.00"),
        ("W1", "EUR", "40.00", "40.00", "0.00", "0.00", "EUR", "40.00"),
        # goods before tax: 100 / 4.25 = 23.529, 25 / 4.25 = 5.882; 129.15 and 30.75 of it with tax
        ("Z1", "EUR", "23.53", "17.65", "30.39", "7.24", "PLN", "100.00"),
        ("Z2", "EUR", "11.76", "11.76", "13.02", "0.00", "PLN", "50.00"),
    ]


def test_lines_of_a_converted_order_add_up_to_it(found: Found) -> None:
    lines = rows(
        found,
        "select order_line_id, gmv, returned_amount, gmv_net, original_gmv"
        " from marts.fct_order_lines where order_id = 'U1' order by 1",
    )

    # 2.664, 5.328 and 7.992 are 2.66, 5.33 and 7.99
    assert lines == [
        ("L3", Decimal("2.66"), Decimal(0), Decimal("2.66"), Decimal("3.33")),
        ("L4", Decimal("2.67"), Decimal(0), Decimal("2.67"), Decimal("3.33")),
        ("L5", Decimal("2.66"), Decimal("2.66"), Decimal(0), Decimal("3.33")),
    ]


def test_what_has_no_rate_is_in_no_sum_and_in_no_average(found: Found) -> None:
    summary = rows(
        found,
        "select gmv, gmv_net, order_count, average_order_value from"
        " marts.mart_marketplace_summary where window_id = 'all_time'",
    )

    # 48 + 60 + 7.99 + 5 + 40 + 23.53 + 11.76 + 6; 38 + 60 + 5.33 + 5 + 40 + 17.65 + 11.76 + 4.21
    # over eight orders of eleven
    assert summary == [(Decimal("202.28"), Decimal("181.95"), 11, Decimal("22.74"))]
    vendor = rows(found, "select sum(gmv), sum(gmv_net) from marts.mart_vendor_daily")
    assert vendor == [(Decimal("202.28"), Decimal("181.95"))]


def test_part_of_a_kilogram_is_right_to_the_cent_wherever_its_money_goes(found: Found) -> None:
    line = rows(
        found,
        "select quantity, gmv, commission_amount, returned_quantity, returned_amount, gmv_net"
        " from marts.fct_order_lines where order_line_id = 'K1a'",
    )
    units = rows(
        found,
        "select unit_count from marts.fct_orders where order_id = 'K1' union all"
        " select unit_count from marts.mart_vendor_daily"
        " where vendor_id = 'V2' and order_date = '2025-04-12'",
    )
    books = rows(
        found,
        "select source, measure, shop_amount, source_amount, returned_amount, rounding_amount,"
        " residual_amount from marts.mart_reconciliation"
        " where vendor_id = 'V2' and currency_code = 'EUR' order by all",
    )

    assert [tuple(map(str, row)) for row in line] == [
        ("0.335", "6.00", "0.72", "0.100", "1.79", "4.21")
    ]
    # and the other piece of that day
    assert [str(row[0]) for row in units] == ["0.335", "1.335"]
    assert [tuple(map(str, row)) for row in books] == [
        ("accounting", "payments", "6.42", "6.42", "0.00", "0.00", "0.00"),
        ("accounting", "refunds", "0.00", "1.92", "-1.92", "0.00", "0.00"),
        ("erp", "goods", "6.00", "4.21", "1.79", "0.00", "0.00"),
        ("erp", "tax", "0.42", "0.29", "0.13", "0.00", "0.00"),
        ("payouts", "commission", "0.72", "0.72", "0.00", "0.00", "0.00"),
        ("payouts", "goods", "6.00", "6.00", "0.00", "0.00", "0.00"),
        ("payouts", "net", "3.49", "3.49", "0.00", "0.00", "0.00"),
        ("payouts", "refunds", "1.79", "1.79", "0.00", "0.00", "0.00"),
    ]


def test_line_order_invoice_payment_and_payout_agree_with_their_tax_in_the_orders_currency(
    found: Found,
) -> None:
    books = rows(
        found,
        "select source, measure, currency_code, shop_amount, source_amount, returned_amount,"
        " residual_amount from marts.mart_reconciliation_summary"
        " where currency_code in ('PLN', 'CHF') order by all",
    )

    assert [tuple(map(str, row)) for row in books] == [
        # owed: 100 + 30 + 29.90; 50 less 5, with 10.35
        ("accounting", "payments", "CHF", "21.62", "21.62", "0.00", "0.00"),
        ("accounting", "payments", "PLN", "215.25", "215.25", "0.00", "0.00"),
        ("accounting", "refunds", "PLN", "0.00", "30.75", "-30.75", "0.00"),
        ("erp", "goods", "CHF", "20.00", "20.00", "0.00", "0.00"),
        ("erp", "goods", "PLN", "150.00", "125.00", "25.00", "0.00"),
        ("erp", "shipping", "PLN", "30.00", "30.00", "0.00", "0.00"),
        ("erp", "tax", "CHF", "1.62", "1.62", "0.00", "0.00"),
        # 25.30 + 4.60 - 5.75 + 11.35; of which one is too much
        ("erp", "tax", "PLN", "40.25", "35.50", "5.75", "-1.00"),
        ("payouts", "commission", "CHF", "2.40", "2.40", "0.00", "0.00"),
        ("payouts", "commission", "PLN", "18.00", "18.00", "0.00", "0.00"),
        ("payouts", "goods", "CHF", "20.00", "20.00", "0.00", "0.00"),
        ("payouts", "goods", "PLN", "150.00", "150.00", "0.00", "0.00"),
        # 20 less 2.40 are 17.60
        ("payouts", "net", "CHF", "17.60", "16.60", "0.00", "1.00"),
        ("payouts", "net", "PLN", "107.00", "107.00", "0.00", "0.00"),
        ("payouts", "refunds", "PLN", "25.00", "25.00", "0.00", "0.00"),
    ]


def test_what_is_unexplained_is_named_in_its_own_currency(found: Found) -> None:
    behind = rows(
        found,
        "select source, measure, subject_id, vendor_id, currency_code, residual_amount"
        " from marts.mart_reconciliation_rows where currency_code in ('PLN', 'CHF') order by all",
    )

    assert behind == [
        ("erp", "tax", "Z2", "V2", "PLN", Decimal("-1.00")),
        ("payouts", "net", "2025-04-01 to 2025-04-30", "V2", "CHF", Decimal("1.00")),
    ]


def test_each_warning_counts_and_names_what_it_found(found: Found) -> None:
    named = {name: (row.observed, row.finding) for name, row in found[1].items()}

    assert named == {
        code: (n, Finding.of(code, n=n, examples=examples))
        for code, (n, examples) in {
            "orders_without_exchange_rate": (2, "C1 (CHF), J2 (JPY)"),
            "payments_without_exchange_rate": (1, "T1 (EUR)"),
            "orders_with_total_and_no_lines": (1, "T1"),
            "orders_with_total_unlike_their_lines": (1, "W1"),
            "order_lines_with_amount_unlike_their_price": (1, "E1 L2"),
            "order_lines_with_parts_of_a_piece": (1, "E1 L2"),
            "returns_beyond_ordered_quantity": (1, "U1 L5"),
            # the lines count, so no sum of this file is another by it
            "order_lines_with_vendor_unlike_their_order": (2, "E1 L1, E1 L2"),
            "returns_without_known_line": (1, "R5"),
        }.items()
    } | {"order_lines_without_vendor": (0, Finding.of("test_passed"))}


def test_warnings_are_rows_of_the_mart_that_the_pages_show(found: Found) -> None:
    shown = rows(
        found,
        "select feed, severity, state, is_passed, observed, finding from marts.mart_checks"
        " where check_name = 'models/orders_without_exchange_rate'",
    )

    finding = Finding.of("orders_without_exchange_rate", n=2, examples="C1 (CHF), J2 (JPY)")
    assert shown == [("fct_orders", "warn", "warning", False, 2, finding.json_text)]


def test_what_a_buyer_owes_is_the_same_for_the_check_of_payments_and_for_the_books(
    found: Found,
) -> None:
    by_check = rows(
        found,
        f"select feed.order_id, cast({CHARGED} as decimal(18, 2)) from raw.orders_current as feed "
        f"{OWN_LINES} where own_lines.order_id is not null order by all",
    )
    by_books = rows(
        found,
        "select order_id, sum(owed) from intermediate.int_order_vendors_owed"
        " where line_count > 0 and goods > 0 group by order_id order by all",
    )

    assert by_check == by_books
    # shipping, discount and tax of lines and of orders, in two currencies
    assert {("E1", Decimal(53)), ("Z1", Decimal("159.90")), ("Z2", Decimal("55.35"))} <= {*by_books}
