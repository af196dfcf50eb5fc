"""What may be asked about what there is to buy."""

from dashboards.queries.asking import one
from dashboards.queries.reader import Row
from dashboards.viewer import Viewer


def summary(viewer: Viewer) -> Row | None:
    """Return how many categories are thin, and how many items one vendor alone offers."""
    return one(viewer, "assortment_summary")


def searches(viewer: Viewer) -> Row:
    """Return how many searches of the last 90 days there were, and how many found nothing."""
    return one(viewer, "search_summary") or {}
