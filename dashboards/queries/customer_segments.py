"""What may be asked about segments of customers and classes of sales; for operators."""

from datetime import date

from dashboards.queries.asking import one, rows
from dashboards.queries.reader import Row, Rows
from dashboards.viewer import Viewer


def sizes(viewer: Viewer, kind: str, before: date) -> Rows:
    """Return the segments of a kind with how many are in each, now and on a day before."""
    return rows(viewer, "segment_sizes", segment_kind=kind, from_date=before)


def scores(viewer: Viewer) -> Row | None:
    """Return how many customers have scores, and how far the scores tell them apart."""
    return one(viewer, "segment_scores")


def days(viewer: Viewer) -> list[date]:
    """Return the days on which customers were sorted into segments, the newest first."""
    return [row["segment_date"] for row in rows(viewer, "segment_days")]


def moves(viewer: Viewer, kind: str, from_date: date, to_date: date) -> Rows:
    """Return how many customers were in which segment on one day, and in which on another."""
    return rows(viewer, "segment_moves", segment_kind=kind, from_date=from_date, to_date=to_date)


def classes(viewer: Viewer, kind: str) -> Rows:
    """Return how many customers, vendors or products are of which classes."""
    return rows(viewer, "abc_classes", entity_kind=kind)
