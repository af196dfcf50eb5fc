"""The consents feed: who allowed what, and who took it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, Bools, Ints
from sources.simulator.cells import only, pick
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.profiles import GRANTED, SILENT, contact_ids

if TYPE_CHECKING:
    from sources.simulator.world.world import World


def consent_rows(world: World, who: Ints, rng: np.random.Generator) -> pl.DataFrame:
    """The consents feed: what people said at the first order, and how they took it back."""
    profiles, first = world.profiles, world.profiles.first_at
    said = profiles.said[who]
    dice = rng.random((2, who.size))
    asked, agreed = who[said != SILENT], who[said == GRANTED]
    liked = who[(said == GRANTED) & (dice[0] < 0.3)]
    unsold = who[dice[1] < 0.1]
    off, left = profiles.called_off_at[agreed], profiles.unsubscribed_at[agreed]
    by_phone = np.where(off <= left, off, NEVER)
    no, yes = np.zeros(who.size, dtype=np.bool_), np.ones(who.size, dtype=np.bool_)
    return pl.concat(
        [
            statements(world, (asked, profiles.said[asked] == GRANTED, first[asked]), 1),
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
    has_contact = world.profiles.contact_count[who] > 0
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
