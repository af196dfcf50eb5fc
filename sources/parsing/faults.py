"""Rows that were not loaded, written for the quarantine with their text and what was wrong."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import orjson

from sources.parsing.reasons import row_detail
from sources.sql import identifier, literal

# Enough to recognise and repair a row; the whole file lies in the landing.
_LONGEST_RAW_TEXT = 10_000


@dataclass(frozen=True, slots=True)
class Fault:
    """One row that was not loaded: its line from 1, the column, the reason's code, its text."""

    line: int
    column: str | None
    code: str
    raw_text: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file's rows were written, and the lines that could not even be read.

    `first_line` is the line of the first row where rows and lines go together, else None.
    `further_rows` holds what lines with several rows have beyond their first. `in_place` is a query
    over the file itself, whose rows are all sound; none were written then. `lines` is a file whose
    lines are those that rows are said to stand on. `repeated` rows were left out, for what they
    were part of comes again further down.
    """

    unmapped_columns: list[str]
    broken: Iterable[Fault] = ()
    first_line: int | None = None
    further_rows: Path | None = None
    in_place: str | None = None
    lines: Path | None = None
    repeated: int = 0


def write_faults(faults: Iterable[Fault], target: Path, *, keeps_raw_text: bool) -> int:
    """Writes faults as JSON lines; returns how many."""
    count = 0
    with target.open("wb") as stream:
        for fault in faults:
            count += 1
            record = {
                "line": fault.line,
                "column_name": fault.column,
                "reason_code": fault.code,
                "detail": row_detail(fault.code, fault.column),
                "raw_text": (fault.raw_text or "")[:_LONGEST_RAW_TEXT] if keeps_raw_text else "",
            }
            stream.write(orjson.dumps(record) + b"\n")
    return count


def faulty_rows(
    connection: duckdb.DuckDBPyConnection, rows: str, plain: Path | None
) -> Iterator[Fault]:
    """The rows that were read but broke a rule; their text is the file's line, if it has lines."""
    found = connection.execute(
        f"select _line, _error from {rows} where _error is not null order by _row"
    ).fetchall()
    if not found:
        return
    texts = _texts_of_lines(plain, [line for line, _ in found]) if plain else {}
    for line, error in found:
        code, _, column = error.partition(":")
        yield Fault(line, column or None, code, texts.get(line))


def faulty_parquet_rows(
    connection: duckdb.DuckDBPyConnection, rows: str, source: Path
) -> Iterator[Fault]:
    """As `faulty_rows` for a Parquet source: a row's text is its JSON."""
    names = connection.execute(f"describe select * from read_parquet({literal(str(source))})")
    packed = ", ".join(f"{identifier(r[0])} := {identifier(r[0])}" for r in names.fetchall())
    found = connection.execute(
        f"select broken._line, broken._error, to_json(whole.raw) "
        f"from {rows} as broken inner join "
        f"(select file_row_number + 1 as line, struct_pack({packed}) as raw "
        f"from read_parquet({literal(str(source))}, file_row_number = true)) as whole "
        "on whole.line = broken._line where broken._error is not null order by broken._line"
    ).fetchall()
    for line, error, text in found:
        code, _, column = error.partition(":")
        yield Fault(line, column or None, code, text)


def _texts_of_lines(plain: Path, wanted: list[int]) -> dict[int, str]:
    remaining = set(wanted)
    texts = {}
    with plain.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if number in remaining:
                texts[number] = line.rstrip(b"\r\n").decode(errors="replace")[:_LONGEST_RAW_TEXT]
                remaining.discard(number)
                if not remaining:
                    break
    return texts
