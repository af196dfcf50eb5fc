"""A trend as small as a word: a line in a box, drawn by CSS alone, with its limit across it."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.queries.reader import Row

_HALF_WIDTH = 3.0  # per cent of the box's height


@dataclass(frozen=True, slots=True)
class Sparkline:
    """The outline of the line as a CSS polygon, and how high the limit is, in per cent from above.

    `limit` is None where there is no limit.
    """

    polygon: str
    limit: float | None


def of(history: Sequence[Row]) -> Sparkline | None:
    """Return the sparkline of the windows that have a value; None with fewer than two."""
    points = [row for row in history if row["rate"] is not None]
    if len(points) < 2:
        return None
    values = [float(row["rate"]) for row in points]
    threshold = points[-1]["threshold"]
    limit = None if threshold is None else float(threshold)
    lowest = min([*values, *([] if limit is None else [limit])])
    highest = max([*values, *([] if limit is None else [limit])])
    spread = highest - lowest or 1.0

    def height(value: float) -> float:
        # Some room above and below, so that the line's whole width is in the box.
        return 92 - 84 * (value - lowest) / spread

    # By the day, not by the number: the newest window may end a few days after the last month.
    days = [(row["window_end"] - points[0]["window_end"]).days for row in points]
    places = [100 * day / (days[-1] or 1) for day in days]
    heights = [height(value) for value in values]
    above = [f"{x:.1f}% {y - _HALF_WIDTH:.1f}%" for x, y in zip(places, heights, strict=True)]
    below = [f"{x:.1f}% {y + _HALF_WIDTH:.1f}%" for x, y in zip(places, heights, strict=True)]
    return Sparkline(
        polygon=", ".join([*above, *reversed(below)]),
        limit=None if limit is None else round(height(limit), 1),
    )
