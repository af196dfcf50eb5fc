"""A sheet of an XLSX workbook as a CSV file, its cells written as a person reads them.

A workbook keeps numbers as binary fractions, of which Excel itself shows fifteen digits, and times
as numbers with a format; calamine tells both by their type and reads the results of formulas as
they were saved, without running any.
"""

import csv
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from output.findings.finding import Finding
from sources.parsing.reasons import FileRejectedError
from sources.parsing.request import Limits, ParseRequest

# Cells are read into memory, some twenty bytes for each of the sheet's XML.
_LARGEST_BYTES = 1 << 28


def from_workbook(request: ParseRequest, folder: Path) -> ParseRequest:
    """The request for the sheet as a CSV file, whose lines are the sheet's rows.

    Raises:
        FileRejectedError: it is no workbook, a bomb, or lacks the sheet.
    """
    # Read only where a workbook comes.
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    path = Path(request.path)
    _check_size(path, request.limits)
    target = folder / "sheet.csv"
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        if not names or (request.sheet or names[0]) not in names:
            raise FileRejectedError("not_readable", Finding.of("sheet_lacking", n=len(names)))
        sheet = book.get_sheet_by_name(request.sheet or names[0])
        _write(target, sheet.iter_rows(), request.decimal_separator)
    except CalamineError as error:
        detail = Finding.of("not_of_its_format", error=type(error).__name__)
        raise FileRejectedError("not_readable", detail) from error
    given = {"path": str(target), "format": "csv", "delimiter": ",", "encoding": "utf-8"}
    return request.model_copy(update=given)


def _check_size(path: Path, limits: Limits) -> None:
    if path.stat().st_size == 0:
        raise FileRejectedError("empty_file", Finding.of("no_bytes"))
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        detail = Finding.of("not_of_its_format", error=type(error).__name__)
        raise FileRejectedError("not_readable", detail) from error
    allowed = min(_LARGEST_BYTES, limits.plain_bytes)
    if unpacked > allowed:
        raise FileRejectedError("too_large", Finding.of("unpacks_to_too_much", allowed=allowed))


def _write(target: Path, rows: Iterator[list[Any]], point: str) -> None:
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        for row in rows:
            texts = [_text(cell, point) for cell in row]
            # A row of nothing is a blank line, as in any other file, and no row of empty values.
            if any(texts):
                writer.writerow(texts)
            else:
                stream.write("\n")


def _text(cell: Any, point: str) -> str:
    match cell:
        case bool():
            return str(cell).lower()
        case float() | int():
            return _number(cell, point)
        case datetime():
            return cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return _number(cell.total_seconds() / 86_400, point)
    # A break within a cell is no end of its row.
    return " ".join(str(cell).splitlines())


def _number(value: float, point: str) -> str:
    is_whole = value == int(value) and abs(value) < 10**15
    return str(int(value)) if is_whole else f"{value:.15g}".replace(".", point)
