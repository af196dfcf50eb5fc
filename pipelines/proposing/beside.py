"""What a folder may hold beside orders and lines: goods that came back, events of a tracker."""

import re

from pipelines.proposing.entry import OF_TEXTS, Entry, found, time_source, values_of, written_as
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
    """The rows with negative pieces as returns, where there are any.

    In a file of orders they are of a customer and a product, as their number is that of the row
    that takes back; beside a file of orders they are of the order that they name.
    """
    quantity, order = str(found(sample, "quantity")), str(lines.columns["order_id"])
    product = lines.columns.get("product_id")
    if product is None or not _has_negatives(sample, quantity):
        return None
    is_beside = orders.settings["files"] != sample.name
    date = found(sample, "ordered_at")
    if is_beside and date is None:
        lines.questions["where"] = (
            "Rows with negative pieces are left out. If they are returns, which column says when?"
        )
        return None
    whose, when = {"customer_id": orders.columns["customer_id"]}, orders.columns["ordered_at"]
    entry = Entry(written_as(sample) | {"where": f"{{{quantity}}} < 0"})
    entry.questions["where"] = (
        "Rows with negative pieces are taken for returns of what was bought before. Right?"
    )
    if is_beside:
        whose, when = {"order_id": order}, time_source(sample, str(date))[0]
        entry.questions["requested_at"] = "Is this when the goods came back, on these rows?"
    entry.columns = {
        "return_id": {"template": f"{{{order}}}-{{occurrence}}"},
        **{name: _alone(source) for name, source in whose.items()},
        "product_id": product,
        "status": {"constant": "refunded"},
        "quantity": {"expression": f"abs({{{quantity}}})"},
        "refund_amount": {"expression": _worth(quantity, lines), "round": True},
        "requested_at": _alone(when),
        "refunded_at": _alone(when),
    }
    return entry


def _worth(quantity: str, lines: Entry) -> str:
    """What the pieces of a row cost after their discount, without a sign."""
    if "line_amount" in lines.columns:
        worth = f"abs({_expression(lines.columns['line_amount'])})"
    else:
        worth = f"abs({{{quantity}}}) * {_expression(lines.columns['unit_price'])}"
    discount = lines.columns.get("discount_rate")
    # The discount of a line is stated of all its pieces, as its amount is, and in its own sign.
    if (off := lines.columns.get("discount_amount")) is not None:
        return f"{worth} - abs({_expression(off)})"
    return worth if discount is None else f"{worth} * (1 - {_expression(discount)})"


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
    if isinstance(source, dict):
        return str(source.get("expression") or f"{{{source['column']}}}")
    return f"{{{source}}}"
