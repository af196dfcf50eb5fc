"""What is true of goods: stock-outs and what they took, companions, lifts, forgotten agreements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import at_places, pick, taken
from sources.simulator.orders.states import Known, line_ids
from sources.simulator.orders.stock_outs import OUTCOMES, Unmet
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.goods_laws import COMPANION, VENDOR_PROMOTION_LIFT

if TYPE_CHECKING:
    from sources.simulator.world.promotions import Promotions
    from sources.simulator.world.world import World


def stock_out_truth(world: World) -> pl.DataFrame:
    """Every stock-out of an offer: nothing of it is sold from the first to the last day."""
    offers, spells = world.offers, world.offers.stock_outs
    # The spells of each offer's stock, one row each.
    low = np.searchsorted(spells.stock, offers.stock)
    high = np.searchsorted(spells.stock, offers.stock, side="right")
    offer = np.repeat(np.arange(offers.stock.size), high - low)
    begin = np.repeat(np.cumsum(high - low) - (high - low), high - low)
    spell = np.repeat(low, high - low) + np.arange(offer.size) - begin
    return pl.DataFrame(
        {
            "offer_id": taken(offers.ids, offer),
            "vendor_id": taken(world.vendors.ids, offers.vendor[offer]),
            "product_id": taken(world.products.ids, offers.product[offer]),
            "first_date": world.calendar.dates_of(spells.first_day[spell]),
            "last_date": world.calendar.dates_of(spells.day_after[spell] - 1),
        }
    )


def unmet_rows(world: World, unmet: Unmet) -> pl.DataFrame:
    """Lines whose offer was out of stock, and what was taken instead, if anything."""
    known = (unmet.at < world.cutoff) & (unmet.at <= world.buyers.gone_at[unmet.who])
    return pl.DataFrame(
        {
            "customer_id": customer_ids(unmet.who),
            "wanted_offer_id": taken(world.offers.ids, unmet.offer),
            "outcome": pick(OUTCOMES, unmet.outcome),
            "taken_offer_id": at_places(world.offers.ids, unmet.taken),
            "ordered_at": (pl.Series(unmet.at) * 1000).cast(pl.Datetime("ms")),
        }
    ).filter(pl.Series(known))


def misbilled_rows(world: World, known: Known) -> pl.DataFrame:
    """Lines on which an agreement was forgotten, with the cents of a unit agreed and charged."""
    lines, placed = known.lines, known.placed
    mine = np.flatnonzero(lines.is_misbilled & (placed.ordered_at[lines.order] < world.cutoff))
    agreement = lines.agreement[mine]
    return pl.DataFrame(
        {
            "order_line_id": taken(line_ids(placed, lines), mine),
            "agreement_id": taken(world.agreements.ids, agreement),
            "agreed_cents": world.agreements.price(agreement, lines.list_cents[mine]),
            "charged_cents": lines.unit_cents[mine],
        }
    )


def affinity_truth(world: World) -> pl.DataFrame:
    """Products bought together: how often the first line's product brings its companion along."""
    product = np.flatnonzero(world.affinity.companion >= 0)
    ids = world.products.ids
    return pl.DataFrame(
        {
            "product_id": taken(ids, product),
            "companion_product_id": taken(ids, world.affinity.companion[product]),
            "companion_probability": np.full(product.size, COMPANION),
        }
    )


def vendor_promotion_truth(promotions: Promotions) -> pl.DataFrame:
    """By what factor a vendor's promotion raises the odds of its offers among their product's."""
    mine = pl.Series(promotions.vendor >= 0)
    return (
        pl.DataFrame({"promotion_id": promotions.ids})
        .filter(mine)
        .with_columns(pl.lit(VENDOR_PROMOTION_LIFT).alias("odds_factor"))
    )
