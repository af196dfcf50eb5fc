"""What is put into carts, what becomes of them, and what companies do beyond buying."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import number_within
from sources.simulator.cells import NOWHERE
from sources.simulator.tracking.event_blocks import (
    CART,
    COMPLETED,
    FIRST_BOUGHT,
    STEPS,
    Block,
    plain,
)
from sources.simulator.world.visit_laws import APPROVAL, ASSIST, GRANT, IDLE, ORDER, QUOTE

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.orders.states import Known
    from sources.simulator.tracking.visits import Visits


def lines_of_orders(known: Known) -> tuple[Ints, Ints]:
    """The first line of each order, and how many it has."""
    order = known.lines.order
    count = np.bincount(order, minlength=known.placed.who.size)
    return np.searchsorted(order, np.arange(count.size)), count


def cart_lines(known: Known, visits: Visits, visit: Ints, line: Ints) -> Ints:
    """What is put into the cart: before an order its lines one by one, else what was looked at."""
    first, count = lines_of_orders(known)
    order = visits.order[visit]
    leads = visits.kind[visit] == ASSIST
    turn = np.zeros(visit.size, dtype=np.int64)
    turn[leads] = number_within(order[leads]) - 1
    return np.where(leads, first[order] + np.minimum(turn, count[order] - 1), line)


def filled_before(known: Known, visits: Visits) -> Ints:
    """How many lines of each order were put into its cart in earlier visits."""
    earlier = visits.order[visits.adds & (visits.kind == ASSIST)]
    return np.bincount(earlier, minlength=known.placed.who.size)


def leaving_a_cart(visits: Visits, rng: np.random.Generator) -> list[Block]:
    """The cart and the checkout of visits that do not order; some open what an earlier one left."""
    reopens = (visits.kind == IDLE) & ~visits.adds & (visits.cart != NOWHERE)
    looks = visits.adds & (rng.random(visits.kind.size) < 0.6)
    depth = visits.depth
    return [
        plain(reopens | looks | (depth > 0), "cart_viewed", CART),
        plain(depth > 0, "checkout_started", CART + 9),
        *(
            plain(depth > step, "checkout_step_completed", CART + 9 + step)
            for step in range(1, STEPS + 1)
        ),
        plain(depth > STEPS + 1, "payment_info_entered", CART + 10 + STEPS),
    ]


def buying(known: Known, visits: Visits, rng: np.random.Generator) -> list[Block]:
    """From the product to the order; the order lists its lines."""
    visit = np.flatnonzero(visits.kind == ORDER)
    order = visits.order[visit]
    of_order = np.full(known.placed.who.size, NOWHERE)
    of_order[order] = visit
    line = np.flatnonzero(of_order[known.lines.order] != NOWHERE)
    its_order, place = known.lines.order[line], known.lines.position[line]
    its_visit = of_order[its_order]
    fresh = place > filled_before(known, visits)[its_order]
    business = known.placed.clock[order] == 1
    again = visit[business & (rng.random(visit.size) < 0.15)]
    doubted = visit[business & (rng.random(visit.size) < 0.01)]
    coupon = visit[np.isin(order, known.lines.order[known.coupon_cents > 0])]
    return [
        plain(again, "reorder_started", 3),
        (its_visit, "product_viewed", FIRST_BOUGHT + 2 * place, line),
        (its_visit[fresh], "product_added", FIRST_BOUGHT + 1 + 2 * place[fresh], line[fresh]),
        plain(visit, "cart_viewed", CART),
        plain(coupon, "coupon_applied", CART + 1),
        plain(doubted, "credit_check_failed", CART + 2),
        plain(visit, "checkout_started", CART + 9),
        *(plain(visit, "checkout_step_completed", CART + 9 + s) for s in range(1, STEPS + 1)),
        plain(visit, "payment_info_entered", CART + 10 + STEPS),
        plain(visit, "order_completed", COMPLETED),
        (its_visit, "order_completed", COMPLETED + place, line),
    ]


def requesting(visits: Visits) -> list[Block]:
    """What companies do beyond buying."""
    asked = visits.kind == APPROVAL
    return [
        plain(asked, "cart_viewed", CART),
        plain(asked, "checkout_started", CART + 9),
        plain(asked, "approval_requested", CART + 50),
        plain(visits.kind == GRANT, "approval_granted", CART + 50),
        plain(visits.kind == QUOTE, "quote_requested", CART + 50),
    ]
