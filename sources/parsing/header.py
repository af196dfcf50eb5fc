"""The header of a CSV file: its delimiter and its column names."""

import csv
import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from output.findings.finding import Argument, Finding
from sources.column_source import ColumnSource
from sources.contract import Contract
from sources.parsing.reasons import FileRejectedError

_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_HEADER_BYTES = 1 << 20
# How alike a found name must be to a wanted one to be shown, and how many places are.
_ALIKE = 0.6
_PLACES_SHOWN = 20
# Comparing is slow, and a file may have any number of columns.
_COMPARED = 1_000
_OF_VALUES = re.compile(r"[0-9@]")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\1*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """On which line a file's columns are named, how they are, and by what they are separated."""

    line: int
    delimiter: str
    names: list[str]


def read_header(path: Path, delimiter: str | None, wanted: set[str], first_line: int = 1) -> Header:
    """The header of a CSV file, on its first line or on that which the mapping names.

    Excel's `sep=;` may stand on the line before it.

    Without a configured delimiter it is the one that such a line gives, else the one that names
    most of the wanted columns.

    Raises:
        FileRejectedError: the first line is no header.
    """
    with path.open("rb") as stream:
        for _ in islice(stream, first_line - 1):
            pass
        text = _line(stream, first_line)
        separator = _SEPARATOR_LINE.fullmatch(text)
        place = first_line + 1 if separator else first_line
        if separator:
            delimiter = delimiter or separator[1]
            text = _line(stream, place)
    candidates = [delimiter] if delimiter else list(_DELIMITERS)
    read = {candidate: _names(text, candidate) for candidate in candidates}
    best = max(
        read, key=lambda candidate: (len(wanted & set(read[candidate])), len(read[candidate]))
    )
    return Header(place, best, read[best])


def _line(stream: BinaryIO, place: int) -> str:
    line = stream.readline(_LONGEST_HEADER_BYTES + 1)
    if len(line) > _LONGEST_HEADER_BYTES or not line.strip():
        raise FileRejectedError("not_readable", Finding.of("no_header", line=place))
    try:
        return line.decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        detail = Finding.of("header_not_utf8", line=place, place=error.start + 1)
        raise FileRejectedError("not_readable", detail) from error


def check_columns(
    found: list[str],
    mapping: dict[str, ColumnSource],
    contract: Contract,
    line: int | None,
    further: Collection[str] = (),
    spared: Collection[str] = (),
) -> list[str]:
    """The columns that no canonical column uses; `further` are those that a rule reads.

    `spared` are those that may be missing. `line` is that of the header, in a file that has lines.

    Raises:
        FileRejectedError: a mapped or required column is missing, or a mapped one is there twice.
    """
    wanted = {name for source in mapping.values() for name in source.source_columns} | {*further}
    missing = sorted(wanted - set(found) - {*spared})
    missing += [
        name
        for name, column in contract.columns.items()
        if column.required
        and column.default is None
        and name not in mapping
        and name not in missing
    ]
    if missing:
        detail = _on_line(line, _missing(missing, found, wanted))
        raise FileRejectedError("missing_column", detail)
    twice = sorted({name for name in wanted if found.count(name) > 1})
    if twice:
        names = tuple(repr(name) for name in twice)
        detail = _on_line(line, Finding.of("columns_repeated", columns=names))
        raise FileRejectedError("duplicate_column", detail)
    return [name for name in found if name not in wanted]


def _on_line(line: int | None, finding: Finding) -> Finding:
    return finding if line is None else Finding.of("on_line", line=line, finding=finding)


def _missing(missing: list[str], found: list[str], wanted: set[str]) -> Finding:
    """What is missing and what may stand for it.

    A file without a header begins with a row, so of the names that are found only those are shown
    that are nearly what is wanted; the others are told by their places.
    """
    unknown = {number: name for number, name in enumerate(found, 1) if name not in wanted}
    told = []
    for name in missing:
        likely = _likely(islice(unknown.values(), _COMPARED), name)
        if close := difflib.get_close_matches(name, likely, 1, _ALIKE):
            told.append(Finding.of("column_renamed", column=name, likely=close[0]))
        else:
            told.append(Finding.of("column_lacking_here", column=name))
    has = Finding.of("file_has_columns", n=len(found))
    if unknown:
        has = Finding.of("file_has_unknown", n=len(found), places=_places(list(unknown)))
    is_header = len(unknown) < len(found) or any(one.code == "column_renamed" for one in told)
    if not is_header:
        has = Finding.of("is_it_a_header", found=has)
    return Finding.of("columns_lacking", missing=tuple(told), found=has)


def _places(numbers: list[int]) -> Argument:
    shown, more = tuple(map(str, numbers[:_PLACES_SHOWN])), len(numbers) - _PLACES_SHOWN
    return Finding.of("and_more", examples=shown, n=more) if more > 0 else shown


def _likely(found: Iterable[str], wanted: str) -> list[str]:
    """Those names that may be names: digits or @ that the wanted one lacks speak of a value."""
    return [name for name in found if not set(_OF_VALUES.findall(name)) - set(wanted)]


def _names(text: str, delimiter: str) -> list[str]:
    return [name.strip() for name in next(csv.reader([text], delimiter=delimiter), [])]
