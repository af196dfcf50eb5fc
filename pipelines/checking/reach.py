"""What a failing check keeps from the readers."""

from collections.abc import Sequence

from output.findings.finding import Finding

_NAMED = 4


def held_back(severity: str, *, is_passed: bool, marts: Sequence[str]) -> Finding | None:
    """What a check's result keeps from the readers; None where it passed."""
    if is_passed:
        return None
    if severity == "error":
        return Finding.of("all_held_back")
    if not marts:
        return Finding.of("nothing_held_back")
    named, more = tuple(marts[:_NAMED]), len(marts) - _NAMED
    if more > 0:
        return Finding.of("may_show_in_more", marts=named, n=more)
    return Finding.of("may_show_in", marts=named)
