"""What is bought is worth what its buyers mean to spend, whatever it costs where they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sources.simulator.chance import stream
from sources.simulator.orders.baskets import fill_baskets, order_cents
from sources.simulator.orders.candidates import month_pieces
from sources.simulator.orders.shelves import PRICE_LEVEL, stock_shelf
from sources.simulator.world.sizes import DEFAULT_END
from sources.simulator.world.world import build_world
from tests.simulator.simulated_feeds import LABORATORY

pytestmark = pytest.mark.simulator


def test_orders_are_worth_what_their_buyers_meant_to_spend() -> None:
    size = replace(LABORATORY, customers=6_000)
    world = build_world(size, 200, 5, DEFAULT_END, DEFAULT_END)
    meant, spent, where, kinds = [], [], [], []
    for month in range(len(world.calendar.month_names)):
        for piece, candidates in enumerate(month_pieces(world, month)):
            shelf = stock_shelf(world, month)
            dice = stream(5, 41, month, piece)
            placed, lines, _ = fill_baskets(candidates, shelf, world, dice)
            meant.append(placed.value)
            spent.append(order_cents(lines) / 100 / PRICE_LEVEL[placed.storefront])
            where.append(placed.storefront)
            kinds.append(placed.clock)
    ratio = np.concatenate(spent) / np.concatenate(meant)

    assert ratio.size > 5_000
    assert abs(np.concatenate(spent).sum() / np.concatenate(meant).sum() - 1) < 0.02
    for group in (np.concatenate(where), np.concatenate(kinds)):
        for place in np.unique(group):
            assert abs(ratio[group == place].mean() - 1) < 0.02, place
