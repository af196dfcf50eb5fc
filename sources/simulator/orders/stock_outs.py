"""What becomes of lines whose offer is out of stock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.cells import NOWHERE
from sources.simulator.world.goods_laws import SUBSTITUTED

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Ints
    from sources.simulator.orders.choices import Wishes

OTHER_VENDOR, LIKE_PRODUCT, LOST = range(3)
OUTCOMES = ("other_vendor", "like_product", "lost")
TRIES = 3  # like products looked at


@dataclass(frozen=True, slots=True)
class Unmet:
    """The lines that met a stock-out."""

    who: Ints
    at: Ints
    offer: Ints  # what was wanted
    taken: Ints  # the offer taken instead, NOWHERE where the line was lost
    outcome: Ints  # place in OUTCOMES


def meet_stock_outs(wishes: Wishes, rng: np.random.Generator) -> tuple[Bools, Unmet]:
    """Turns some lines to other offers; says which lines are left, and what became of the rest."""
    offers = wishes.world.offers
    mine = np.flatnonzero(offers.out_of_stock(wishes.offer, wishes.day))
    wanted = wishes.offer[mine]
    outcome = np.full(mine.size, LOST)
    turns = rng.random(mine.size) < SUBSTITUTED
    place = np.flatnonzero(turns)
    other = wishes.prefer(mine[place], offers.product[wanted[place]], in_stock=True)
    wishes.offer[mine[place[other >= 0]]] = other[other >= 0]
    outcome[place[other >= 0]] = OTHER_VENDOR
    for _ in range(TRIES):
        place = np.flatnonzero(turns & (outcome == LOST))
        wishes.from_catalogue(mine[place])
        found = ~offers.out_of_stock(wishes.offer[mine[place]], wishes.day[mine[place]])
        outcome[place[found]] = LIKE_PRODUCT
    left = np.ones(wishes.order.size, dtype=np.bool_)
    left[mine[outcome == LOST]] = False
    taken = np.where(outcome == LOST, NOWHERE, wishes.offer[mine])
    return left, Unmet(wishes.who[mine], wishes.at[mine], wanted, taken, outcome)
