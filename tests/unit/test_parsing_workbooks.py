"""XLSX workbooks, made by a writer of its own, read by their cells' types."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from sources.parsing.client import Parser
from sources.parsing.request import Limits, ParseResult
from tests.unit.parsing_desk import a_request, detail_of, faults_of, rows_of

COLUMNS = {"payment_id": "ID", "order_id": "Order", "amount": "Total", "paid_at": "Paid"}


def a_workbook(
    path: Path, rows: list[list[Any]], *, first_row: int = 0, sheet: str = "Data"
) -> bytes:
    with xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy hh:mm"}) as book:
        book.add_worksheet("Read me").write(0, 0, "nothing here")
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows, start=first_row):
            page.write_row(number, 0, row)
    return path.read_bytes()


def parse(parser: Parser, folder: Path, content: bytes, **spec: Any) -> ParseResult:
    given = {"sheet": "Data", "columns": COLUMNS, "format": "xlsx", **spec}
    return parser.parse(a_request(folder / "file", content, name="payments.xlsx", **given))


MOMENT, MIDNIGHT = (datetime.fromisoformat(text) for text in ("2026-01-31 13:45", "2026-02-01"))
HEADER = ["ID", "Order", "Total", "Paid"]


def test_cells_are_read_by_their_types_whatever_the_separators(
    parser: Parser, tmp_path: Path
) -> None:
    rows = [
        HEADER,
        [17850, "00042", 0.1 + 0.2, MOMENT],
        ["a", "x\ny", 1061, date(2026, 2, 1)],
        [],
        ["b", "z", "116,99", ""],
        ["c", "z", "116.99", ""],
    ]
    content = a_workbook(tmp_path / "made.xlsx", rows)

    result = parse(parser, tmp_path, content, decimal_separator=",")

    assert rows_of(result, "payment_id", "order_id", "amount", "paid_at", "_line") == [
        ("17850", "00042", Decimal("0.30"), MOMENT, 2),
        ("a", "x y", Decimal("1061.00"), MIDNIGHT, 3),
        ("b", "z", Decimal("116.99"), None, 5),
    ]
    # A text is in the file's writing, as in any other file.
    assert faults_of(result) == [(6, "invalid_decimal", "amount")]


def test_a_row_of_a_sheet_keeps_its_number(parser: Parser, tmp_path: Path) -> None:
    content = a_workbook(tmp_path / "made.xlsx", [HEADER, ["a", "o", "x", ""]], first_row=3)

    result = parse(parser, tmp_path, content, header_line=4)

    assert faults_of(result) == [(5, "invalid_decimal", "amount")]


def test_a_workbook_without_the_sheet_or_of_other_bytes_is_rejected(
    parser: Parser, tmp_path: Path
) -> None:
    content = a_workbook(tmp_path / "made.xlsx", [HEADER])

    lacking = parse(parser, tmp_path, content, sheet="Date")
    assert (lacking.status, lacking.reason_code) == ("rejected", "not_readable")
    assert detail_of(lacking) == (
        "the workbook has 2 sheets, and not the one that sheet names; correct sheet"
    )
    for broken in (content[: len(content) // 2], b"PK\x03\x04", b"id;total\n1;2\n"):
        result = parse(parser, tmp_path, broken)
        assert (result.status, result.reason_code) == ("rejected", "not_readable")


def test_a_workbook_that_unpacks_without_end_is_rejected(parser: Parser, tmp_path: Path) -> None:
    content = a_workbook(tmp_path / "made.xlsx", [HEADER, *(["a", "b", 1, ""] for _ in range(999))])

    result = parse(parser, tmp_path, content, limits=Limits(plain_bytes=10_000))

    assert (result.status, result.reason_code) == ("rejected", "too_large")


@pytest.mark.parametrize("name", ["Data", None])
def test_the_first_sheet_is_read_where_none_is_named(
    parser: Parser, tmp_path: Path, name: str | None
) -> None:
    content = a_workbook(tmp_path / "made.xlsx", [HEADER, ["a", "o", 1, ""]])

    result = parse(parser, tmp_path, content, sheet=name)

    assert result.status == ("parsed" if name else "rejected")
