"""What an operator may ask about one customer, whom all systems know in part."""

from dashboards.queries.asking import one, rows
from dashboards.queries.reader import Row, Rows
from dashboards.viewer import Viewer

# More companies or contacts than that are not looked through on a page.
MOST_SHOWN = 100


def profile(viewer: Viewer, customer_id: str) -> Row | None:
    """Return what is known of a customer; None of one that nobody knows."""
    return one(viewer, "customer", customer_id=customer_id)


def as_vendor(viewer: Viewer, customer_id: str) -> Rows:
    """Return the vendors that may be the same party, the likely ones first."""
    return rows(viewer, "customer_as_vendor", customer_id=customer_id)


def consents(viewer: Viewer, customer_id: str) -> Rows:
    """Return for which purposes and by which channels the customer may be reached."""
    return rows(viewer, "customer_consents", customer_id=customer_id)


def memberships(viewer: Viewer, customer_id: str) -> Rows:
    """Return in which segments the customer is and was, those that last first."""
    return rows(viewer, "customer_memberships", customer_id=customer_id, row_limit=MOST_SHOWN)


def contacts(viewer: Viewer, customer_id: str) -> Rows:
    """Return the people who act for the customer."""
    return rows(viewer, "customer_contacts", customer_id=customer_id, row_limit=MOST_SHOWN)


def browsers(viewer: Viewer, customer_id: str) -> Rows:
    """Return the browsers that are linked to the customer, those used most often first."""
    return rows(viewer, "customer_browsers", customer_id=customer_id, row_limit=MOST_SHOWN)


def company_tree(viewer: Viewer, root_account_id: str) -> Rows:
    """Return the companies of a tree from the top down."""
    return rows(viewer, "company_tree", root_account_id=root_account_id, row_limit=MOST_SHOWN)
