"""What a vendor may ask about its own shop: products, visits, groups of buyers, payouts."""

from datetime import date

from dashboards.queries.asking import one, rows
from dashboards.queries.reader import Row, Rows
from dashboards.viewer import Viewer


def assortment(viewer: Viewer) -> Row | None:
    """Return the figures of all products; None without any."""
    return one(viewer, "vendor_assortment_summary")


def visit_months(viewer: Viewer) -> Rows:
    """Return the funnel of whole months with at least ten visitors, the newest first."""
    return rows(viewer, "vendor_visit_months")


def search_terms(viewer: Viewer) -> Rows:
    """Return the terms by which at least ten visitors came, the most frequent first."""
    return rows(viewer, "vendor_search_terms")


def groups(viewer: Viewer) -> dict[str, list[Row]]:
    """Return the groups of buyers and visitors that may be shown by kind, the largest first."""
    found: dict[str, list[Row]] = {}
    for row in rows(viewer, "vendor_groups"):
        found.setdefault(str(row["group_kind"]), []).append(row)
    return found


def payout_sums(viewer: Viewer, from_date: date) -> Rows:
    """Return the parts of payouts by currency and status since a day, and all that is open."""
    return rows(viewer, "payout_sums", from_date=from_date)


def payout(viewer: Viewer, statement_id: str) -> Row | None:
    """Return a payout, or what awaits one, by its id, as the list of payouts has it."""
    return one(viewer, "payouts", statement_id=statement_id, status=None, different_only=False)
