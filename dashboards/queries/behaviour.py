"""What may be asked about visits: the funnel, carts, searches and landings."""

from datetime import date

from dashboards.queries.asking import one, rows
from dashboards.queries.reader import Row, Rows
from dashboards.viewer import Viewer

Span = tuple[date, date]


def funnel(viewer: Viewer, span: Span, before: date) -> Rows:
    """Return the funnel by device and channel, with what it was from the day before on."""
    first, end = span
    return rows(viewer, "funnel_groups", first_day=first, end_day=end, before_day=before)


def weeks(viewer: Viewer, span: Span) -> Rows:
    """Return sessions and those with an order by week, the newest first."""
    return rows(viewer, "funnel_weeks", first_day=span[0], end_day=span[1])


def carts(viewer: Viewer, span: Span) -> Row | None:
    """Return what became of the carts that began in the days."""
    return one(viewer, "cart_counts", first_day=span[0], end_day=span[1])


def checkout_speed(viewer: Viewer, span: Span) -> Row | None:
    """Return how long it took from the checkout's begin to the order."""
    return one(viewer, "checkout_speed", first_day=span[0], end_day=span[1])


def landing_pages(viewer: Viewer, span: Span) -> Rows:
    """Return the pages on which most sessions began."""
    return rows(viewer, "landing_pages", first_day=span[0], end_day=span[1])


def unserved_searches(viewer: Viewer, span: Span) -> Rows:
    """Return the terms that most often found nothing."""
    return rows(viewer, "unserved_searches", first_day=span[0], end_day=span[1])


def vendors(viewer: Viewer, span: Span) -> Rows:
    """Return the funnel by vendor, of the vendors that most sessions touched."""
    return rows(viewer, "funnel_vendors", first_day=span[0], end_day=span[1])
