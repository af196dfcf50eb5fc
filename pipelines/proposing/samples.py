"""The first rows of a file whose writing nobody has described yet, as texts."""

import csv
import io
from dataclasses import dataclass
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
        rows = [
            [str(cell) for cell in row]
            for row in islice(book.get_sheet_by_index(0).iter_rows(), _ROWS)
        ]
    except (CalamineError, OSError, ValueError):
        return None
    return _of_rows(Sample(path.name, "xlsx", {}), rows)


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
    # The first row that is as wide as most: titles and blank lines may stand before it.
    first = next(
        number
        for number, row in enumerate(rows)
        if len(row) >= width and sum(bool(cell.strip()) for cell in row) >= _FEWEST_COLUMNS
    )
    names = [name.strip() for name in rows[first]]
    body = [row for row in rows[first + 1 :] if len(row) == len(names)]
    columns = {name: [row[i].strip() for row in body] for i, name in enumerate(names) if name}
    return Sample(
        *(sample.name, sample.format, columns, sample.delimiter, sample.encoding), first + 1
    )
