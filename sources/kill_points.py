"""Places where a crash would hurt most: tests end the process at each, one after the other."""

from collections.abc import Callable

_watchers: list[Callable[[str], None]] = []


def reached(place: str) -> None:
    """Tells whoever watches that the process has come this far; nobody does outside tests."""
    for watcher in _watchers:
        watcher(place)


def watch(watcher: Callable[[str], None]) -> None:
    """Calls `watcher` at each place from now on."""
    _watchers.append(watcher)
