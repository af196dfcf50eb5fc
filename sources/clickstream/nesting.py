"""Nested documents: which of their values are read, as DuckDB's types and as SQL."""

from collections.abc import Iterable
from typing import Any

from sources.sql import identifier

# A document's values that are read: a type's name, an object's members, or a list of one kind.
Node = str | dict[str, Any] | list[Any]
TEXT = "VARCHAR"
TEXTS_BY_NAME = "MAP(VARCHAR, VARCHAR)"


class AmbiguousNameError(ValueError):
    """Two names of one object differ in capital letters only, which DuckDB cannot tell apart."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one!r} and {other!r} differ in capital letters only")
        self.one, self.other = one, other


def structure(paths: Iterable[str]) -> dict[str, Any]:
    """The document that holds the given paths.

    `a.b` is the member b of the object a, `a[].b` that of each object of the list a, `a[]` a list
    of texts, and `a{}` an object whose members are named by whoever writes it.
    """
    root: dict[str, Any] = {}
    for path in paths:
        node = root
        *parents, leaf = path.split(".")
        for name in parents:
            if name.endswith("[]"):
                listed = node.setdefault(_new(node, name.removesuffix("[]")), [{}])
                node = listed[0]
            else:
                node = node.setdefault(_new(node, name), {})
        kind: Node = TEXTS_BY_NAME if leaf.endswith("{}") else TEXT
        if leaf.endswith("[]"):
            kind = [TEXT]
        node.setdefault(_new(node, leaf.removesuffix("{}").removesuffix("[]")), kind)
    return root


def _new(node: dict[str, Any], name: str) -> str:
    for known in node:
        if known != name and known.lower() == name.lower():
            raise AmbiguousNameError(known, name)
    return name


def sql_type(node: Node) -> str:
    """The DuckDB type of a part of a document."""
    if isinstance(node, str):
        return node
    if isinstance(node, list):
        return f"{sql_type(node[0])}[]"
    members = ", ".join(f"{identifier(name)} {sql_type(part)}" for name, part in node.items())
    return f"STRUCT({members})"


def at(path: str, relation: str = "document") -> str:
    """SQL of the value at a path without lists."""
    return ".".join([relation, *(identifier(name) for name in path.split("."))])


def first_of(*values: str) -> str:
    """SQL of the first value that is neither missing nor empty."""
    filled = [f"nullif({value}, '')" for value in values]
    return filled[0] if len(filled) == 1 else f"coalesce({', '.join(filled)})"
