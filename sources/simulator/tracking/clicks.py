"""What is done during visits: one row per event, and per product where an event lists several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import Bools, Floats, Ints
from sources.simulator.cells import NOWHERE
from sources.simulator.chance import hashed
from sources.simulator.tracking.visits import (
    APPROVAL,
    ASSIST,
    BOT,
    GRANT,
    IDLE,
    ORDER,
    QUOTE,
    Visits,
)

if TYPE_CHECKING:
    from sources.simulator.orders.payment_plans import PaymentPlan
    from sources.simulator.orders.states import Known

EVENTS = (
    "page_viewed", "content_viewed", "vendor_viewed", "product_list_viewed", "products_searched",
    "product_viewed", "product_added", "cart_viewed", "coupon_applied", "checkout_started",
    "checkout_step_completed", "payment_info_entered", "order_completed", "quote_requested",
    "approval_requested", "approval_granted", "credit_check_failed", "reorder_started",
    "signed_in", "promotion_viewed", "newsletter_subscribed",
)  # fmt: skip
PLACE = {name: place for place, name in enumerate(EVENTS)}
MOST_VIEWS = 6  # products looked at in an idle visit
BOT_VIEWS = (15, 60)
LONGEST_PAUSE = 75  # seconds between two events of a visit


@dataclass(frozen=True, slots=True)
class Clicks:
    """Events in order of visits and time; a listed product is a row of its own."""

    visit: Ints
    event: Ints  # place in EVENTS
    step: Ints  # number within the visit; listed products share one
    item: Ints  # 0, or the place in the list
    product: Ints  # place in Products, NOWHERE without one
    line: Ints  # place in Lines of what is bought, NOWHERE else
    at: Ints
    pause: Ints  # seconds until the visit's next row, 0 at its end


Block = tuple[
    Ints, str, float | Floats, Ints, Ints
]  # visit, event, rank within the visit, product, line


def make_clicks(
    known: Known, visits: Visits, plan: PaymentPlan, rng: np.random.Generator
) -> Clicks:
    """Every event of the visits."""
    blocks = [
        *arriving(visits, rng),
        *looking(known, visits, rng),
        *buying(known, visits, plan, rng),
        *requesting(visits),
    ]
    visit = np.concatenate([block[0] for block in blocks])
    event = np.concatenate([np.full(block[0].size, PLACE[block[1]]) for block in blocks])
    rank = np.concatenate([np.broadcast_to(block[2], block[0].size) for block in blocks])
    product, line = (np.concatenate([block[i] for block in blocks]) for i in (3, 4))
    order = np.lexsort((line, rank, visit))
    visit, event, rank, product, line = (a[order] for a in (visit, event, rank, product, line))
    return timed(visits, (visit, event, rank, product, line), rng)


def timed(
    visits: Visits, rows: tuple[Ints, Ints, Floats, Ints, Ints], rng: np.random.Generator
) -> Clicks:
    """The rows with their instants: an order's last event is the order, other visits begin."""
    visit, event, rank, product, line = rows
    fresh = (np.diff(visit, prepend=-1) != 0) | (np.diff(rank, prepend=-1.0) != 0)
    listed = event == PLACE["order_completed"]
    starts = np.searchsorted(visit, visit, side="left")
    step = np.cumsum(fresh)
    step = step - step[starts] + 1
    place = np.arange(visit.size)
    item = np.where(listed, place - np.maximum.accumulate(np.where(fresh, place, 0)) + 1, 0)
    pause = rng.integers(3, LONGEST_PAUSE, visit.size)
    passed = np.cumsum(np.where(fresh, pause, 0))
    passed = passed - passed[starts]
    ends = np.searchsorted(visit, visit, side="right") - 1
    is_order = visits.kind[visit] == ORDER
    at = visits.at[visit] + passed - np.where(is_order, passed[ends], 0)
    # Nobody knows how long the last page of a visit was looked at.
    is_last = np.append(np.diff(visit) != 0, True)
    following = np.where(is_last, 0, np.append(at[1:], 0) - at)
    return Clicks(visit, event, step, item, product, line, at, following)


def nothing(visit: Ints) -> Ints:
    return np.full(visit.size, NOWHERE)


def plain(visit: Ints, event: str, rank: float) -> Block:
    """Events without a product."""
    return visit, event, rank, nothing(visit), nothing(visit)


def arriving(visits: Visits, rng: np.random.Generator) -> list[Block]:
    """The first page, signing in, a look around."""
    count = visits.kind.size
    dice = rng.random((4, count))
    person = np.isin(visits.kind, (ORDER, ASSIST, IDLE))
    reads = (visits.kind == IDLE) & (dice[0] < 0.2)
    searches = person & (dice[1] < 0.3)
    lists = person & ~searches & (dice[1] < 0.75)
    promoted = person & (dice[2] < 0.06)
    joins = (visits.kind == IDLE) & (visits.who == NOWHERE) & (dice[3] < 0.01)
    return [
        plain(np.flatnonzero(~reads), "page_viewed", 0),
        plain(np.flatnonzero(reads), "content_viewed", 0),
        plain(np.flatnonzero(has_signed_in(visits)), "signed_in", 1),
        plain(np.flatnonzero(promoted), "promotion_viewed", 2),
        plain(np.flatnonzero(searches), "products_searched", 3),
        plain(np.flatnonzero(lists), "product_list_viewed", 3),
        plain(np.flatnonzero(joins), "newsletter_subscribed", 99),
    ]


def has_signed_in(visits: Visits) -> Bools:
    """Whether the visitor signs in on the first page."""
    found: Bools = (visits.who != NOWHERE) & (hashed(visits.number, 4, 100) < 60)
    return found


def looking(known: Known, visits: Visits, rng: np.random.Generator) -> list[Block]:
    """Products and vendors that are looked at, and what idle visits put into the cart."""
    # What others buy is what is looked at: products are drawn from the piece's own lines.
    popular = known.lines.product
    views = np.minimum(rng.poisson(1.1, visits.kind.size), MOST_VIEWS)
    views = np.where(visits.kind == BOT, rng.integers(*BOT_VIEWS, visits.kind.size), views)
    views = np.where(visits.adds, np.maximum(views, 1), views)
    views = np.where(np.isin(visits.kind, (APPROVAL, GRANT, QUOTE)), 0, views)
    views = np.where(visits.kind == ORDER, np.minimum(views, 1), views)
    visit = np.repeat(np.arange(views.size), views)
    seen = popular[rng.integers(0, popular.size, visit.size)]
    last = np.flatnonzero(np.diff(visit, append=-1) != 0)
    added = last[visits.adds[visit[last]]]
    vendors = np.flatnonzero(
        np.isin(visits.kind, (ORDER, IDLE, ASSIST)) & (rng.random(views.size) < 0.12)
    )
    shown = popular[rng.integers(0, popular.size, vendors.size)]
    carts = visit[added]
    onward = carts[rng.random(carts.size) < 0.35]
    starts = np.searchsorted(visit, visit, side="left")
    rank = 5 + (np.arange(visit.size) - starts) / 100
    return [
        (vendors, "vendor_viewed", 4, shown, nothing(vendors)),
        (visit, "product_viewed", rank, seen, nothing(visit)),
        (carts, "product_added", 6, seen[added], nothing(carts)),
        plain(carts[rng.random(carts.size) < 0.7], "cart_viewed", 80),
        plain(onward, "checkout_started", 85),
        plain(onward[rng.random(onward.size) < 0.4], "checkout_step_completed", 86),
    ]


def buying(
    known: Known, visits: Visits, plan: PaymentPlan, rng: np.random.Generator
) -> list[Block]:
    """From the product to the order; the order lists its lines."""
    visit = np.flatnonzero(visits.kind == ORDER)
    order = visits.order[visit]
    of_order = np.full(known.placed.who.size, NOWHERE)
    of_order[order] = visit
    line = np.flatnonzero(of_order[known.lines.order] != NOWHERE)
    its_visit, product = of_order[known.lines.order[line]], known.lines.product[line]
    place = known.lines.position[line].astype(np.float64)
    business = known.placed.clock[order] == 1
    again = visit[business & (rng.random(visit.size) < 0.15)]
    doubted = visit[business & (rng.random(visit.size) < 0.01)]
    voucher = visit[plan.voucher_cents[order] > 0]
    return [
        plain(again, "reorder_started", 2.5),
        (its_visit, "product_viewed", 10 + 2 * place, product, nothing(line)),
        (its_visit, "product_added", 11 + 2 * place, product, line),
        plain(visit, "cart_viewed", 80),
        plain(voucher, "coupon_applied", 81),
        plain(doubted, "credit_check_failed", 82),
        plain(visit, "checkout_started", 85),
        plain(visit, "checkout_step_completed", 86),
        plain(visit, "payment_info_entered", 87),
        (its_visit, "order_completed", 90, product, line),
    ]


def requesting(visits: Visits) -> list[Block]:
    """What companies do beyond buying."""
    asked = np.flatnonzero(visits.kind == APPROVAL)
    granted = np.flatnonzero(visits.kind == GRANT)
    quoted = np.flatnonzero(visits.kind == QUOTE)
    return [
        plain(asked, "cart_viewed", 80),
        plain(asked, "checkout_started", 85),
        plain(asked, "approval_requested", 86),
        plain(granted, "approval_granted", 86),
        plain(quoted, "quote_requested", 86),
    ]
