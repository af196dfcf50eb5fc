"""CSV for people: a spreadsheet sees data and never a formula, and what reads it finds it again."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from output.csv_text import csv_text

# NUL is the one character that is left out, and no text holds half a character.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def cell(value: object) -> str:
    return csv_text(("name",), [(value,)]).removeprefix('"name"\r\n').removesuffix("\r\n")


def read_back(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t1",
        "\r1",
        "\n1",
        " =1",
        "\u202e=1",
        "\u2066=1",
        "\ufeff=1",
        "\uff1d1+1",
        "\uff0b1",
        "\uff0d1",
        "\uff20a",
        "\x00=1",
        '=HYPERLINK("http://evil.example")',
        "=cmd|' /C calc'!A0",
        "+49 30 1234567",
        "+49301234567+1",
        "+4930\n1234567",
        "+49",  # shorter than any number of E.164
        "+0301234567",  # no country's code begins with a zero
        "+\uff14\uff19301234567",
        "-\u0663",  # a digit to Python, none to a spreadsheet
    ],
)
def test_a_text_that_looks_like_a_formula_is_text(text: str) -> None:
    assert cell(text).startswith("\"'")
    assert csv_text((text,), []).startswith("\"'")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("-12.50"), '"-12.50"'),
        (-3, '"-3"'),
        (-1e-05, '"-1e-05"'),
        ("-3", '"-3"'),
        ("+49301234567", '"+49301234567"'),
        ("+123456789012345", '"+123456789012345"'),  # the fifteen digits of E.164
        (None, '""'),
        (True, '"True"'),
        ("a,b", '"a,b"'),
        ('5" disk', '"5"" disk"'),
        ("two\nlines", '"two\nlines"'),
        ("Löwe", '"Löwe"'),
        (date(2026, 1, 31), '"2026-01-31"'),
    ],
)
def test_an_ordinary_value_stays_what_it_is_in_quotes(value: object, written: str) -> None:
    assert cell(value) == written


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_what_reads_it_back_finds_every_text_but_for_an_apostrophe(
    rows: list[tuple[str, str]],
) -> None:
    text = csv_text(("one", "other"), rows)

    found = read_back(text)
    assert found[0] == ["one", "other"]
    for given_row, found_row in zip(rows, found[1:], strict=True):
        for value, back in zip(given_row, found_row, strict=True):
            assert back in (value, f"'{value}")
            assert not back.lstrip().startswith(("=", "+", "@"))
