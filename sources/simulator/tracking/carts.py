"""Carts: their ids, which visits share one, and how far towards an order each visit gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import DAY
from sources.simulator.cells import scrambled
from sources.simulator.world.visit_laws import (
    ABANDONED_CART_REVISITED,
    CHECKOUT_GIVEN_UP_AT,
    DEVICES,
)

if TYPE_CHECKING:
    import polars as pl

    from sources.simulator.arrays import Bools, Ints

MOST_CHECKOUTS = 0.9  # share of abandoned carts that may get as far, however few visits there are
REVISIT_AFTER, REVISIT_UNTIL = DAY // 12, 12 * DAY


def named_carts(visit_number: Ints) -> pl.Series:
    """The ids of carts: each is named after a visit, one that was bought after the one that did."""
    return scrambled("cart-", visit_number + 1, 12)


def checkout_depths(orders_on: Ints, device: Ints, fills: Bools, rng: np.random.Generator) -> Ints:
    """How far each visit goes whose cart is never bought: 0 no checkout, 1 its start, and on.

    So many of those that `fills` go there that each device has its share of abandoned checkouts;
    `orders_on` are the devices of the visits that order.
    """
    ordered, filled = (
        np.bincount(devices, minlength=len(DEVICES)) for devices in (orders_on, device[fills])
    )
    given_up = np.array([law.checkout_abandonment for law in DEVICES])
    wanted = ordered * given_up / (1 - given_up) / np.maximum(filled, 1)
    goes = fills & (rng.random(device.size) < np.minimum(wanted, MOST_CHECKOUTS)[device])
    depth = 1 + rng.choice(len(CHECKOUT_GIVEN_UP_AT), device.size, p=CHECKOUT_GIVEN_UP_AT)
    return np.where(goes, depth, 0)


def revisits(
    fills: Bools, looks: Bools, device: Ints, at: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Pairs of visits: one that leaves a cart, and a later one on such a device that opens it."""
    left = np.flatnonzero(fills & (rng.random(fills.size) < ABANDONED_CART_REVISITED))
    later = np.flatnonzero(looks)
    if not left.size or not later.size:
        return left[:0], later[:0]
    scale = np.int64(1) << 40
    key = device * scale + at
    later = later[np.argsort(key[later], kind="stable")]
    wished = key[left] + rng.integers(REVISIT_AFTER, REVISIT_UNTIL, left.size)
    found = later[np.minimum(np.searchsorted(key[later], wished), later.size - 1)]
    wait = key[found] - key[left]
    fits = (wait >= REVISIT_AFTER) & (wait < REVISIT_UNTIL)
    found, once = np.unique(found[fits], return_index=True)
    return left[fits][once], found
