"""How vendors and buyers were won: leads and applications to sell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.catalogue import Categories, Vendors, instants
from sources.simulator.knowledge import before, latest
from sources.simulator.names import (
    company_names,
    email_addresses,
    person_names,
    phone_numbers,
    pick,
    scrambled,
)
from sources.simulator.world import NEVER, Bools, Ints, stream

if TYPE_CHECKING:
    from sources.simulator.calendar import Calendar

ORIGINS = ("organic_search", "paid_search", "trade_fair", "referral", "social", "e-mail", "direct")
LEAD_TYPES = ("online_small", "online_medium", "online_big", "offline", "industry")
PENDING, APPROVED, REFUSED, WITHDRAWN = range(4)
DECISIONS = ("pending", "approved", "refused", "withdrawn")


@dataclass(frozen=True, slots=True)
class Leads:
    """Every lead and what becomes of it; the first belong to the vendors there are."""

    is_vendor: Bools
    created_at: Ints
    applied_at: Ints  # NEVER where it does not apply to sell
    decided_at: Ints
    decision: Ints  # place in DECISIONS
    won: int  # how many became vendors


def make_leads(
    leads_wanted: int, vendors: Vendors, calendar: Calendar, rng: np.random.Generator
) -> Leads:
    """The leads; `rng` is left behind where the rows go on drawing."""
    won = vendors.joined_day.size
    count = max(leads_wanted, 2 * won)
    is_vendor = (np.arange(count) < won) | (rng.random(count) < 0.7)
    second = rng.integers(8 * 3600, 18 * 3600, count)
    day = rng.integers(0, calendar.day_count, count)
    day[:won] = vendors.joined_day - rng.integers(10, 60, won)
    created = instants(calendar, day, second)
    applies = is_vendor & ((np.arange(count) < won) | (rng.random(count) < 0.35))
    applied = np.where(applies, created + rng.integers(3_600, 6 * 86_400, count), NEVER)
    decided = np.where(applies, applied + rng.integers(86_400, 21 * 86_400, count), NEVER)
    joined = instants(calendar, vendors.joined_day, np.full(won, 8 * 3600))
    decided[:won] = np.maximum(applied[:won] + 3_600, joined - 86_400)
    decision = np.where(rng.random(count) < 0.7, REFUSED, WITHDRAWN)
    decision[:won] = APPROVED
    return Leads(is_vendor, created, applied, decided, decision, won)


def lead_ids(place: Ints) -> pl.Series:
    return scrambled("L-", place, 7)


def application_ids(place: Ints) -> pl.Series:
    return scrambled("A-", place, 7)


def recruiting_rows(
    leads_wanted: int,
    catalogue: tuple[Vendors, Categories],
    calendar: Calendar,
    cutoff: int,
    seed: int,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The leads and the vendor applications feeds as known before the cutoff."""
    vendors, categories = catalogue
    rng = stream(seed, 30)
    leads = make_leads(leads_wanted, vendors, calendar, rng)
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
    return rows, application_rows(vendors, categories, parts, cutoff, rng)


def application_rows(
    vendors: Vendors,
    categories: Categories,
    parts: tuple[Ints, Ints, Ints],
    cutoff: int,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """The applications of those leads that applied; the first belong to the vendors there are."""
    mine = np.flatnonzero(parts[0] < NEVER)
    applied, decided, decision = (column[mine] for column in parts)
    count, won = mine.size, vendors.joined_day.size
    became = pl.Series((mine < won) & (decided < cutoff))
    vendor_ids = vendors.ids.gather(pl.Series(np.minimum(mine, won - 1)))
    outcome = np.where(decided < cutoff, decision, PENDING)
    revenue_cents = np.rint(np.exp(rng.normal(9.2, 1.1, count))).astype(np.int64) * 100
    return pl.DataFrame(
        {
            "application_id": application_ids(mine),
            "lead_id": lead_ids(mine),
            "vendor_id": vendor_ids.set(~became, None),
            "sales_rep_id": "rep-" + pl.Series(rng.integers(1, 9, count)).cast(pl.String),
            "development_rep_id": "rep-" + pl.Series(rng.integers(20, 26, count)).cast(pl.String),
            "decision": pick(DECISIONS, outcome),
            "business_segment": categories.names.gather(
                pl.Series(rng.integers(0, len(categories.names), count))
            ),
            "business_type": pick(("reseller", "manufacturer", "other"), rng.integers(0, 3, count)),
            "lead_type": pick(LEAD_TYPES, rng.integers(0, len(LEAD_TYPES), count)),
            "declared_product_count": rng.integers(5, 900, count),
            "declared_monthly_revenue": revenue_cents,
            "applied_at": applied,
            "decided_at": before(decided, cutoff),
            "updated_at": latest(cutoff, applied, decided),
        }
    ).filter(pl.Series(applied < cutoff))
