"""What a folder may hold beside orders and lines: goods that came back, events of a tracker."""

import re

from pipelines.proposing.entry import OF_TEXTS, Entry, found, values_of, written_as
from pipelines.proposing.samples import Sample
from pipelines.proposing.values import is_number

# By which of their columns the events of a tracker are known.
_TRACKERS = {
    "ga4": {"event_name", "event_timestamp", "user_pseudo_id"},
    "segment": {"type", "messageId", "timestamp"},
}


def keep_rows(entry: Entry, sample: Sample) -> None:
    """Leaves out rows without a number of pieces, as a line that describes the columns."""
    quantity = found(sample, "quantity")
    if quantity is None or "<n>" in quantity or sample.format not in OF_TEXTS:
        return
    if any(value and not is_number(value) for value in values_of(sample, quantity)):
        entry.settings["where"] = f"matches({{{quantity}}}, '[-0-9.,]*')"
        entry.questions["where"] = "Some rows have no number of pieces; they are left out. Right?"
    elif _has_negatives(sample, quantity):
        entry.settings["where"] = f"{{{quantity}}} > 0"


def returns_of(sample: Sample, orders: Entry, lines: Entry) -> Entry | None:
    """The rows with negative pieces as returns, of a customer and a product, where there are any.

    Their number is that of the row that takes back, and no order's.
    """
    quantity, order = str(found(sample, "quantity")), str(lines.columns["order_id"])
    product = lines.columns.get("product_id")
    if product is None or not _has_negatives(sample, quantity):
        return None
    price = "line_amount" if "line_amount" in lines.columns else "unit_price"
    amount = _expression(lines.columns[price])
    worth = f"abs({amount})" if price == "line_amount" else f"abs({{{quantity}}}) * {amount}"
    entry = Entry(written_as(sample) | {"where": f"{{{quantity}}} < 0"})
    entry.columns = {
        "return_id": {"template": f"{{{order}}}-{{occurrence}}"},
        "customer_id": _alone(orders.columns["customer_id"]),
        "product_id": product,
        "status": {"constant": "refunded"},
        "quantity": {"expression": f"abs({{{quantity}}})"},
        "refund_amount": {"expression": worth, "round": True},
        "requested_at": _alone(orders.columns["ordered_at"]),
        "refunded_at": _alone(orders.columns["ordered_at"]),
    }
    entry.questions["where"] = (
        "Rows with negative pieces are taken for returns of what the customer bought before. Right?"
    )
    return entry


def events_of(samples: list[Sample]) -> Entry | None:
    """The file that holds the events of a tracker, if one does."""
    for sample in samples:
        for dialect, names in _TRACKERS.items():
            if names <= {*sample.columns}:
                return Entry({"files": sample.name, "dialect": dialect})
    return None


def _has_negatives(sample: Sample, quantity: str) -> bool:
    return any(re.fullmatch(r"-\s*\d.*", value) for value in values_of(sample, quantity))


def _alone(source: object) -> object:
    """The source of a column of orders, for a row that has none beside it."""
    if isinstance(source, dict):
        return {name: value for name, value in source.items() if name != "group"}
    return source


def _expression(source: object) -> str:
    return str(source["expression"]) if isinstance(source, dict) else f"{{{source}}}"
