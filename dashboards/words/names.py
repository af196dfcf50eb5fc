"""What people call tables and columns whose names alone are published."""

# As pages call the same figure.
_KNOWN = {
    "gmv": "Sales",
    "gmv_net": "Net sales",
    "previous_gmv": "Sales, period before",
    "previous_gmv_net": "Net sales, period before",
    "original_gmv": "Sales in the order's own currency",
    "gmv_rank": "Rank by sales",
    "gmv_share": "Share of sales",
    "commission_amount": "Commission",
    "average_order_value": "Average order",
    "order_count": "Orders",
    "as_of_date": "Data to",
}
_SPELT = {"id": "ID", "gtin": "GTIN"}
_TABLE_KINDS = ("mart_", "fct_", "dim_")
_QUESTION = "is_"


def title_of(name: str) -> str:
    """Return a title made from a column's or a table's name: "order_id" is "Order ID"."""
    if name in _KNOWN:
        return _KNOWN[name]
    for kind in (*_TABLE_KINDS, _QUESTION):
        name = name.removeprefix(kind)
    words = [_SPELT.get(word, word) for word in name.split("_") if word]
    title = " ".join(words)
    return title[:1].upper() + title[1:]
