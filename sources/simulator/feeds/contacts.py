"""The contacts feed: the people behind customers and companies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import NOWHERE, latest, only, pick, word_at
from sources.simulator.chance import hashed
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.names import (
    email_addresses,
    languages,
    person_names,
    phone_numbers,
)
from sources.simulator.world.people_laws import SAYS_OWN_WAY, WAYS
from sources.simulator.world.profiles import account_ids, birthdays, contact_ids

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.world.world import World

# What the first, second and third of a company's contacts may be.
ROLES = (
    *("buyer", "buyer", "buyer", "manager"),
    *("approver", "approver", "approver", "technician"),
    *("accountant", "accountant", "accountant", "other"),
)


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
    country = buyers.country[mine]
    invented = person_names(place.size, rng, country)
    phone = phone_numbers(place.size, rng)
    told = ~business & profiles.tells_birthday(mine)
    others = hashed(mine * 4 + nth, 16, len(WAYS))
    says = np.where(hashed(mine, 18, 100) < SAYS_OWN_WAY * 100, profiles.way[mine], others)
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
            "birth_date": only(birthdays(mine), told),
            "role": word_at(ROLES, np.where(business, nth * 4 + hashed(mine, 17, 4), NOWHERE)),
            "language_code": languages(mine, country),
            "preferred_channel": pick(WAYS, says),
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
