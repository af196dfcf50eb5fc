"""Customers, their hidden rates and values, and the moments at which they buy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import scrambled
from sources.simulator.chance import stream
from sources.simulator.world.countries import BUYER_SHARES
from sources.simulator.world.laws import BUSINESS, CONSUMER

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Floats, Ints
    from sources.simulator.world.demand import Demand
    from sources.simulator.world.sizes import WorldSize

SECOND_RECORD = 0.04  # share of customers who once bought as a guest and have two records


@dataclass(slots=True)
class Buyers:
    """Every customer's truth, and how far each has got; purchases move `next_moment` on."""

    is_business: Bools
    is_test: Bools
    country: Ints  # place in COUNTRIES
    rate: Floats  # purchases per average day
    leave: Floats  # probability of leaving after each repeat purchase
    value: Floats  # mean order value in euros
    next_moment: Floats  # on the buyer's clock; infinite once gone
    order_count: Ints
    first_moment: Floats
    last_moment: Floats

    @property
    def clock(self) -> Ints:
        """0 for those who buy at consumers' times, 1 for businesses."""
        return self.is_business.astype(np.int64)


def make_buyers(size: WorldSize, demand: Demand, seed: int) -> Buyers:
    """The customers, each with the moment of the first purchase, growing in number over time."""
    rng = stream(seed, 20)
    count = size.customers
    business = rng.random(count) < BUSINESS.share
    test = np.zeros(count, dtype=np.bool_)
    test[: max(1, count // 2_500)] = True
    columns: dict[str, Floats] = {}
    for law, mine in ((CONSUMER, ~business), (BUSINESS, business)):
        drawn = {
            "rate": rng.gamma(law.rate_shape, 1 / law.rate_days, count),
            "leave": rng.beta(law.leave_a, law.leave_b, count),
            "value": law.value_p * law.value_gamma / rng.gamma(law.value_q, 1.0, count),
        }
        for name, values in drawn.items():
            columns[name] = np.where(mine, values, columns.get(name, 0.0))
    # Who buys more often leaves as late as before: fewer partings per purchase.
    rate = np.where(test, 1 / 60, columns["rate"] * size.purchase_factor)
    leave = np.where(test, 0.0, columns["leave"] / size.purchase_factor)
    days = float(demand.factor.shape[1])
    # The density of arrivals grows by about a half over the world's time.
    first = days * rng.random(count) ** 0.85
    first[test] = rng.random(int(test.sum())) * min(30.0, days)
    return Buyers(
        is_business=business,
        is_test=test,
        country=stream(seed, 23).choice(len(BUYER_SHARES), count, p=BUYER_SHARES),
        rate=rate,
        leave=leave,
        value=columns["value"],
        next_moment=first.copy(),
        order_count=np.zeros(count, dtype=np.int64),
        first_moment=first,
        last_moment=np.full(count, np.nan),
    )


def buy_until(
    buyers: Buyers, demand: Demand, day: int, rng: np.random.Generator
) -> tuple[Ints, Floats]:
    """Who buys before a day begins and has not bought yet, and when on their clocks."""
    limit = demand.elapsed[:, day][buyers.clock]
    due = np.flatnonzero(buyers.next_moment < limit)
    who, when = [due[:0]], [buyers.next_moment[:0]]
    while due.size:
        moment = buyers.next_moment[due]
        who.append(due)
        when.append(moment)
        repeat = buyers.order_count[due] > 0
        leaves = repeat & (rng.random(due.size) < buyers.leave[due])
        # A rate of nearly zero would overflow; a buyer who waits a million days is gone as well.
        gap = np.minimum(rng.exponential(1.0, due.size) / np.maximum(buyers.rate[due], 1e-9), 1e6)
        buyers.order_count[due] += 1
        buyers.last_moment[due] = moment
        buyers.next_moment[due] = np.where(leaves, np.inf, moment + gap)
        due = due[buyers.next_moment[due] < limit[due]]
    return np.concatenate(who), np.concatenate(when)


def order_values(buyers: Buyers, who: Ints, rng: np.random.Generator) -> Floats:
    """Order values around each buyer's own mean: the gamma half of Gamma-Gamma."""
    shape = np.where(buyers.is_business[who], BUSINESS.value_p, CONSUMER.value_p)
    return rng.gamma(shape) * buyers.value[who] / shape


def customer_ids(who: Ints) -> pl.Series:
    """The ids of customers by their number."""
    return scrambled("C-", who + 1, 9)


def record_ids(who: Ints, second: Bools) -> pl.Series:
    """The ids of the shop's records; `second` marks those who bought as a guest."""
    suffix = pl.Series(np.where(second, "-2", "-1"))
    return scrambled("R-", who + 1, 9) + suffix


def has_second_record(who: Ints) -> Bools:
    """Whether customers have two records; decided by their number, so that it needs no memory."""
    return (who * 2_654_435_761 % 10_000) < int(SECOND_RECORD * 10_000)
