"""The orders and order lines feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, values_at
from sources.simulator.cells import NOWHERE, at_places, fraction, named, only, pick, taken
from sources.simulator.chance import hashed
from sources.simulator.feeds.quotes import quotes_of_orders
from sources.simulator.orders.extras import express_cents
from sources.simulator.orders.states import (
    CANCELLED,
    ENDERS,
    LACKING,
    STATUS,
    Known,
    line_ids,
    order_ids,
    order_totals,
)
from sources.simulator.tracking.carts import named_carts
from sources.simulator.world.addresses import addresses
from sources.simulator.world.buyers import customer_ids, has_second_record, record_ids
from sources.simulator.world.catalogue import UNITS
from sources.simulator.world.countries import CURRENCY_CODES
from sources.simulator.world.profiles import account_ids, contact_ids, manager_ids

if TYPE_CHECKING:
    from sources.simulator.orders.requests import Requests
    from sources.simulator.world.world import World

CHANNELS = (
    ("web", "web", "web", "web", "web", "web", "web", "web", "phone", "in_person"),
    ("web", "web", "web", "edi", "edi", "api", "api", "phone", "fax", "import"),
)
SOLD_BY = ("phone", "in_person", "fax")  # where a representative enters the order
# Four reasons of each in ENDERS, the frequent ones several times.
CANCEL_REASONS = (
    "out_of_stock", "out_of_stock", "out_of_stock", "out_of_stock",  # it could not be supplied
    "changed_mind", "found_cheaper", "ordered_twice", "too_slow",
    "payment_failed", "payment_failed", "payment_failed", "fraud_suspected",
    "out_of_stock", "out_of_stock", "price_error", "cannot_deliver",
    "cannot_deliver", "cannot_deliver", "cannot_deliver", "cannot_deliver",
)  # fmt: skip


def order_rows(
    world: World, known: Known, requests: Requests, rng: np.random.Generator
) -> pl.DataFrame:
    """The orders feed."""
    placed = known.placed
    count = placed.who.size
    guest = has_second_record(placed.who) & (rng.random(count) < 0.4)
    dice = rng.integers(0, 10, count)
    dice[placed.left_cart != NOWHERE] = 0  # who comes back to a cart buys on the web
    channel = pick(CHANNELS[0] + CHANNELS[1], np.where(placed.clock == 1, dice + 10, dice))
    business = placed.clock == 1
    nobody = world.profiles.contact_count[placed.who] == 0
    people = np.maximum(world.profiles.contact_count[placed.who], 1)
    contact = contact_ids(placed.who, hashed(placed.number, 104, 1 << 20) % people)
    coupon, tax, total = order_totals(known)
    return pl.DataFrame(
        {
            "order_id": order_ids(placed.number),
            "customer_id": customer_ids(placed.who),
            "customer_record_id": record_ids(placed.who, guest),
            "account_id": only(account_ids(placed.who), business),
            "contact_id": only(contact, ~nobody),
            "cart_id": only(named_carts(placed.cart), (channel == "web").to_numpy()),
            "quote_id": quotes_of_orders(known, requests),
            "sales_rep_id": only(
                manager_ids(world.profiles.manager[placed.who]),
                business & channel.is_in(SOLD_BY).to_numpy(),
            ),
            "status": named(STATUS, known.order_status),
            "channel": channel,
            "currency_code": pick(CURRENCY_CODES, placed.storefront),
            "cancelled_by": named(ENDERS, known.order_ended_by),
            "shipping_amount": express_cents(placed),
            "discount_amount": coupon,
            "tax_amount": tax,
            "total_amount": total,
            "is_test": placed.is_test,
            "ordered_at": placed.ordered_at,
            "approved_at": known.before(known.fate.approved_at),
            "cancelled_at": known.before(known.order_ended_at),
            "updated_at": known.order_changed_at,
        }
    ).hstack(addresses(placed.who, world.buyers.country[placed.who], placed.country, placed.number))


def cancel_reasons(known: Known) -> pl.Series:
    """Why each part was cancelled or could not be supplied, null for the others."""
    ended = np.isin(known.part_status, (CANCELLED, LACKING))
    by = np.where(known.part_status == CANCELLED, known.fate.ended_by, 0)
    dice = hashed(known.placed.number[known.lines.part_order] + known.lines.part_vendor, 109, 4)
    return only(pick(CANCEL_REASONS, by * 4 + dice), ended)


def line_rows(world: World, known: Known) -> pl.DataFrame:
    """The order lines feed."""
    placed, lines, fate = known.placed, known.lines, known.fate
    part = lines.part
    cancelled = known.part_status == CANCELLED
    points = values_at(world.promotions.discount_points, lines.promotion, 0)
    return pl.DataFrame(
        {
            "order_line_id": line_ids(placed, lines),
            "order_id": order_ids(placed.number[lines.order]),
            "vendor_id": taken(world.vendors.ids, lines.vendor),
            "product_id": taken(world.products.ids, lines.product),
            "offer_id": taken(world.offers.ids, lines.offer),
            "promotion_id": at_places(world.promotions.ids, lines.promotion),
            "agreement_id": at_places(world.agreements.ids, lines.agreement),
            "status": named(STATUS, known.part_status[part]),
            "cancelled_by": named(ENDERS, np.where(cancelled, fate.ended_by, 0)[part]),
            "cancel_reason": taken(cancel_reasons(known), part),
            "quantity": lines.thousandths,
            "unit": pick(UNITS, world.products.unit[lines.product]),
            "unit_price": lines.unit_cents,
            "list_price": lines.list_cents,
            "line_amount": lines.gmv_cents + lines.discount_cents,
            "discount_amount": lines.discount_cents,
            "discount_rate": only(fraction(points, 4), points > 0),
            "shipping_amount": lines.shipping_cents,
            "tax_amount": lines.tax_cents,
            "cost_amount": lines.cost_cents,
            "commission_amount": lines.commission_cents,
            "accepted_at": known.before(fate.accepted_at[part]),
            "ship_by_at": fate.ship_by_at[part],
            "promised_at": fate.promised_at[part],
            "cancelled_at": known.before(np.where(cancelled, fate.ended_at, NEVER)[part]),
            "updated_at": known.part_changed_at[part],
        }
    )
