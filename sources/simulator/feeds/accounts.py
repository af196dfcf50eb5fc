"""The accounts feed: companies, and prospects that never bought."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, Ints
from sources.simulator.cells import latest, only, pick
from sources.simulator.chance import hashed, stream
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.names import company_names
from sources.simulator.world.profiles import account_ids, manager_ids, rep_ids
from sources.simulator.world.prospects import NOBODY

if TYPE_CHECKING:
    from sources.simulator.world.world import World

DORMANT_AFTER = 120 * DAY
INDUSTRIES = ("construction", "retail", "crafts", "hospitality", "health", "education", "logistics")
SIZES = ("micro", "micro", "small", "small", "medium", "large")


def account_rows(world: World, who: Ints, customers: pl.DataFrame) -> pl.DataFrame:
    """The accounts of businesses: prospects until they order, dormant long after they left."""
    mine = who[world.prospects.account_from[who] < world.cutoff]
    # A parent is an older account; which one is drawn by number, whatever is known yet.
    parent = who[hashed(mine, 11, who.size)]
    older = world.prospects.account_from[parent] + DAY < world.prospects.account_from[mine]
    has_parent = older & (hashed(mine, 12, 100) < 40)
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
            "size_class": pick(SIZES, hashed(mine, 14, 6)),
            "status": pick(("prospect", "active", "dormant"), stage),
            "payment_terms_days": profiles.terms_days[mine],
            "country_code": pl.repeat("DE", mine.size, eager=True),
            "created_at": made,
            "updated_at": latest(cutoff, made, first, left),
        }
    )


def prospect_rows(world: World) -> pl.DataFrame:
    """The accounts of leads that never bought; they are lost with their opportunity."""
    deals = world.prospects
    mine = np.flatnonzero((deals.lead != NOBODY) & (deals.who == NOBODY))
    made, lost = deals.created_at[mine] - 600, deals.closes_at[mine]
    rng = stream(world.seed, 63)
    return pl.DataFrame(
        {
            "account_id": prospect_account_ids(world, deals.lead[mine]),
            "sales_rep_id": rep_ids(deals.manager[mine]),
            "name": company_names(mine.size, rng),
            "industry": pick(INDUSTRIES, mine),
            "size_class": pick(SIZES, mine * 5),
            "status": pick(("prospect", "lost"), (lost < world.cutoff).astype(np.int64)),
            "country_code": pl.repeat("DE", mine.size, eager=True),
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
