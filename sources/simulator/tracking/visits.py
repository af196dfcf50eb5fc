"""Visits of the shop: those that lead to an order, those before it, idle ones, and robots'."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import Bools, Floats, Ints, number_within
from sources.simulator.cells import NOWHERE
from sources.simulator.tracking.visitors import (
    has_second_device,
    refuses_analytics,
    visitor_pools,
    visitors_of,
)
from sources.simulator.world.campaigns import CHANNELS
from sources.simulator.world.experiments import CART_BUTTON, LAWS, SAME_AGAIN, variant_of

if TYPE_CHECKING:
    from sources.simulator.orders.requests import Requests
    from sources.simulator.orders.states import Known
    from sources.simulator.world.world import World

ORDER, ASSIST, IDLE, BOT, APPROVAL, GRANT, QUOTE = range(7)
KINDS = ("order", "assist", "idle", "bot", "approval", "grant", "quote")
# Source, medium, the campaign's channel behind it, share of visits.
ORIGINS = (
    ("google", "organic", "", 0.30),
    ("direct", "none", "", 0.24),
    ("google", "cpc", "paid_search", 0.16),
    ("newsletter", "email", "email", 0.08),
    ("instagram", "paid_social", "paid_social", 0.07),
    ("partners", "affiliate", "affiliate", 0.05),
    ("adnet", "display", "display", 0.03),
    ("blog.example.com", "referral", "", 0.07),
)
SOURCES = tuple(origin[0] for origin in ORIGINS)
MEDIUMS = tuple(origin[1] for origin in ORIGINS)
NUMBERS_PER_ORDER = 64  # visits are numbered within the order that they are made with
FIRST_ASSIST, FIRST_IDLE, FIRST_CAUSED, LAST_NUMBER = 1, 8, 32, 57
# Two approvals or two quotes may come before one order; the second has the number after.
GRANT_NUMBER, BOT_NUMBER, APPROVAL_NUMBER, QUOTE_NUMBER = 58, 59, 60, 62
ASSISTS = (0.55, 0.25, 0.12, 0.05, 0.03)  # share of orders with so many visits before
ASSIST_SECONDS = 13 * 86_400  # how long before an order a visit counts as leading to it
BOTS_PER_ORDER = 0.006


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits, one entry each; `at` is the first event's instant, of ORDER the last one's."""

    number: Ints
    kind: Ints
    order: Ints  # place in Placed of the order it is made with
    who: Ints  # customer, NOWHERE where anonymous
    visitor: Ints
    at: Ints
    origin: Ints
    campaign: Ints
    adds: Bools  # whether a visit without an order puts something into the cart


def make_visits(
    world: World, known: Known, web: Bools, requests: Requests, rng: np.random.Generator
) -> Visits:
    """Every visit made with the orders of a piece, in order of time."""
    placed = known.placed
    orders = np.flatnonzero(web & ~placed.is_test)
    number = placed.number * NUMBERS_PER_ORDER
    assists = rng.choice(len(ASSISTS), orders.size, p=ASSISTS)
    before = np.repeat(orders, assists)
    before_at = placed.ordered_at[before] - rng.integers(1_800, ASSIST_SECONDS, before.size)
    idle, idle_number, caused = idle_visits(world, known, rng)
    idle_at = placed.ordered_at[idle] + rng.integers(-3 * 3600, 3 * 3600, idle.size)
    bots = np.flatnonzero(rng.random(placed.who.size) < BOTS_PER_ORDER)
    asked = requests.approval_order
    granted = asked[requests.approval_is_granted]
    groups = (
        (ORDER, orders, number[orders], placed.ordered_at[orders]),
        (ASSIST, before, number[before] + FIRST_ASSIST - 1 + number_within(before), before_at),
        (IDLE, idle, number[idle] + idle_number, idle_at),
        (BOT, bots, number[bots] + BOT_NUMBER, placed.ordered_at[bots] - 1_000),
        (APPROVAL, asked, number[asked] + APPROVAL_NUMBER, requests.approval_at),
        (
            GRANT,
            granted,
            number[granted] + GRANT_NUMBER,
            requests.approval_decided_at[requests.approval_is_granted],
        ),
        (
            QUOTE,
            requests.quote_order,
            number[requests.quote_order] + QUOTE_NUMBER,
            requests.quote_at,
        ),
    )
    kind = np.concatenate([np.full(group[1].size, group[0]) for group in groups])
    order, numbers, at = (np.concatenate([group[i] for group in groups]) for i in (1, 2, 3))
    causes = np.full(kind.size, NOWHERE)
    causes[kind == IDLE] = caused
    again = np.isin(kind, (APPROVAL, QUOTE)) & ~first_of(numbers)
    return finish(world, known, (kind, order, numbers + again, at, causes), rng)


def first_of(numbers: Ints) -> Bools:
    first = np.zeros(numbers.size, dtype=np.bool_)
    first[np.unique(numbers, return_index=True)[1]] = True
    return first


def idle_visits(world: World, known: Known, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Order, number within it, and causing campaign of the visits that lead to nothing."""
    placed = known.placed
    plain = np.minimum(
        rng.poisson(world.size.visits_per_order, placed.who.size), FIRST_CAUSED - FIRST_IDLE
    )
    pulls = world.campaigns.pulls()
    total = pulls.sum(axis=1)[placed.day]
    extra = np.minimum(rng.poisson(total), LAST_NUMBER - FIRST_CAUSED)
    usual, more = np.repeat(np.arange(plain.size), plain), np.repeat(np.arange(extra.size), extra)
    cumulated = np.cumsum(pulls, axis=1)[placed.day[more]]
    point = rng.random(more.size)[:, None] * cumulated[:, -1:]
    cause = (cumulated <= point).sum(axis=1).astype(np.int64)
    number = np.concatenate(
        [FIRST_IDLE - 1 + number_within(usual), FIRST_CAUSED - 1 + number_within(more)]
    )
    return (
        np.concatenate([usual, more]),
        number,
        np.concatenate([np.full(usual.size, NOWHERE), cause]),
    )


def finish(
    world: World, known: Known, parts: tuple[Ints, Ints, Ints, Ints, Ints], rng: np.random.Generator
) -> Visits:
    """Who visits, on what, where from; and whether something is put into the cart."""
    kind, order, number, at, caused = parts
    count = kind.size
    who, visitor = choose_visitors(world, known, kind, order, at, rng)
    origin = rng.choice(len(ORIGINS), count, p=[origin[3] for origin in ORIGINS])
    direct = 1
    origin = np.where(np.isin(kind, (APPROVAL, GRANT, BOT)), direct, origin)
    channels = np.array([channel_place(origin[2]) for origin in ORIGINS])
    behind = np.full(len(CHANNELS), direct)
    behind[channels[channels >= 0]] = np.flatnonzero(channels >= 0)
    is_caused = caused != NOWHERE
    origin = np.where(is_caused, behind[world.campaigns.channel[np.maximum(caused, 0)]], origin)
    day = np.clip(world.calendar.days_of(at), 0, world.calendar.day_count - 1)
    channel = channels[origin]
    running = world.campaigns.active[np.maximum(channel, 0), day]
    campaign = np.where(is_caused, caused, np.where(channel >= 0, running, NOWHERE))
    adds = np.isin(kind, (IDLE, ASSIST)) & (rng.random(count) < cart_rates(world, visitor, at))
    # Nobody was tracked before the first day, except who was about to order when it began.
    keep = (at >= world.calendar.midnight[0]) | (kind == ORDER)
    keep &= at < world.calendar.midnight[world.calendar.day_count]
    visits = Visits(number, kind, order, who, visitor, at, origin, campaign, adds)
    return choose(visits, keep)


def choose(visits: Visits, keep: Bools) -> Visits:
    """Some of the visits, by their numbers."""
    mine = np.flatnonzero(keep)
    mine = mine[np.argsort(visits.number[mine], kind="stable")]
    return Visits(*(getattr(visits, name)[mine] for name in Visits.__slots__))


def channel_place(channel: str) -> int:
    return CHANNELS.index(channel) if channel else NOWHERE


def choose_visitors(
    world: World, known: Known, kind: Ints, order: Ints, at: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """The customer (or nobody) and the browser of each visit."""
    strangers, robots, end = visitor_pools(world)
    count, people = kind.size, world.buyers.rate.size
    buyer = known.placed.who[order]
    passer = rng.integers(0, people, count)
    # An idle visit is a customer's where the one drawn has ordered before, else a stranger's.
    comes_back = (rng.random(count) < 0.6) & (world.profiles.first_at[passer] < at)
    who = np.where(kind == IDLE, np.where(comes_back, passer, NOWHERE), buyer)
    who = np.where(kind == BOT, NOWHERE, who)
    # The first device is used more; whoever has only one, has it always.
    second = (rng.random(count) < 0.3) & has_second_device(np.maximum(who, 0))
    own = visitors_of(np.maximum(who, 0), second.astype(np.int64))
    # The same stranger comes a few times: the pool is as large as that of the customers.
    stranger = strangers + rng.integers(0, strangers, count)
    visitor = np.where(who == NOWHERE, stranger, own)
    return who, np.where(kind == BOT, rng.integers(robots, end, count), visitor)


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
