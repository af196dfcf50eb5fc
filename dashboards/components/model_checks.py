"""The orders that no vendor can be charged with, in words."""

from dashboards.queries.reader import Row
from dashboards.words.messages import counted
from dashboards.words.words import Words

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
