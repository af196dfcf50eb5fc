"""dbt's search for nodes by their whole name, at once; only the warm server imports this."""

from collections.abc import Iterator
from typing import Any

from dbt.contracts.graph.manifest import Manifest
from dbt.graph.selector_methods import QualifiedNameSelectorMethod


def find_names_at_once(manifest: Manifest) -> None:
    """Lets this process look names up, where dbt compares each that is asked for with every node's.

    A run asks for hundreds of a thousand. What is no node's name is left to dbt: a folder, a
    pattern.
    """
    by_name: dict[str, set[Any]] = {}
    for unique_id, node in [*manifest.nodes.items(), *manifest.unit_tests.items()]:
        for name in {node.fqn[-1], ".".join(node.fqn), ".".join(node.fqn[1:])}:
            by_name.setdefault(name, set()).add(unique_id)
    search = QualifiedNameSelectorMethod.search

    def found(method: Any, included: Any, selector: str) -> Iterator[Any]:
        if selector in by_name:
            return iter(by_name[selector] & included)
        return search(method, included, selector)

    QualifiedNameSelectorMethod.search = found  # type: ignore[assignment, method-assign]
