"""What may be asked about customers' value; for operators."""

from dashboards.queries.asking import rows
from dashboards.queries.reader import Rows
from dashboards.viewer import Viewer


def fits(viewer: Viewer) -> Rows:
    """Return the kinds of customers that were fitted together: what is expected, or why nothing."""
    return rows(viewer, "value_fits")


def segments(viewer: Viewer, kind: str) -> Rows:
    """Return the segments of a kind with what their customers are expected to bring."""
    return rows(viewer, "value_segments", segment_kind=kind)


def deciles(viewer: Viewer) -> Rows:
    """Return how past half years were foretold, the newest first, by tenths of the prediction."""
    return rows(viewer, "value_deciles")


def models(viewer: Viewer) -> Rows:
    """Return how well each model foretold all half years, of a segment the best one first."""
    return rows(viewer, "value_models")
