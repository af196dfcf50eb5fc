"""Vendors in lists, as an operator sees them."""

from urllib.parse import quote

from dashboards.components import wording
from dashboards.components.tables import Column
from dashboards.queries.reader import Row


def ranking_columns(currency: str) -> list[Column]:
    """Return the columns of the ranking."""
    return [
        Column("Vendor", name, "strong", link),
        Column("Rank", lambda row: wording.count(row["gmv_rank"]), "number"),
        Column(f"Sales, {currency}", lambda row: wording.count(row["gmv"], 2), "number"),
        Column("Before", lambda row: wording.count(row["previous_gmv"], 2), "number"),
        Column("Share", lambda row: wording.percent(row["gmv_share"]), "number"),
        Column("Orders", lambda row: wording.count(row["order_count"]), "number"),
        Column("Reviews", lambda row: wording.score(row["review_score"]), "number"),
        Column("Worst measure", state, "state"),
    ]


def attention_columns() -> list[Column]:
    """Return the columns of the list of rates that ask for a look."""
    return [
        Column("Vendor", name, "strong", link),
        Column("Measure", lambda row: row["metric_name"] or row["metric_id"]),
        Column("What was counted", wording.rate_sentence, "wide"),
        Column("State", state, "state"),
    ]


def name(row: Row) -> str:
    """Return a vendor's name, or its id where it has none."""
    return str(row["vendor_name"] or row["vendor_id"])


def link(row: Row) -> str:
    """Return where a vendor's page is."""
    return f"/vendors?vendor={quote(row['vendor_id'], safe='')}"


def state(row: Row) -> str:
    """Return a judgement as a word."""
    value = row.get("state") or row.get("worst_state")
    return wording.STATE_WORDS.get(str(value), str(value))
