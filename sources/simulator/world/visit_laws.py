"""The laws of visits: devices, where people come from, how often they stay, fill carts and buy."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import Any

# Kinds of visits: they order, lead to an order or to nothing; companies ask, allow, want a price.
ORDER, ASSIST, IDLE, APPROVAL, GRANT, QUOTE, BOT = range(7)
DESKTOP, MOBILE, TABLET, APP = range(4)
NO_DEVICE = -1
NUMBERS_PER_ORDER = 128  # visits are numbered within the order that they are made with


@dataclass(frozen=True, slots=True)
class Device:
    """What a visit is made on."""

    name: str
    buying_odds: float  # odds that a visit buys, against one on a desktop
    checkout_abandonment: float  # share of visits with a checkout in which nothing is bought


DEVICES = (
    Device("desktop", 1.0, 0.42),
    Device("mobile", 0.5, 0.62),
    Device("tablet", 0.7, 0.55),
    Device("app", 1.3, 0.38),
)


@dataclass(frozen=True, slots=True)
class Habit:
    """The browsers that a customer has; whoever has two has a desktop as the second."""

    first: int
    second: int
    share: float


HABITS = (
    Habit(DESKTOP, NO_DEVICE, 0.20),
    Habit(MOBILE, NO_DEVICE, 0.20),
    Habit(APP, NO_DEVICE, 0.05),
    Habit(MOBILE, DESKTOP, 0.32),
    Habit(APP, DESKTOP, 0.15),
    Habit(TABLET, DESKTOP, 0.08),
)
# Whoever has two looks on the small screen and buys on the large one.
ORDERS_AT_DESK, LOOKS_AT_DESK = 0.7, 0.3
SHARED_BROWSERS = 0.06  # share of pairs of customers of one country who have one first browser


@dataclass(frozen=True, slots=True)
class Origin:
    """Where visits come from; `channel` is that of the campaigns behind it, empty without any."""

    source: str
    medium: str
    channel: str
    share: float  # of the visits without order that no campaign caused
    buying_odds: float  # odds that a visit no campaign caused buys, against a direct one
    bounces: float  # share of visits without order that end on their first page


ORIGINS = (
    Origin("google", "organic", "", 0.36, 1.2, 0.46),
    Origin("direct", "none", "", 0.30, 1.0, 0.38),
    Origin("google", "cpc", "paid_search", 0.07, 0.9, 0.52),
    Origin("newsletter", "email", "email", 0.07, 1.8, 0.32),
    Origin("instagram", "paid_social", "paid_social", 0.06, 0.35, 0.64),
    Origin("partners", "affiliate", "affiliate", 0.02, 1.3, 0.42),
    Origin("adnet", "display", "display", 0.02, 0.2, 0.70),
    Origin("blog.example.com", "referral", "", 0.10, 0.6, 0.56),
)
DIRECT = 1
ASSISTS = (0.35, 0.30, 0.20, 0.10, 0.05)  # share of orders with so many visits before
ASSIST_SECONDS = 13 * 86_400  # how long before an order a visit counts as leading to it
CAUSED_ORDERS_AT_ONCE = 0.5  # share of caused orders placed in the visit that was caused
LOOKS_AT_WHAT_IT_BUYS = 0.6  # share of the products seen before an order that are bought in it
CART_LINES = (0.45, 0.27, 0.15, 0.08, 0.05)  # share of visits without order that put 1, 2, ... in
LEFT_UNITS = (
    5  # of what is counted, at most, that anybody but a company puts into a cart and leaves
)
ABANDONED_CART_REVISITED = 0.10  # share of carts never bought that a later visit looks at again
CHECKOUT_GIVEN_UP_AT = (0.40, 0.28, 0.20, 0.12)  # at its start, after each step, at the payment
RETURNING = 0.45  # share of visits without order that are made by people who buy some day
BOTS_PER_ORDER = 0.02
SEARCHES, LISTS = 0.28, 0.32  # share of visits beyond their first page that begin with one
ZERO_RESULTS = 0.09  # share of searches that find nothing
UNSERVED = 0.7  # share of those that ask for what nobody sells; the rest are spelt wrong
SIGNS_IN = 0.6  # share of customers' visits beyond their first page


def order_devices() -> dict[int, float]:
    """The expected share of each device in the visits that order."""
    share = dict.fromkeys(range(len(DEVICES)), 0.0)
    for habit in HABITS:
        alone = habit.second == NO_DEVICE
        share[habit.first] += habit.share * (1 if alone else 1 - ORDERS_AT_DESK)
        if not alone:
            share[habit.second] += habit.share * ORDERS_AT_DESK
    return share


def odds_to_shares() -> tuple[np.ndarray, np.ndarray]:
    """Shares of devices in visits without order, and of origins in visits that order.

    A visit's odds of buying are proportional to both factors: what orders have is what the others
    have times the odds.
    """
    ordered = np.array(list(order_devices().values()))
    others = ordered / np.array([device.buying_odds for device in DEVICES])
    origins = np.array([origin.share * origin.buying_odds for origin in ORIGINS])
    return others / others.sum(), origins / origins.sum()


def visit_parameters() -> dict[str, Any]:
    """The laws of visits, as the manifest lists them."""
    return {
        "devices": [asdict(device) for device in DEVICES],
        "origins": [asdict(origin) for origin in ORIGINS],
        "visits_before_an_order": ASSISTS,
        "caused_orders_at_once": CAUSED_ORDERS_AT_ONCE,
        "looks_at_what_it_buys": LOOKS_AT_WHAT_IT_BUYS,
        "lines_of_a_cart_left": CART_LINES,
        "abandoned_cart_revisited": ABANDONED_CART_REVISITED,
        "checkout_given_up_at": CHECKOUT_GIVEN_UP_AT,
        "shared_browsers": SHARED_BROWSERS,
        "zero_results": ZERO_RESULTS,
        "unserved_of_zero_results": UNSERVED,
    }
