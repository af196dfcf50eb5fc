"""What may be asked about exports and what contact brings; for operators."""

from dashboards.queries.asking import rows
from dashboards.queries.reader import Rows
from dashboards.viewer import Viewer


def contact_effects(viewer: Viewer) -> Rows:
    """Return what all campaigns together brought, by metric and estimator."""
    return rows(viewer, "contact_effects")
