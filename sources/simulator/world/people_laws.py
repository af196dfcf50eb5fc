"""The laws of customers beyond how they buy: how long there have been any, and why they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

EARLIER = 0.5  # how long the shop sold before the world's first day, in the world's length
DEAL_SEEKERS = 0.18  # share of customers who buy mostly in promotions
STAYS, BY_CHANCE, LATE_DELIVERY, UNANSWERED_MESSAGE, PRICE_RISE = range(5)
REASONS = ("", "chance", "late_delivery", "unanswered_message", "price_rise")
# How likely each experience makes a customer leave for good at its very moment; whoever does not
# leave is as likely to buy again as if nothing had been.
LEAVES = {LATE_DELIVERY: 0.12, UNANSWERED_MESSAGE: 0.15, PRICE_RISE: 0.08}
REMEMBERED_DAYS = 60  # how long a buyer remembers what was paid


def people_parameters() -> dict[str, Any]:
    """The laws of customers, as the manifest lists them."""
    return {
        "deal_seekers": DEAL_SEEKERS,
        "leaves": {REASONS[reason]: probability for reason, probability in LEAVES.items()},
        "price_remembered_days": REMEMBERED_DAYS,
    }
