"""Accounts, contacts and consents, written beside the customers they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.buyers import customer_ids, customer_pieces
from sources.simulator.cells import NOWHERE, hashed, only, word_at
from sources.simulator.knowledge import latest
from sources.simulator.names import (
    company_names,
    email_addresses,
    person_names,
    phone_numbers,
    pick,
)
from sources.simulator.prospecting import NOBODY
from sources.simulator.society import GRANTED, SILENT, account_ids, contact_ids, manager_ids
from sources.simulator.world import NEVER, Bools, Ints, stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sources.simulator.building import World

DAY = 86_400
DORMANT_AFTER = 120 * DAY
INDUSTRIES = ("construction", "retail", "crafts", "hospitality", "health", "education", "logistics")
SIZES = ("micro", "micro", "small", "small", "medium", "large")
ROLES = ("buyer", "approver", "accountant")
LANGUAGES = ("de", "de", "de", "de", "en", "fr")
WAYS = ("email", "email", "phone", "post", "portal")


def people_pieces(world: World) -> Iterator[dict[str, pl.DataFrame]]:
    """Rows of customers, accounts, contacts and consents, some customers at a time."""
    parts = (world.buyers, world.demand, world.calendar, world.seed)
    for number, (who, customers) in enumerate(customer_pieces(*parts)):
        rng = stream(world.seed, 22, number)
        yield {
            "customers": customers.drop("place", "person").filter(
                pl.col("created_at") < world.cutoff
            ),
            "accounts": account_rows(world, who, customers),
            "contacts": contact_rows(world, who, customers, rng),
            "consents": consent_rows(world, who, rng),
        }
    yield {"accounts": prospect_rows(world)}


def account_rows(world: World, who: Ints, customers: pl.DataFrame) -> pl.DataFrame:
    """The accounts of businesses: prospects until they order, dormant long after they left."""
    mine = who[world.prospects.account_from[who] < world.cutoff]
    # A parent is an older account; which one is drawn by number, whatever is known yet.
    parent = who[hashed(mine, 11, who.size)]
    older = world.prospects.account_from[parent] + DAY < world.prospects.account_from[mine]
    has_parent = older & (hashed(mine, 12, 100) < 40)
    society, buyers, cutoff = world.society, world.buyers, world.cutoff
    made, first = world.prospects.account_from[mine], society.first_at[mine]
    gone = np.isinf(buyers.next_moment[mine])
    moment = np.nan_to_num(buyers.last_moment[mine], nan=0.0)
    day, second = world.demand.local_time(buyers.clock[mine], moment)
    left = np.where(gone, world.calendar.at(day, second) + DORMANT_AFTER, NEVER)
    stage = np.where(left < cutoff, 2, np.where(first < cutoff, 1, 0))
    named = customers.unique("place", keep="first").select("place", "name")
    wanted = pl.DataFrame({"place": mine - who[0]})
    name = wanted.join(named, on="place", how="left", maintain_order="left")["name"]
    return pl.DataFrame(
        {
            "account_id": account_ids(mine),
            "parent_account_id": only(account_ids(parent), has_parent),
            "customer_id": only(customer_ids(mine), first < cutoff),
            "sales_rep_id": manager_ids(society.manager[mine]),
            "name": name,
            "industry": pick(INDUSTRIES, hashed(mine, 13, 7)),
            "size_class": pick(SIZES, hashed(mine, 14, 6)),
            "status": pick(("prospect", "active", "dormant"), stage),
            "payment_terms_days": society.terms_days[mine],
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
            "sales_rep_id": "rep-" + pl.Series(deals.manager[mine]).cast(pl.String),
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


def contact_rows(
    world: World, who: Ints, customers: pl.DataFrame, rng: np.random.Generator
) -> pl.DataFrame:
    """The contacts: a consumer is one person, a company has up to three with different roles."""
    society, buyers = world.society, world.buyers
    count = society.contact_count[who]
    place = np.repeat(np.arange(who.size), count)
    nth = np.arange(place.size) - np.repeat(np.cumsum(count) - count, count)
    mine = who[place]
    business = buyers.is_business[mine]
    invented = person_names(place.size, rng)
    phone = phone_numbers(place.size, rng)
    born = rng.integers(0, 14_000, place.size)  # days from 1970, until 2008
    told = ~business & (rng.random(place.size) < 0.2)
    address = email_addresses(invented, mine * 4 + nth + 20_000_000)
    made = np.where(business, world.prospects.account_from[mine] + 5, society.first_at[mine] - 30)
    made = made + nth
    frame = pl.DataFrame(
        {
            "place": place,
            "nth": nth,
            "contact_id": contact_ids(mine, nth),
            "account_id": only(account_ids(mine), business),
            "customer_id": only(customer_ids(mine), society.first_at[mine] < world.cutoff),
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
            "updated_at": latest(world.cutoff, made, society.first_at[mine]),
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


def consent_rows(world: World, who: Ints, rng: np.random.Generator) -> pl.DataFrame:
    """The consents feed: what people said at the first order, and how they took it back."""
    society, first = world.society, world.society.first_at
    said = society.said[who]
    dice = rng.random((2, who.size))
    asked, agreed = who[said != SILENT], who[said == GRANTED]
    liked = who[(said == GRANTED) & (dice[0] < 0.3)]
    unsold = who[dice[1] < 0.1]
    off, left = society.called_off_at[agreed], society.unsubscribed_at[agreed]
    by_phone = np.where(off <= left, off, NEVER)
    no, yes = np.zeros(who.size, dtype=np.bool_), np.ones(who.size, dtype=np.bool_)
    return pl.concat(
        [
            statements(world, (asked, society.said[asked] == GRANTED, first[asked]), 1),
            statements(world, (liked, yes[: liked.size], first[liked]), 2),
            statements(world, (agreed, no[: agreed.size], by_phone), 3),
            statements(world, (agreed, no[: agreed.size], left), 4),
            statements(world, (unsold, no[: unsold.size], first[unsold]), 5),
        ]
    )


# Number of the statement: purpose, channel and the way it was stated.
STATEMENTS = {
    1: ("marketing", "email", "checkout"),
    2: ("personalisation", "any", "checkout"),
    3: ("marketing", "email", "phone"),
    4: ("marketing", "email", "unsubscribe_link"),
    5: ("third_party_ads", "ads", "portal"),
}


def statements(world: World, stated: tuple[Ints, Bools, Ints], number: int) -> pl.DataFrame:
    """One kind of statement: who said it, whether it allows, and when."""
    who, granted, at = stated
    purpose, channel, source = (
        pl.repeat(word, who.size, eager=True, dtype=pl.String) for word in STATEMENTS[number]
    )
    has_contact = world.society.contact_count[who] > 0
    return pl.DataFrame(
        {
            "consent_id": customer_ids(who).str.replace("C-", "CN-") + f"-{number}",
            "contact_id": only(contact_ids(who, np.zeros_like(who)), has_contact),
            "customer_id": customer_ids(who),
            "purpose": purpose,
            "channel": channel,
            "is_granted": granted,
            "source": source,
            "text_version": pick(("2023-05", "2025-01"), (who % 3 == 0).astype(np.int64)),
            "stated_at": at,
        }
    ).filter(pl.Series(at < world.cutoff))
