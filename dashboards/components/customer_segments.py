"""Segments of customers: what they are called, and their customers in a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from dashboards.components import customers, tables
from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.listing import Empty, Listing
from dashboards.listings.unreadable import Unreadable
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row
from dashboards.words.messages import Message, counted, message, message_in
from dashboards.words.words import NOTHING

KINDS: Mapping[str, Message] = {
    "rfm": message("Recency, frequency, money"),
    "lifecycle": message("Lifecycle"),
    "abc": message("ABC by net sales"),
}
RFM: Mapping[str, Message] = {
    "champions": message("Champions"),
    "loyal": message("Loyal"),
    "potential_loyal": message("Could become loyal"),
    "new": message("Recent, bought little"),
    "promising": message("Promising"),
    "needs_attention": message("Slowing down"),
    "about_to_sleep": message("About to fall asleep"),
    "cannot_lose": message("Not to be lost"),
    "at_risk": message("At risk"),
    "hibernating": message("Hibernating"),
    "lost": message("Long silent"),
    "unscored": message("No purchase in 365 days"),
}
LIFECYCLE: Mapping[str, Message] = {
    "prospect": message("No purchase yet"),
    "new": message("New"),
    "active": message("Active"),
    "at_risk": message("Overdue"),
    "dormant": message("Dormant"),
    "lost": message_in("customer", "Lost"),
}
ABC: Mapping[str, Message] = {
    "A": message("A: up to 80%"),
    "B": message("B: up to 95%"),
    "C": message("C: the rest"),
    "N": message("N: no sales"),
}
# As a customer's page says it; a rule is its own kind.
_KINDS_SHOWN: Mapping[str, Message] = {**KINDS, "rule": message("By a rule")}
_CODES = {"rfm": RFM, "lifecycle": LIFECYCLE, "abc": ABC}
# Whoever was in no segment of a kind on a day; the second is its name in addresses.
NONE = ""
_NO_SEGMENT = "none"
_WITHOUT: Mapping[str, Message] = {
    "rfm": message("Not scored"),
    "lifecycle": message("Not a buyer yet"),
    "abc": message("Not a buyer yet"),
}


def name_of(context: Context, kind: str, segment_id: str) -> str:
    """Return what people call a segment."""
    if segment_id == NONE:
        return context.words.say(_WITHOUT[kind])
    return context.words.code(_CODES[kind], segment_id.removeprefix(f"{kind}_"))


def codes_of(kind: str) -> list[str]:
    """Return the codes of a kind's segments in their usual order."""
    return list(_CODES[kind])


def ids_of(kind: str) -> list[str]:
    """Return the segments of a kind in their usual order."""
    return [f"{kind}_{code}" for code in _CODES[kind]]


def membership_columns(context: Context) -> list[tables.Column]:
    """Return the columns of the segments that one customer is and was in."""
    words = context.words

    def called(row: Row) -> str:
        kind, segment_id = row["segment_kind"], row["segment_id"]
        if kind == "rule":
            return str(row["title"] or segment_id)
        return name_of(context, kind, segment_id)

    return [
        tables.Column(words.text("Segment"), called, "strong", place="id"),
        tables.Column(
            words.text("Kind of segment"),
            lambda row: words.code(_KINDS_SHOWN, row["segment_kind"]),
            place="state",
        ),
        tables.Column(
            words.text("Holdout"), lambda row: words.text("yes") if row["is_holdout"] else NOTHING
        ),
        tables.Column(words.text("From"), lambda row: words.day(row["valid_from"]), place="due"),
        tables.Column(words.text("Until"), lambda row: words.day(row["valid_to"]), place="amount"),
    ]


@dataclass(frozen=True, slots=True)
class Membership:
    """Who was in one segment on a day and in another on a later one; without either, everybody."""

    names: tuple[str, ...] = ("kind", "was", "is", "from", "to")

    def parameters(self, context: Context, texts: Mapping[str, str]) -> dict[str, object]:
        """Return the segments and the days.

        Raises:
            Unreadable: it is no segment, or no day.
        """
        kind = texts.get("kind", next(iter(KINDS)))
        if kind not in KINDS:
            raise Unreadable("kind")
        known = {_NO_SEGMENT, *ids_of(kind)}
        for part in ("was", "is"):
            if texts.get(part, _NO_SEGMENT) not in known:
                raise Unreadable(part)
        return {
            "segment_kind": kind,
            "segment_before": _segment(texts, "was"),
            "segment_after": _segment(texts, "is"),
            "from_date": _day(texts, "from", context.manifest.as_of_date),
            "to_date": _day(texts, "to", context.manifest.as_of_date),
        }


def _segment(texts: Mapping[str, str], part: str) -> str | None:
    return NONE if texts.get(part) == _NO_SEGMENT else texts.get(part)


def _day(texts: Mapping[str, str], part: str, usual: date) -> date:
    try:
        return date.fromisoformat(texts[part]) if part in texts else usual
    except ValueError:
        raise Unreadable(part) from None


def link(kind: str, *, was: str | None = None, now: str | None = None, **days: str) -> str:
    """Return where the customers are who were in one segment and are in another."""
    parts = {"kind": kind, **days}
    if was is not None:
        parts["was"] = was or _NO_SEGMENT
    if now is not None:
        parts["is"] = now or _NO_SEGMENT
    return f"/customers?{urlencode({'section': 'list', **parts})}"


CUSTOMERS = Listing(
    name="segment-customers",
    caption=message("Customers"),
    query="segment_customers",
    key=("customer_id",),
    default_order=(Order("monetary", is_descending=True),),
    columns=(
        columns.plain(
            "customer_id",
            message("Customer"),
            kind="strong",
            link=lambda _context, row: customers.link(row),
        ),
        columns.code("rfm_segment", message("Segment"), RFM),
        columns.code("lifecycle_stage", message("Stage"), LIFECYCLE),
        columns.plain("abc_class", message("ABC")),
        columns.money("monetary", message("Net sales, 365 days")),
        columns.number("frequency", message("Orders, 365 days")),
        columns.number("recency_days", message("Days since the last")),
        columns.number("r_score", message("Recency score"), is_shown=False),
        columns.number("f_score", message("Frequency score"), is_shown=False),
        columns.number("m_score", message("Money score"), is_shown=False),
        columns.day("first_purchase_date", message("First purchase"), is_shown=False),
        columns.day("last_purchase_date", message("Last purchase"), is_shown=False),
    ),
    filters=(Membership(),),
    count=counted("{first} to {last} of {n} customer", "{first} to {last} of {n} customers"),
    empty=Empty(message("No customers"), message("Nobody is in this segment.")),
    phone=("customer_id", "monetary", "rfm_segment", "lifecycle_stage"),
)
