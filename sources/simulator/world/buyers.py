"""Customers: who they are, and what is true of them that no feed tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER
from sources.simulator.cells import scrambled
from sources.simulator.chance import stream
from sources.simulator.world.countries import BUYER_SHARES
from sources.simulator.world.laws import BUSINESS, CONSUMER
from sources.simulator.world.people_laws import DEAL_SEEKERS, EARLIER

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
    is_deal_seeker: Bools
    country: Ints  # place in COUNTRIES
    rate: Floats  # purchases per average day
    leave: Floats  # probability of leaving after each repeat purchase
    value: Floats  # mean order value in euros
    first_moment: Floats  # on the buyer's clock; negative: before the world's first day
    next_moment: Floats  # infinite once no more purchases follow
    purchase_count: Ints  # drawn so far, also those that an earlier leaving undoes
    gone_at: Ints  # instant of leaving for good, NEVER while a customer
    left_because: Ints  # place in REASONS of people_laws
    last_order_at: Ints  # of the orders that stand; -NEVER without one
    earlier_orders: Ints  # before the world's first day
    order_count: Ints  # in the feeds

    @property
    def pace(self) -> Ints:
        """Whose days are busy when: 0 consumers, 1 businesses, 2 people who wait for promotions."""
        return np.where(self.is_deal_seeker, 2, self.clock)

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
    first = first_moments(float(demand.factor.shape[1]), count, rng)
    first[test] = rng.random(int(test.sum())) * min(30.0, demand.factor.shape[1])
    return Buyers(
        is_business=business,
        is_test=test,
        is_deal_seeker=~test & ~business & (stream(seed, 141).random(count) < DEAL_SEEKERS),
        country=stream(seed, 23).choice(len(BUYER_SHARES), count, p=BUYER_SHARES),
        rate=rate,
        leave=leave,
        value=columns["value"],
        first_moment=first,
        next_moment=first.copy(),
        purchase_count=np.zeros(count, dtype=np.int64),
        gone_at=np.full(count, NEVER),
        left_because=np.zeros(count, dtype=np.int64),
        last_order_at=np.full(count, -NEVER),
        earlier_orders=np.zeros(count, dtype=np.int64),
        order_count=np.zeros(count, dtype=np.int64),
    )


def first_moments(days: float, count: int, rng: np.random.Generator) -> Floats:
    """When each customer first buys: the shop is older than the world that its feeds tell of.

    The density of arrivals grows by about a half over the world's time.
    """
    age = days * (1 + EARLIER)
    return age * rng.random(count) ** 0.85 - days * EARLIER


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
