"""The quotes feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, Ints
from sources.simulator.cells import NOWHERE, at_places, before, latest, only, pick, scrambled
from sources.simulator.chance import hashed
from sources.simulator.feeds.opportunities import opportunity_ids
from sources.simulator.orders.baskets import order_cents
from sources.simulator.orders.requests import ACCEPTED, EXPIRED, REFUSED
from sources.simulator.orders.states import Known, order_ids
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.countries import CURRENCY_CODES
from sources.simulator.world.crm_laws import OTHER_OFFERS
from sources.simulator.world.profiles import account_ids, manager_ids
from sources.simulator.world.prospects import NOBODY

if TYPE_CHECKING:
    from sources.simulator.orders.requests import Requests
    from sources.simulator.world.world import World

STATUS = ("accepted", "refused", "expired", "withdrawn", "requested", "sent")  # ends, then stages
REQUESTED, SENT = 4, 5
MOST_FURTHER = 2  # offers of other vendors


def quote_ids(known: Known, requests: Requests) -> pl.Series:
    """The ids of what companies wanted quoted, without the further offers."""
    number = known.placed.number[requests.quote_order] * 2 + requests.quote_is_won
    return scrambled("Q-", number * (1 + MOST_FURTHER), 10)


def quotes_of_orders(known: Known, requests: Requests) -> pl.Series:
    """The quote that each order of a piece came of, null for most: `orders.quote_id`."""
    place = np.full(known.placed.who.size, NOWHERE)
    won = np.flatnonzero(requests.quote_is_won)
    place[requests.quote_order[won]] = won
    return at_places(quote_ids(known, requests), place)


def quote_rows(world: World, known: Known, requests: Requests) -> pl.DataFrame:
    """The quotes feed: one that was accepted became an order at that moment.

    Other vendors offer as well; nobody takes their offers.
    """
    placed, cutoff = known.placed, known.cutoff
    place, nth, vendor = offers_made(world, known, requests)
    order = requests.quote_order[place]
    key = (placed.number[order] * 2 + requests.quote_is_won[place]) * (1 + MOST_FURTHER) + nth
    asked, first_sent = requests.quote_at[place], requests.quote_sent_at[place]
    over, ends = requests.quote_over_at[place], requests.quote_outcome[place]
    sent = np.minimum(first_sent + nth * 5_400, np.maximum(first_sent, over - 60))
    ends = np.where((nth > 0) & (ends == ACCEPTED), REFUSED, ends)
    who, is_sent, is_over = placed.who[order], sent < cutoff, over < cutoff
    # Whoever does not get the order was dearer, mostly.
    dearer = np.where(ends == ACCEPTED, 0, hashed(key, 42, 30) - 4)
    cents = order_cents(known.lines)[order] * (100 + dearer) // 100
    status = np.where(is_over, ends, np.where(is_sent, SENT, REQUESTED))
    until = world.calendar.dates_of(requests.quote_valid_until[place])
    return pl.DataFrame(
        {
            "quote_id": scrambled("Q-", key, 10),
            "account_id": account_ids(who),
            "customer_id": customer_ids(who),
            "vendor_id": at_places(world.vendors.ids, vendor),
            "opportunity_id": at_places(
                opportunity_ids(np.arange(world.prospects.lead.size)),
                quoted_deals(world, who, asked),
            ),
            "order_id": only(order_ids(placed.number[order]), (ends == ACCEPTED) & is_over),
            "sales_rep_id": manager_ids(world.profiles.manager[who]),
            "status": pick(STATUS, status),
            "currency_code": pick(CURRENCY_CODES, placed.storefront[order]),
            "amount": only(pl.Series(cents), is_sent),
            "requested_at": asked,
            "sent_at": before(sent, cutoff),
            "decided_at": before(np.where(ends == EXPIRED, NEVER, over), cutoff),
            "valid_until": only(until, is_sent),
            "updated_at": latest(cutoff, asked, sent, over),
        }
    ).filter(pl.Series(asked < cutoff))


def offers_made(world: World, known: Known, requests: Requests) -> tuple[Ints, Ints, Ints]:
    """Place in the requests, number and vendor of every offer: 0 the one asked for first."""
    first = np.flatnonzero(np.diff(known.lines.order, prepend=-1))
    vendor = known.lines.vendor[first][requests.quote_order]
    # An order from several vendors is quoted by the marketplace.
    parts = np.bincount(known.lines.part_order, minlength=known.placed.who.size)
    vendor = np.where(parts[requests.quote_order] > 1, NOWHERE, vendor)
    own = np.arange(vendor.size)
    number = known.placed.number[requests.quote_order] * 2 + requests.quote_is_won
    day = known.placed.day[requests.quote_order] - 20
    places, numbers, others = [own], [np.zeros_like(own)], [vendor]
    vendors = world.vendors
    for nth in range(1, MOST_FURTHER + 1):
        other = hashed(number, 42 + nth, len(vendors.ids))
        sells = (vendors.joined_day[other] < day) & (vendors.closed_day[other] > day + 20)
        asked = (hashed(number, 44 + nth, 1_000) < OTHER_OFFERS * 1_000) & sells
        mine = own[asked & (vendors.sells_to[other] != 1) & (vendor != NOWHERE) & (other != vendor)]
        mine = mine[requests.quote_sent_at[mine] < NEVER]
        places.append(mine)
        numbers.append(np.full(mine.size, nth))
        others.append(other[mine])
    return np.concatenate(places), np.concatenate(numbers), np.concatenate(others)


def quoted_deals(world: World, who: Ints, asked: Ints) -> Ints:
    """The opportunity that was open with each company when it asked, NOWHERE without one."""
    deals = world.prospects
    deal = deals.latest[who]
    known = np.maximum(deal, 0)
    is_open = (deals.created_at[known] < asked) & (asked < deals.closes_at[known])
    return np.where((deal != NOBODY) & is_open, deal, NOWHERE)
