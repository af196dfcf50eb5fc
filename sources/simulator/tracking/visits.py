"""Visits of the shop: those that lead to an order, those before it, idle ones, and robots'."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import Bools, Floats, Ints, number_within
from sources.simulator.cells import NOWHERE
from sources.simulator.tracking.audience import invite
from sources.simulator.tracking.carts import (
    NUMBERS_PER_ORDER,
    checkout_depths,
    revisits,
    shared_carts,
)
from sources.simulator.tracking.visit_laws import (
    APPROVAL,
    ASSIST,
    ASSIST_SECONDS,
    ASSISTS,
    BOT,
    BOTS_PER_ORDER,
    DIRECT,
    GRANT,
    IDLE,
    ORDER,
    ORIGINS,
    QUOTE,
    odds_to_shares,
)
from sources.simulator.tracking.visitors import refuses_analytics
from sources.simulator.world.campaigns import CHANNELS
from sources.simulator.world.experiments import CART_BUTTON, LAWS, SAME_AGAIN, variant_of

if TYPE_CHECKING:
    from sources.simulator.orders.requests import Requests
    from sources.simulator.orders.states import Known
    from sources.simulator.tracking.audience import Audience
    from sources.simulator.world.world import World

SOURCES = tuple(origin.source for origin in ORIGINS)
MEDIUMS = tuple(origin.medium for origin in ORIGINS)
FIRST_ASSIST, FIRST_IDLE, LAST_IDLE = 1, 8, 119
# Two approvals or two quotes may come before one order; the second has the number after.
GRANT_NUMBER, BOT_NUMBER, APPROVAL_NUMBER, QUOTE_NUMBER = 120, 121, 122, 124
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


def make_visits(
    world: World, known: Known, web: Bools, requests: Requests, rng: np.random.Generator
) -> Visits:
    """Every visit made with the orders of a piece, in the order of their numbers."""
    placed = known.placed
    orders = np.flatnonzero(web & ~placed.is_test)
    number = placed.number * NUMBERS_PER_ORDER
    before = np.repeat(orders, rng.choice(len(ASSISTS), orders.size, p=ASSISTS))
    earlier = rng.integers(LEAST_BEFORE, ASSIST_SECONDS, before.size)
    idle, cause = idle_visits(world, known, rng)
    idle_at = placed.ordered_at[idle] + rng.integers(-AROUND, AROUND, idle.size)
    bots = np.flatnonzero(rng.random(placed.who.size) < BOTS_PER_ORDER)
    granted = requests.approval_is_granted
    # What was approved and then ordered by phone was asked for there as well.
    asks = web[requests.approval_order] | ~granted
    asked, allowed = requests.approval_order[asks], asks & granted
    grants, quoted = requests.approval_order[allowed], requests.quote_order
    groups = (
        (ORDER, orders, 0, placed.ordered_at[orders]),
        (ASSIST, before, FIRST_ASSIST - 1 + number_within(before), placed.ordered_at[before] - earlier),
        (IDLE, idle, FIRST_IDLE - 1 + number_within(idle), idle_at),
        (BOT, bots, BOT_NUMBER, placed.ordered_at[bots] - 1_000),
        (APPROVAL, asked, APPROVAL_NUMBER, requests.approval_at[asks]),
        (GRANT, grants, GRANT_NUMBER, requests.approval_decided_at[allowed]),
        (QUOTE, quoted, QUOTE_NUMBER, requests.quote_at),
    )  # fmt: skip
    kind = np.concatenate([np.full(group[1].size, group[0]) for group in groups])
    numbers = np.concatenate([number[group[1]] + group[2] for group in groups])
    order, at = (np.concatenate([group[i] for group in groups]) for i in (1, 3))
    causes = np.full(kind.size, NOWHERE)
    causes[kind == IDLE] = cause
    is_won = np.zeros(kind.size, dtype=np.bool_)
    is_won[kind == APPROVAL] = granted[asks]
    is_won[kind == GRANT] = True
    # Nobody was tracked before the first day, except who was about to order when it began.
    keep = (at >= world.calendar.midnight[0]) | (kind == ORDER)
    keep &= at < world.calendar.midnight[world.calendar.day_count]
    keep &= (kind != IDLE) | (numbers - number[order] <= LAST_IDLE)
    kept = np.flatnonzero(keep)
    kept = kept[np.argsort(numbers[kept], kind="stable")]
    kind, order, numbers, at, causes, is_won = (
        a[kept] for a in (kind, order, numbers, at, causes, is_won)
    )
    numbers = numbers + np.append(False, np.diff(numbers) == 0)  # the second approval or quote
    people = invite(world, placed, (kind, order, at), rng)
    origin, campaign = ways_in(world, kind, at, causes, rng)
    return furnish(
        world, known, (kind, order, numbers, at, origin, campaign, causes, is_won), people, rng
    )


def idle_visits(world: World, known: Known, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Order and causing campaign of the visits that lead to nothing."""
    placed = known.placed
    plain = rng.poisson(world.size.visits_per_order, placed.who.size)
    pulls = world.campaigns.pulls()
    extra = rng.poisson(pulls.sum(axis=1)[placed.day])
    usual, more = (np.repeat(np.arange(count.size), count) for count in (plain, extra))
    cumulated = np.cumsum(pulls, axis=1)[placed.day[more]]
    point = rng.random(more.size)[:, None] * cumulated[:, -1:]
    cause = (cumulated <= point).sum(axis=1).astype(np.int64)
    order = np.concatenate([usual, more])
    causes = np.concatenate([np.full(usual.size, NOWHERE), cause])
    by_order = np.argsort(order, kind="stable")
    return order[by_order], causes[by_order]


def ways_in(
    world: World, kind: Ints, at: Ints, causes: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Where each visit comes from, and the campaign that its link names."""
    share = np.array([origin.share for origin in ORIGINS])
    origin = rng.choice(len(ORIGINS), kind.size, p=share)
    orders = np.flatnonzero(kind == ORDER)
    origin[orders] = rng.choice(len(ORIGINS), orders.size, p=odds_to_shares()[1])
    origin[np.isin(kind, (APPROVAL, GRANT, BOT))] = DIRECT
    channels = np.array([channel_place(law.channel) for law in ORIGINS])
    behind = np.full(len(CHANNELS), DIRECT)
    behind[channels[channels >= 0]] = np.flatnonzero(channels >= 0)
    is_caused = causes != NOWHERE
    origin = np.where(is_caused, behind[world.campaigns.channel[np.maximum(causes, 0)]], origin)
    day = np.clip(world.calendar.days_of(at), 0, world.calendar.day_count - 1)
    channel = channels[origin]
    running = world.campaigns.active[np.maximum(channel, 0), day]
    return origin, np.where(is_caused, causes, np.where(channel >= 0, running, NOWHERE))


def channel_place(channel: str) -> int:
    return CHANNELS.index(channel) if channel else NOWHERE


def furnish(
    world: World, known: Known, parts: tuple[Ints, ...], people: Audience, rng: np.random.Generator
) -> Visits:
    """The visits with what is done in them: carts, checkouts, or a glance at one page."""
    kind, order, number, at, origin, campaign, causes, is_won = parts
    dice = rng.random((2, kind.size))
    looks = np.isin(kind, (IDLE, ASSIST))
    rate = cart_rates(world, people.visitor, at)
    adds = looks & (dice[0] < rate)
    # Who fills a cart stays; the others leave so often that each origin has its share.
    leaves = np.array([law.bounces for law in ORIGINS])[origin] / (1 - rate)
    bounces = looks & ~adds & (dice[1] < leaves)
    fills = adds & (kind == IDLE)
    depth = checkout_depths(people.device[kind == ORDER], people.device, fills, rng)
    is_order_cart = (kind <= ASSIST) | is_won.astype(np.bool_)
    has = adds | np.isin(kind, (ORDER, APPROVAL, GRANT))
    cart = shared_carts(known.placed.number[order], number, is_order_cart, has)
    free = (kind == IDLE) & ~adds & ~bounces & (causes == NOWHERE)
    left, later = revisits(fills, free, people.device, at, rng)
    who, visitor, country = people.who.copy(), people.visitor.copy(), people.country.copy()
    for values in (who, visitor, country, cart):
        values[later] = values[left]
    return Visits(
        number=number,
        kind=kind,
        order=order,
        who=who,
        visitor=visitor,
        device=people.device,
        country=country,
        at=at,
        origin=origin,
        campaign=campaign,
        is_caused=causes != NOWHERE,
        adds=adds,
        bounces=bounces,
        depth=depth,
        cart=cart,
    )


def cart_rates(world: World, visitor: Ints, at: Ints) -> Floats:
    """How likely a visit without an order adds to its cart; the button's experiment moves it."""
    rate = np.full(visitor.size, LAWS[CART_BUTTON].rate[0])
    for which in (CART_BUTTON, SAME_AGAIN):
        runs = world.experiments.running(which, at)
        mine = np.array(LAWS[which].rate)[variant_of(which, visitor)]
        rate = np.where(runs, mine, rate)
    return rate


def session_ids(number: Ints) -> pl.Series:
    return "s-" + pl.Series(number).cast(pl.String)


def takes_part(world: World, which: int, visits: Visits) -> Bools:
    """Whether a visit falls into an experiment: people who let themselves be analysed."""
    human = visits.kind != BOT
    agrees = human & ~refuses_analytics(visits.visitor)
    found: Bools = world.experiments.running(which, visits.at) & agrees
    return found


def is_known(world: World, visits: Visits) -> Bools:
    """Whether the visitor is a customer already, who may sign in."""
    first_at = world.profiles.first_at[np.maximum(visits.who, 0)]
    found: Bools = (visits.who != NOWHERE) & (first_at < visits.at)
    return found
