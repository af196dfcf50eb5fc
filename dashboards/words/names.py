"""What people call tables and columns whose names alone are published."""

_SPELT = {"id": "ID", "gmv": "GMV", "gtin": "GTIN"}
_TABLE_KINDS = ("mart_", "fct_", "dim_")
_QUESTION = "is_"


def title_of(name: str) -> str:
    """Return a title made from a column's or a table's name: "order_id" is "Order ID"."""
    for kind in (*_TABLE_KINDS, _QUESTION):
        name = name.removeprefix(kind)
    words = [_SPELT.get(word, word) for word in name.split("_") if word]
    title = " ".join(words)
    return title[:1].upper() + title[1:]
