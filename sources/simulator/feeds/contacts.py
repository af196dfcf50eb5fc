"""The contacts feed: the people behind customers and companies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import NOWHERE, latest, only, pick, word_at
from sources.simulator.chance import hashed
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.names import email_addresses, person_names, phone_numbers
from sources.simulator.world.profiles import account_ids, contact_ids

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.world.world import World

ROLES = ("buyer", "approver", "accountant")
LANGUAGES = ("de", "de", "de", "de", "en", "fr")
WAYS = ("email", "email", "phone", "post", "portal")


def contact_rows(
    world: World, who: Ints, customers: pl.DataFrame, rng: np.random.Generator
) -> pl.DataFrame:
    """The contacts: a consumer is one person, a company has up to three with different roles."""
    profiles, buyers = world.profiles, world.buyers
    count = profiles.contact_count[who]
    place = np.repeat(np.arange(who.size), count)
    nth = np.arange(place.size) - np.repeat(np.cumsum(count) - count, count)
    mine = who[place]
    business = buyers.is_business[mine]
    invented = person_names(place.size, rng)
    phone = phone_numbers(place.size, rng)
    born = rng.integers(0, 14_000, place.size)  # days from 1970, until 2008
    told = ~business & (rng.random(place.size) < 0.2)
    address = email_addresses(invented, mine * 4 + nth + 20_000_000)
    made = np.where(business, world.prospects.account_from[mine] + 5, profiles.first_at[mine] - 30)
    made = made + nth
    frame = pl.DataFrame(
        {
            "place": place,
            "nth": nth,
            "contact_id": contact_ids(mine, nth),
            "account_id": only(account_ids(mine), business),
            "customer_id": only(customer_ids(mine), profiles.first_at[mine] < world.cutoff),
            "name": invented,
            "email": address,
            "phone": phone,
            "birth_date": pl.Series(born.astype(np.int32))
            .cast(pl.Date)
            .set(pl.Series(~told), None),
            "role": word_at(ROLES, np.where(business, nth, NOWHERE)),
            "language_code": pick(LANGUAGES, hashed(mine, 15, 6)),
            "preferred_channel": pick(WAYS, hashed(mine, 16, 5)),
            "created_at": made,
            "updated_at": latest(world.cutoff, made, profiles.first_at[mine]),
        }
    ).filter(pl.Series(made < world.cutoff))
    return as_the_shop_knows_them(frame, customers)


def as_the_shop_knows_them(frame: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """The contacts with consumers' own names: each is the very person that the shop knows."""
    own = customers.unique("place", keep="first").select(
        "place", "person", pl.col("email").alias("own"), pl.col("phone").alias("number")
    )
    private = pl.col("account_id").is_null() & pl.col("person").is_not_null()
    return (
        frame.join(own, on="place", how="left", maintain_order="left")
        .with_columns(
            pl.when(private).then("person").otherwise("name").alias("name"),
            pl.when(private).then("own").otherwise("email").alias("email"),
            pl.when(private).then("number").otherwise("phone").alias("phone"),
        )
        .drop("place", "nth", "person", "own", "number")
    )
