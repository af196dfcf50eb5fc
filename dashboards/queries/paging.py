"""How much of a long list a page asks for, and in which order."""

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


@dataclass(frozen=True, slots=True)
class Order:
    """A column of a question by which its rows are sorted; what is unknown comes last.

    Text is sorted as people read it, whatever its case and accents.
    """

    column: str
    is_descending: bool = False
    is_text: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no name of a column."""
        if not (self.column.isidentifier() and self.column.isascii()):
            raise ValueError("a list is sorted by a column of its question")

    @property
    def sql(self) -> str:
        """What stands in `order by`."""
        collated = f'"{self.column}"' + (" collate nocase.noaccent" if self.is_text else "")
        return f"{collated} {'desc' if self.is_descending else 'asc'} nulls last"


def total_of(rows: tuple[object, ...]) -> int:
    """Return how long the whole list is, of which these rows are a part."""
    first = rows[0] if rows else None
    return int(first["total_count"]) if isinstance(first, dict) else 0
