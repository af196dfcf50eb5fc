"""The leads feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import latest, pick
from sources.simulator.chance import stream
from sources.simulator.feeds.vendor_applications import application_rows
from sources.simulator.world.leads import lead_ids, make_leads
from sources.simulator.world.names import (
    company_names,
    email_addresses,
    person_names,
    phone_numbers,
)

if TYPE_CHECKING:
    from sources.simulator.world.world import World

ORIGINS = ("organic_search", "paid_search", "trade_fair", "referral", "social", "e-mail", "direct")


def lead_rows(world: World) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The leads feed, and that of the applications, which are drawn after it."""
    cutoff, rng = world.cutoff, stream(world.seed, 30)
    # Made again, not taken from the world: what follows is drawn where this leaves the generator.
    leads = make_leads(world.size.leads, world.vendors, world.calendar, rng)
    count, created = leads.created_at.size, leads.created_at
    applied, decided = leads.applied_at, leads.decided_at
    name = company_names(count, rng)
    stage = np.where(decided < cutoff, 3, np.where(applied < cutoff, 2, rng.integers(0, 2, count)))
    rows = pl.DataFrame(
        {
            "lead_id": lead_ids(np.arange(count)),
            "lead_kind": np.where(leads.is_vendor, "vendor", "buyer"),
            "origin": pick(ORIGINS, rng.integers(0, len(ORIGINS), count)),
            "landing_page_id": "page-" + pl.Series(rng.integers(1, 25, count)).cast(pl.String),
            "status": pick(("new", "contacted", "applied", "closed"), stage),
            "name": name,
            "email": email_addresses(person_names(count, rng), np.arange(count) + 5_000_000),
            "phone": phone_numbers(count, rng),
            "created_at": created,
            "updated_at": latest(cutoff, created, applied, decided),
        }
    ).filter(pl.Series(created < cutoff))
    parts = (applied, decided, leads.decision)
    return rows, application_rows(world.vendors, world.categories, parts, cutoff, rng)
