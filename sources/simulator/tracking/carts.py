"""Carts: their ids, which visits share one, and how far towards an order each visit gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources.simulator.cells import scrambled

if TYPE_CHECKING:
    import polars as pl

    from sources.simulator.arrays import Ints

NUMBERS_PER_ORDER = 128  # visits are numbered within the order that they are made with


def cart_ids(order_number: Ints) -> pl.Series:
    """The ids of the carts that became orders of the web, by the orders' numbers."""
    return named_carts(order_number * NUMBERS_PER_ORDER)


def named_carts(visit_number: Ints) -> pl.Series:
    """The ids of carts: each is named after a visit, one that was bought after the one that did."""
    return scrambled("cart-", visit_number + 1, 12)
