"""JSON lines of which some are broken: each is fitted into a document's structure by itself.

A value where the structure has an object or a list, or the other way round, costs that value only;
the line's `_misfits_of_line` names the place.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import orjson

from sources.clickstream.dialect import MISFITS
from sources.clickstream.nesting import TEXT, Node
from sources.parsing.lines import encoding_fault, json_depth_exceeds, numbered_lines
from sources.parsing.request import Limits
from sources.sql import scalar

# What orjson rounds or writes otherwise than DuckDB, and the slower library of Python does not.
_NEEDS_CARE = re.compile(rb"[0-9]{19}|NaN|Infinity")


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
    misfits: set[str] = set()
    fitted = {
        name: _fitted(document.get(name), node, name, misfits) for name, node in structure.items()
    }
    listed = ",".join(f"unexpected_structure:{path}" for path in sorted(misfits))
    return {**fitted, MISFITS: listed or None}


def _document(line: bytes, repaired: Callable[[bytes], str | None]) -> Any:
    try:
        return json.loads(line) if _NEEDS_CARE.search(line) else orjson.loads(line)
    except ValueError:
        text = repaired(line)
    try:
        return None if text is None else json.loads(text)
    except ValueError:
        return None


def _fitted(value: Any, node: Node, path: str, misfits: set[str]) -> Any:
    """The part of a value that the node names; what is built otherwise is nothing, and noted."""
    if value is None or node == TEXT:
        return value
    if isinstance(value, list if isinstance(node, list) else dict):
        if isinstance(node, str):
            return value
        if isinstance(node, list):
            return [_fitted(one, node[0], path, misfits) for one in value]
        return {
            name: _fitted(value.get(name), part, f"{path}.{name}", misfits)
            for name, part in node.items()
        }
    misfits.add(path)
    return None
