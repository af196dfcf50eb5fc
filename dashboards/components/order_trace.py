"""What happened to an order, from the first visit to the last payment, with what went wrong."""

from collections.abc import Mapping

from dashboards.components import order_problems, tables, vendors
from dashboards.components.funnel import CHANNELS as WAYS
from dashboards.components.funnel import DEVICES
from dashboards.components.statuses import CHANNELS
from dashboards.components.tables import Column
from dashboards.components.touchpoints import KINDS, TOPICS
from dashboards.context import Context
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import Message, message
from dashboards.words.words import NOTHING, Words

STEPS: Mapping[str, Message] = {
    "visit": message("Visit to the shop"),
    "cart_created": message("Put it into the cart"),
    "checkout_began": message("Began the checkout"),
    "ordered": message("Ordered"),
    "approved": message("Approved"),
    "sent_to_vendor": message("Passed on to the vendor"),
    "accepted": message("Accepted by the vendor"),
    "refused": message("Refused by the vendor"),
    "auto_rejected": message("Rejected: no answer in time"),
    "handed_over": message("Handed to the carrier or warehouse"),
    "shipped": message("Shipped"),
    "delivered": message("Delivered"),
    "cancelled": message("Cancelled"),
    "invoiced": message("Invoiced"),
    "credited": message("Credit note"),
    "dunned": message("Payment reminder with a fee"),
    "paid": message("Paid"),
    "payment_failed": message("Payment failed"),
    "refunded": message("Refunded"),
    "charged_back": message("Charged back by the bank"),
    "return_requested": message("Return requested"),
    "return_received": message("Return received"),
    "payout": message("Paid out to the vendor"),
    **{kind: KINDS[kind] for kind in ("ticket", "review", "survey", "vendor_message")},
}
_ACTORS: Mapping[str, Message] = {
    "buyer": message("Buyer"),
    "vendor": message("Vendor"),
    "platform": message("Marketplace"),
    "third_party": message("Warehouse service"),
    "carrier": message("Carrier"),
}
_DETAILS: Mapping[str, Mapping[str, Message]] = {
    "visit": WAYS,
    "cart_created": DEVICES,
    "checkout_began": DEVICES,
    "ordered": CHANNELS,
    "ticket": TOPICS,
}
# What nobody wants to read of an order.
_BAD = frozenset(
    {"refused", "auto_rejected", "payment_failed", "charged_back", "dunned", "cancelled"}
)


def show(context: Context, trace: Rows) -> None:
    """Show the steps in their order; what went wrong is marked."""
    words = context.words
    shown = [
        Column(
            words.text("What"), lambda row: words.code(STEPS, row["step"]), "strong", place="id"
        ),
        Column(
            words.text("When"),
            lambda row: context.moment(row["occurred_at"]) if row["occurred_at"] else NOTHING,
            "short",
            place="due",
        ),
        Column(words.text("Problem"), lambda row: _problem(words, row), "state", place="state"),
        Column(
            words.text("Vendor"), lambda row: vendors.name(row) if row["vendor_id"] else NOTHING
        ),
        Column(words.text("Detail"), lambda row: _detail(words, row)),
        Column(
            words.text("Amount"),
            lambda row: words.money(row["amount"], row["currency_code"] or ""),
            "number",
            place="amount",
        ),
    ]
    marked = [{**row, "state": "watch" if _problem(words, row) else ""} for row in trace]
    tables.show(shown, marked, caption=words.text("What happened to this order"))


def show_problems(context: Context, problems: Rows) -> None:
    """Show what is open or does not agree in an order."""
    words = context.words
    shown = [
        Column(
            words.text("Problem"),
            lambda row: words.code(order_problems.PROBLEMS, row["problem"]),
            "strong",
            place="id",
        ),
        Column(
            words.text("Vendor"),
            lambda row: vendors.name(row) if row["vendor_id"] else NOTHING,
            place="state",
        ),
        Column(
            words.text("Amount"),
            lambda row: words.money(row["amount"], row["currency_code"] or ""),
            "number",
            place="amount",
        ),
        Column(words.text("Since"), lambda row: words.day(row["since_date"]), "short", place="due"),
    ]
    tables.show(shown, problems, caption=words.text("Problems of this order"))


def _problem(words: Words, row: Row) -> str:
    if row["is_late"]:
        return words.text("Late")
    return words.text("Trouble") if row["step"] in _BAD else ""


def _detail(words: Words, row: Row) -> str:
    codes = _DETAILS.get(row["step"])
    if codes and row["detail"]:
        return words.code(codes, row["detail"])
    return words.code(_ACTORS, row["actor"]) if row["actor"] else NOTHING
