"""A JSON Schema for each feed: what those who produce the data check theirs against."""

from typing import Any

from sources.contract import DELETED, Column, Contract

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": ["number", "string"], "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "timestamp": {
        "type": "string",
        "pattern": r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$",
    },
}


def json_schema(contract: Contract) -> dict[str, Any]:
    """The schema (draft 2020-12) of one row of a feed, as one line of a JSON lines file.

    A row that marks a deletion needs its key alone. What one row cannot show - references, unique
    keys, versions - is checked when it is loaded.
    """
    needed = [
        name
        for name, column in contract.columns.items()
        if column.required and column.default is None and name not in contract.defaults
    ]
    in_key = [name for name in needed if name in contract.key]
    schema: dict[str, Any] = {
        "$schema": _DIALECT,
        "$id": f"kontor:feeds:{contract.feed}",
        "title": contract.title,
        "description": contract.description,
        "type": "object",
        "properties": {name: _property(column) for name, column in contract.columns.items()},
        "required": in_key,
        "if": {"properties": {DELETED: {"const": True}}, "required": [DELETED]},
        "else": {"required": [name for name in needed if name not in in_key]},
    }
    if contract.require_one_of:
        schema["else"]["allOf"] = [
            {"anyOf": [_given(name) for name in group]} for group in contract.require_one_of
        ]
    return schema


def _given(name: str) -> dict[str, Any]:
    return {"required": [name], "properties": {name: {"not": {"type": "null"}}}}


def _property(column: Column) -> dict[str, Any]:
    kind = column.type.split("(")[0]
    rules = {
        "pattern": _pattern(column, kind),
        "minimum": column.minimum,
        "exclusiveMinimum": column.above,
        "maximum": column.maximum,
        "x-decimals": column.places if kind == "decimal" else None,
        "x-personal": column.personal or None,
        "x-references": column.references,
        "x-left-out": column.left_out,
        "enum": list(column.allowed) if column.allowed else None,
    }
    given = {name: rule for name, rule in rules.items() if rule is not None}
    found = {**_TYPES[kind], "description": column.description, **given}
    return found if column.required and column.default is None else _or_nothing(found)


def _pattern(column: Column, kind: str) -> str | None:
    """What a text must look like; a number as text has no bounds but those of its digits."""
    if kind == "decimal" and column.above == 0:
        return r"^([0-9]*[1-9][0-9]*(\.[0-9]+)?|0+\.[0-9]*[1-9][0-9]*)$"
    if kind == "decimal" and column.minimum is not None and column.minimum >= 0:
        return r"^[0-9]+(\.[0-9]+)?$"
    return f"^(?:{column.pattern})$" if column.pattern else None


def _or_nothing(found: dict[str, Any]) -> dict[str, Any]:
    """A value that may also be null."""
    kinds = found["type"] if isinstance(found["type"], list) else [found["type"]]
    widened = {**found, "type": [*kinds, "null"]}
    if "enum" in widened:
        widened["enum"] = [*widened["enum"], None]
    return widened
