"""The first rows of a file whose writing nobody has described yet, as texts."""

import csv
import io
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import duckdb

from sources.connectors.files import inferred_format
from sources.sql import literal

_HEAD_BYTES = 1 << 20
_ROWS = 500
_DELIMITERS = (";", ",", "\t", "|")
_FEWEST_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Sample:
    """A file's columns with their first values, and how they were read."""

    name: str
    format: str
    columns: dict[str, list[str]]
    delimiter: str | None = None
    encoding: str = "utf-8"
    header_line: int = 1
    sheet: str | None = None

    @property
    def row_count(self) -> int:
        """How many rows were looked at."""
        return max((len(values) for values in self.columns.values()), default=0)


def samples_of(folder: Path) -> list[Sample]:
    """The files of a folder that can be read as tables, by name; others are left out."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            sample = _sample(path)
            if sample is not None and len(sample.columns) >= _FEWEST_COLUMNS and sample.row_count:
                found.append(sample)
    return found


def _sample(path: Path) -> Sample | None:
    kind = inferred_format(path)
    if kind == "xlsx":
        return _of_workbook(path)
    if kind in ("jsonl", "parquet"):
        return _of_typed(path, kind)
    return _of_text(path)


def _of_typed(path: Path, kind: str) -> Sample | None:
    reader = "read_parquet" if kind == "parquet" else "read_json"
    try:
        found = duckdb.execute(f"select * from {reader}({literal(str(path))}) limit {_ROWS}")
    except duckdb.Error:
        return None
    names = [column[0] for column in found.description or ()]
    rows = found.fetchall()
    columns = {
        name: ["" if row[i] is None else str(row[i]) for row in rows]
        for i, name in enumerate(names)
    }
    return Sample(path.name, kind, columns)


def _of_workbook(path: Path) -> Sample | None:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = {
            name: [
                [_text(cell) for cell in row]
                for row in islice(book.get_sheet_by_name(name).iter_rows(), _ROWS)
            ]
            for name in book.sheet_names
        }
    except (CalamineError, OSError, ValueError):
        return None
    # A cover or notes may come before the sheet that holds the table.
    read = [
        sample
        for number, (name, rows) in enumerate(sheets.items())
        if (sample := _of_rows(Sample(path.name, "xlsx", {}, sheet=name if number else None), rows))
    ]
    return max(read, key=lambda sample: sample.row_count * len(sample.columns), default=None)


def _text(cell: object) -> str:
    """A cell as the loader reads it: a whole number without its `.0`."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _of_text(path: Path) -> Sample | None:
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if b"\0" in head:
        return None
    text, encoding = _decoded(head)
    lines = text.splitlines()
    counts = {sign: _regular(lines, sign) for sign in _DELIMITERS}
    delimiter = max(counts, key=lambda sign: counts[sign])
    if not counts[delimiter]:
        return None
    rows = list(islice(csv.reader(io.StringIO(text), delimiter=delimiter), _ROWS))
    kind = "tsv" if delimiter == "\t" else "csv"
    return _of_rows(Sample(path.name, kind, {}, delimiter, encoding), rows)


def _decoded(head: bytes) -> tuple[str, str]:
    """The text, and the encoding in which it is one; the end may cut a character in two."""
    try:
        return head.decode("utf-8-sig", errors="strict"), "utf-8"
    except UnicodeDecodeError as error:
        if error.start > len(head) - 4:
            return head[: error.start].decode("utf-8-sig"), "utf-8"
    return head.decode("windows-1252", errors="replace"), "windows-1252"


def _regular(lines: list[str], sign: str) -> int:
    """How many signs most lines have, where they have any."""
    counts = sorted(line.count(sign) for line in lines if line.strip())
    return counts[len(counts) // 2] if counts else 0


def _of_rows(sample: Sample, rows: list[list[str]]) -> Sample | None:
    widths = [len(row) for row in rows if any(cell.strip() for cell in row)]
    if not widths:
        return None
    width = max(set(widths), key=widths.count)
    # The first row that is as wide as most: titles and blank lines may stand before it, and a line
    # of headings over several columns each.
    first = next(
        (
            number
            for number, row in enumerate(rows)
            if len(row) >= width and _filled(row) >= _FEWEST_COLUMNS
        ),
        None,
    )
    if first is None:
        return None
    if first + 1 < len(rows) and _is_named_below(rows[first], rows[first + 1]):
        first += 1
    names = [name.strip() for name in rows[first]]
    body = [row for row in rows[first + 1 :] if len(row) == len(names)]
    columns = {name: [row[i].strip() for row in body] for i, name in enumerate(names) if name}
    return replace(sample, columns=columns, header_line=first + 1)


def _filled(row: list[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _is_named_below(row: list[str], following: list[str]) -> bool:
    """Whether the next row names columns that this one leaves without a name, and has no value."""
    has_digits = any(character.isdigit() for cell in following for character in cell)
    return len(following) == len(row) and _filled(following) > _filled(row) and not has_digits
