"""What is done during visits: one row per event, and per product where an event lists several."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import Bools, Ints, number_within
from sources.simulator.cells import NOWHERE
from sources.simulator.chance import hashed
from sources.simulator.tracking.checkouts import (
    buying,
    cart_lines,
    leaving_a_cart,
    lines_of_orders,
    requesting,
)
from sources.simulator.tracking.event_blocks import (
    ADDED,
    CART,
    COMPLETED,
    FIRST_VIEW,
    LAST,
    PLACE,
    RANKS,
    Block,
    nothing,
    plain,
)
from sources.simulator.tracking.searches import choose_terms
from sources.simulator.tracking.visits import is_known
from sources.simulator.world.countries import STOREFRONT_OF, STOREFRONTS
from sources.simulator.world.visit_laws import (
    APPROVAL,
    ASSIST,
    BOT,
    CART_LINES,
    IDLE,
    LISTS,
    LOOKS_AT_WHAT_IT_BUYS,
    ORDER,
    SEARCHES,
    SIGNS_IN,
)

if TYPE_CHECKING:
    from sources.simulator.orders.states import Known
    from sources.simulator.tracking.visits import Visits
    from sources.simulator.world.world import World

# Share of visits that begin at content or at a campaign's page; most who order know the way.
LANDS = {IDLE: 0.2, ORDER: 0.08}
MOST_VIEWS = 12  # products looked at in a person's visit without order
GOES_ON = 0.45  # chance that after a product another one is looked at
BOT_VIEWS = (15, 60)
SHOWN_PROMOTIONS = 0.5  # share of visits, beyond their first page, that see what is running
REDRAWS = 4  # of what is put into a cart, until the offer is in stock
PAUSE_MEDIAN, PAUSE_SPREAD, LONGEST_PAUSE = 24.0, 1.1, 1_500  # seconds between two events


OF_VISITS = ("term", "results", "promotion")


@dataclass(frozen=True, slots=True)
class Clicks:
    """Events in order of visits and time; each product that one lists is a row after its own."""

    visit: Ints
    event: Ints  # place in EVENTS
    step: Ints  # number within the visit; listed products share one
    item: Ints  # 0 for the event itself, else the place in its list
    line: Ints  # place in Lines of what is shown or bought, NOWHERE without a product
    checkout_step: Ints  # 0 outside the checkout
    at: Ints
    pause: Ints  # seconds until the visit's next row, 0 at its end
    term: Ints  # of each visit: the place of the term that it searches for, NOWHERE without one
    results: Ints  # of each visit: how many products the search finds
    promotion: Ints  # of each visit: the place of the promotion that it is shown, NOWHERE without

    def only(self, wanted: Bools) -> Clicks:
        """Those of the rows that are wanted."""
        if wanted.all():
            return self
        of_rows = {name: getattr(self, name)[wanted] for name in self.__slots__[: -len(OF_VISITS)]}
        return replace(self, **of_rows)


def make_clicks(world: World, known: Known, visits: Visits, rng: np.random.Generator) -> Clicks:
    """Every event of the visits."""
    shelf = Shelf(world, known)
    stays = (visits.kind <= IDLE) & ~visits.bounces
    dice = rng.random(stays.size)
    searches = stays & (dice < SEARCHES)
    lists = stays & ~searches & (dice < SEARCHES + LISTS)
    topic = topics(known, visits, shelf, rng)
    term = np.full(stays.size, NOWHERE)
    results = np.zeros(stays.size, dtype=np.int64)
    asking = np.flatnonzero(searches)
    category = world.products.category[known.lines.product[topic[asking]]]
    term[asking], results[asking] = choose_terms(world, category, visits.country[asking], rng)
    finds_nothing = searches & (results == 0)
    promotion = shelf.promotion_of(topic, visits.at)
    promotion[~stays | (rng.random(stays.size) >= SHOWN_PROMOTIONS)] = NOWHERE
    blocks = [
        *arriving(world, visits, (stays, searches, lists), rng),
        plain(promotion != NOWHERE, "promotion_viewed", 2),
        *looking(known, visits, shelf, (topic, finds_nothing, searches | lists), rng),
        *leaving_a_cart(visits, rng),
        *buying(known, visits, rng),
        *requesting(visits),
    ]
    visit = np.concatenate([block[0] for block in blocks])
    event = np.concatenate([np.full(block[0].size, PLACE[block[1]]) for block in blocks])
    rank = np.concatenate([np.broadcast_to(block[2], block[0].size) for block in blocks])
    line = np.concatenate([nothing(block[0]) if block[3] is None else block[3] for block in blocks])
    # The blocks are sorted already, which this kind of sorting makes use of.
    order = np.argsort(visit * RANKS + rank, kind="stable")
    rows = (visit[order], event[order], rank[order], line[order])
    return timed(visits, rows, (term, results, promotion), rng)


class Shelf:
    """The lines of a piece by storefront: what others buy is what is looked at."""

    def __init__(self, world: World, known: Known) -> None:
        self._world, self._lines = world, known.lines
        storefront = known.placed.storefront[known.lines.order]
        self._by_storefront = np.argsort(storefront, kind="stable")
        self._bounds = np.searchsorted(
            storefront[self._by_storefront], np.arange(len(STOREFRONTS) + 1)
        )

    def draw(self, storefront: Ints, rng: np.random.Generator) -> Ints:
        """A line for each visitor, of the storefront or, where that sells nothing, of any."""
        low, high = self._bounds[storefront], self._bounds[storefront + 1]
        low, high = np.where(low < high, low, 0), np.where(low < high, high, self._bounds[-1])
        return self._by_storefront[low + (rng.random(low.size) * (high - low)).astype(np.int64)]

    def in_stock(self, line: Ints, at: Ints, storefront: Ints, rng: np.random.Generator) -> Ints:
        """The lines, others in place of those whose offers are out of stock at the instants."""
        day = self._days_of(at)
        offers = self._world.offers
        for _ in range(REDRAWS):
            line = line.copy()
            out = np.flatnonzero(offers.out_of_stock(self._lines.offer[line], day))
            line[out] = self.draw(storefront[out], rng)
        return line

    def promotion_of(self, line: Ints, at: Ints) -> Ints:
        """The promotion of each line's category or vendor at an instant, NOWHERE without one."""
        promotions, offer, day = self._world.promotions, self._lines.offer[line], self._days_of(at)
        category = self._world.products.category[self._lines.product[line]]
        own = promotions.given(self._lines.vendor[line], self._world.offers.storefront[offer], day)
        of_category = promotions.of_category[category, day]
        return np.where(of_category != NOWHERE, of_category, own)

    def _days_of(self, at: Ints) -> Ints:
        calendar = self._world.calendar
        return np.clip(calendar.days_of(at), 0, calendar.day_count - 1)


def timed(
    visits: Visits,
    rows: tuple[Ints, Ints, Ints, Ints],
    of_visits: tuple[Ints, Ints, Ints],
    rng: np.random.Generator,
) -> Clicks:
    """The rows with their instants: an order's last event is the order, other visits begin."""
    visit, event, rank, line = rows
    count = visit.size
    begins = np.diff(visit, prepend=-1) != 0
    listed = event == PLACE["order_completed"]
    place = np.arange(count)
    fresh = begins | ~listed | (rank == COMPLETED)
    starts = np.maximum.accumulate(np.where(begins, place, 0))
    step = np.cumsum(fresh)
    step = step - step[starts] + 1
    item = place - np.maximum.accumulate(np.where(fresh, place, 0))
    pause = np.minimum(2 + rng.lognormal(np.log(PAUSE_MEDIAN), PAUSE_SPREAD, count), LONGEST_PAUSE)
    passed = np.cumsum(np.where(fresh, pause.astype(np.int64), 0))
    passed -= passed[starts]
    is_last = np.diff(visit, append=-1) != 0
    ends = np.flatnonzero(is_last)
    back = np.zeros(visits.kind.size, dtype=np.int64)
    back[visit[ends]] = passed[ends]
    back[visits.kind != ORDER] = 0
    at = (visits.at - back)[visit] + passed
    # Nobody knows how long the last page of a visit was looked at.
    following = np.where(is_last, 0, np.diff(at, append=0))
    done = np.isin(event, (PLACE["checkout_step_completed"], PLACE["payment_info_entered"]))
    checkout_step = np.where(done, rank - CART - 9, 0)
    return Clicks(visit, event, step, item, line, checkout_step, at, following, *of_visits)


def arriving(
    world: World, visits: Visits, ways: tuple[Bools, Bools, Bools], rng: np.random.Generator
) -> list[Block]:
    """The first page, signing in, a look around."""
    stays, searches, lists = ways
    dice = rng.random((2, stays.size))
    reads = dice[0] < np.select([visits.kind == kind for kind in LANDS], list(LANDS.values()))
    joins = stays & (visits.kind == IDLE) & ~is_known(world, visits) & (dice[1] < 0.01)
    return [
        plain(~reads, "page_viewed", 0),
        plain(reads, "content_viewed", 0),
        plain(has_signed_in(world, visits), "signed_in", 1),
        plain(searches, "products_searched", 4),
        plain(lists, "product_list_viewed", 4),
        plain(joins, "newsletter_subscribed", LAST),
    ]


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

    Who found nothing looks at nothing, but for those who fill a cart: with what they look at first.
    """
    topic, finds_nothing, browses = look
    kind = visits.kind
    views = np.minimum(rng.geometric(1 - GOES_ON, kind.size), MOST_VIEWS)
    views = np.where(browses, views - 1, views)
    views = np.where(finds_nothing | visits.bounces | (kind >= APPROVAL), 0, views)
    views = np.where(kind == ORDER, np.minimum(views, ~browses), views)
    more = rng.choice(len(CART_LINES), kind.size, p=CART_LINES)
    puts = np.where(visits.adds, np.where(kind == IDLE, 1 + more, 1), 0)
    views = np.maximum(views, puts)
    views = np.where(kind == BOT, rng.integers(*BOT_VIEWS, kind.size), views)
    visit = np.repeat(np.arange(kind.size), views)
    place = number_within(visit)
    line = shelf.draw(STOREFRONT_OF[visits.country[visit]], rng)
    line = before_buying(known, visits, visit, line, rng)
    # The first product is what was searched for; what is ordered is looked at after all others.
    line = np.where((place == 1) & (kind[visit] != ORDER), topic[visit], line)
    fills = np.flatnonzero(place <= puts[visit])
    others = fills[place[fills] > 1]
    line[others] = shelf.in_stock(
        line[others], visits.at[visit[others]], STOREFRONT_OF[visits.country[visit[others]]], rng
    )
    shown = np.flatnonzero((kind <= IDLE) & ~visits.bounces & (rng.random(kind.size) < 0.12))
    return [
        (shown, "vendor_viewed", 5, topic[shown]),
        (visit, "product_viewed", FIRST_VIEW - 1 + place, line),
        (visit[fills], "product_added", ADDED - 1 + place[fills], line[fills]),
    ]


def topics(known: Known, visits: Visits, shelf: Shelf, rng: np.random.Generator) -> Ints:
    """The line that each visit is about: what is ordered or put into the cart, if anything is."""
    every, storefront = np.arange(visits.kind.size), STOREFRONT_OF[visits.country]
    line = before_buying(known, visits, every, shelf.draw(storefront, rng), rng)
    fills = np.flatnonzero(visits.adds)
    line[fills] = shelf.in_stock(line[fills], visits.at[fills], storefront[fills], rng)
    line[fills] = cart_lines(known, visits, fills, line[fills])
    orders = np.flatnonzero(visits.kind == ORDER)
    line[orders] = lines_of_orders(known)[0][visits.order[orders]]
    return line


def before_buying(
    known: Known, visits: Visits, visit: Ints, line: Ints, rng: np.random.Generator
) -> Ints:
    """The lines shown, in visits before an order mostly those of the order."""
    first, count = lines_of_orders(known)
    mine = (visits.kind[visit] == ASSIST) & (rng.random(visit.size) < LOOKS_AT_WHAT_IT_BUYS)
    order = visits.order[visit]
    own = first[order] + (rng.random(visit.size) * count[order]).astype(np.int64)
    return np.where(mine, own, line)
