"""What is done during visits: one row per event, and per product where an event lists several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import Bools, Ints, number_within
from sources.simulator.cells import NOWHERE
from sources.simulator.chance import hashed
from sources.simulator.tracking.searches import choose_terms
from sources.simulator.tracking.visit_laws import (
    APPROVAL,
    ASSIST,
    BOT,
    GRANT,
    IDLE,
    LISTS,
    LOOKS_AT_WHAT_IT_BUYS,
    ORDER,
    QUOTE,
    SEARCHES,
    SIGNS_IN,
)
from sources.simulator.tracking.visits import is_known
from sources.simulator.world.countries import STOREFRONT_OF, STOREFRONTS

if TYPE_CHECKING:
    from sources.simulator.orders.payment_plans import PaymentPlan
    from sources.simulator.orders.states import Known
    from sources.simulator.tracking.visits import Visits
    from sources.simulator.world.world import World

EVENTS = (
    "page_viewed", "content_viewed", "vendor_viewed", "product_list_viewed", "products_searched",
    "product_viewed", "product_added", "cart_viewed", "coupon_applied", "checkout_started",
    "checkout_step_completed", "payment_info_entered", "order_completed", "quote_requested",
    "approval_requested", "approval_granted", "credit_check_failed", "reorder_started",
    "signed_in", "promotion_viewed", "newsletter_subscribed",
)  # fmt: skip
PLACE = {name: place for place, name in enumerate(EVENTS)}
MOST_VIEWS = 12  # products looked at in a person's visit without order
GOES_ON = 0.45  # chance that after a product another one is looked at
BOT_VIEWS = (15, 60)
PAUSE_MEDIAN, PAUSE_SPREAD, LONGEST_PAUSE = 24.0, 1.1, 1_500  # seconds between two events
STEPS = 2  # of the checkout before the payment: the address, the delivery
# Where events stand within a visit; products follow their first by one or by two.
RANKS = 4_096
FIRST_VIEW, ADDED, FIRST_BOUGHT, CART, COMPLETED, LAST = 8, 90, 100, 3_000, 3_100, 4_095


@dataclass(frozen=True, slots=True)
class Clicks:
    """Events in order of visits and time; a listed product is a row of its own."""

    visit: Ints
    event: Ints  # place in EVENTS
    step: Ints  # number within the visit; listed products share one
    item: Ints  # 0, or the place in the list
    line: Ints  # place in Lines of what is shown or bought, NOWHERE without a product
    checkout_step: Ints  # 0 outside the checkout
    at: Ints
    pause: Ints  # seconds until the visit's next row, 0 at its end
    term: Ints  # of each visit: the place of the term that it searches for, NOWHERE without one
    results: Ints  # of each visit: how many products the search finds


Block = tuple[Ints, str, int | Ints, Ints | None]  # visit, event, rank within the visit, line


def make_clicks(
    world: World, known: Known, visits: Visits, plan: PaymentPlan, rng: np.random.Generator
) -> Clicks:
    """Every event of the visits."""
    shelf = Shelf(world, known)
    stays = (visits.kind <= IDLE) & ~visits.bounces
    dice = rng.random(stays.size)
    searches = stays & (dice < SEARCHES)
    lists = stays & ~searches & (dice < SEARCHES + LISTS)
    topic = shelf.draw(STOREFRONT_OF[visits.country], rng)
    term = np.full(stays.size, NOWHERE)
    results = np.zeros(stays.size, dtype=np.int64)
    asking = np.flatnonzero(searches)
    category = world.products.category[known.lines.product[topic[asking]]]
    term[asking], results[asking] = choose_terms(world, category, visits.country[asking], rng)
    finds_nothing = searches & (results == 0)
    blocks = [
        *arriving(world, visits, (stays, searches, lists), rng),
        *looking(known, visits, shelf, (topic, finds_nothing, searches | lists), rng),
        *leaving_a_cart(visits, rng),
        *buying(known, visits, plan, rng),
        *requesting(visits),
    ]
    visit = np.concatenate([block[0] for block in blocks])
    event = np.concatenate([np.full(block[0].size, PLACE[block[1]]) for block in blocks])
    rank = np.concatenate([np.broadcast_to(block[2], block[0].size) for block in blocks])
    line = np.concatenate([nothing(block[0]) if block[3] is None else block[3] for block in blocks])
    # The blocks are sorted already, which this kind of sorting makes use of.
    order = np.argsort(visit * RANKS + rank, kind="stable")
    rows = tuple(values[order] for values in (visit, event, rank, line))
    return timed(visits, rows, (term, results), rng)


class Shelf:
    """The lines of a piece by storefront: what others buy is what is looked at."""

    def __init__(self, world: World, known: Known) -> None:
        buyer = known.placed.who[known.lines.order]
        storefront = STOREFRONT_OF[world.buyers.country[buyer]]
        self._by_storefront = np.argsort(storefront, kind="stable")
        self._bounds = np.searchsorted(
            storefront[self._by_storefront], np.arange(len(STOREFRONTS) + 1)
        )

    def draw(self, storefront: Ints, rng: np.random.Generator) -> Ints:
        """A line for each visitor, of the storefront or, where that sells nothing, of any."""
        low, high = self._bounds[storefront], self._bounds[storefront + 1]
        low, high = np.where(low < high, low, 0), np.where(low < high, high, self._bounds[-1])
        return self._by_storefront[low + (rng.random(low.size) * (high - low)).astype(np.int64)]


def timed(
    visits: Visits,
    rows: tuple[Ints, ...],
    searched: tuple[Ints, Ints],
    rng: np.random.Generator,
) -> Clicks:
    """The rows with their instants: an order's last event is the order, other visits begin."""
    visit, event, rank, line = rows
    count = visit.size
    begins = np.diff(visit, prepend=-1) != 0
    listed = event == PLACE["order_completed"]
    fresh = begins | ~(listed & np.append(False, listed[:-1]))
    place = np.arange(count)
    starts = np.maximum.accumulate(np.where(begins, place, 0))
    step = np.cumsum(fresh)
    step = step - step[starts] + 1
    item = np.where(listed, place - np.maximum.accumulate(np.where(fresh, place, 0)) + 1, 0)
    pause = np.minimum(2 + rng.lognormal(np.log(PAUSE_MEDIAN), PAUSE_SPREAD, count), LONGEST_PAUSE)
    passed = np.cumsum(np.where(fresh, pause.astype(np.int64), 0))
    passed -= passed[starts]
    is_last = np.append(begins[1:], True)
    ends = np.flatnonzero(is_last)
    back = np.zeros(visits.kind.size, dtype=np.int64)
    back[visit[ends]] = passed[ends]
    back[visits.kind != ORDER] = 0
    at = (visits.at - back)[visit] + passed
    # Nobody knows how long the last page of a visit was looked at.
    following = np.where(is_last, 0, np.append(at[1:], 0) - at)
    done = np.isin(event, (PLACE["checkout_step_completed"], PLACE["payment_info_entered"]))
    checkout_step = np.where(done, rank - CART - 9, 0)
    return Clicks(visit, event, step, item, line, checkout_step, at, following, *searched)


def nothing(visit: Ints) -> Ints:
    return np.full(visit.size, NOWHERE)


def plain(visit: Ints | Bools, event: str, rank: int) -> Block:
    """Events without a product, for the visits named or marked."""
    return (np.flatnonzero(visit) if visit.dtype == np.bool_ else visit), event, rank, None


def arriving(
    world: World, visits: Visits, ways: tuple[Bools, Bools, Bools], rng: np.random.Generator
) -> list[Block]:
    """The first page, signing in, a look around."""
    stays, searches, lists = ways
    dice = rng.random((3, stays.size))
    reads = (visits.kind == IDLE) & (dice[0] < 0.2)
    day = np.clip(world.calendar.days_of(visits.at), 0, world.calendar.day_count - 1)
    promoted = stays & (running_promotion(world)[day] != NOWHERE) & (dice[1] < 0.3)
    joins = stays & (visits.kind == IDLE) & ~is_known(world, visits) & (dice[2] < 0.01)
    return [
        plain(~reads, "page_viewed", 0),
        plain(reads, "content_viewed", 0),
        plain(has_signed_in(world, visits), "signed_in", 1),
        plain(promoted, "promotion_viewed", 2),
        plain(searches, "products_searched", 4),
        plain(lists, "product_list_viewed", 4),
        plain(joins, "newsletter_subscribed", LAST),
    ]


def running_promotion(world: World) -> Ints:
    """The promotion that runs on each day, NOWHERE on the others."""
    running = np.full(world.calendar.day_count, NOWHERE)
    for place, promotion in enumerate(world.demand.promotions):
        running[promotion.first_day : promotion.day_after] = place
    return running


def has_signed_in(world: World, visits: Visits) -> Bools:
    """Whether the visitor signs in on the first page."""
    signs = hashed(visits.number, 4, 100) < SIGNS_IN * 100
    found: Bools = is_known(world, visits) & ~visits.bounces & signs
    return found


def looking(
    known: Known,
    visits: Visits,
    shelf: Shelf,
    look: tuple[Ints, Bools, Bools],
    rng: np.random.Generator,
) -> list[Block]:
    """Products and vendors that are looked at, and what is put into carts before or without order.

    Who found nothing looks at nothing, but for those who fill a cart.
    """
    topic, finds_nothing, browses = look
    kind = visits.kind
    views = np.minimum(rng.geometric(1 - GOES_ON, kind.size), MOST_VIEWS)
    views = np.where(browses, views - 1, views)
    views = np.where(finds_nothing | visits.bounces | (kind >= APPROVAL), 0, views)
    views = np.where(kind == ORDER, np.minimum(views, 1), views)
    views = np.where(visits.adds, np.maximum(views, 1), views)
    views = np.where(kind == BOT, rng.integers(*BOT_VIEWS, kind.size), views)
    visit = np.repeat(np.arange(kind.size), views)
    place = number_within(visit)
    line = shelf.draw(STOREFRONT_OF[visits.country[visit]], rng)
    # The first product is what was searched for.
    line = np.where(place == 1, topic[visit], line)
    line = before_buying(known, visits, visit, line, rng)
    last = np.append(np.diff(visit) != 0, True)[: visit.size]
    added = np.flatnonzero(last & visits.adds[visit])
    line[added] = cart_lines(known, visits, visit[added], line[added])
    shown = np.flatnonzero((kind <= IDLE) & ~visits.bounces & (rng.random(kind.size) < 0.12))
    return [
        (shown, "vendor_viewed", 5, topic[shown]),
        (visit, "product_viewed", FIRST_VIEW - 1 + place, line),
        (visit[added], "product_added", ADDED, line[added]),
    ]


def before_buying(
    known: Known, visits: Visits, visit: Ints, line: Ints, rng: np.random.Generator
) -> Ints:
    """The lines shown, in visits before an order mostly those of the order."""
    first, count = lines_of_orders(known)
    mine = (visits.kind[visit] == ASSIST) & (rng.random(visit.size) < LOOKS_AT_WHAT_IT_BUYS)
    order = visits.order[visit]
    own = first[order] + (rng.random(visit.size) * count[order]).astype(np.int64)
    return np.where(mine, own, line)


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


def buying(
    known: Known, visits: Visits, plan: PaymentPlan, rng: np.random.Generator
) -> list[Block]:
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
    voucher = visit[plan.voucher_cents[order] > 0]
    return [
        plain(again, "reorder_started", 3),
        (its_visit, "product_viewed", FIRST_BOUGHT + 2 * place, line),
        (its_visit[fresh], "product_added", FIRST_BOUGHT + 1 + 2 * place[fresh], line[fresh]),
        plain(visit, "cart_viewed", CART),
        plain(voucher, "coupon_applied", CART + 1),
        plain(doubted, "credit_check_failed", CART + 2),
        plain(visit, "checkout_started", CART + 9),
        *(plain(visit, "checkout_step_completed", CART + 9 + s) for s in range(1, STEPS + 1)),
        plain(visit, "payment_info_entered", CART + 10 + STEPS),
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
