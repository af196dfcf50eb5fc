"""The orders that may be placed in a month: who buys, when, why and into which cart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.cells import NOWHERE
from sources.simulator.chance import stream
from sources.simulator.orders.placed import Placed
from sources.simulator.world.addresses import sent_to
from sources.simulator.world.purchases import buy_until, order_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sources.simulator.arrays import Ints
    from sources.simulator.world.world import World


def candidates_of(world: World, month: int) -> Iterator[tuple[Placed, bool]]:
    """The orders that may be placed in a month, in pieces, and whether they come late.

    Late are those that reminders of the month's own carts cause: nobody knew them when it began.
    """
    for candidates in month_pieces(world, month):
        yield candidates, False
    who, at, cause, cart = world.answers.due(end_of(world, month))
    if who.size:
        in_time = np.lexsort((who, at))
        late = tuple(values[in_time] for values in (who, at, cause, cart))
        yield placed(world, late, stream(world.seed, 218, month)), True


def end_of(world: World, month: int) -> int:
    """When a month is over."""
    return int(world.calendar.midnight[world.calendar.month_days(month)[1]])


def month_pieces(world: World, month: int) -> Iterator[Placed]:
    """The orders that may be placed in a month, in order of time and in pieces that fit memory.

    Not all of them will: who leaves for good before does not place them.
    """
    rng = stream(world.seed, 40, month)
    after = world.calendar.month_days(month)[1]
    who, at = buy_until(world.buyers, world.demand, world.calendar, after, rng)
    is_first = at == world.profiles.first_at[who]
    cause = np.where(is_first, world.profiles.acquired_by[who], NOWHERE)
    own = (who, at, cause, np.full(who.size, NOWHERE))
    further = world.answers.due(end_of(world, month))
    rows = tuple(np.concatenate(pair) for pair in zip(own, further, strict=True))
    in_time = np.lexsort(rows[:2])
    for start in range(0, in_time.size, world.size.orders_per_piece):
        mine = in_time[start : start + world.size.orders_per_piece]
        yield placed(world, tuple(values[mine] for values in rows), rng)


def placed(world: World, rows: tuple[Ints, ...], rng: np.random.Generator) -> Placed:
    """Orders that are given as their customers, instants, causes and carts."""
    (who, at, cause, cart), buyers = rows, world.buyers
    return Placed(
        number=np.full(who.size, NOWHERE),
        who=who,
        clock=buyers.clock[who],
        is_test=buyers.is_test[who],
        country=sent_to(who, buyers.country[who], at),
        value=order_values(buyers, who, rng),
        day=world.calendar.days_of(at),
        ordered_at=at,
        cause=cause,
        left_cart=cart,
    )
