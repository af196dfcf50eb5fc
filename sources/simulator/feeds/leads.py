"""The leads feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import latest, numbered, pick
from sources.simulator.chance import hashed, stream
from sources.simulator.feeds.content import LANDING_PAGES
from sources.simulator.feeds.lead_events import lead_ends
from sources.simulator.world.crm_laws import ORIGINS
from sources.simulator.world.leads import lead_ids
from sources.simulator.world.names import (
    company_names,
    email_addresses,
    person_names,
    phone_numbers,
)

if TYPE_CHECKING:
    from sources.simulator.world.world import World

STATUS = ("new", "contacted", "qualified", "converted", "lost")


def lead_rows(world: World) -> pl.DataFrame:
    """The leads feed as known before the cutoff."""
    cutoff, leads = world.cutoff, world.prospects.leads
    rng = stream(world.seed, 203)
    count, created = leads.created_at.size, leads.created_at
    name = company_names(count, rng)
    converted, lost = lead_ends(world)
    stages = (created, leads.contacted_at, leads.good_at, converted, lost)
    stage = np.zeros(count, dtype=np.int64)
    for place, reached in enumerate(stages):
        stage = np.where(reached < cutoff, place, stage)
    page = hashed(np.arange(count), 30, LANDING_PAGES) + 1
    return pl.DataFrame(
        {
            "lead_id": lead_ids(np.arange(count)),
            "lead_kind": np.where(leads.is_vendor, "vendor", "buyer"),
            "origin": pick(tuple(origin.name for origin in ORIGINS), leads.origin),
            "landing_page_id": numbered("page-", page),
            "status": pick(STATUS, stage),
            "name": name,
            "email": email_addresses(person_names(count, rng), np.arange(count) + 5_000_000),
            "phone": phone_numbers(count, rng),
            "created_at": created,
            "updated_at": latest(cutoff, *stages),
        }
    ).filter(pl.Series(created < cutoff))
