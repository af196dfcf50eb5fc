"""Which dbt tests can run in a part of the graph: those that need no model of a later part."""

from collections.abc import Iterable, Mapping
from typing import Any


def later_tests(manifest: Mapping[str, Any], selected: set[str]) -> list[str]:
    """Names of the tests that touch the selected models and one that is built after them.

    dbt would run a test as soon as one of its models is selected. Where Dagster splits the project
    around a statistical step, the rest of the test's models does not exist yet; the part that
    builds the last of them runs the test.
    """
    # dbt does not know what a statistical step reads, so all that reads one may come later.
    steps = {name for name in manifest["sources"] if ".predictions." in name}
    later = _descendants(manifest["child_map"], selected | steps) - selected
    nodes = manifest["nodes"]
    return sorted(
        nodes[name]["name"]
        for name in nodes
        if nodes[name]["resource_type"] == "test"
        and later & set(nodes[name]["depends_on"]["nodes"])
        and selected & set(nodes[name]["depends_on"]["nodes"])
    )


def _descendants(child_map: Mapping[str, Iterable[str]], start: set[str]) -> set[str]:
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        for child in child_map.get(waiting.pop(), ()):
            if child not in seen and child.startswith(("model.", "seed.", "snapshot.")):
                seen.add(child)
                waiting.append(child)
    return seen
