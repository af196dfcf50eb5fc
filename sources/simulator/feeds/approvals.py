"""The approvals feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import before, latest, only, pick, scrambled
from sources.simulator.chance import hashed
from sources.simulator.orders.baskets import order_cents
from sources.simulator.orders.states import Known, order_ids
from sources.simulator.world.laws import CURRENCY_CODE
from sources.simulator.world.profiles import account_ids, contact_ids

if TYPE_CHECKING:
    from sources.simulator.orders.requests import Requests
    from sources.simulator.world.world import World

REASONS = ("over_limit", "over_limit", "over_budget", "category", "new_buyer")


def approval_rows(world: World, known: Known, requests: Requests) -> pl.DataFrame:
    """The approvals feed; a request that was refused never became an order."""
    placed, order, cutoff = known.placed, requests.approval_order, known.cutoff
    who, granted = placed.who[order], requests.approval_is_granted
    people = world.profiles.contact_count[who]
    zero = np.zeros_like(who)
    decided = requests.approval_decided_at < cutoff
    ordered = granted & (placed.ordered_at[order] < cutoff)
    at = requests.approval_at
    return pl.DataFrame(
        {
            "approval_id": scrambled("AP-", placed.number[order] * 2 + granted, 10),
            "order_id": only(order_ids(placed.number[order]), ordered),
            "account_id": account_ids(who),
            "requested_by": contact_ids(who, zero),
            "approver_id": only(contact_ids(who, zero + 1), people > 1),
            "step_number": zero + 1,
            "decision": pick(
                ("pending", "approved", "refused"), np.where(decided, np.where(granted, 1, 2), 0)
            ),
            "reason": pick(REASONS, hashed(placed.number[order], 21, len(REASONS))),
            "currency_code": pl.repeat(CURRENCY_CODE, who.size, eager=True),
            "amount": order_cents(known.lines)[order],
            "requested_at": at,
            "decided_at": before(requests.approval_decided_at, cutoff),
            "updated_at": latest(
                cutoff,
                at,
                requests.approval_decided_at,
                np.where(granted, placed.ordered_at[order], 0),
            ),
        }
    ).filter(pl.Series((at < cutoff) & (at > world.calendar.midnight[0])))
