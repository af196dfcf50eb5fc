"""What the checks of the models found, in words of their codes, counts and examples."""

from dashboards.queries.reader import Row
from dashboards.words.messages import counted, message
from dashboards.words.words import Words

_FAMILY = "models/"
_FOUND = {
    "orders_without_exchange_rate": counted(
        "{n} order is in a currency without an exchange rate of its day and is in no sum:"
        " {examples}",
        "{n} orders are in a currency without an exchange rate of their day and are in no sum:"
        " {examples}",
    ),
    "payments_without_exchange_rate": counted(
        "{n} order was paid in a currency without an exchange rate of its day; what was paid is"
        " in no sum: {examples}",
        "{n} orders were paid in a currency without an exchange rate of their day; what was paid"
        " is in no sum: {examples}",
    ),
    "orders_with_total_and_no_lines": counted(
        "{n} order states a total and has no lines; its sales are unknown and in no sum:"
        " {examples}",
        "{n} orders state a total and have no lines; their sales are unknown and in no sum:"
        " {examples}",
    ),
    "orders_with_total_unlike_their_lines": counted(
        "The total of {n} order is not what its lines, shipping, discount and tax make: {examples}",
        "The totals of {n} orders are not what their lines, shipping, discounts and taxes make:"
        " {examples}",
    ),
    "order_lines_with_amount_unlike_their_price": counted(
        "The amount of {n} order line is not its quantity times its unit price; the amount"
        " counts: {examples}",
        "The amounts of {n} order lines are not their quantity times their unit price; the"
        " amounts count: {examples}",
    ),
    "returns_beyond_ordered_quantity": counted(
        "Of {n} order line more units came back than were ordered; it counts as returned whole:"
        " {examples}",
        "Of {n} order lines more units came back than were ordered; they count as returned whole:"
        " {examples}",
    ),
}
_MORE = message("{examples} and others")
_LOST = counted(
    "{n} order was lost: cancelled, but not by the buyer, or unavailable.",
    "{n} orders were lost: cancelled, but not by the buyer, or unavailable.",
)
_UNATTRIBUTED = counted(
    "{n} of them has no lines, so no vendor can be charged with it, and it is in no vendor's rate.",
    "{n} of them have no lines, so no vendor can be charged with them, and they are in no"
    " vendor's rate.",
)
_BESIDE_THE_RATE = counted(
    "Beside it, in the whole marketplace: {n} lost order without lines, with which no vendor can"
    " be charged.",
    "Beside it, in the whole marketplace: {n} lost orders without lines, with which no vendor can"
    " be charged.",
)


def found(words: Words, row: Row) -> str:
    """Return what a check found; one without words of its own says what it wrote down."""
    code = str(row["check_name"]).removeprefix(_FAMILY)
    if code not in _FOUND or row["is_passed"]:
        return str(row["sentence"] or "")
    count, examples = int(row["observed"] or 0), str(row["examples"])
    if count > len(examples.split(", ")):
        examples = words.say(_MORE, examples=examples)
    return words.code(_FOUND, code, n=count, examples=examples)


def lost_orders(words: Words, summary: Row) -> str:
    """Return how many orders were lost, and how many of them no vendor is charged with."""
    lost, without_vendor = summary["lost_order_count"], summary["unattributed_lost_order_count"]
    if not lost:
        return ""
    said = [words.say(_LOST, n=int(lost))]
    if without_vendor:
        said.append(words.say(_UNATTRIBUTED, n=int(without_vendor)))
    return " ".join(said)


def beside_the_rate(words: Words, rate: Row) -> str:
    """Return with how many units of a rate's window no vendor can be charged; empty with none."""
    count = int(rate["unattributed_count"] or 0)
    return words.say(_BESIDE_THE_RATE, n=count) if count else ""
