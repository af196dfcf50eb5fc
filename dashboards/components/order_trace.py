"""What happened to an order, from the first visit to the last payment, with what went wrong."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta

from dashboards.components import order_problems, tables, vendors
from dashboards.components.funnel import CHANNELS as WAYS
from dashboards.components.funnel import DEVICES
from dashboards.components.statuses import CHANNELS
from dashboards.components.tables import Column
from dashboards.components.touchpoints import KINDS, TOPICS
from dashboards.context import Context
from dashboards.queries import orders as asking
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
_NOTHING: Row = dict.fromkeys(
    ("occurred_at", "vendor_id", "detail", "actor", "amount", "currency_code"), None
) | {"is_late": False}
# What nobody wants to read of an order.
_BAD = frozenset(
    {"refused", "auto_rejected", "payment_failed", "charged_back", "dunned", "cancelled"}
)


# Visits so long before an order may have led to it.
_DAYS_BEFORE = 30


def of(context: Context, order: Row, lines: Rows) -> list[Row]:
    """Return what happened to an order in its order, what has no moment last.

    Each step has `step`, `occurred_at`, `vendor_id`, `vendor_name`, `detail`, `actor`, `amount`,
    `currency_code` and `is_late`, empty where there is none.
    """
    names = {line["vendor_id"]: line["vendor_name"] for line in lines}
    vendors_of_lines = {line["order_line_id"]: line["vendor_id"] for line in lines}
    found = []
    for step in (*_before(context, order), *_own(context, order), *_about(context, order)):
        vendor_id = step.get("vendor_id") or vendors_of_lines.get(step.get("order_line_id"))
        found.append(
            {**_NOTHING, **step, "vendor_id": vendor_id, "vendor_name": names.get(vendor_id)}
        )
    return sorted(found, key=lambda step: (step["occurred_at"] is None, step["occurred_at"] or 0))


def _before(context: Context, order: Row) -> Iterator[Row]:
    """Yield the visits and the cart that came before an order."""
    viewer, ordered_at = context.viewer, order["ordered_at"]
    first = ordered_at - timedelta(days=_DAYS_BEFORE)
    if order["customer_id"]:
        for visit in asking.visits(viewer, order["customer_id"], first, ordered_at):
            yield {"step": "visit", "occurred_at": visit["started_at"], "detail": visit["channel"]}
    cart = asking.cart(viewer, order["cart_id"]) if order["cart_id"] else None
    if cart is not None:
        for step, column in (("cart_created", "created_at"), ("checkout_began", "checkout_at")):
            if cart[column]:
                yield {"step": step, "occurred_at": cart[column], "detail": cart["device"]}


def _own(context: Context, order: Row) -> Iterator[Row]:
    """Yield what the order itself, its parts, documents and payments tell."""
    yield {
        **order,
        "step": "ordered",
        "occurred_at": order["ordered_at"],
        "detail": order["channel"],
        "amount": order["gmv"],
        "is_late": False,
    }
    if order["approved_at"]:
        yield {"step": "approved", "occurred_at": order["approved_at"]}
    for part in asking.parts(context.viewer, order["order_id"]):
        for step, moment, limit in (
            ("shipped", "shipped_at", "ship_by_at"),
            ("delivered", "delivered_at", "promised_at"),
        ):
            if part[moment]:
                is_late = bool(part[limit]) and part[moment] > part[limit]
                yield {
                    "step": step,
                    "occurred_at": part[moment],
                    "is_late": is_late,
                    "vendor_id": part["vendor_id"],
                }
    yield from asking.steps(context.viewer, order["order_id"])


def _about(context: Context, order: Row) -> Iterator[Row]:
    """Yield what vendors got for an order, and what was said about it."""
    for paid in asking.payouts(context.viewer, order["order_id"]):
        # The day is all that is known: it stands after what happened on it.
        moment = datetime.combine(paid["paid_date"], time.max)
        yield {**paid, "step": "payout", "occurred_at": moment}
    for said in asking.touchpoints(context.viewer, order["order_id"]):
        yield {**said, "step": said["kind"]}


def show(context: Context, trace: list[Row]) -> None:
    """Show the steps in their order; what went wrong is marked."""
    words = context.words
    shown = [
        Column(
            words.text("What"), lambda row: words.code(STEPS, row["step"]), "strong", place="id"
        ),
        Column(
            words.text("When"),
            lambda row: _when(context, row),
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
            lambda row: order_problems.said(words, row),
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


def _when(context: Context, row: Row) -> str:
    if row["step"] == "payout":
        return context.words.day(row["paid_date"])
    return context.moment(row["occurred_at"])


def _problem(words: Words, row: Row) -> str:
    if row["is_late"]:
        return words.text("Late")
    return words.text("Trouble") if row["step"] in _BAD else ""


def _detail(words: Words, row: Row) -> str:
    if row["step"] == "payout":
        return words.text("Before shipping and fees")
    codes = _DETAILS.get(row["step"])
    if codes and row["detail"]:
        return words.code(codes, row["detail"])
    return words.code(_ACTORS, row["actor"]) if row["actor"] else NOTHING
