"""The customers feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import NOWHERE, at_places, only
from sources.simulator.chance import hashed, stream
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
from sources.simulator.world.people_laws import LINK_LOST, LINK_MISTAKEN
from sources.simulator.world.profiles import Profiles, birthdays, genders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sources.simulator.arrays import Ints
    from sources.simulator.world.calendar import Calendar
    from sources.simulator.world.campaigns import Campaigns

    People = tuple[Buyers, Profiles, Campaigns, Calendar]

CUSTOMERS_PER_PIECE = 200_000


def customer_pieces(people: People, seed: int) -> Iterator[tuple[Ints, pl.DataFrame]]:
    """In pieces: who they are, and the customers feed as it will be.

    The frame has two columns more: the customer's `place` in the piece, and the `person` behind it.
    """
    for number, start in enumerate(range(0, people[0].rate.size, CUSTOMERS_PER_PIECE)):
        who = np.arange(start, min(start + CUSTOMERS_PER_PIECE, people[0].rate.size))
        rng = stream(seed, 21, number)
        created = people[1].first_at[who] - rng.integers(60, 1_800, who.size)
        yield who, customer_rows(people, who, created, rng)


def customer_rows(
    people: People, who: Ints, created: Ints, rng: np.random.Generator
) -> pl.DataFrame:
    """One row per record of the given customers; second records carry the same person."""
    buyers, profiles, campaigns, calendar = people
    count = who.size
    told = profiles.tells_birthday(who) & ~buyers.is_business[who]
    campaign = named_by_crm(profiles, campaigns, calendar.days_of(created), who)
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
            "acquisition_campaign_id": at_places(campaigns.ids, campaign),
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


def named_by_crm(profiles: Profiles, campaigns: Campaigns, day: Ints, who: Ints) -> Ints:
    """The campaign that stands in each customer's record, NOWHERE without one; no truth.

    It is the last link before the first order, which some browsers did not pass on; at other times
    somebody took another campaign of the day down.
    """
    followed = profiles.followed[who]
    found = np.where(hashed(who, 218, 1_000) < LINK_LOST * 1_000, NOWHERE, followed)
    is_mistaken = (day >= 0) & (hashed(who, 219, 1_000) < LINK_MISTAKEN * 1_000)
    mine = np.flatnonzero(is_mistaken)
    running = campaigns.active[:, np.minimum(day[mine], campaigns.active.shape[1] - 1)]
    channels = np.arange(running.shape[0])[:, None]
    wish = hashed(who[mine] * running.shape[0] + channels, 220, 1 << 20)
    others = (running != NOWHERE) & (running != followed[mine])
    channel = np.where(others, wish, -1).argmax(axis=0)
    found[mine] = running[channel, np.arange(mine.size)]
    return found
