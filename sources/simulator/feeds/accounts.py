"""The accounts feed: companies, and prospects that never bought."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER, Bools, Ints
from sources.simulator.cells import latest, only, pick
from sources.simulator.chance import hashed, stream
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.countries import BUYER_SHARES, COUNTRIES
from sources.simulator.world.names import company_names, legal_forms
from sources.simulator.world.profiles import account_ids, manager_ids, rep_ids
from sources.simulator.world.prospects import NOBODY

if TYPE_CHECKING:
    from sources.simulator.world.world import World

DORMANT_AFTER = 120 * DAY
INDUSTRIES = ("construction", "retail", "crafts", "hospitality", "health", "education", "logistics")
SIZES = ("micro", "micro", "small", "small", "medium", "large")
RANKS = ("micro", "small", "medium", "large")
EMPLOYEES = ("1-4", "5-9", "10-19", "20-49", "50-99", "100-249", "250-499", "500+")
REVENUES = ("under_2m", "2m_to_10m", "10m_to_50m", "over_50m")
HAS_PARENT = 0.2  # share of companies that belong to another
CODES = tuple(country.code for country in COUNTRIES)


def account_rows(world: World, who: Ints, customers: pl.DataFrame) -> pl.DataFrame:
    """The accounts of businesses: prospects until they order, dormant long after they left."""
    mine = who[world.prospects.account_from[who] < world.cutoff]
    parent, has_parent = parents(world, mine)
    country, size = world.buyers.country[mine], hashed(mine, 14, len(SIZES))
    profiles, buyers, cutoff = world.profiles, world.buyers, world.cutoff
    made, first = world.prospects.account_from[mine], profiles.first_at[mine]
    left = buyers.gone_at[mine] + DORMANT_AFTER
    stage = np.where(left < cutoff, 2, np.where(first < cutoff, 1, 0))
    named = customers.unique("place", keep="first").select("place", "name")
    wanted = pl.DataFrame({"place": mine - who[0]})
    name = wanted.join(named, on="place", how="left", maintain_order="left")["name"]
    return pl.DataFrame(
        {
            "account_id": account_ids(mine),
            "parent_account_id": only(account_ids(parent), has_parent),
            "customer_id": only(customer_ids(mine), first < cutoff),
            "sales_rep_id": manager_ids(profiles.manager[mine]),
            "name": name,
            "industry": pick(INDUSTRIES, hashed(mine, 13, 7)),
            **size_columns(size, mine),
            "legal_form": legal_forms(mine, country),
            "status": pick(("prospect", "active", "dormant"), stage),
            "payment_terms_days": profiles.terms_days[mine],
            "country_code": pick(CODES, country),
            "created_at": made,
            "updated_at": latest(cutoff, made, first, left),
        }
    )


def parents(world: World, mine: Ints) -> tuple[Ints, Bools]:
    """A company for each company that is older, and whether it truly belongs to it."""
    made = world.prospects.account_from
    companies = np.flatnonzero(made < NEVER)
    companies = companies[np.argsort(made[companies], kind="stable")]
    older = np.searchsorted(made[companies], made[mine] - DAY)
    parent = companies[hashed(mine, 11, NEVER) % np.maximum(older, 1)]
    return parent, (older > 0) & (hashed(mine, 12, 1_000) < HAS_PARENT * 1_000)


def size_columns(size: Ints, number: Ints) -> dict[str, pl.Series]:
    """Headcount as a class and as a band within it, and the revenue that goes with it."""
    place = np.array([RANKS.index(name) for name in SIZES])[size]
    more = hashed(number, 20, 10)
    revenue = place + (more > 7).astype(np.int64) - (more < 2).astype(np.int64)
    return {
        "size_class": pick(RANKS, place),
        "employee_band": pick(EMPLOYEES, place * 2 + hashed(number, 21, 2)),
        "revenue_band": pick(REVENUES, np.clip(revenue, 0, len(REVENUES) - 1)),
    }


def prospect_rows(world: World) -> pl.DataFrame:
    """The accounts of leads that never bought; they are lost with their opportunity."""
    deals = world.prospects
    mine = np.flatnonzero((deals.lead != NOBODY) & (deals.who == NOBODY))
    made, lost = deals.created_at[mine] - 600, deals.closes_at[mine]
    rng = stream(world.seed, 63)
    # As for customers: by their number, which follows the customers'.
    number = world.buyers.rate.size + deals.lead[mine]
    edges = np.cumsum(BUYER_SHARES) * 100
    country = np.searchsorted(edges, hashed(number, 10, 100), side="right")
    return pl.DataFrame(
        {
            "account_id": prospect_account_ids(world, deals.lead[mine]),
            "sales_rep_id": rep_ids(deals.manager[mine]),
            "name": company_names(mine.size, rng) + " " + legal_forms(number, country),
            "industry": pick(INDUSTRIES, mine),
            **size_columns(hashed(number, 14, len(SIZES)), number),
            "legal_form": legal_forms(number, country),
            "status": pick(("prospect", "lost"), (lost < world.cutoff).astype(np.int64)),
            "country_code": pick(CODES, country),
            "created_at": made,
            "updated_at": latest(world.cutoff, made, lost),
        }
    ).filter(pl.Series(made < world.cutoff))


def prospect_account_ids(world: World, lead: Ints) -> pl.Series:
    """Prospects are numbered after the customers' accounts."""
    return account_ids(world.buyers.rate.size + lead)


def companies(world: World) -> Ints:
    """The businesses whose account is known."""
    return np.flatnonzero(world.prospects.account_from < world.cutoff)
