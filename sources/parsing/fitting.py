"""JSON lines of which some are broken: each is fitted into a document's structure by itself."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import orjson

from sources.clickstream.nesting import TEXT, Node
from sources.parsing.lines import encoding_fault, json_depth_exceeds, numbered_lines
from sources.parsing.request import Limits
from sources.sql import scalar

# What orjson rounds or writes otherwise than DuckDB, and the slower library of Python does not.
_NEEDS_CARE = re.compile(rb"[0-9]{19}|NaN|Infinity")


class MisfitError(ValueError):
    """A value stands where the structure has an object or a list, or the other way round."""


def write_fitting_lines(
    connection: duckdb.DuckDBPyConnection,
    source: Path,
    target: Path,
    structure: dict[str, Any],
    limits: Limits,
) -> Iterator[tuple[int, str]]:
    """Writes what the structure names of each sound line, with its number as `_line`.

    Yields number and fault of the others; the file is whole once all are taken.
    """

    def repaired(line: bytes) -> str | None:
        """The line as DuckDB understands it, where it takes for JSON what others do not."""
        text = line.decode()
        fixed = "select case when json_valid($1) then cast(json($1) as varchar) end"
        found: str | None = scalar(connection, fixed, [text])
        return found

    with target.open("wb") as stream:
        for number, line in numbered_lines(source):
            found = _fitted_line(line, structure, limits, repaired)
            if isinstance(found, str):
                yield number, found
            else:
                dump = _dumped if _NEEDS_CARE.search(line) else orjson.dumps
                stream.write(dump({**found, "_line": number}) + b"\n")


def _dumped(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def _fitted_line(
    line: bytes,
    structure: dict[str, Any],
    limits: Limits,
    repaired: Callable[[bytes], str | None],
) -> dict[str, Any] | str:
    """The line's document, or what is wrong with it."""
    fault = encoding_fault(line, limits.line_bytes)
    if fault is not None:
        return fault
    has_many = line.count(b"{") + line.count(b"[") > limits.json_depth
    if has_many and json_depth_exceeds(line, limits.json_depth):
        return "json_too_deep"
    document = _document(line, repaired)
    if not isinstance(document, dict):
        return "invalid_json"
    try:
        return {name: _fitted(document.get(name), node) for name, node in structure.items()}
    except MisfitError:
        return "unexpected_structure"


def _document(line: bytes, repaired: Callable[[bytes], str | None]) -> Any:
    try:
        return json.loads(line) if _NEEDS_CARE.search(line) else orjson.loads(line)
    except ValueError:
        text = repaired(line)
    try:
        return None if text is None else json.loads(text)
    except ValueError:
        return None


def _fitted(value: Any, node: Node) -> Any:
    if value is None or node == TEXT:
        return value
    if isinstance(node, list):
        if not isinstance(value, list):
            raise MisfitError
        return [_fitted(one, node[0]) for one in value]
    if not isinstance(value, dict):
        raise MisfitError
    if isinstance(node, str):
        return value
    return {name: _fitted(value.get(name), part) for name, part in node.items()}
