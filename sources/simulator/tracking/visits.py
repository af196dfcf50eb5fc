"""Visits of the shop: those that lead to an order, those before it, idle ones, and robots'."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import Bools, Ints, number_within
from sources.simulator.cells import NOWHERE
from sources.simulator.tracking.audience import invite
from sources.simulator.tracking.carts import (
    checkout_depths,
    revisits,
)
from sources.simulator.tracking.variants import cart_rates
from sources.simulator.world.campaigns import CHANNELS
from sources.simulator.world.visit_laws import (
    APPROVAL,
    ASSIST,
    ASSIST_SECONDS,
    ASSISTS,
    BOT,
    BOTS_PER_ORDER,
    CAUSED_ORDERS_AT_ONCE,
    DIRECT,
    GRANT,
    IDLE,
    NUMBERS_PER_ORDER,
    ORDER,
    ORIGINS,
    QUOTE,
    odds_to_shares,
)

if TYPE_CHECKING:
    from sources.simulator.orders.requests import Requests
    from sources.simulator.orders.states import Known
    from sources.simulator.tracking.audience import Audience
    from sources.simulator.world.world import World

SOURCES = tuple(origin.source for origin in ORIGINS)
MEDIUMS = tuple(origin.medium for origin in ORIGINS)
FIRST_ASSIST, FIRST_IDLE, MOST_IDLE = 1, 8, 112
# Two approvals or two quotes may come before one order; the second has the number after.
GRANT_NUMBER, BOT_NUMBER, APPROVAL_NUMBER, QUOTE_NUMBER = 120, 121, 122, 124
LEADING = (ORDER, ASSIST, GRANT)  # their carts are those of the orders that they lead to
LEAST_BEFORE = 2 * 3_600  # seconds between a visit and the order it leads to
AROUND = 3 * 3_600  # seconds around an order in which the idle visits made with it lie


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits, one entry each; `at` is the first event's instant, of ORDER the last one's."""

    number: Ints
    kind: Ints
    order: Ints  # place in Placed of the order it is made with
    who: Ints  # customer, also of days to come; NOWHERE where anonymous for good
    visitor: Ints
    device: Ints
    country: Ints
    at: Ints
    origin: Ints
    campaign: Ints
    is_caused: Bools  # whether the campaign caused the visit
    adds: Bools  # whether a visit without an order puts something into the cart
    bounces: Bools  # whether it ends on its first page
    depth: Ints  # how far into the checkout a visit goes that does not order
    cart: Ints  # the visit that its cart is named after, NOWHERE without one


@dataclass(frozen=True, slots=True)
class Occasions:
    """When and why visits are made, before it is known who makes them."""

    number: Ints
    kind: Ints
    order: Ints
    at: Ints
    cause: Ints  # place in Campaigns of what caused the visit, NOWHERE else
    leads: Bools  # whether its cart is that of the order

    def choose(self, places: Ints) -> Occasions:
        """Those at the places, in that order."""
        return Occasions(*(getattr(self, name)[places] for name in Occasions.__slots__))


def make_visits(
    world: World, known: Known, web: Bools, requests: Requests, rng: np.random.Generator
) -> Visits:
    """Every visit made with the orders of a piece, in the order of their numbers."""
    drafts = occasions(world, known, web, requests, rng)
    # Nobody was tracked before the first day, except who was about to order when it began.
    keep = (drafts.at >= world.calendar.midnight[0]) | (drafts.kind == ORDER)
    keep &= drafts.at < world.calendar.midnight[world.calendar.day_count]
    kept = np.flatnonzero(keep)
    drafts = drafts.choose(kept[np.argsort(drafts.number[kept], kind="stable")])
    people = invite(world, known.placed, (drafts.kind, drafts.order, drafts.at), rng)
    return furnish(world, known, drafts, people, rng)


def occasions(
    world: World, known: Known, web: Bools, requests: Requests, rng: np.random.Generator
) -> Occasions:
    """The visits that order, those before them, those without order, and robots'."""
    placed = known.placed
    orders = np.flatnonzero(web & ~placed.is_test)
    before, earlier, causes, at_once = visits_before(world, known, orders, rng)
    idle, cause = idle_visits(world, known, rng)
    idle_at = placed.ordered_at[idle] + rng.integers(-AROUND, AROUND, idle.size)
    bots = np.flatnonzero(rng.random(placed.who.size) < BOTS_PER_ORDER)
    groups = (
        drafted(known, ORDER, orders, 0, placed.ordered_at[orders], at_once),
        drafted(known, ASSIST, before, FIRST_ASSIST, placed.ordered_at[before] - earlier, causes),
        drafted(known, IDLE, idle, FIRST_IDLE, idle_at, cause),
        drafted(known, BOT, bots, BOT_NUMBER, placed.ordered_at[bots] - 1_000),
        *requested(known, web, requests),
    )
    return Occasions(
        *(
            np.concatenate([getattr(group, name) for group in groups])
            for name in Occasions.__slots__
        )
    )


def visits_before(
    world: World, known: Known, orders: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints, Ints]:
    """The visits before orders: of which order, how many seconds earlier, what caused each.

    Last comes what caused the visit that orders, where a campaign did and no earlier visit shows.
    """
    placed = known.placed
    at_once, earliest = caused_touches(world, known, orders, rng)
    number = rng.choice(len(ASSISTS), orders.size, p=ASSISTS)
    number = np.maximum(number, (earliest > 0).astype(np.int64))
    before = np.repeat(orders, number)
    earlier = rng.integers(LEAST_BEFORE, ASSIST_SECONDS, before.size)
    # The first of the visits before an order is the one that the campaign caused.
    touch = np.flatnonzero((number_within(before) == 1) & np.repeat(earliest > 0, number))
    earlier[touch] = rng.integers(LEAST_BEFORE, earliest[earliest > 0])
    causes = np.full(before.size, NOWHERE)
    causes[touch] = placed.cause[before[touch]]
    return before, earlier, causes, at_once


def requested(known: Known, web: Bools, requests: Requests) -> tuple[Occasions, ...]:
    """The visits that ask for an approval, grant one, or ask for a quote."""
    granted = requests.approval_is_granted
    # What was approved and then ordered by phone was asked for there as well.
    asks = web[requests.approval_order] | ~granted
    allows = asks & granted
    order = requests.approval_order
    wants, gives = order[asks], order[allows]
    begun, decided = requests.approval_at[asks], requests.approval_decided_at[allows]
    return (
        drafted(known, APPROVAL, wants, APPROVAL_NUMBER, begun, leads=granted[asks]),
        drafted(known, GRANT, gives, GRANT_NUMBER, decided),
        drafted(known, QUOTE, requests.quote_order, QUOTE_NUMBER, requests.quote_at),
    )


def caused_touches(
    world: World, known: Known, orders: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Where campaigns that caused the orders are touched: by the order's own visit, or before it.

    The campaign that caused the visit that orders, NOWHERE else; and how many seconds before the
    order the earlier visit may lie that a campaign caused, 0 without one. Mail is touched last: it
    reached the person nobody knows how long before.
    """
    cause, ordered_at = known.placed.cause[orders], known.placed.ordered_at[orders]
    place = np.maximum(cause, 0)
    campaigns, calendar = world.campaigns, world.calendar
    begins = calendar.midnight[np.maximum(campaigns.first_day[place], 0)]
    room = np.minimum(ordered_at - begins, ASSIST_SECONDS)
    waits = (rng.random(orders.size) >= CAUSED_ORDERS_AT_ONCE) & (room > 2 * LEAST_BEFORE)
    waits &= (cause != NOWHERE) & (campaigns.channel[place] != CHANNELS.index("email"))
    return np.where(waits, NOWHERE, cause), np.where(waits, room, 0)


def drafted(
    known: Known,
    kind: int,
    order: Ints,
    first_number: int,
    at: Ints,
    cause: Ints | None = None,
    *,
    leads: Bools | None = None,
) -> Occasions:
    """Visits of one kind, numbered within the orders that they are made with."""
    by_order = np.argsort(order, kind="stable")
    within = np.empty(order.size, dtype=np.int64)
    within[by_order] = number_within(order[by_order]) - 1
    return Occasions(
        number=known.placed.number[order] * NUMBERS_PER_ORDER + first_number + within,
        kind=np.full(order.size, kind),
        order=order,
        at=at,
        cause=np.full(order.size, NOWHERE) if cause is None else cause,
        leads=np.full(order.size, kind in LEADING) if leads is None else leads,
    )


def idle_visits(world: World, known: Known, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Order and causing campaign of the visits that lead to nothing."""
    placed = known.placed
    pulls = world.campaigns.pulls
    expected = (
        np.full(placed.who.size, world.size.visits_per_order),
        pulls.sum(axis=1)[placed.day],
    )
    plain, extra = (np.minimum(rng.poisson(mean), MOST_IDLE // 2) for mean in expected)
    usual, more = (np.repeat(np.arange(count.size), count) for count in (plain, extra))
    cumulated = np.cumsum(pulls, axis=1)[placed.day[more]]
    point = rng.random(more.size)[:, None] * cumulated[:, -1:]
    cause = (cumulated <= point).sum(axis=1).astype(np.int64)
    return np.concatenate([usual, more]), np.concatenate([np.full(usual.size, NOWHERE), cause])


def ways_in(world: World, drafts: Occasions, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Where each visit comes from, and the campaign that its link names."""
    share = np.array([origin.share for origin in ORIGINS])
    origin = rng.choice(len(ORIGINS), drafts.kind.size, p=share)
    orders = np.flatnonzero(drafts.kind == ORDER)
    origin[orders] = rng.choice(len(ORIGINS), orders.size, p=odds_to_shares()[1])
    origin[np.isin(drafts.kind, (APPROVAL, GRANT, BOT))] = DIRECT
    channels = np.array([channel_place(law.channel) for law in ORIGINS])
    behind = np.full(len(CHANNELS), DIRECT)
    behind[channels[channels >= 0]] = np.flatnonzero(channels >= 0)
    is_caused = drafts.cause != NOWHERE
    cause = np.maximum(drafts.cause, 0)
    origin = np.where(is_caused, behind[world.campaigns.channel[cause]], origin)
    # What a fair or a print causes comes by no link.
    is_caused &= channels[origin] != NOWHERE
    day = np.clip(world.calendar.days_of(drafts.at), 0, world.calendar.day_count - 1)
    channel = channels[origin]
    running = world.campaigns.active[np.maximum(channel, 0), day]
    return origin, np.where(is_caused, cause, np.where(channel >= 0, running, NOWHERE))


def channel_place(channel: str) -> int:
    return CHANNELS.index(channel) if channel else NOWHERE


def furnish(
    world: World, known: Known, drafts: Occasions, people: Audience, rng: np.random.Generator
) -> Visits:
    """The visits with what is done in them: carts, checkouts, or a glance at one page."""
    kind, is_caused = drafts.kind, drafts.cause != NOWHERE
    origin, campaign = ways_in(world, drafts, rng)
    dice = rng.random((2, kind.size))
    looks = np.isin(kind, (IDLE, ASSIST))
    rate = cart_rates(world, people.visitor, drafts.at)
    adds = looks & (dice[0] < rate)
    # Who fills a cart stays; the others leave so often that each origin has its share.
    leaves = np.array([law.bounces for law in ORIGINS])[origin] / (1 - rate)
    bounces = looks & ~adds & (dice[1] < leaves)
    fills = adds & (kind == IDLE)
    of_order = known.placed.cart[drafts.order]
    has_cart = adds | np.isin(kind, (ORDER, APPROVAL, GRANT))
    cart = np.where(has_cart, np.where(drafts.leads, of_order, drafts.number), NOWHERE)
    free = (kind == IDLE) & ~adds & ~bounces & ~is_caused
    left, later = revisits(fills, free, people.device, drafts.at, rng)
    who, visitor, country = (a.copy() for a in (people.who, people.visitor, people.country))
    for values in (who, visitor, country, cart):
        values[later] = values[left]
    return Visits(
        number=drafts.number,
        kind=kind,
        order=drafts.order,
        who=who,
        visitor=visitor,
        device=people.device,
        country=country,
        at=drafts.at,
        origin=origin,
        campaign=campaign,
        is_caused=is_caused,
        adds=adds,
        bounces=bounces,
        depth=checkout_depths(people.device[kind == ORDER], people.device, fills, rng),
        cart=cart,
    )


def is_known(world: World, visits: Visits) -> Bools:
    """Whether the visitor is a customer already, who may sign in."""
    first_at = world.profiles.first_at[np.maximum(visits.who, 0)]
    found: Bools = (visits.who != NOWHERE) & (first_at < visits.at)
    return found
