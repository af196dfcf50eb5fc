"""The header of a CSV file: its delimiter and its column names."""

import csv
import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

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


def read_header(path: Path, delimiter: str | None, wanted: set[str]) -> Header:
    """The header of a CSV file; Excel's `sep=;` may stand on a line before it.

    Without a configured delimiter it is the one that such a line gives, else the one that names
    most of the wanted columns.

    Raises:
        FileRejectedError: the first line is no header.
    """
    with path.open("rb") as stream:
        text = _line(stream, 1)
        separator = _SEPARATOR_LINE.fullmatch(text)
        place = 2 if separator else 1
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
        raise FileRejectedError("not_readable", f"line {place} has no header with column names")
    try:
        return line.decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        detail = f"line {place}, column {error.start + 1}: not valid UTF-8; set encoding"
        raise FileRejectedError("not_readable", detail) from error


def check_columns(
    found: list[str],
    mapping: dict[str, ColumnSource],
    contract: Contract,
    place: str,
    further: Collection[str] = (),
) -> list[str]:
    """The columns that no canonical column uses; `further` are those that a rule reads.

    Raises:
        FileRejectedError: a mapped or required column is missing, or a mapped one is there twice.
    """
    wanted = {name for source in mapping.values() for name in source.source_columns} | {*further}
    missing = sorted(wanted - set(found))
    missing += [
        name
        for name, column in contract.columns.items()
        if column.required
        and column.default is None
        and name not in mapping
        and name not in missing
    ]
    if missing:
        raise FileRejectedError("missing_column", _missing(missing, found, wanted, place))
    twice = sorted({name for name in wanted if found.count(name) > 1})
    if twice:
        names = ", ".join(repr(name) for name in twice)
        raise FileRejectedError("duplicate_column", f"{place}: {names} occurs more than once")
    return [name for name in found if name not in wanted]


def _missing(missing: list[str], found: list[str], wanted: set[str], place: str) -> str:
    """What is missing and what may stand for it.

    A file without a header begins with a row, so of the names that are found only those are shown
    that are nearly what is wanted; the others are told by their places.
    """
    sentences = []
    unknown = {number: name for number, name in enumerate(found, 1) if name not in wanted}
    for name in missing:
        likely = _likely(islice(unknown.values(), _COMPARED), name)
        close = difflib.get_close_matches(name, likely, 1, _ALIKE)
        hint = f" (renamed to {close[0]!r}?)" if close else ""
        sentences.append(f"column {name!r} is missing{hint}")
    places = ", ".join(map(str, list(unknown)[:_PLACES_SHOWN]))
    more = f" and {len(unknown) - _PLACES_SHOWN} more" if len(unknown) > _PLACES_SHOWN else ""
    others = f", unknown are those at {places}{more}" if unknown else ""
    columns = "1 column" if len(found) == 1 else f"{len(found)} columns"
    is_header = len(unknown) < len(found) or any("renamed" in sentence for sentence in sentences)
    doubt = "" if is_header else "; is it a header at all?"
    remedy = "deliver it again with these columns, or change the mapping"
    return f"{place}: {'; '.join(sentences)}; the file has {columns}{others}{doubt}; {remedy}"


def _likely(found: Iterable[str], wanted: str) -> list[str]:
    """Those names that may be names: digits or @ that the wanted one lacks speak of a value."""
    return [name for name in found if not set(_OF_VALUES.findall(name)) - set(wanted)]


def _names(text: str, delimiter: str) -> list[str]:
    return [name.strip() for name in next(csv.reader([text], delimiter=delimiter), [])]
