"""What the business knows about its feeds and a contract cannot say. Owner: data quality.

The limits are decision 12's where it gives one; the others are warnings, and were set so that a
simulated shop passes and Olist but for what is wrong in it.
"""

from collections.abc import Iterator

from data_quality import expectations as expect
from data_quality.rules import Rule
from output.findings.finding import Finding

# Times that follow one another. `order_` columns are joined from the order.
IN_ORDER: dict[str, tuple[tuple[str, str], ...]] = {
    "orders": (("ordered_at", "approved_at"), ("ordered_at", "cancelled_at")),
    "shipments": (
        ("order_ordered_at", "shipped_at"),
        ("shipped_at", "first_scan_at"),
        ("shipped_at", "first_attempt_at"),
        ("shipped_at", "delivered_at"),
    ),
    "payments": (("order_ordered_at", "paid_at"),),
    "returns": (
        ("order_ordered_at", "requested_at"),
        ("requested_at", "received_at"),
        ("requested_at", "refunded_at"),
    ),
    "invoices": (("issued_at", "due_at"), ("issued_at", "paid_at")),
    "messages": (("sent_at", "opened_at"), ("sent_at", "clicked_at")),
    "tickets": (("opened_at", "first_answered_at"), ("opened_at", "solved_at")),
    "reviews": (("created_at", "answered_at"),),
    "opportunities": (("created_at", "closed_at"),),
    "vendors": (("joined_at", "closed_at"),),
    "vendor_applications": (("applied_at", "decided_at"),),
    "payouts": (("period_start", "period_end"),),
    "campaigns": (("starts_on", "ends_on"),),
}

# Beyond this an amount is a typing error or another unit, whatever the currency: ten
# million on one document, a million for one unit, a hundred thousand units.
CAPS: dict[tuple[str, str], float] = {
    ("", "decimal(18,2)"): 10_000_000,
    ("", "decimal(18,4)"): 1_000_000,
    ("order_lines", "quantity"): 100_000,
}

# Characters that change how the text around them is shown: control, zero width, direction.
_INVISIBLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"

# Half of the traffic of a shop is bots at worst (Imperva's yearly report: 47-51 %); more than that
# among what the tracker lets through means that its filter is off.
_LARGEST_BOT_SHARE = 0.6
_LARGEST_LATE_SHARE = 0.05
_LARGEST_SKEW_SHARE = 0.01
_LARGEST_ANONYMOUS_SHARE = 0.05
# Vouchers, fees of instalments and refunds make some orders differ.
_SETTLED_LOW, _SETTLED_HIGH, _SETTLED_MOSTLY = 0.9, 1.1, 0.9
_LINES_MOSTLY, _LINES_BLOCKS = 0.98, 0.5
# In the share over a long history a single day is lost; in that of a week it stands out.
_LARGEST_LINELESS_SHARE = 0.05
# A line given away pays its commission all the same; who pays abroad may pay in another currency.
_COMMISSION_MOSTLY, _CURRENCY_MOSTLY = 0.999, 0.99


def rules_of(feed: str, delivered: frozenset[str]) -> Iterator[Rule]:
    """The further rules of a feed; those that need a feed which nobody delivers are left out."""
    if feed == "orders":
        yield from _orders(delivered)
    elif feed == "order_lines":
        yield expect.holds(
            "commission_is_within_price",
            Finding.of("commission_within_price"),
            mostly=_COMMISSION_MOSTLY,
        )
    elif feed in {"payments", "invoices"} and "orders" in delivered:
        yield expect.holds(
            "currency_is_the_orders",
            Finding.of("currency_of_order"),
            mostly=_CURRENCY_MOSTLY,
        )
    elif feed == "events":
        yield from _events()
    elif feed == "vendors":
        yield expect.without("name", _INVISIBLE, "no_hidden_characters")
    elif feed == "consents" and "messages" in delivered:
        yield expect.fact("unsuppressed_count", 0, Finding.of("unsubscribed_refuse"))


def _orders(delivered: frozenset[str]) -> Iterator[Rule]:
    if "order_lines" in delivered:
        yield expect.between(
            "line_count", 1, None, mostly=_LINES_MOSTLY, blocks_below=_LINES_BLOCKS
        )
        yield _share("lineless_share", _LARGEST_LINELESS_SHARE, "orders_have_lines")
    if {"order_lines", "payments"} <= delivered:
        yield expect.between("paid_ratio", _SETTLED_LOW, _SETTLED_HIGH, mostly=_SETTLED_MOSTLY)


def _events() -> Iterator[Rule]:
    yield expect.fact("reused_event_id_count", 0, Finding.of("event_ids_unique"))
    yield _share("anonymous_share", _LARGEST_ANONYMOUS_SHARE, "visitors_named")
    yield _share("bot_share", _LARGEST_BOT_SHARE, "few_bots")
    yield _share("late_share", _LARGEST_LATE_SHARE, "few_late_events")
    yield _share("skew_share", _LARGEST_SKEW_SHARE, "few_skewed_events")


def _share(column: str, most: float, demand: str) -> Rule:
    return expect.fact(column, most, Finding.of(demand, limit=round(100 * most)))
