"""Rows of one group, such as an order's, of which only the first says what all have in common."""

from collections.abc import Iterable, Mapping

from sources.column_source import ColumnSource
from sources.parsing.emptiness import without
from sources.parsing.request import ParseRequest

# The number of a row, by which the first of a group is known.
PLACE = "_at"
# A row's line is told by its place among the rows, which looking at groups changes.
IN_PLACE = f" order by {PLACE}"


def filled_names(mapping: Mapping[str, ColumnSource]) -> dict[str, str]:
    """The names that the texts of columns get once they are filled from their group, by columns."""
    names = {name for source in mapping.values() if source.group for name in source.source_columns}
    return {name: f"g{i}" for i, name in enumerate(sorted(names))}


def filled(request: ParseRequest, place: Mapping[str, str], names: Mapping[str, str]) -> str:
    """SQL of the columns that are filled: the row's own text, else the first of its group.

    A row whose group nobody names stands alone.
    """
    keys = [place[name] for name in request.group_by]
    is_named = " and ".join(f"{key} is not null" for key in keys)
    window = f"over (partition by {', '.join(keys)} order by {PLACE} {_ALL})"
    return ", ".join(
        f"coalesce({own}, case when {is_named} then first_value({own} ignore nulls) {window} end) "
        f"as {filled_name}"
        for own, filled_name in _own(request, place, names)
    )


_ALL = "rows between unbounded preceding and unbounded following"


def _own(
    request: ParseRequest, place: Mapping[str, str], names: Mapping[str, str]
) -> Iterable[tuple[str, str]]:
    for name, filled_name in names.items():
        yield f"({without(place[name], request.null_values)})", filled_name
