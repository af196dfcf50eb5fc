"""The events feed: the tracker's rows of what was done during visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import NOWHERE, at_places, only, pick
from sources.simulator.chance import hashed
from sources.simulator.feeds.content import (
    FURTHER_PIECES,
    LANDING_PAGES,
    content_count,
    content_day,
    content_ids,
    content_paths,
)
from sources.simulator.feeds.quotes import quote_ids
from sources.simulator.orders.states import Known, order_ids
from sources.simulator.tracking.carts import NUMBERS_PER_ORDER, named_carts
from sources.simulator.tracking.clicks import EVENTS, PLACE, Clicks, has_signed_in
from sources.simulator.tracking.searches import all_terms
from sources.simulator.tracking.visit_laws import APPROVAL, BOT, DEVICES, GRANT, ORDER, QUOTE
from sources.simulator.tracking.visitors import (
    refuses_analytics,
    refuses_marketing,
    says_it_is_a_robot,
    visitor_ids,
)
from sources.simulator.tracking.visits import (
    MEDIUMS,
    QUOTE_NUMBER,
    SOURCES,
    Visits,
    is_known,
    session_ids,
    takes_part,
)
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.countries import COUNTRIES
from sources.simulator.world.experiments import CART_BUTTON, LAWS, SAME_AGAIN
from sources.simulator.world.laws import CURRENCY_CODE
from sources.simulator.world.profiles import account_ids

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Ints
    from sources.simulator.orders.requests import Requests
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
IN_CART = tuple(
    PLACE[name]
    for name in (
        "product_added", "cart_viewed", "coupon_applied", "checkout_started",
        "checkout_step_completed", "payment_info_entered", "order_completed", "approval_requested",
        "approval_granted",
    )
)  # fmt: skip
AFTER_SIGNING_IN = tuple(
    PLACE[name] for name in ("checkout_step_completed", "payment_info_entered", "order_completed")
)
# What the rows of listed products say and the event's own does not.
OF_ITEM = ("vendor_id", "product_id", "category_id", "quantity", "unit_price")
IS_BOUGHT = tuple(PLACE[name] for name in ("product_added", "order_completed"))
OF_PRODUCT = tuple(PLACE[name] for name in ("product_viewed", "product_added", "order_completed"))


def event_rows(
    world: World, known: Known, visits: Visits, clicks: Clicks, requests: Requests
) -> pl.DataFrame:
    """The events before the cutoff."""
    told = pl.col("told")
    rows = (
        pl.concat(
            [
                who_and_what(world, known, visits, clicks, requests),
                amounts(world, known, visits, clicks),
                about_the_visit(world, visits).select(pl.all().gather(pl.Series(clicks.visit))),
                pl.DataFrame({"told": is_signed_in(world, visits, clicks)}),
            ],
            how="horizontal",
        )
        .with_columns(
            pl.when(told).then("customer_id").alias("customer_id"),
            pl.when(told).then("account_id").alias("account_id"),
        )
        .filter(pl.col("received_at") < world.cutoff)
        .drop("told")
    )
    return with_rows_of_their_own(rows)


def with_rows_of_their_own(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows, and before the products of each event that lists some its own, number 0."""
    placed = rows.with_row_index("place")
    listed = placed.filter(pl.col("item_number") > 0)
    heads = (
        listed.group_by("event_id", maintain_order=True)
        .agg(pl.exclude("engagement_seconds").first(), pl.col("engagement_seconds").max())
        .with_columns(
            pl.col("item_number") * 0,
            *(pl.lit(None, placed.schema[name]).alias(name) for name in OF_ITEM),
        )
        .select(placed.columns)
    )
    is_item = pl.col("item_number") > 0
    items = placed.with_columns(
        pl.when(~is_item).then(name).alias(name) for name in ("value_amount", "engagement_seconds")
    )
    return pl.concat([items, heads]).sort("place", "item_number").drop("place")


def is_signed_in(world: World, visits: Visits, clicks: Clicks) -> Bools:
    """Whether the tracker knows who it is: after signing in, and from the checkout on.

    Nobody is known before the first order but in the checkout that leads to it.
    """
    always = np.isin(visits.kind, (APPROVAL, GRANT, QUOTE))
    can = (visits.kind == ORDER) | is_known(world, visits)
    early = has_signed_in(world, visits)[clicks.visit] & (clicks.step > 1)
    late = np.isin(clicks.event, AFTER_SIGNING_IN) & can[clicks.visit]
    found: Bools = early | late | always[clicks.visit]
    return found


def about_the_visit(world: World, visits: Visits) -> pl.DataFrame:
    """What is the same for every event of a visit."""
    visitor, who = visits.visitor, np.maximum(visits.who, 0)
    bot = visits.kind == BOT
    human = pl.Series(~bot)
    return pl.DataFrame(
        {
            "visitor_id": visitor_ids(visitor),
            "session_id": session_ids(visits.number),
            "campaign_id": at_places(world.campaigns.ids, visits.campaign),
            "source": pick(SOURCES, visits.origin),
            "medium": pick(MEDIUMS, visits.origin),
            "device": pick(tuple(device.name for device in DEVICES), visits.device),
            "country_code": pick(tuple(country.code for country in COUNTRIES), visits.country),
            "is_bot": bot & says_it_is_a_robot(visitor),
            "has_analytics_consent": only(pl.Series(~refuses_analytics(visitor)), ~bot),
            "has_marketing_consent": only(pl.Series(~refuses_marketing(visitor)), human.to_numpy()),
            "account_id": only(
                account_ids(who), (visits.who != NOWHERE) & world.buyers.is_business[who]
            ),
            "customer_id": only(customer_ids(who), visits.who != NOWHERE),
        }
    )


def who_and_what(
    world: World, known: Known, visits: Visits, clicks: Clicks, requests: Requests
) -> pl.DataFrame:
    """Ids, types and pages of the events; the visit's own columns come beside."""
    visit, event = clicks.visit, clicks.event
    product = products_of(known, clicks)
    on_vendor_page = event == PLACE["vendor_viewed"]
    shown = np.where(on_vendor_page, NOWHERE, product)
    vendor = np.where(product >= 0, world.products.vendor[np.maximum(product, 0)], NOWHERE)
    line = np.maximum(clicks.line, 0)
    vendor = np.where(clicks.line >= 0, known.lines.vendor[line], vendor)
    category = np.where(shown >= 0, world.products.category[np.maximum(shown, 0)], NOWHERE)
    content = contents(world, visits, clicks)
    number = visits.number[visit]
    order = visits.order[visit]
    bought = event == PLACE["order_completed"]
    quoted = quotes(known, visits, clicks, requests)
    in_cart = np.isin(event, IN_CART)
    cart = np.where(in_cart, visits.cart[visit], NOWHERE)
    step = pl.Series(clicks.step).cast(pl.String)
    return pl.DataFrame(
        {
            "event_id": "e-" + pl.Series(number).cast(pl.String) + "-" + step,
            "item_number": clicks.item,
            "event_type": pick(EVENTS, event),
            "vendor_id": at_places(world.vendors.ids, vendor),
            "product_id": at_places(world.products.ids, shown),
            "category_id": at_places(world.categories.ids, category),
            "content_id": at_places(content_ids(np.arange(content_count(world))), content),
            "cart_id": only(named_carts(cart), cart != NOWHERE),
            "order_id": only(order_ids(known.placed.number[order]), bought),
            "quote_id": quoted,
            "experiment_id": experiments_told(world, visits, clicks),
            "page_path": pages(world, clicks, product, content),
            "occurred_at": clicks.at,
            "received_at": clicks.at + hashed(number, 8, 4),
            "engagement_seconds": pl.Series(clicks.pause).set(pl.Series(clicks.pause == 0), None),
        }
    )


def amounts(world: World, known: Known, visits: Visits, clicks: Clicks) -> pl.DataFrame:
    """Prices, quantities and values: of what is bought as in the order, else as offered."""
    lines, line = known.lines, np.maximum(clicks.line, 0)
    kind = visits.kind[clicks.visit]
    bought = (kind == ORDER) & np.isin(clicks.event, IS_BOUGHT)
    listed = np.rint(world.products.price * 100).astype(np.int64)
    priced = (clicks.line >= 0) & np.isin(clicks.event, OF_PRODUCT)
    price = np.where(bought, lines.unit_cents[line], listed[lines.product[line]])
    some = np.isin(clicks.event, (PLACE["product_added"], PLACE["order_completed"]))
    quantity = np.where(bought, lines.quantity[line], 1)
    first = np.flatnonzero(np.diff(lines.order, prepend=-1))
    cost = np.add.reduceat(lines.gmv_cents + lines.shipping_cents, first)
    is_head = (clicks.event == PLACE["order_completed"]) & (clicks.item == 1)
    worth = cost[lines.order[line]]
    searches = clicks.event == PLACE["products_searched"]
    term = np.where(searches, clicks.term[clicks.visit], NOWHERE)
    return pl.DataFrame(
        {
            "currency_code": only(pl.repeat(CURRENCY_CODE, line.size, eager=True), priced),
            "quantity": only(pl.Series(quantity), priced & some),
            "unit_price": only(pl.Series(price), priced),
            "value_amount": only(pl.Series(worth), is_head),
            "search_term": at_places(all_terms()["search_term"], term),
            "result_count": only(pl.Series(clicks.results[clicks.visit]), searches),
            "checkout_step": only(pl.Series(clicks.checkout_step), clicks.checkout_step > 0),
        }
    )


def products_of(known: Known, clicks: Clicks) -> Ints:
    """The product of each event, NOWHERE without one."""
    return np.where(clicks.line >= 0, known.lines.product[np.maximum(clicks.line, 0)], NOWHERE)


def contents(world: World, visits: Visits, clicks: Clicks) -> Ints:
    """The piece that is read or landed on, if it was shown by then."""
    chosen = hashed(visits.number, 10, LANDING_PAGES + FURTHER_PIECES)[clicks.visit]
    reads = clicks.event == PLACE["content_viewed"]
    day = world.calendar.days_of(clicks.at)
    there = content_day(world)[chosen] < day
    return np.where(reads, np.where(there, chosen, chosen % LANDING_PAGES), NOWHERE)


def quotes(known: Known, visits: Visits, clicks: Clicks, requests: Requests) -> pl.Series:
    """The quote that was asked for, found by the order it is made with."""
    ids = quote_ids(known, requests)
    place = np.arange(ids.len())
    first, last = np.full((2, known.placed.who.size), NOWHERE)
    last[requests.quote_order] = place
    first[requests.quote_order[::-1]] = place[::-1]
    is_second = visits.number % NUMBERS_PER_ORDER > QUOTE_NUMBER
    mine = np.where(is_second, last[visits.order], first[visits.order])
    asks = clicks.event == PLACE["quote_requested"]
    return at_places(ids, np.where(asks, mine[clicks.visit], NOWHERE))


def pages(world: World, clicks: Clicks, products: Ints, content: Ints) -> pl.Series:
    """Where it happened."""
    path = pick(tuple(PAGES.get(name, "/") for name in EVENTS), clicks.event)
    product = "/products/" + world.products.ids
    vendor = "/makers/" + world.vendors.ids
    on_product = np.isin(clicks.event, (PLACE["product_viewed"], PLACE["product_added"]))
    on_vendor = clicks.event == PLACE["vendor_viewed"]
    thing = np.maximum(products, 0)
    path = path.zip_with(pl.Series(~on_product), product.gather(pl.Series(thing)))
    owner = vendor.gather(pl.Series(world.products.vendor[thing]))
    path = path.zip_with(pl.Series(~on_vendor), owner)
    read = content_paths(world).gather(pl.Series(np.maximum(content, 0)))
    return path.zip_with(pl.Series(content < 0), read)


def experiments_told(world: World, visits: Visits, clicks: Clicks) -> pl.Series:
    """The experiment that the first event of a visit tells of."""
    which = np.full(visits.number.size, NOWHERE)
    for place in (CART_BUTTON, SAME_AGAIN):
        taking = takes_part(world, place, visits)
        which = np.where(taking, place, which)
    told = np.where(clicks.step == 1, which[clicks.visit], NOWHERE)
    return at_places(pl.Series([law.experiment_id for law in LAWS]), told)
