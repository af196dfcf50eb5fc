"""The events feed: the tracker's rows of what was done during visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import NOWHERE, at_places, fraction, numbered, only, pick, taken
from sources.simulator.chance import hashed
from sources.simulator.feeds.content import content_count, content_ids
from sources.simulator.feeds.event_pages import contents, pages
from sources.simulator.feeds.quotes import quote_ids
from sources.simulator.orders.states import Known, order_ids
from sources.simulator.tracking.carts import named_carts
from sources.simulator.tracking.clicks import Clicks, has_signed_in
from sources.simulator.tracking.event_blocks import EVENTS, PLACE, RANKS
from sources.simulator.tracking.searches import all_terms
from sources.simulator.tracking.variants import takes_part
from sources.simulator.tracking.visitors import (
    refuses_analytics,
    refuses_marketing,
    says_it_is_a_robot,
    session_ids,
    visitor_ids,
)
from sources.simulator.tracking.visits import (
    MEDIUMS,
    QUOTE_NUMBER,
    SOURCES,
    Visits,
    is_known,
)
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.countries import COUNTRIES, STOREFRONTS
from sources.simulator.world.experiments import CART_BUTTON, LAWS, SAME_AGAIN
from sources.simulator.world.profiles import account_ids
from sources.simulator.world.visit_laws import (
    APPROVAL,
    BOT,
    DEVICES,
    GRANT,
    IDLE,
    LEFT_UNITS,
    NUMBERS_PER_ORDER,
    ORDER,
    QUOTE,
)

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Ints
    from sources.simulator.orders.requests import Requests
    from sources.simulator.world.world import World

CURRENCIES = tuple(storefront.currency_code for storefront in STOREFRONTS)
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
IS_BOUGHT = tuple(PLACE[name] for name in ("product_added", "order_completed"))
OF_PRODUCT = tuple(PLACE[name] for name in ("product_viewed", "product_added", "order_completed"))


def event_rows(
    world: World, known: Known, visits: Visits, clicks: Clicks, requests: Requests
) -> pl.DataFrame:
    """The events before the cutoff."""
    received_at = clicks.at + hashed(visits.number, 8, 4)[clicks.visit]
    is_here = received_at < world.cutoff
    clicks = clicks.only(is_here)
    return pl.concat(
        [
            who_and_what(world, known, visits, clicks, requests),
            amounts(world, known, visits, clicks),
            about_the_visit(world, visits).select(pl.all().gather(pl.Series(clicks.visit))),
            pl.DataFrame({"received_at": received_at[is_here]}),
        ],
        how="horizontal",
    )


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
    visitor, human = visits.visitor, visits.kind != BOT
    return pl.DataFrame(
        {
            "visitor_id": visitor_ids(visitor),
            "session_id": session_ids(visits.number),
            "campaign_id": at_places(world.campaigns.ids, visits.campaign),
            "source": pick(SOURCES, visits.origin),
            "medium": pick(MEDIUMS, visits.origin),
            "device": pick(tuple(device.name for device in DEVICES), visits.device),
            "country_code": pick(tuple(country.code for country in COUNTRIES), visits.country),
            "is_bot": ~human & says_it_is_a_robot(visitor),
            "has_analytics_consent": only(pl.Series(~refuses_analytics(visitor)), human),
            "has_marketing_consent": only(pl.Series(~refuses_marketing(visitor)), human),
        }
    )


def who_and_what(
    world: World, known: Known, visits: Visits, clicks: Clicks, requests: Requests
) -> pl.DataFrame:
    """Ids, types and pages of the events; the visit's own columns come beside."""
    visit, event = clicks.visit, clicks.event
    product, vendor = shown_of(known, clicks)
    on_vendor_page = event == PLACE["vendor_viewed"]
    sold = np.where(on_vendor_page, NOWHERE, product)
    category = np.append(world.products.category, NOWHERE)[sold]
    content = contents(world, visits, clicks)
    # What is the same for all events of a visit is written once and then handed out.
    name = numbered("e-", visits.number) + "-"
    step = pl.Series(np.arange(clicks.step.max(initial=0) + 1)).cast(pl.String)
    who = np.maximum(visits.who, 0)
    told = np.where(is_signed_in(world, visits, clicks), visit, NOWHERE)
    is_company = world.buyers.is_business[who]
    cart = np.where(np.isin(event, IN_CART), visit, NOWHERE)
    bought = np.where(event == PLACE["order_completed"], visit, NOWHERE)
    shows = event == PLACE["promotion_viewed"]
    promotion = np.where(shows, clicks.promotion[visit], NOWHERE)
    return pl.DataFrame(
        {
            "event_id": taken(name, visit) + taken(step, clicks.step),
            "item_number": clicks.item,
            "event_type": pick(EVENTS, event),
            "customer_id": at_places(customer_ids(who), told),
            "account_id": at_places(account_ids(who), np.where(is_company[visit], told, NOWHERE)),
            "vendor_id": at_places(world.vendors.ids, vendor),
            "product_id": at_places(world.products.ids, sold),
            "category_id": at_places(world.categories.ids, category),
            "content_id": at_places(content_ids(np.arange(content_count(world))), content),
            "cart_id": at_places(named_carts(visits.cart), cart),
            "order_id": at_places(order_ids(known.placed.number[visits.order]), bought),
            "quote_id": quotes(known, visits, clicks, requests),
            "promotion_id": at_places(world.promotions.ids, promotion),
            "experiment_id": experiments_told(world, visits, clicks),
            "page_path": pages(world, clicks, product, vendor, content),
            "occurred_at": clicks.at,
            "engagement_seconds": only(pl.Series(clicks.pause), clicks.pause > 0),
        }
    )


def shown_of(known: Known, clicks: Clicks) -> tuple[Ints, Ints]:
    """The product and the vendor of each event, NOWHERE without one."""
    product, vendor = (
        np.append(values, NOWHERE)[clicks.line]
        for values in (known.lines.product, known.lines.vendor)
    )
    return product, vendor


def amounts(world: World, known: Known, visits: Visits, clicks: Clicks) -> pl.DataFrame:
    """Prices, quantities and values: of what is bought as in the order, else as offered."""
    lines = known.lines
    count = clicks.event.size
    rows = np.flatnonzero((clicks.line >= 0) & np.isin(clicks.event, OF_PRODUCT))
    line, visit = clicks.line[rows], clicks.visit[rows]
    kind = visits.kind[visit]
    bought = (kind == ORDER) & np.isin(clicks.event[rows], IS_BOUGHT)
    offered = world.offers.price_at(lines.offer[line], clicks.at[rows])
    price = np.where(bought, lines.unit_cents[line], offered)
    currency = pick(CURRENCIES, known.placed.storefront[lines.order[line]])
    is_order = clicks.event == PLACE["order_completed"]
    cost = np.bincount(lines.order, lines.gmv_cents + lines.shipping_cents).astype(np.int64)
    heads = np.flatnonzero(is_order & (clicks.item == 0))
    worth = cost[visits.order[clicks.visit[heads]]]
    counted = is_order | (clicks.event == PLACE["product_added"])
    quantity = np.zeros(count, dtype=np.int64)
    quantity[rows] = np.where(
        kind == IDLE, put_in(world, known, visits, clicks, rows), lines.thousandths[line]
    )
    searches = clicks.event == PLACE["products_searched"]
    term = np.where(searches, clicks.term[clicks.visit], NOWHERE)
    return pl.DataFrame(
        {
            "currency_code": spread(currency, rows, count),
            "quantity": only(pl.Series(quantity), counted & (quantity > 0)),
            "unit_price": spread(fraction(price, 2), rows, count),
            "value_amount": spread(fraction(worth, 2), heads, count),
            "search_term": at_places(all_terms()["search_term"], term),
            "result_count": only(pl.Series(clicks.results[clicks.visit]), searches),
            "checkout_step": only(pl.Series(clicks.checkout_step), clicks.checkout_step > 0),
        }
    )


def put_in(world: World, known: Known, visits: Visits, clicks: Clicks, rows: Ints) -> Ints:
    """Thousandths that are put into carts which nobody orders: as much as somebody buys of it.

    Only of who is known to be a company it may be a company's quantity.
    """
    line, visit = clicks.line[rows], clicks.visit[rows]
    who = visits.who[visit]
    is_company = (who != NOWHERE) & world.buyers.is_business[np.maximum(who, 0)]
    few = 1_000 * (1 + hashed(visits.number[visit] * RANKS + clicks.step[rows], 9, LEFT_UNITS))
    counted = ~is_company & (known.lines.step[line] == 1_000)
    usual = known.lines.thousandths[line]
    return np.where(counted, np.minimum(usual, few), usual)


def spread(values: pl.Series, rows: Ints, count: int) -> pl.Series:
    """The values in their rows among so many, null elsewhere: few are made, not all."""
    places = np.full(count, NOWHERE)
    places[rows] = np.arange(rows.size)
    return at_places(values, places)


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


def experiments_told(world: World, visits: Visits, clicks: Clicks) -> pl.Series:
    """The experiment that the first event of a visit tells of."""
    which = np.full(visits.number.size, NOWHERE)
    for place in (CART_BUTTON, SAME_AGAIN):
        taking = takes_part(world, place, visits.kind, visits.visitor, visits.at)
        which = np.where(taking, place, which)
    told = np.where(clicks.step == 1, which[clicks.visit], NOWHERE)
    return at_places(pl.Series([law.experiment_id for law in LAWS]), told)
