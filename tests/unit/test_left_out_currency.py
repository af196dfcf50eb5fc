"""Whose currency a feed's amounts are in where its source names none."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sources.column_source import ColumnSource
from sources.contract import all_contracts, contract_of
from sources.errors import ConfigurationError
from sources.mapping_checks import mapping_problems
from sources.parsing.client import Parser
from tests.unit.parsing_desk import faults_of, parse_bytes, rows_of

RETURN = {"return_id": "R1", "order_id": "O1", "order_line_id": "L1", "quantity": "1"}
RETURN |= {"requested_at": "2026-06-01", "refund_amount": "5.00"}
PAYMENT = {"payment_id": "P1", "order_id": "O1", "amount": "5.00"}
INVOICE = {"invoice_id": "I1", "order_id": "O1", "document_kind": "invoice", "net_amount": "5"}
INVOICE |= {"issued_at": "2026-06-01"}
APPROVAL = {"approval_id": "A1", "order_id": "O1", "amount": "5.00", "requested_at": "2026-06-01"}
OFFER = {"offer_id": "F1", "product_id": "P1", "vendor_id": "V1", "unit_price": "5.00"}
PAYOUT = {"payout_id": "O1", "vendor_id": "V1", "gross_amount": "5", "net_amount": "5"}
PAYOUT |= {"period_start": "2026-06-01", "period_end": "2026-06-07"}


def _parsed(parser: Parser, folder: Path, feed: str, row: dict[str, str]) -> Any:
    content = "\n".join(",".join(part) for part in (row, row.values())) + "\n"
    return parse_bytes(parser, folder, content.encode(), feed=feed, own_currency="EUR")


@pytest.mark.parametrize(
    ("feed", "row", "expected"),
    [
        # the models look up the order's, which may be another one than the marketplace's
        ("returns", RETURN, None),
        ("payments", PAYMENT, None),
        ("invoices", INVOICE, None),
        ("approvals", APPROVAL, None),
        ("payments", PAYMENT | {"currency_code": "PLN"}, "PLN"),
        ("payments", PAYMENT | {"currency_code": ""}, None),
        ("offers", OFFER, "EUR"),
        ("offers", OFFER | {"currency_code": ""}, "EUR"),
        ("offers", OFFER | {"currency_code": "PLN"}, "PLN"),
        ("payouts", PAYOUT, "EUR"),
    ],
)
def test_currency_that_is_left_out_is_the_one_that_the_contract_means(
    parser: Parser, tmp_path: Path, feed: str, row: dict[str, str], expected: str | None
) -> None:
    result = _parsed(parser, tmp_path, feed, row)

    assert result.valid == 1
    if "currency_code" in row or expected:
        assert rows_of(result, "currency_code") == [(expected,)]
    else:  # what no row has is left out of the rows that are handed over
        assert "currency_code" not in pl.read_parquet(result.rows).columns


def test_currency_that_each_row_needs_is_never_guessed(parser: Parser, tmp_path: Path) -> None:
    result = _parsed(parser, tmp_path, "payouts", PAYOUT | {"currency_code": ""})

    assert faults_of(result) == [(2, "missing_value", "currency_code")]


def test_each_feed_with_a_currency_says_whose_is_meant() -> None:
    silent = {
        feed
        for feed, contract in all_contracts().items()
        if "currency_code" in contract.columns and not contract.columns["currency_code"].left_out
    }

    # A rate is of two currencies, neither of which can be guessed.
    assert silent == {"exchange_rates"}


def test_rates_without_their_currency_are_refused_with_the_marketplaces_file() -> None:
    rates = {
        name: ColumnSource(column=name) for name in ("base_currency_code", "rate", "rate_date")
    }
    contracts = {"exchange_rates": all_contracts()["exchange_rates"]}

    problems = list(mapping_problems({"exchange_rates": [rates]}, contracts, has_currency=True))

    assert [message for _, message in problems] == [
        "exchange_rates needs 'currency_code'; map it to a column or give a constant"
    ]


@pytest.mark.parametrize(
    ("feed", "column", "change"),
    [
        ("payments", "currency_code", {"required": True}),
        ("payouts", "currency_code", {"left_out": "order"}),
        ("payouts", "status", {"left_out": "marketplace"}),
    ],
)
def test_contract_that_means_what_no_row_can_say_is_refused(
    feed: str, column: str, change: dict[str, Any]
) -> None:
    document = all_contracts()[feed].model_dump(mode="json")
    document["columns"][column] |= change

    with pytest.raises(ConfigurationError):
        contract_of(f"{feed}.yml", document)
