"""What rests on what: the marts that a feed reaches, for sentences on what a failure holds back."""

from collections.abc import Iterable, Mapping
from typing import Any

EVERYTHING = "publication of every page"
_NAMED = 4


def marts_by_feed(manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """The marts that read a feed, directly or not, by the feed's name."""
    children, nodes = manifest["child_map"], manifest["nodes"]
    found = {}
    for source_id, source in manifest["sources"].items():
        reached: set[str] = set()
        waiting = [source_id]
        while waiting:
            for child in children.get(waiting.pop(), ()):
                if child not in reached:
                    reached.add(child)
                    waiting.append(child)
        found[str(source["name"])] = sorted(
            str(nodes[name]["name"])
            for name in reached
            if name in nodes
            and nodes[name]["resource_type"] == "model"
            and nodes[name]["fqn"][1] == "marts"
        )
    return found


def held_back(severity: str, *, is_passed: bool, marts: Iterable[str]) -> str:
    """In words, what a check's result keeps from the readers."""
    if is_passed:
        return ""
    if severity == "error":
        return f"Held back: {EVERYTHING}."
    names = list(marts)
    if not names:
        return nothing_held_back()
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return nothing_held_back(f"it may show in {', '.join(names[:_NAMED])}{more}")


def nothing_held_back(but: str = "") -> str:
    """In words, that readers get everything, and what of it is not as it should be."""
    return f"Nothing is held back; {but}." if but else "Nothing is held back."
