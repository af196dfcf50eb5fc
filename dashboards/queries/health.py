"""What operators may ask about feeds, systems and books."""

from dashboards.queries.asking import rows
from dashboards.queries.reader import Rows
from dashboards.viewer import Viewer


def feeds(viewer: Viewer) -> Rows:
    """Return the state of every feed, the worst first."""
    return rows(viewer, "feeds")


def systems(viewer: Viewer) -> Rows:
    """Return how every system stands that delivers feeds, the worst first."""
    return rows(viewer, "systems")


def comparisons(viewer: Viewer) -> Rows:
    """Return every comparison with another system, the worst first."""
    return rows(viewer, "comparisons")


def quarantined_feeds(viewer: Viewer) -> list[str]:
    """Return the feeds of which rows are in quarantine."""
    return [str(row["feed"]) for row in rows(viewer, "quarantined_feeds")]
