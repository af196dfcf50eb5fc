"""Where on the site events happen, and which pieces of content are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import NOWHERE, taken
from sources.simulator.chance import hashed
from sources.simulator.feeds.content import (
    FURTHER_PIECES,
    LANDING_PAGES,
    content_day,
    content_paths,
    withdrawn_day,
)
from sources.simulator.tracking.event_blocks import EVENTS, PLACE

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.tracking.clicks import Clicks
    from sources.simulator.tracking.visits import Visits
    from sources.simulator.world.world import World

PAGES = {
    "page_viewed": "/",
    "product_list_viewed": "/categories",
    "products_searched": "/search",
    "cart_viewed": "/cart",
    "coupon_applied": "/cart",
    "checkout_started": "/checkout",
    "checkout_step_completed": "/checkout/address",
    "payment_info_entered": "/checkout/payment",
    "order_completed": "/checkout/done",
    "quote_requested": "/quotes/new",
    "approval_requested": "/checkout/approval",
    "approval_granted": "/approvals",
    "credit_check_failed": "/checkout/payment",
    "reorder_started": "/orders",
    "signed_in": "/account",
    "promotion_viewed": "/",
    "newsletter_subscribed": "/newsletter",
}
ON_PRODUCT = (PLACE["product_viewed"], PLACE["product_added"])


def contents(world: World, visits: Visits, clicks: Clicks) -> Ints:
    """The piece that is read or landed on, if it was shown by then."""
    chosen = hashed(visits.number, 10, LANDING_PAGES + FURTHER_PIECES)[clicks.visit]
    reads = clicks.event == PLACE["content_viewed"]
    day = world.calendar.days_of(clicks.at)
    there = (content_day(world)[chosen] < day) & (day < withdrawn_day(world)[chosen])
    return np.where(reads, np.where(there, chosen, chosen % LANDING_PAGES), NOWHERE)


def pages(world: World, clicks: Clicks, product: Ints, vendor: Ints, content: Ints) -> pl.Series:
    """The path of each event's page: of the product, vendor or content that it shows, if any."""
    paths = pl.concat(
        [
            pl.Series([PAGES.get(name, "/") for name in EVENTS]),
            "/products/" + world.products.ids,
            "/makers/" + world.vendors.ids,
            content_paths(world),
        ]
    )
    of_vendor = len(EVENTS) + world.products.ids.len()
    place = np.where(np.isin(clicks.event, ON_PRODUCT), len(EVENTS) + product, clicks.event)
    place = np.where(clicks.event == PLACE["vendor_viewed"], of_vendor + vendor, place)
    place = np.where(content != NOWHERE, of_vendor + world.vendors.ids.len() + content, place)
    return taken(paths, place)
