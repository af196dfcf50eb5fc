"""JSON lines of which some are broken: each is fitted into a document's structure by itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from sources.clickstream.nesting import TEXT, Node
from sources.parsing.lines import encoding_fault, json_depth_exceeds, numbered_lines
from sources.parsing.request import Limits


class MisfitError(ValueError):
    """A value stands where the structure has an object or a list, or the other way round."""


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
    try:
        return {name: _fitted(document.get(name), node) for name, node in structure.items()}
    except MisfitError:
        return "unexpected_structure"


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
