"""JSON lines of which some are broken: each is fitted into a document's structure by itself.

A value where the structure has an object or a list, or the other way round, costs that value only;
the line's `_misfits_of_line` names the place.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from sources.clickstream.dialect import MISFITS
from sources.clickstream.nesting import TEXT, Node
from sources.parsing.lines import encoding_fault, json_depth_exceeds, numbered_lines
from sources.parsing.request import Limits


def write_fitting_lines(
    source: Path, target: Path, structure: dict[str, Any], limits: Limits
) -> Iterator[tuple[int, str]]:
    """Writes what the structure names of each sound line, with its number as `_line`.

    Yields number and fault of the others; the file is whole once all are taken.
    """
    with target.open("wb") as stream:
        for number, line in numbered_lines(source):
            found = _fitted_line(line, structure, limits)
            if isinstance(found, str):
                yield number, found
            else:
                stream.write(orjson.dumps({**found, "_line": number}) + b"\n")


def _fitted_line(line: bytes, structure: dict[str, Any], limits: Limits) -> dict[str, Any] | str:
    """The line's document, or what is wrong with it."""
    fault = encoding_fault(line, limits.line_bytes)
    if fault is not None:
        return fault
    has_many = line.count(b"{") + line.count(b"[") > limits.json_depth
    if has_many and json_depth_exceeds(line, limits.json_depth):
        return "json_too_deep"
    try:
        document = orjson.loads(line)
    except orjson.JSONDecodeError:
        return "invalid_json"
    if not isinstance(document, dict):
        return "invalid_json"
    misfits: set[str] = set()
    fitted = {
        name: _fitted(document.get(name), node, name, misfits) for name, node in structure.items()
    }
    listed = ",".join(f"unexpected_structure:{path}" for path in sorted(misfits))
    return {**fitted, MISFITS: listed or None}


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
