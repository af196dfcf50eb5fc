"""The approvals feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER
from sources.simulator.cells import before, latest, only, pick, scrambled
from sources.simulator.chance import hashed
from sources.simulator.feeds.quotes import quotes_of_orders
from sources.simulator.orders.baskets import order_cents
from sources.simulator.orders.requests import GRANTED, LAPSED, euro_cents
from sources.simulator.orders.states import Known, order_ids
from sources.simulator.world.countries import CURRENCY_CODES
from sources.simulator.world.crm_laws import APPROVAL_LIMIT_CENTS
from sources.simulator.world.profiles import account_ids, contact_ids

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.orders.requests import Requests
    from sources.simulator.world.world import World

DECISIONS = ("approved", "refused", "expired", "pending")  # the first three as outcomes
PENDING = 3
REASONS = ("over_limit", "new_buyer", "over_budget", "over_budget", "category", "policy", "other")
OVER_LIMIT, NEW_BUYER, FIRST_OTHER = 0, 1, 2


def approval_rows(world: World, known: Known, requests: Requests) -> pl.DataFrame:
    """The approvals feed: one row for each step; what was not granted never became an order."""
    placed, cutoff = known.placed, known.cutoff
    two = np.flatnonzero(requests.approval_passed_on_at < NEVER)
    # A second step begins when the first one is done.
    place = np.concatenate([np.arange(requests.approval_order.size), two])
    step = np.repeat([1, 2], [requests.approval_order.size, two.size])
    passed_on = requests.approval_passed_on_at[place]
    is_passed_on = (step == 1) & (passed_on < NEVER)
    begun = np.where(step == 2, passed_on, requests.approval_at[place])
    over = np.where(is_passed_on, passed_on, requests.approval_decided_at[place])
    ends = np.where(is_passed_on, GRANTED, requests.approval_outcome[place])
    order = requests.approval_order[place]
    who, granted = placed.who[order], requests.approval_is_granted[place]
    number = placed.number[order] * 4 + granted * 2 + step - 1
    ordered = np.where(granted, placed.ordered_at[order], NEVER)
    return pl.DataFrame(
        {
            "approval_id": scrambled("AP-", number, 10),
            "order_id": only(order_ids(placed.number[order]), ordered < cutoff),
            "quote_id": only(quotes_of_orders(known, requests).gather(pl.Series(order)), granted),
            "account_id": account_ids(who),
            "requested_by": contact_ids(who, np.zeros_like(who)),
            "approver_id": only(contact_ids(who, step), world.profiles.contact_count[who] > step),
            "step_number": step,
            "decision": pick(DECISIONS, np.where(over < cutoff, ends, PENDING)),
            "reason": pick(REASONS, approval_reasons(world, known, order)),
            "currency_code": pick(CURRENCY_CODES, placed.storefront[order]),
            "amount": order_cents(known.lines)[order],
            "requested_at": begun,
            "decided_at": before(np.where(ends == LAPSED, NEVER, over), cutoff),
            "updated_at": latest(cutoff, begun, over, ordered),
        }
    ).filter(pl.Series(begun < cutoff))


def approval_reasons(world: World, known: Known, order: Ints) -> Ints:
    """Why each order needs an approval, as places in REASONS."""
    placed = known.placed
    is_new = world.profiles.first_at[placed.who] == placed.ordered_at
    others = FIRST_OTHER + hashed(placed.number, 21, len(REASONS) - FIRST_OTHER)
    reason = np.where(is_new, NEW_BUYER, others)
    found: Ints = np.where(euro_cents(known) > APPROVAL_LIMIT_CENTS, OVER_LIMIT, reason)
    return found[order]
