"""The timeline of a customer: what happened, in which system, by which way."""

from dashboards.components import statuses, systems, whole_orders
from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Choice, Days, Id, all_of
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row
from dashboards.words.messages import Message, counted, message, message_in
from dashboards.words.words import NOTHING

KINDS = {
    "order": message("Order"),
    "session": message("Visit to the shop"),
    "ticket": message("Ticket"),
    "message": message("Message"),
    "vendor_message": message("Message with a vendor"),
    "call": message("Call"),
    "visit": message("Visit in person"),
    "activity": message("Sales activity"),
    "survey": message("Survey"),
    "review": message("Review"),
    "registration": message("Registration of a product"),
}
CHANNELS = {
    **statuses.CHANNELS,
    "email": message("E-mail"),
    "sms": message("Text message"),
    "push": message("Push message"),
    "post": message("Post"),
    "chat": message("Chat"),
    "form": message("Form"),
    "social": message("Social media"),
    "portal": message("Portal"),
    "ads": message("Advertising"),
    "any": message_in("channel", "Any"),
}
_DIRECTIONS = {
    "inbound": message("From the customer"),
    "outbound": message("To the customer"),
}
TOPICS = {
    "delivery": message_in("topic", "Delivery"),
    "return": message_in("topic", "Return"),
    "refund": message("Refund"),
    "product": message("Product"),
    "payment": message("Payment"),
    "account": message("Customer account"),
    "invoice": message("Invoice"),
    "price": message("Price"),
    "vendor": message("Vendor"),
    "other": message_in("topic", "Other"),
}
_OUTCOMES = {
    "queued": message("Waiting to be sent"),
    "sent": message_in("message", "Sent"),
    "delivered": message_in("message", "Delivered"),
    "opened": message_in("message", "Opened"),
    "clicked": message_in("message", "Clicked"),
    "bounced": message_in("message", "Came back"),
    "failed": message_in("message", "Failed"),
    "complained": message_in("message", "Reported as unwanted"),
}
_ACTIVITIES = {
    "email": message("E-mail"),
    "meeting": message("Meeting"),
    "demo": message("Demonstration"),
    "task": message("Task"),
    "note": message("Note"),
}
_QUESTIONS = {
    "nps": message("Would recommend us: {score} of 10"),
    "csat": message("Satisfied: {score} of 5"),
    "ces": message("Effort: {score} of 7"),
}
_CODES: dict[str, dict[str, Message]] = {
    "order": statuses.OF_ORDERS,
    "ticket": TOPICS,
    "message": _OUTCOMES,
    "activity": _ACTIVITIES,
}


def _detail(context: Context, row: Row) -> str:
    """Return what more is known of a touchpoint, in words."""
    words, detail = context.words, row["detail"]
    if row["kind"] == "review" and row["score"] is not None:
        return words.text("{score} of 5 stars", score=words.number(row["score"]))
    if row["kind"] == "survey" and detail in _QUESTIONS:
        return words.say(_QUESTIONS[detail], score=words.number(row["score"]))
    codes = _CODES.get(str(row["kind"]))
    return words.code(codes, detail) if codes and detail else NOTHING


def _kind(context: Context, row: Row) -> str:
    return context.words.code(KINDS, row["kind"])


def _link(_context: Context, row: Row) -> str:
    return whole_orders.link(row) if row["kind"] == "order" else ""


def _linked(context: Context, row: Row) -> str:
    return _link(context, row) if context.has_page("operator_order") else ""


def _systems(context: Context) -> dict[str, str]:
    delivering = ("shop", "tracking", "marketing", "helpdesk", "crm", "vendor_portal")
    return {code: context.words.code(systems.NAMES, code) for code in delivering}


TIMELINE = Listing(
    name="customer-timeline",
    caption=message("What happened with this customer"),
    query="customer_timeline",
    key=("touchpoint_id",),
    default_order=(Order("occurred_at", is_descending=True),),
    columns=(
        columns.said("kind", message("What"), _kind, kind="strong", link=_linked),
        columns.moment("occurred_at", message("When")),
        columns.said("detail", message("Detail"), _detail, order=None),
        columns.code("channel", message("Channel"), CHANNELS),
        columns.code("direction", message("Direction"), _DIRECTIONS, is_shown=False),
        columns.code("source_system", message("Source"), systems.NAMES),
    ),
    filters=(
        Days(),
        Choice("kind", message("What"), message("Anything"), all_of(KINDS)),
        Choice("system", message("Source"), message("Any source"), _systems),
        Id("customer", "customer_id"),
    ),
    count=counted("{first} to {last} of {n} entry", "{first} to {last} of {n} entries"),
    empty=Empty(
        message("Nothing happened"),
        message("No system knows of a contact with this customer in this period."),
    ),
    phone=("kind", "detail", "source_system", "occurred_at"),
)
