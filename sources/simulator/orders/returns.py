"""Which lines of a returned part come back, why, and what is paid back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import NEVER, Ints
from sources.simulator.orders.terms import tax_of

if TYPE_CHECKING:
    from sources.simulator.orders.states import Known

REASONS = (
    "not_as_described", "wrong_item", "missing_parts", "changed_mind", "other", "damaged", "late",
)  # fmt: skip
OF_DEFECTS = 3  # the first reasons are those of goods that are not what was ordered
LATE = 6


@dataclass(frozen=True, slots=True)
class Returned:
    """The lines that come back."""

    line: Ints  # place in Lines
    thousandths: Ints  # of the product's unit
    refund_cents: Ints  # before tax and before any coupon: what the vendor gives back
    tax_cents: Ints
    coupon_cents: Ints  # what the order's coupon had taken off that, before tax
    coupon_tax_cents: Ints
    reason: Ints

    @property
    def paid_back_cents(self) -> Ints:
        """What the buyer gets back, with its tax."""
        off = self.coupon_cents + self.coupon_tax_cents
        return self.refund_cents + self.tax_cents - off


def send_lines_back(known: Known, rng: np.random.Generator) -> Returned:
    """The first line of a returned part always comes back, each other one every second time."""
    lines, fate = known.lines, known.fate
    whole = rng.random(lines.order.size)
    units = rng.random(lines.order.size)
    defect = rng.choice(OF_DEFECTS, lines.order.size, p=[0.6, 0.25, 0.15])
    reason = OF_DEFECTS + rng.choice(LATE - OF_DEFECTS, lines.order.size, p=[0.65, 0.15, 0.2])
    first = np.zeros(lines.order.size, dtype=np.bool_)
    first[np.unique(lines.part, return_index=True)[1]] = True
    mine = np.flatnonzero((fate.returned_at[lines.part] < NEVER) & (first | (whole < 0.5)))
    bought, step = lines.thousandths[mine], lines.step[mine]
    some = np.ceil(units[mine] * (bought // step)).astype(np.int64) * step
    thousandths = np.where(whole[mine] < 0.8, bought, np.maximum(some, step))
    part = lines.part[mine]
    was_late = fate.delivered_at[part] > fate.promised_at[part]
    other = np.where(was_late & (units[mine] < 0.6), LATE, reason[mine])
    refund, coupon = (
        (2 * cents[mine] * thousandths + bought) // (2 * bought)
        for cents in (lines.gmv_cents, known.coupon_cents)
    )
    country = known.placed.country[lines.order[mine]]
    return Returned(
        line=mine,
        thousandths=thousandths,
        refund_cents=refund,
        tax_cents=tax_of(refund, country),
        coupon_cents=coupon,
        coupon_tax_cents=tax_of(coupon, country),
        reason=np.where(fate.is_defective[part], defect[mine], other),
    )
