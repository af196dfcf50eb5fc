"""What those who edit segments may ask about them."""

from dashboards.queries.asking import rows
from dashboards.queries.reader import Rows
from dashboards.viewer import Viewer


def rule_segments(viewer: Viewer) -> Rows:
    """Return the segments that have a rule, as the last run evaluated them."""
    return rows(viewer, "rule_segments")
