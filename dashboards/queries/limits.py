"""What may be asked about limits: for whom there can be one, and whom a new one would change."""

from datetime import date

from dashboards.limit_setting import Wish
from dashboards.queries.asking import rows
from dashboards.queries.reader import Rows
from dashboards.viewer import Viewer


def metrics(viewer: Viewer) -> Rows:
    """Return the measures of the scorecard with the limits of the registry; for operators."""
    return rows(viewer, "scored_metrics")


def scopes(viewer: Viewer) -> Rows:
    """Return the countries and categories that vendors have; for operators."""
    return rows(viewer, "limit_scopes")


def effect(viewer: Viewer, window_end: date, wish: Wish) -> Rows:
    """Return the vendors whose state a new limit would change, by the figures of a window."""
    return rows(
        viewer,
        "limit_effect",
        window_end=window_end,
        metric_id=wish.metric_id,
        country_code=wish.country_code,
        category_id=wish.category_id,
        threshold=wish.threshold,
    )
