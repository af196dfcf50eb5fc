"""What a failing check keeps from the readers, in words."""

from collections.abc import Iterable

EVERYTHING = "publication of every page"
_NAMED = 4


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
