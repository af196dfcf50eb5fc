"""Quantities: parts of a unit to three decimals, never none of it."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from sources.contract import all_contracts
from sources.parsing.client import Parser
from sources.simulator.feed_files import QUANTITY, shaped
from tests.unit.loading_desk import a_desk

pytestmark = pytest.mark.warehouse

HEADER = "order_line_id;order_id;vendor_id;quantity;unit_price\n"
IN_GERMAN = {
    "order_lines": [{"files": "order_lines.csv", "delimiter": ";", "decimal_separator": ","}]
}


@pytest.mark.parametrize("written", ["0,335", "0,3350", ",335"])
def test_part_of_a_unit_is_kept(tmp_path: Path, parser: Parser, written: str) -> None:
    desk = a_desk(tmp_path, parser, IN_GERMAN)
    desk.put("order_lines.csv", f"{HEADER}L1;o1;v1;{written};17,90\n")

    desk.ingest("order_lines")

    assert desk.current("order_lines", "quantity") == [(Decimal("0.335"),)]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("1,5 kg", "invalid_decimal"),
        ("1.5", "invalid_decimal"),  # a German file has no such number
        ("0,3355", "too_precise"),
        ("0", "below_minimum"),
        ("0,000", "below_minimum"),
        ("-1,5", "below_minimum"),
        ("10000000,5", "above_maximum"),
        ("", "missing_value"),
    ],
)
def test_what_is_no_quantity_is_quarantined_and_says_why(
    tmp_path: Path, parser: Parser, written: str, reason: str
) -> None:
    desk = a_desk(tmp_path, parser, IN_GERMAN)
    desk.put("order_lines.csv", f"{HEADER}L1;o1;v1;{written};17,90\nL2;o1;v1;2;1,00\n")

    desk.ingest("order_lines")

    assert desk.current("order_lines", "order_line_id", "quantity") == [("L2", Decimal(2))]
    rows = desk.query("select line, column_name, reason_code from quarantine.rows")
    assert rows == [(2, "quantity", reason)]


def test_a_build_file_of_whole_quantities_takes_parts_of_them(
    tmp_path: Path, parser: Parser
) -> None:
    desk = a_desk(tmp_path, parser, IN_GERMAN)
    desk.put("order_lines.csv", f"{HEADER}L1;o1;v1;2;17,90\n")
    desk.ingest("order_lines")
    desk.query("alter table raw.order_lines alter column quantity type bigint")
    desk.put("order_lines.csv", f"{HEADER}L1;o1;v1;2;17,90\nL2;o1;v1;0,335;17,90\n")

    desk.ingest("order_lines")

    expected = [("L1", Decimal(2)), ("L2", Decimal("0.335"))]
    assert desk.current("order_lines", "order_line_id", "quantity") == expected


def test_the_simulated_world_writes_thousandths_as_a_shop_would() -> None:
    for feed, contract in all_contracts().items():
        names = [name for name, column in contract.columns.items() if column.type == QUANTITY]
        frame = pl.DataFrame({name: [2_000, 335, 1_250] for name in names})

        written = shaped(frame, feed, "csv").select(names)
        assert written.rows() == [(text,) * len(names) for text in ("2", "0.335", "1.25") if names]
