"""The orders and order lines feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER
from sources.simulator.cells import named, pick
from sources.simulator.orders.states import (
    CANCELLED,
    ENDERS,
    STATUS,
    Known,
    express_cents,
    line_ids,
    order_ids,
    order_totals,
)
from sources.simulator.world.buyers import customer_ids, has_second_record, record_ids
from sources.simulator.world.countries import CURRENCY_CODES

if TYPE_CHECKING:
    from sources.simulator.world.catalogue import Products
    from sources.simulator.world.vendors import Vendors

CHANNELS = (
    ("web", "web", "web", "web", "web", "web", "web", "web", "phone", "in_person"),
    ("web", "web", "web", "edi", "edi", "api", "api", "phone", "fax", "import"),
)


def order_rows(known: Known, rng: np.random.Generator) -> pl.DataFrame:
    """The orders feed."""
    placed = known.placed
    count = placed.who.size
    guest = has_second_record(placed.who) & (rng.random(count) < 0.4)
    dice = rng.integers(0, 10, count)
    channel = np.where(placed.clock == 1, dice + 10, dice)
    tax, total = order_totals(placed, known.lines)
    return pl.DataFrame(
        {
            "order_id": order_ids(placed.number),
            "customer_id": customer_ids(placed.who),
            "customer_record_id": record_ids(placed.who, guest),
            "status": named(STATUS, known.order_status),
            "channel": pick(CHANNELS[0] + CHANNELS[1], channel),
            "currency_code": pick(CURRENCY_CODES, placed.storefront),
            "cancelled_by": named(ENDERS, known.order_ended_by),
            "shipping_amount": express_cents(placed),
            "tax_amount": tax,
            "total_amount": total,
            "is_test": placed.is_test,
            "ordered_at": placed.ordered_at,
            "approved_at": known.before(known.fate.approved_at),
            "cancelled_at": known.before(known.order_ended_at),
            "updated_at": known.order_changed_at,
        }
    )


def line_rows(known: Known, vendors: Vendors, products: Products) -> pl.DataFrame:
    """The order lines feed."""
    placed, lines, fate = known.placed, known.lines, known.fate
    part = lines.part
    cancelled = known.part_status == CANCELLED
    return pl.DataFrame(
        {
            "order_line_id": line_ids(placed, lines),
            "order_id": order_ids(placed.number[lines.order]),
            "vendor_id": vendors.ids.gather(pl.Series(lines.vendor)),
            "product_id": products.ids.gather(pl.Series(lines.product)),
            "status": named(STATUS, known.part_status[part]),
            "cancelled_by": named(ENDERS, np.where(cancelled, fate.ended_by, 0)[part]),
            "quantity": lines.quantity,
            "unit_price": lines.unit_cents,
            "discount_amount": lines.discount_cents,
            "shipping_amount": lines.shipping_cents,
            "tax_amount": lines.tax_cents,
            "commission_amount": lines.commission_cents,
            "accepted_at": known.before(fate.accepted_at[part]),
            "ship_by_at": fate.ship_by_at[part],
            "promised_at": fate.promised_at[part],
            "cancelled_at": known.before(np.where(cancelled, fate.ended_at, NEVER)[part]),
            "updated_at": known.part_changed_at[part],
        }
    )
