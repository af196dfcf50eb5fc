"""The customers feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import at_places, only
from sources.simulator.chance import stream
from sources.simulator.world.addresses import homes
from sources.simulator.world.buyers import Buyers, customer_ids, has_second_record, record_ids
from sources.simulator.world.names import (
    company_names,
    email_addresses,
    languages,
    legal_forms,
    person_names,
    phone_numbers,
)
from sources.simulator.world.profiles import Profiles, birthdays, genders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sources.simulator.arrays import Ints
    from sources.simulator.world.campaigns import Campaigns

CUSTOMERS_PER_PIECE = 200_000


def customer_pieces(
    people: tuple[Buyers, Profiles, Campaigns], seed: int
) -> Iterator[tuple[Ints, pl.DataFrame]]:
    """In pieces: who they are, and the customers feed as it will be.

    The frame has two columns more: the customer's `place` in the piece, and the `person` behind it.
    """
    for number, start in enumerate(range(0, people[0].rate.size, CUSTOMERS_PER_PIECE)):
        who = np.arange(start, min(start + CUSTOMERS_PER_PIECE, people[0].rate.size))
        rng = stream(seed, 21, number)
        created = people[1].first_at[who] - rng.integers(60, 1_800, who.size)
        yield who, customer_rows(people, who, created, rng)


def customer_rows(
    people: tuple[Buyers, Profiles, Campaigns], who: Ints, created: Ints, rng: np.random.Generator
) -> pl.DataFrame:
    """One row per record of the given customers; second records carry the same person."""
    buyers, profiles, campaigns = people
    count = who.size
    told = profiles.tells_birthday(who) & ~buyers.is_business[who]
    country = buyers.country[who]
    company = company_names(count, rng) + " " + legal_forms(who, country)
    business = pl.Series(buyers.is_business[who])
    name = person_names(count, rng, country)
    frame = pl.DataFrame(
        {
            "place": np.arange(count),
            "person": name,
            "customer_record_id": record_ids(who, np.zeros(count, dtype=np.bool_)),
            "customer_id": customer_ids(who),
            "customer_type": np.where(buyers.is_business[who], "business", "consumer"),
            "name": company.zip_with(business, name),
            "email": email_addresses(name, who + 1),
            "phone": phone_numbers(count, rng),
            "birth_date": only(birthdays(who), told),
            "gender": only(genders(who), told),
            "language_code": languages(who, country),
            "acquisition_campaign_id": at_places(campaigns.ids, profiles.acquired_by[who]),
            "created_at": created,
            "updated_at": created,
        }
    )
    frame = pl.concat([frame, homes(who, country)], how="horizontal")
    second = np.flatnonzero(has_second_record(who))
    guests = frame[second].with_columns(
        record_ids(who[second], np.ones(second.size, dtype=np.bool_)).alias("customer_record_id")
    )
    return pl.concat([frame, guests])
