"""The customers feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import pick
from sources.simulator.chance import stream
from sources.simulator.world.buyers import Buyers, customer_ids, has_second_record, record_ids
from sources.simulator.world.names import (
    FORMS,
    company_names,
    email_addresses,
    person_names,
    phone_numbers,
    places,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sources.simulator.arrays import Ints
    from sources.simulator.world.profiles import Profiles

CUSTOMERS_PER_PIECE = 200_000


def customer_pieces(
    buyers: Buyers, profiles: Profiles, seed: int
) -> Iterator[tuple[Ints, pl.DataFrame]]:
    """In pieces: who they are, and the customers feed as it will be.

    The frame has two columns more: the customer's `place` in the piece, and the `person` behind it.
    """
    for number, start in enumerate(range(0, buyers.rate.size, CUSTOMERS_PER_PIECE)):
        who = np.arange(start, min(start + CUSTOMERS_PER_PIECE, buyers.rate.size))
        rng = stream(seed, 21, number)
        created = profiles.first_at[who] - rng.integers(60, 1_800, who.size)
        yield who, customer_rows(buyers, who, created, rng)


def customer_rows(
    buyers: Buyers, who: Ints, created: Ints, rng: np.random.Generator
) -> pl.DataFrame:
    """One row per record of the given customers; second records carry the same person."""
    count = who.size
    company = company_names(count, rng) + " " + pick(FORMS, rng.integers(0, len(FORMS), count))
    business = pl.Series(buyers.is_business[who])
    name = person_names(count, rng)
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
            "created_at": created,
            "updated_at": created,
        }
    )
    frame = pl.concat([frame, places(count, rng)], how="horizontal")
    second = np.flatnonzero(has_second_record(who))
    guests = frame[second].with_columns(
        record_ids(who[second], np.ones(second.size, dtype=np.bool_)).alias("customer_record_id")
    )
    return pl.concat([frame, guests])
