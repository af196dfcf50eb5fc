"""What a measure counts: orders, their lines, parcels, messages, days of offers, and so on."""

from collections.abc import Mapping

from dashboards.queries.reader import Row
from dashboards.words.messages import Message, counted
from dashboards.words.words import Words

ORDER, OFFER_DAY = "order", "offer_day"
# The unit_kind of a metric's lines where it is not a vendor's part of an order.
KINDS: Mapping[str, str] = {
    "incident_rate": "order_line",
    "return_rate": "order_line",
    "refund_rate": "order_line",
    "valid_tracking_rate": "shipment",
    "response_hours": "message",
    "stock_out_rate": OFFER_DAY,
    "review_score": "review",
    "invoice_defect_rate": "invoice",
}
_MISSED: Mapping[str, Message] = {
    ORDER: counted("{missed} of {n} order", "{missed} of {n} orders"),
    "order_line": counted("{missed} of {n} order line", "{missed} of {n} order lines"),
    "shipment": counted("{missed} of {n} parcel", "{missed} of {n} parcels"),
    "message": counted("{missed} of {n} question", "{missed} of {n} questions"),
    OFFER_DAY: counted("{missed} of {n} offer day", "{missed} of {n} offer days"),
    "review": counted("{missed} of {n} review", "{missed} of {n} reviews"),
    "invoice": counted("{missed} of {n} invoice", "{missed} of {n} invoices"),
}
# What is counted within a line, where a measure counts that.
_MISSED_WITHIN: Mapping[str, Message] = {
    "refund_rate": counted("{missed} of {n} unit", "{missed} of {n} units"),
}
_FROM: Mapping[str, Message] = {
    ORDER: counted("{value} from {n} order", "{value} from {n} orders"),
    "message": counted("{value} from {n} question", "{value} from {n} questions"),
    "review": counted("{value} from {n} review", "{value} from {n} reviews"),
}


def kind(rate: Row) -> str:
    """Return what one unit of a measure is, as `unit_kind` of its lines says it."""
    return KINDS.get(str(rate["metric_id"]), ORDER)


def missed(words: Words, rate: Row, count: int, of: int) -> str:
    """Return how many of how many units missed, in the measure's own units."""
    said = _MISSED_WITHIN.get(str(rate["metric_id"]), _MISSED[kind(rate)])
    return words.say(said, missed=count, n=of)


def average(words: Words, rate: Row, value: str) -> str:
    """Return a mean rating or duration with the number of its units."""
    said = _FROM.get(kind(rate), _FROM[ORDER])
    return words.say(said, value=value, n=int(rate["denominator"]))
