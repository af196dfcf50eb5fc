"""Values that a form offers for a text, the most frequent first; names come from the vocabulary."""

from dashboards import resources
from dashboards.queries.reader import QueryTimeout
from dashboards.viewer import Viewer
from operations.segments.vocabulary import ATTRIBUTES, ATTRIBUTES_MART, EVENTS

# More than these nobody looks through; any other can be typed.
MOST_OFFERED = 50


def offered(viewer: Viewer, name: str, event: str = "") -> list[str]:
    """Return the values of an attribute, or of a field of an event, that customers have.

    Raises:
        NotAllowed: the viewer is no operator.
    """
    which, mart = "true", ATTRIBUTES_MART
    if event in EVENTS:
        mart = EVENTS[event].mart
        which = EVENTS[event].which
    if name not in (EVENTS[event].fields if event in EVENTS else ATTRIBUTES):
        return []
    text = (
        f"select {name} as value from marts.{mart} where {which} and {name} is not null"
        f" group by {name} order by count(*) desc nulls last, {name} asc nulls last"
        f" limit {MOST_OFFERED}"
    )
    try:
        return [str(row["value"]) for row in resources.current().reader.composed(viewer, text)]
    except QueryTimeout:
        return []
