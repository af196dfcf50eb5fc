"""Vendors in lists, as an operator sees them."""

from urllib.parse import quote

from dashboards.components import wording
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Row


def ranking_columns(context: Context) -> list[Column]:
    """Return the columns of the ranking."""
    words = context.words
    return [
        Column(words.text("Vendor"), name, "strong", link),
        Column(words.text("Rank"), lambda row: words.number(row["gmv_rank"]), "number"),
        Column(words.text("Sales"), lambda row: context.money(row["gmv"]), "number"),
        Column(
            words.text("Period before"), lambda row: context.money(row["previous_gmv"]), "number"
        ),
        Column(words.text("Share"), lambda row: words.percent(row["gmv_share"]), "number"),
        Column(words.text("Orders"), lambda row: words.number(row["order_count"]), "number"),
        Column(
            words.text("Reviews of the period"),
            lambda row: wording.rating(words, row["review_score"]),
            "number",
        ),
        Column(words.text("Worst measure"), lambda row: wording.state(words, row), "state"),
    ]


def name(row: Row) -> str:
    """Return a vendor's name, or its id where it has none."""
    return str(row["vendor_name"] or row["vendor_id"])


def link(row: Row) -> str:
    """Return where a vendor's page is."""
    return f"/vendors?vendor={quote(row['vendor_id'], safe='')}"


def measures_link(vendor_id: str) -> str:
    """Return where a vendor's measures are."""
    return f"/vendors?vendor={quote(vendor_id, safe='')}&section=measures"


def order_link(context: Context) -> str:
    """Return where an order's page is for operators; empty for a role that has none."""
    return "/order" if context.has_page("operator_order") else ""
