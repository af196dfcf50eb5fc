"""What may be asked about visits: the funnel, carts, searches and landings."""

from datetime import date
from typing import Literal

from dashboards.queries.asking import one, rows
from dashboards.queries.reader import Row, Rows
from dashboards.viewer import Viewer

Span = tuple[date, date]


def funnel(viewer: Viewer, span: Span) -> Rows:
    """Return the funnel by device and channel."""
    return rows(viewer, "funnel_groups", first_day=span[0], end_day=span[1])


def weeks(viewer: Viewer, span: Span) -> Rows:
    """Return sessions and those with an order by week, the newest first."""
    return rows(viewer, "funnel_weeks", first_day=span[0], end_day=span[1])


def figures(viewer: Viewer, span: Span, before: date) -> Row | None:
    """Return what the metrics of visits are made of, and of what they were from a day before on."""
    first, end = span
    return one(viewer, "session_figures", first_day=first, end_day=end, before_day=before)


def visitors(viewer: Viewer, span: Span) -> Rows:
    """Return the funnel of visitors within seven days, by device and channel of the first look."""
    return rows(viewer, "visitor_funnel", first_day=span[0], end_day=span[1])


def event_places(viewer: Viewer, span: Span) -> Row | None:
    """Return how many events there were, and how many are in no session for which reason."""
    return one(viewer, "event_places", first_day=span[0], end_day=span[1])


def definitions(viewer: Viewer) -> Rows:
    """Return the last 28 days under each definition of a session, that in force first."""
    return rows(viewer, "session_definitions")


def path_begins(viewer: Viewer, window_id: str) -> Rows:
    """Return the channels with which the ways to orders began, the most frequent first."""
    return rows(viewer, "order_path_begins", window_id=window_id)


def paths(viewer: Viewer, window_id: str, first_channel: str) -> Rows:
    """Return the ways to orders that began with a channel, the most frequent first."""
    return rows(viewer, "order_paths", window_id=window_id, first_channel=first_channel)


def checkout_speed(viewer: Viewer, span: Span) -> Rows:
    """Return how many orders took how long from the checkout's begin, by ten seconds, in order."""
    return rows(viewer, "checkout_speed", first_day=span[0], end_day=span[1])


def landing_pages(viewer: Viewer, span: Span) -> Rows:
    """Return the pages on which most sessions began."""
    return rows(viewer, "landing_pages", first_day=span[0], end_day=span[1])


def unserved_searches(viewer: Viewer, span: Span) -> Rows:
    """Return the terms that most often found nothing."""
    return rows(viewer, "unserved_searches", first_day=span[0], end_day=span[1])


def touched(viewer: Viewer, span: Span, what: Literal["vendor", "category"]) -> Rows:
    """Return the funnel by vendor or by category, of those that most sessions touched."""
    return rows(viewer, "funnel_touched", what=what, first_day=span[0], end_day=span[1])
