"""What is found by an id or a name: of the whole marketplace, or of one vendor's own."""

from dashboards.queries.asking import rows
from dashboards.queries.reader import Rows
from dashboards.viewer import Viewer

# More hits than that are a reason to type more.
MOST_HITS = 10


def vendors(viewer: Viewer, text: str) -> Rows:
    """Return the vendors of an id or a name."""
    return rows(viewer, "found_vendors", search=text, row_limit=MOST_HITS)


def orders(viewer: Viewer, text: str) -> Rows:
    """Return the orders of an id."""
    return rows(viewer, "found_orders", search=text, row_limit=MOST_HITS)


def products(viewer: Viewer, text: str) -> Rows:
    """Return the products of an id or a name."""
    return rows(viewer, "found_products", search=text, row_limit=MOST_HITS)


def own_orders(viewer: Viewer, text: str) -> Rows:
    """Return the vendor's own orders of an id."""
    return rows(viewer, "found_own_orders", search=text, row_limit=MOST_HITS)


def own_products(viewer: Viewer, text: str) -> Rows:
    """Return what the vendor sold of an id or a name."""
    return rows(viewer, "found_own_products", search=text, row_limit=MOST_HITS)


def customers(viewer: Viewer, text: str, *, named: str | None) -> Rows:
    """Return the customers of an id or a name; no name is looked at where `named` is None."""
    return rows(viewer, "found_customers", search=text, named=named, row_limit=MOST_HITS)


def accounts(viewer: Viewer, text: str, *, named: str | None) -> Rows:
    """Return the companies of an id or a name; no name is looked at where `named` is None."""
    return rows(viewer, "found_accounts", search=text, named=named, row_limit=MOST_HITS)


def parties(viewer: Viewer, text: str, *, named: str | None) -> Rows:
    """Return who buys and sells, found on either side of the market."""
    return rows(viewer, "found_parties", search=text, named=named, row_limit=MOST_HITS)
