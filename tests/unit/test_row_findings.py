"""What the checks say of rows that were loaded and are not as they should be."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.checking.anomalies import Looked, check_volumes
from pipelines.checking.check_results import CheckRow
from pipelines.checking.row_findings import contact_details
from pipelines.loading.feed_table import write_feeds
from sources.contract import all_contracts
from sources.parsing.client import Parser
from tests.unit.clickstream_desk import a_call, lines
from tests.unit.loading_desk import Desk, a_desk

pytestmark = pytest.mark.warehouse

FEEDS = {"events": [{"files": "calls*.jsonl", "dialect": "segment"}]}
ORDERS = "order_id,customer_id,status,currency_code,ordered_at\n"


@pytest.fixture
def desk(tmp_path: Path, parser: Parser) -> Desk:
    return a_desk(tmp_path, parser, FEEDS)


def finding(desk: Desk, feed: str, name: str) -> CheckRow:
    with desk.loader() as loader:
        write_feeds(loader.connection, desk.marketplace)
        looked = Looked(desk.marketplace, date(2026, 6, 29), desk.recorded_at)
        rows = check_volumes(loader.connection, looked, {})
    [found] = [row for row in rows if (row.feed, row.check_name) == (feed, f"volume/{name}")]
    return found


def test_emptied_values_are_counted_by_column_until_the_file_is_repaired(desk: Desk) -> None:
    odd = {"quantity": "many", "price": "1 EUR"}
    calls = [
        a_call("Product Added", messageId="m1", properties={"quantity": 1, "price": 2}),
        a_call("Product Added", messageId="m2", properties=odd),
        a_call("Product Added", messageId="m3", properties={"quantity": -1}),
        a_call("Product Added", messageId="m4", properties={"quantity": "few"}, receivedAt="now"),
        a_call("Product Added", messageId="m5", context="web"),
    ]
    desk.put("calls.jsonl", lines(*calls))
    [outcome] = desk.ingest("events").outcomes

    found = finding(desk, "events", "misfits")

    assert (outcome.applied, outcome.quarantined) == (5, 0)
    # quantity for two reasons, the price, the time of receipt, the context and both consents in it
    assert (found.severity, found.is_passed, found.observed) == ("warn", False, 7.0)
    assert "2 values were emptied: quantity is not a number; " in found.finding.english
    assert "thousands_separator (calls.jsonl, line 2)" in found.finding.english
    assert "received_at is not a timestamp" in found.finding.english
    assert "context is a value where the dialect has an object" in found.finding.english
    # what was said of consent cannot be read, so it is none
    assert desk.current("events", "event_id", "visitor_id")[-1] == ("m5", None)

    desk.put("calls.jsonl", lines(*calls[:1]))
    desk.ingest("events")
    assert finding(desk, "events", "misfits").is_passed


def test_address_in_a_products_name_is_named_with_its_line(tmp_path: Path, parser: Parser) -> None:
    desk = a_desk(tmp_path, parser, {"products": [{"files": "products.csv"}]})
    desk.put("products.csv", "product_id,name\nP1,Mug\nP2,Mug of info@shop.example\nP3,A+B 3+4\n")
    desk.ingest("products")

    found = finding(desk, "products", "contact_details")

    assert (found.severity, found.is_passed) == ("warn", False)
    assert found.finding.english == (
        "Free text contains e-mail addresses or phone numbers, which are masked in vendors' "
        "files: 1 value in name (products.csv, line 3)."
    )


def test_texts_of_every_feed_can_be_looked_at(desk: Desk) -> None:
    with desk.loader() as loader:
        found = [
            list(contact_details(loader.connection, contract))
            for contract in all_contracts().values()
        ]

    assert found == [[]] * len(all_contracts())


def test_slip_of_a_date_is_loaded_and_named_and_zero_is_quarantined(desk: Desk) -> None:
    days = "".join(f"o{n},c,approved,EUR,2026-05-{n:02} 10:00:00\n" for n in range(1, 29))
    slips = "p1,c,approved,EUR,1998-05-04 10:00:00\np2,c,approved,EUR,1970-01-01 00:00:00\n"
    desk.put("orders.csv", ORDERS + days)
    desk.ingest("orders")
    assert finding(desk, "orders", "stray_days").is_passed

    desk.put("orders-2.csv", ORDERS + slips)
    desk.ingest("orders")

    found = finding(desk, "orders", "stray_days")
    assert not found.is_passed
    assert found.severity == "warn"
    assert found.finding.english.startswith(
        "1 row is dated more than a year before the rest (1998-05-04 to 1998-05-04)"
    )
    rows = desk.query("select line, column_name, reason_code from quarantine.rows")
    assert rows == [(3, "ordered_at", "out_of_range")]


@pytest.mark.parametrize(
    ("quantity", "price", "reason", "column"),
    [
        ("4006381333931", "2999.00", "above_maximum", "quantity"),  # an EAN-13
        ("96385074", "0.01", "above_maximum", "quantity"),  # an EAN-8
        ("1", "4006381333931.00", "out_of_range", "unit_price"),
        ("9000000", "900000.00", "out_of_range", "quantity"),  # neither alone, but their product
    ],
)
def test_line_whose_amount_nobody_could_add_up_is_quarantined_alone(
    desk: Desk, quantity: str, price: str, reason: str, column: str
) -> None:
    desk.put(
        "order_lines.csv",
        "order_line_id,order_id,vendor_id,quantity,unit_price\n"
        f"L1,o1,v1,2,10.00\nL2,o1,v1,{quantity},{price}\nL3,o1,v1,9999999,99999.99\n",
    )

    desk.ingest("order_lines")

    assert desk.current("order_lines", "order_line_id") == [("L1",), ("L3",)]
    rows = desk.query("select line, column_name, reason_code from quarantine.rows")
    assert rows == [(3, column, reason)]


def test_rate_that_no_currency_has_is_quarantined_before_amounts_overflow_by_it(
    tmp_path: Path, parser: Parser
) -> None:
    desk = a_desk(tmp_path, parser, {"exchange_rates": [{"files": "exchange_rates.csv"}]})
    desk.put(
        "exchange_rates.csv",
        "base_currency_code,currency_code,rate,rate_date\n"
        "EUR,IDR,18950.25,2026-06-01\nEUR,USD,1083400000,2026-06-01\n",
    )

    desk.ingest("exchange_rates")

    assert desk.current("exchange_rates", "currency_code") == [("IDR",)]
    rows = desk.query("select line, column_name, reason_code from quarantine.rows")
    assert rows == [(3, "rate", "above_maximum")]
