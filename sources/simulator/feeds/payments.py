"""The payments feed, exact to the cent."""

from __future__ import annotations

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, Bools, Ints
from sources.simulator.cells import latest, pick
from sources.simulator.orders.payment_plans import METHODS, PaymentPlan
from sources.simulator.orders.states import Known, order_ids, part_ids
from sources.simulator.world.laws import CURRENCY_CODE


def payment_rows(known: Known, plan: PaymentPlan) -> pl.DataFrame:
    """The payments feed: the payments of an order add up to what it costs."""
    placed = known.placed
    count = placed.who.size
    order = np.concatenate([np.arange(count), np.flatnonzero(plan.voucher_cents > 0)])
    is_voucher = np.arange(order.size) >= count
    rest = (plan.cost_cents - plan.voucher_cents)[order]
    paid_at = np.where(is_voucher, plan.at_once[order], plan.paid_at[order])
    paid_at = np.where(plan.refused[order], NEVER, paid_at)
    frame = payment_states(known, order, paid_at, plan.refused[order]).with_columns(
        pl.Series("place", order),
        pl.Series("is_voucher", is_voucher),
        order_ids(placed.number[order]).alias("order_id"),
        pick((*METHODS, "voucher"), np.where(is_voucher, 14, plan.method[order])).alias("method"),
        pl.lit(CURRENCY_CODE).alias("currency_code"),
        pl.Series("amount", np.where(is_voucher, plan.voucher_cents[order], rest)),
        pl.Series("installment_count", np.where(is_voucher, 1, plan.instalments[order])),
    )
    frame = frame.sort(["place", "is_voucher"], descending=[False, True])
    ids = part_ids(placed, frame["place"].to_numpy(), "P")
    return frame.with_columns(ids.alias("payment_id")).drop("place", "is_voucher")


def payment_states(known: Known, order: Ints, paid_at: Ints, refused: Bools) -> pl.DataFrame:
    """Status and instants of payments; an order without goods is paid back, or never paid."""
    ended = known.order_over_at[order]
    is_ended = ended < known.cutoff
    paid = (paid_at < known.cutoff) & (paid_at < ended)
    failed = is_ended & ~paid
    status = np.where(paid, np.where(is_ended, "refunded", "paid"), "pending")
    status = np.where(failed | (refused & is_ended), "failed", status)
    changed = latest(known.cutoff, np.where(paid, paid_at, NEVER), ended)
    return pl.DataFrame(
        {
            "status": status,
            "paid_at": known.before(np.where(paid, paid_at, NEVER)),
            "changed": changed,
            "created": known.order_changed_at[order],
        }
    ).select(
        "status",
        "paid_at",
        pl.when(pl.col("changed") > 0).then("changed").otherwise("created").alias("updated_at"),
    )
