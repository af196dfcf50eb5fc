"""When customers buy and for how much: BG/NBD and Gamma-Gamma, on each buyer's own clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.chance import stream
from sources.simulator.world.calendar import Calendar, instants
from sources.simulator.world.laws import BUSINESS, CONSUMER
from sources.simulator.world.leaving import leave_for_good
from sources.simulator.world.people_laws import BY_CHANCE

if TYPE_CHECKING:
    from sources.simulator.arrays import Floats, Ints
    from sources.simulator.world.buyers import Buyers
    from sources.simulator.world.demand import Demand


def buy_until(
    buyers: Buyers, demand: Demand, calendar: Calendar, day: int, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Who buys before a day begins and has not bought yet, and when; notes who leaves by chance."""
    buyers.next_moment[buyers.gone_at < calendar.midnight[day]] = np.inf
    limit = demand.elapsed[:, day][buyers.pace]
    due = np.flatnonzero(buyers.next_moment < limit)
    who, when, last = [due[:0]], [buyers.next_moment[:0]], [np.zeros(0, dtype=np.bool_)]
    while due.size:
        moment = buyers.next_moment[due]
        repeat = buyers.purchase_count[due] > 0
        leaves = repeat & (rng.random(due.size) < buyers.leave[due])
        who.append(due)
        when.append(moment)
        last.append(leaves)
        # A rate of nearly zero would overflow; a buyer who waits a million days is gone as well.
        gap = np.minimum(rng.exponential(1.0, due.size) / np.maximum(buyers.rate[due], 1e-9), 1e6)
        buyers.purchase_count[due] += 1
        buyers.next_moment[due] = np.where(leaves, np.inf, moment + gap)
        due = due[buyers.next_moment[due] < limit[due]]
    buyer, leaves = np.concatenate(who), np.concatenate(last)
    at = instants_of(demand, calendar, buyers.pace[buyer], np.concatenate(when))
    leave_for_good(buyers, buyer[leaves], at[leaves], BY_CHANCE)
    return buyer, at


def instants_of(demand: Demand, calendar: Calendar, clock: Ints, moment: Floats) -> Ints:
    """UTC seconds of moments on the buyers' clocks."""
    return instants(calendar, *demand.local_time(clock, moment))


def live_before(buyers: Buyers, demand: Demand, calendar: Calendar, seed: int) -> None:
    """What the customers did before the first day: no feed tells of it, but they are so far."""
    who, at = buy_until(buyers, demand, calendar, 0, stream(seed, 142))
    np.maximum.at(buyers.last_order_at, who, at)
    buyers.earlier_orders[:] = buyers.purchase_count


def order_values(buyers: Buyers, who: Ints, rng: np.random.Generator) -> Floats:
    """Order values around each buyer's own mean: the gamma half of Gamma-Gamma."""
    shape = np.where(buyers.is_business[who], BUSINESS.value_p, CONSUMER.value_p)
    return rng.gamma(shape) * buyers.value[who] / shape
