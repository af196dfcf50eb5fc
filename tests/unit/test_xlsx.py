"""Workbooks for people: typed values, and data in every spreadsheet."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from output.xlsx import xlsx
from tests.worlds.workbooks import is_marked_as_text, sheet_of

FORMULAS = ["=1+1", "+SUM(A1)", "-2+3", "@cmd", "\t=1", "\u200b=1", "\uff1d1+1"]


def test_numbers_days_and_moments_are_such_and_what_is_unknown_is_blank() -> None:
    row = ["O-1", 7, 2.5, Decimal("-402.10"), True, date(2025, 6, 30)]
    row += [datetime(2025, 6, 30, 14, 45), None, "last"]  # noqa: DTZ001

    names = [f"column {number}" for number in range(len(row))]
    assert sheet_of(xlsx(names, [row])) == [
        names,
        ["O-1", 7, 2.5, -402.1, True, datetime(2025, 6, 30), row[6], None, "last"],  # noqa: DTZ001
    ]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_could_be_calculated_is_text_also_for_whoever_edits_it(text: str) -> None:
    content = xlsx(["name"], [[text], ["plain"], ["-12.5"]])

    assert sheet_of(content)[1] == [text]
    assert is_marked_as_text(content, 1, 0)
    assert not is_marked_as_text(content, 2, 0)
    assert not is_marked_as_text(content, 3, 0)


@pytest.mark.parametrize(
    "link", ["https://beacon.invalid/a.png", "mailto:a@b.example", "\\\\host\\x"]
)
def test_a_text_is_no_link(link: str) -> None:
    content = xlsx(["name"], [[link]])

    assert sheet_of(content)[1] == [link]
    assert b"hyperlink" not in content


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (12345678901234567890, "12345678901234567890"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (date(1066, 10, 14), "1066-10-14"),
        ("x" * 40_000, "x" * 32_766 + "\u2026"),
    ],
)
def test_what_a_spreadsheet_cannot_hold_becomes_text(value: object, held: str) -> None:
    assert sheet_of(xlsx(["value", "next"], [[value, "after"]]))[1] == [held, "after"]


def test_a_list_without_rows_has_its_headings() -> None:
    assert sheet_of(xlsx(["Order", "Sales"], [])) == [["Order", "Sales"]]
