"""dbt's search for nodes by their whole name, at once; for the warm server, which has dbt."""

from collections.abc import Iterator
from typing import Any


def find_names_at_once(manifest: Any, by_name_method: Any) -> None:
    """Lets dbt's method of selecting by name look it up, where it compares it with every node's.

    A run asks for hundreds of a thousand. What is no node's name is left to dbt: a folder, a
    pattern.
    """
    by_name: dict[str, set[str]] = {}
    for unique_id, node in [*manifest.nodes.items(), *manifest.unit_tests.items()]:
        for name in {node.fqn[-1], ".".join(node.fqn), ".".join(node.fqn[1:])}:
            by_name.setdefault(name, set()).add(unique_id)
    search = by_name_method.search

    def found(method: Any, included: set[str], selector: str) -> Iterator[str]:
        if selector in by_name:
            return iter(by_name[selector] & included)
        answer: Iterator[str] = search(method, included, selector)
        return answer

    by_name_method.search = found


def list_nodes_once(graph_class: Any) -> None:
    """Lets dbt list a graph's nodes once, where it does for each name that it is asked for."""
    list_anew = graph_class.nodes

    def nodes(self: Any) -> Any:
        listed = self.__dict__.get("listed")
        # Nodes are only ever added or taken away.
        if listed is None or len(listed) != len(self.graph):
            listed = self.__dict__["listed"] = frozenset(list_anew(self))
        return listed

    graph_class.nodes = nodes
