"""What may be asked about customers who come back, and those who do not; for operators."""

from datetime import date

from dashboards.queries.asking import one, rows
from dashboards.queries.reader import Rows
from dashboards.viewer import Viewer


def cohorts(viewer: Viewer, first_month: date, last_index: int) -> Rows:
    """Return who of each month's first buyers bought in the months after, the newest first."""
    return rows(viewer, "cohort_retention", first_month=first_month, last_index=last_index)


def repeat_rates(viewer: Viewer) -> Rows:
    """Return how many buy again by both definitions, where everybody had the time."""
    return rows(viewer, "repeat_rates")


def churn(viewer: Viewer) -> Rows:
    """Return how many customers have left by their own rhythm and by the model."""
    return rows(viewer, "churn_states")


def drivers(viewer: Viewer) -> Rows:
    """Return what makes customers leave, by kind of customer, the strongest first."""
    return rows(viewer, "churn_drivers")


def claims(viewer: Viewer) -> Rows:
    """Return the claims of the trade press as they are measured here."""
    return rows(viewer, "trade_claims")


def new_vs_existing(viewer: Viewer) -> Rows:
    """Return what both groups bought and campaigns for them cost in the last complete months."""
    return rows(viewer, "new_vs_existing")


def win_back_outcomes(viewer: Viewer) -> Rows:
    """Return how many were listed to be won back and how many came, by reason."""
    return rows(viewer, "win_back_outcomes")


def listed_since(viewer: Viewer) -> date | None:
    """Return the first day as of which anybody was listed to be won back."""
    first = one(viewer, "win_back_begin")
    return first["listed_on"] if first else None
