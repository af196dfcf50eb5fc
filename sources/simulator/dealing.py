"""What companies agree before they order: quotes, approvals, credit limits, agreed prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.buyers import customer_ids
from sources.simulator.catalogue import instants
from sources.simulator.cells import NOWHERE, at_places, fraction, hashed, only
from sources.simulator.knowledge import Known, before, latest, order_ids
from sources.simulator.names import pick, scrambled
from sources.simulator.society import account_ids, contact_ids, manager_ids
from sources.simulator.world import CURRENCY_CODE, NEVER, Bools, Ints

if TYPE_CHECKING:
    from sources.simulator.building import World

DAY = 86_400
QUOTED = 0.08  # share of companies' orders that a quote came before
LOST_QUOTES = 0.6  # quotes per quoted order that led to nothing
APPROVED_FIRST = 0.22  # share of companies' orders that somebody had to allow
REFUSED_APPROVALS = 0.1  # requests per approved order that were refused
LOOK_AHEAD_DAYS = 16  # how long before an order anything it causes may happen
REASONS = ("over_limit", "over_limit", "over_budget", "category", "new_buyer")


@dataclass(frozen=True, slots=True)
class Dealings:
    """Quotes and approvals of a piece; `order` is a place in Placed, also where it never came."""

    quote_order: Ints
    quote_is_won: Bools
    quote_at: Ints
    quote_sent_at: Ints
    quote_decided_at: Ints
    approval_order: Ints
    approval_is_granted: Bools
    approval_at: Ints
    approval_decided_at: Ints


def make_dealings(world: World, known: Known, rng: np.random.Generator) -> Dealings:
    """Which orders were quoted or approved first, and what was asked for and never ordered."""
    placed = known.placed
    count = placed.who.size
    dice = rng.random((4, count))
    company = (placed.clock == 1) & ~placed.is_test
    later = world.society.first_at[placed.who] < placed.ordered_at - LOOK_AHEAD_DAYS * DAY
    quoted = company & later & (dice[0] < QUOTED)
    lost = company & later & (dice[1] < QUOTED * LOST_QUOTES)
    order = np.concatenate([np.flatnonzero(quoted), np.flatnonzero(lost)])
    is_won = np.arange(order.size) < int(quoted.sum())
    asked = placed.ordered_at[order] - rng.integers(2 * DAY, 13 * DAY, order.size)
    sent = asked + rng.integers(3_600, DAY, order.size)
    decided = np.where(is_won, placed.ordered_at[order], placed.ordered_at[order] - 3_600)
    allowed = company & (dice[2] < APPROVED_FIRST)
    denied = company & (dice[3] < APPROVED_FIRST * REFUSED_APPROVALS)
    held = np.concatenate([np.flatnonzero(allowed), np.flatnonzero(denied)])
    is_granted = np.arange(held.size) < int(allowed.sum())
    begun = placed.ordered_at[held] - rng.integers(1_800, 40 * 3_600, held.size)
    begun = np.maximum(begun, world.society.first_at[placed.who[held]] - 20)
    wait = (rng.random(held.size) * (placed.ordered_at[held] - begun)).astype(np.int64)
    return Dealings(
        quote_order=order,
        quote_is_won=is_won,
        quote_at=asked,
        quote_sent_at=sent,
        quote_decided_at=decided,
        approval_order=held,
        approval_is_granted=is_granted,
        approval_at=begun,
        approval_decided_at=begun + wait,
    )


def quote_ids(known: Known, dealings: Dealings) -> pl.Series:
    number = known.placed.number[dealings.quote_order] * 2 + dealings.quote_is_won
    return scrambled("Q-", number, 10)


def quote_rows(world: World, known: Known, dealings: Dealings) -> pl.DataFrame:
    """The quotes feed: a quote that was accepted became an order at that moment."""
    placed, order, cutoff = known.placed, dealings.quote_order, known.cutoff
    who, won = placed.who[order], dealings.quote_is_won
    cost = order_cents(known)[order]
    decided = dealings.quote_decided_at < cutoff
    outcome = np.where(won, 2, np.where(order % 3 == 0, 4, 3))
    stage = np.where(dealings.quote_sent_at < cutoff, 1, 0)
    words = ("requested", "sent", "accepted", "refused", "expired")
    first = np.flatnonzero(np.diff(known.lines.order, prepend=-1))
    vendor = known.lines.vendor[first][order]
    sent = pl.Series(dealings.quote_sent_at < cutoff)
    until = world.calendar.days_of(dealings.quote_sent_at) + 30
    return pl.DataFrame(
        {
            "quote_id": quote_ids(known, dealings),
            "account_id": account_ids(who),
            "customer_id": customer_ids(who),
            "vendor_id": at_places(world.vendors.ids, np.where(order % 4 == 0, NOWHERE, vendor)),
            "order_id": only(order_ids(placed.number[order]), won & decided),
            "sales_rep_id": manager_ids(world.society.manager[who]),
            "status": pick(words, np.where(decided, outcome, stage)),
            "currency_code": pl.repeat(CURRENCY_CODE, who.size, eager=True),
            "amount": pl.Series(cost).set(~sent, None),
            "requested_at": dealings.quote_at,
            "sent_at": before(dealings.quote_sent_at, cutoff),
            "decided_at": before(dealings.quote_decided_at, cutoff),
            "valid_until": world.calendar.dates_of(until).set(~sent, None),
            "updated_at": latest(
                cutoff, dealings.quote_at, dealings.quote_sent_at, dealings.quote_decided_at
            ),
        }
    ).filter(
        pl.Series((dealings.quote_at < cutoff) & (dealings.quote_at > world.calendar.midnight[0]))
    )


def order_cents(known: Known) -> Ints:
    """The goods of each order."""
    first = np.flatnonzero(np.diff(known.lines.order, prepend=-1))
    found: Ints = np.add.reduceat(known.lines.gmv_cents, first)
    return found


def approval_rows(world: World, known: Known, dealings: Dealings) -> pl.DataFrame:
    """The approvals feed; a request that was refused never became an order."""
    placed, order, cutoff = known.placed, dealings.approval_order, known.cutoff
    who, granted = placed.who[order], dealings.approval_is_granted
    people = world.society.contact_count[who]
    zero = np.zeros_like(who)
    decided = dealings.approval_decided_at < cutoff
    ordered = granted & (placed.ordered_at[order] < cutoff)
    at = dealings.approval_at
    return pl.DataFrame(
        {
            "approval_id": scrambled("AP-", placed.number[order] * 2 + granted, 10),
            "order_id": only(order_ids(placed.number[order]), ordered),
            "account_id": account_ids(who),
            "requested_by": contact_ids(who, zero),
            "approver_id": only(contact_ids(who, zero + 1), people > 1),
            "step_number": zero + 1,
            "decision": pick(
                ("pending", "approved", "refused"), np.where(decided, np.where(granted, 1, 2), 0)
            ),
            "reason": pick(REASONS, hashed(placed.number[order], 21, len(REASONS))),
            "currency_code": pl.repeat(CURRENCY_CODE, who.size, eager=True),
            "amount": order_cents(known)[order],
            "requested_at": at,
            "decided_at": before(dealings.approval_decided_at, cutoff),
            "updated_at": latest(
                cutoff,
                at,
                dealings.approval_decided_at,
                np.where(granted, placed.ordered_at[order], 0),
            ),
        }
    ).filter(pl.Series((at < cutoff) & (at > world.calendar.midnight[0])))


def companies(world: World) -> Ints:
    """The businesses whose account is known."""
    return np.flatnonzero(world.prospects.account_from < world.cutoff)


def credit_rows(world: World) -> pl.DataFrame:
    """The credit limits feed: one from the first day, for some a higher one a year later."""
    who = companies(world)
    society, calendar = world.society, world.calendar
    start = np.maximum(calendar.days_of(world.prospects.account_from[who]), 0)
    limit = np.rint(world.buyers.value[who] * 8 / 500).astype(np.int64) * 50_000 + 50_000
    raised = hashed(who, 22, 100) < 30
    change = start + 300 + hashed(who, 23, 120)
    hour = np.full(who.size, 7 * 3600)
    inside = raised & (change < calendar.day_count)
    at = np.where(inside, instants(calendar, np.minimum(change, calendar.day_count), hour), NEVER)
    is_raised = at < world.cutoff
    made = world.prospects.account_from[who]
    blocked = (society.terms_days[who] == 60) & (hashed(who, 24, 100) < 8)
    common = {
        "account_id": account_ids(who),
        "currency_code": pl.repeat(CURRENCY_CODE, who.size, eager=True),
        "is_blocked": blocked,
    }
    first = pl.DataFrame(
        {
            **common,
            "limit_amount": limit,
            "valid_from": calendar.dates_of(start),
            "valid_until": calendar.dates_of(change - 1).set(pl.Series(~is_raised), None),
            "updated_at": latest(world.cutoff, made, at),
        }
    )
    second = pl.DataFrame(
        {
            **common,
            "limit_amount": limit * 3 // 2,
            "valid_from": calendar.dates_of(change),
            "updated_at": at,
        }
    ).filter(pl.Series(is_raised))
    return pl.concat([first, second], how="diagonal")


def agreement_rows(world: World) -> pl.DataFrame:
    """The price agreements feed: for one company in six, on a category or on a product."""
    who = companies(world)
    who = who[hashed(who, 25, 6) == 0]
    calendar, products = world.calendar, world.products
    number = np.tile([1, 2], who.size)
    who = np.repeat(who, 2)
    key = who * 2 + number
    on_product = hashed(key, 26, 2) == 0
    product = hashed(key, 27, products.price.size)
    category = hashed(key, 28, len(world.categories.ids))
    start = np.maximum(calendar.days_of(world.prospects.account_from[who]), 0) + 10
    start = start + hashed(key, 29, 60)
    begun = instants(calendar, np.minimum(start, calendar.day_count), np.full(key.size, 7 * 3600))
    rate = (2 + hashed(key, 30, 14)) * 100
    agreed = np.rint(products.price[product] * 100).astype(np.int64) * (10_000 - rate) // 10_000
    discount = fraction(rate, 4).set(pl.Series(on_product), None)
    return pl.DataFrame(
        {
            "agreement_id": scrambled("PA-", key, 9),
            "account_id": account_ids(who),
            "vendor_id": at_places(
                world.vendors.ids, np.where(on_product, products.vendor[product], NOWHERE)
            ),
            "product_id": at_places(products.ids, np.where(on_product, product, NOWHERE)),
            "category_id": at_places(world.categories.ids, np.where(on_product, NOWHERE, category)),
            "currency_code": pl.repeat(CURRENCY_CODE, key.size, eager=True),
            "minimum_quantity": 1 + hashed(key, 31, 4) * 5,
            "unit_price": pl.Series(np.maximum(agreed, 1)).set(pl.Series(~on_product), None),
            "discount_rate": discount,
            "valid_from": calendar.dates_of(start),
            "valid_until": calendar.dates_of(start + 364),
            "updated_at": begun - DAY,
        }
    ).filter(
        pl.Series(
            (begun - DAY < world.cutoff)
            & (start < calendar.day_count)
            & is_listed(world, product, begun)
        )
    )


def is_listed(world: World, product: Ints, at: Ints) -> Bools:
    """Whether a product was in the catalogue the day before an agreement began."""
    return world.products.created_day[product] < world.calendar.days_of(at) - 1
