"""What may be asked about sales that are expected, and about how good forecasts were."""

from datetime import date

from dashboards.queries.asking import one, rows
from dashboards.queries.reader import Row, Rows
from dashboards.viewer import Viewer


def weeks(viewer: Viewer) -> Rows:
    """Return the marketplace's weeks to come as they were last forecast, the next one first."""
    return rows(viewer, "forecast_weeks")


def sales(viewer: Viewer, first_day: date, last_day: date) -> Rows:
    """Return the marketplace's sales by week, each by its Monday."""
    return rows(viewer, "sales_weeks", first_day=first_day, last_day=last_day)


def errors(viewer: Viewer) -> Row | None:
    """Return how wrong the marketplace's weeks were foretold; None where no past was forecast."""
    return one(viewer, "forecast_errors")
