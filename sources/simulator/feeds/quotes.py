"""The quotes feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import NOWHERE, at_places, before, latest, only, pick, scrambled
from sources.simulator.orders.baskets import order_cents
from sources.simulator.orders.states import Known, order_ids
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.laws import CURRENCY_CODE
from sources.simulator.world.profiles import account_ids, manager_ids

if TYPE_CHECKING:
    from sources.simulator.orders.requests import Requests
    from sources.simulator.world.world import World


def quote_ids(known: Known, requests: Requests) -> pl.Series:
    number = known.placed.number[requests.quote_order] * 2 + requests.quote_is_won
    return scrambled("Q-", number, 10)


def quotes_of_orders(known: Known, requests: Requests) -> pl.Series:
    """The quote that each order of a piece came of, null for most: `orders.quote_id`."""
    place = np.full(known.placed.who.size, NOWHERE)
    won = np.flatnonzero(requests.quote_is_won)
    place[requests.quote_order[won]] = won
    return at_places(quote_ids(known, requests), place)


def quote_rows(world: World, known: Known, requests: Requests) -> pl.DataFrame:
    """The quotes feed: a quote that was accepted became an order at that moment."""
    placed, order, cutoff = known.placed, requests.quote_order, known.cutoff
    who, won = placed.who[order], requests.quote_is_won
    cost = order_cents(known.lines)[order]
    decided = requests.quote_decided_at < cutoff
    outcome = np.where(won, 2, np.where(order % 3 == 0, 4, 3))
    stage = np.where(requests.quote_sent_at < cutoff, 1, 0)
    words = ("requested", "sent", "accepted", "refused", "expired")
    first = np.flatnonzero(np.diff(known.lines.order, prepend=-1))
    vendor = known.lines.vendor[first][order]
    sent = pl.Series(requests.quote_sent_at < cutoff)
    until = world.calendar.days_of(requests.quote_sent_at) + 30
    return pl.DataFrame(
        {
            "quote_id": quote_ids(known, requests),
            "account_id": account_ids(who),
            "customer_id": customer_ids(who),
            "vendor_id": at_places(world.vendors.ids, np.where(order % 4 == 0, NOWHERE, vendor)),
            "order_id": only(order_ids(placed.number[order]), won & decided),
            "sales_rep_id": manager_ids(world.profiles.manager[who]),
            "status": pick(words, np.where(decided, outcome, stage)),
            "currency_code": pl.repeat(CURRENCY_CODE, who.size, eager=True),
            "amount": pl.Series(cost).set(~sent, None),
            "requested_at": requests.quote_at,
            "sent_at": before(requests.quote_sent_at, cutoff),
            "decided_at": before(requests.quote_decided_at, cutoff),
            "valid_until": world.calendar.dates_of(until).set(~sent, None),
            "updated_at": latest(
                cutoff, requests.quote_at, requests.quote_sent_at, requests.quote_decided_at
            ),
        }
    ).filter(
        pl.Series((requests.quote_at < cutoff) & (requests.quote_at > world.calendar.midnight[0]))
    )
