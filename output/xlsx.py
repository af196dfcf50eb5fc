"""The one writer of workbooks for people: typed values, and data in every spreadsheet."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from output.csv_text import is_formula

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

# What a cell holds at most, and how much of a number a spreadsheet keeps.
_LONGEST_TEXT = 32_767
_EXACT_BELOW = 10**15
_FIRST_YEAR = 1900  # of a spreadsheet's calendar; earlier days, and moments with a zone, are text
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def xlsx(names: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Rows below their names in one sheet: numbers, days and moments are such, all else is text.

    A text that a spreadsheet would calculate is marked as text, also for whoever edits it. A number
    that has more digits than a spreadsheet keeps is text as well; a longer text than a cell holds
    ends in an ellipsis.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - a run imports this module, and writes none

    content = io.BytesIO()
    with Workbook(content, _OPTIONS) as workbook:
        sheet = workbook.add_worksheet()
        bold = workbook.add_format({"bold": True})
        cells = _Cells(sheet, workbook)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(names) - 1, 0), 18)
        for column, name in enumerate(names):
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                cells.write(number, column, value)
    return content.getvalue()


class _Cells:
    def __init__(self, sheet: "Worksheet", workbook: "Workbook") -> None:
        self._sheet = sheet
        self._day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._text = workbook.add_format({"quote_prefix": True})

    def write(self, row: int, column: int, value: object) -> None:
        match value:
            case None:
                return
            case bool():
                self._sheet.write_boolean(row, column, value)
            case int() | float() | Decimal() if abs(number := float(value)) < _EXACT_BELOW:
                self._sheet.write_number(row, column, number)
            case datetime() if value.year >= _FIRST_YEAR and value.tzinfo is None:
                self._sheet.write_datetime(row, column, value, self._moment)
            case date() if value.year >= _FIRST_YEAR and not isinstance(value, datetime):
                midnight = datetime.combine(value, time())
                self._sheet.write_datetime(row, column, midnight, self._day)
            case _:
                text = str(value)
                if len(text) > _LONGEST_TEXT:
                    text = f"{text[: _LONGEST_TEXT - 1]}\u2026"
                how = self._text if is_formula(text) else None
                self._sheet.write_string(row, column, text, how)
