"""The laws of money: how orders are paid, and how exchange rates move."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

VOUCHERS = 0.06  # share of orders paid at once that a voucher pays a part of
COUPONS = 0.06  # share of consumers' orders that a coupon makes cheaper, if they are large enough
COUPON_EUROS = (5, 10, 15, 20)
LEAST_GOODS_PER_COUPON = 5  # so many times as much must be bought
VOUCHER_EUROS = (5, 51)
INSTALMENTS = 0.08  # share of orders paid at once that the buyer's bank splits into instalments
IN_TWO_RATES = 0.12  # share of orders on invoice of which each invoice is paid in two halves
CHARGED_BACK = 0.005  # share of card payments that the bank takes back though the order stands
CHARGEBACK_REASONS = (
    ("fraud", 0.45), ("not_as_described", 0.25), ("duplicate", 0.15), ("not_received", 0.15),
)  # fmt: skip
CHARGED_BACK_UNSAID = 0.2  # share of them without a reason, where differences are planted
COMMISSION_TOO_HIGH = 0.1  # by how much a wrong payout keeps too much commission
# What one euro is worth about, and how much that wavers in a day. A rate is drawn back to its
# level, half of the way in about 35 days.
CURRENCIES = (
    ("USD", 1.08, 0.0045), ("GBP", 0.85, 0.0035), ("CHF", 0.96, 0.003), ("PLN", 4.30, 0.004),
    ("SEK", 11.3, 0.004), ("CZK", 25.1, 0.003),
)  # fmt: skip
RATE_KEPT = 0.98  # of its distance from the level, from one day to the next


def money_parameters() -> dict[str, Any]:
    """The laws of money, as the manifest lists them."""
    return {
        "vouchers": VOUCHERS,
        "coupons": COUPONS,
        "coupon_euros": COUPON_EUROS,
        "least_goods_per_coupon": LEAST_GOODS_PER_COUPON,
        "instalments": INSTALMENTS,
        "in_two_rates": IN_TWO_RATES,
        "charged_back": CHARGED_BACK,
        "charged_back_without_reason": CHARGED_BACK_UNSAID,
        "commission_too_high": COMMISSION_TOO_HIGH,
        "exchange_rates": [
            {"currency_code": code, "level": level, "daily_spread": spread, "kept": RATE_KEPT}
            for code, level, spread in CURRENCIES
        ],
    }
