"""How much of a long list a page asks for."""

from dataclasses import dataclass

# A download is a list too; this is far above any vendor's quarter and bounds the memory.
EVERYTHING = 200_000
# Weekdays and categories are few; of the products those with the most misses.
CAUSES = 60


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a list; the first by default."""

    row_limit: int = 20
    row_offset: int = 0


def total_of(rows: tuple[object, ...]) -> int:
    """Return how long the whole list is, of which these rows are a part."""
    first = rows[0] if rows else None
    return int(first["total_count"]) if isinstance(first, dict) else 0
