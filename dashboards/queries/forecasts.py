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


def next_peak(viewer: Viewer) -> Row | None:
    """Return the next sale or peak with what the last one like it did; None where none is known."""
    return one(viewer, "next_peak")


def own_weeks(viewer: Viewer) -> Rows:
    """Return the vendor's weeks to come as they were last forecast, the next one first."""
    return rows(viewer, "vendor_forecast_weeks")


def own_sales(viewer: Viewer, first_day: date, last_day: date) -> Rows:
    """Return the vendor's sales by week, each by its Monday."""
    return rows(viewer, "vendor_sales_weeks", first_day=first_day, last_day=last_day)


def own_demand(viewer: Viewer) -> Row | None:
    """Return what the vendor's next four weeks are expected to bring, of all product families."""
    return one(viewer, "vendor_demand_summary")


def errors(viewer: Viewer) -> Row | None:
    """Return how wrong the marketplace's weeks were foretold; None where no past was forecast."""
    return one(viewer, "forecast_errors")
