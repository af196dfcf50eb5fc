"""Reads a workbook back as a spreadsheet would: by what each cell says it is."""

import io
import re
import zipfile
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's clock has no zone
_LETTERS = re.compile(r"[A-Z]+")
_SPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def sheet_of(content: bytes) -> list[list[object]]:
    """Return the rows of the only sheet; a formula is a failure."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = ET.fromstring(parts.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own
        styles = ET.fromstring(parts.read("xl/styles.xml"))  # noqa: S314
    formats = styles.findall("x:cellXfs/x:xf", _SPACE)
    assert sheet.find(".//x:f", _SPACE) is None
    return [
        [_value(cell, formats) for cell in _filled(row)]
        for row in sheet.iterfind(".//x:row", _SPACE)
    ]


def is_marked_as_text(content: bytes, row: int, column: int) -> bool:
    """Return whether a cell stays text for whoever edits it."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = ET.fromstring(parts.read("xl/worksheets/sheet1.xml"))  # noqa: S314
        styles = ET.fromstring(parts.read("xl/styles.xml"))  # noqa: S314
    cell = _filled(sheet.findall(".//x:row", _SPACE)[row])[column]
    assert cell is not None
    style = styles.findall("x:cellXfs/x:xf", _SPACE)[int(cell.get("s", "0"))]
    return style.get("quotePrefix") == "1"


def _filled(row: ET.Element) -> list[ET.Element | None]:
    """Return the cells of a row with those that are left out."""
    found: list[ET.Element | None] = []
    for cell in row.iterfind("x:c", _SPACE):
        letters = _LETTERS.match(cell.get("r", ""))
        assert letters
        at = 0
        for letter in letters[0]:
            at = at * 26 + ord(letter) - 64
        found += [None] * (at - 1 - len(found)) + [cell]
    return found


def _value(cell: ET.Element | None, formats: list[ET.Element]) -> object:
    if cell is None:
        return None
    kind, text = cell.get("t", "n"), "".join(cell.itertext())
    if kind == "inlineStr":
        return text
    if kind == "b":
        return text == "1"
    if not text:
        return None
    if int(formats[int(cell.get("s", "0"))].get("numFmtId", "0")):
        return _EPOCH + timedelta(seconds=round(float(text) * 86_400))
    return float(text)
