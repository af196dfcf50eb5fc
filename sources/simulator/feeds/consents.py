"""The consents feed: who allowed what, and who took it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER, Bools, Ints
from sources.simulator.cells import NOWHERE, at_places, only, pick, repeated
from sources.simulator.chance import hashed
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.people_laws import ALLOWS_ADS, SHARES_WITH_VENDOR, WITHDRAWS
from sources.simulator.world.profiles import GRANTED, SILENT, contact_ids

if TYPE_CHECKING:
    from sources.simulator.world.world import World


def consent_rows(world: World, who: Ints, rng: np.random.Generator) -> pl.DataFrame:
    """The consents feed: what people said at the first order, and how they took it back."""
    profiles, first = world.profiles, world.profiles.first_at
    said = profiles.said[who]
    dice = rng.random(who.size)
    asked, agreed = who[said != SILENT], who[said == GRANTED]
    liked = who[profiles.allows_profile[who]]
    texted = who[profiles.takes_sms[who]]
    sharing, vendor, shared_at = shared_with_vendors(world, who)
    withdrawn = hashed(sharing, 159, 1_000) < WITHDRAWS * 1_000
    unsold = who[dice < 0.1]
    advertised = who[
        (dice >= 0.1) & (said == GRANTED) & (hashed(who, 163, 1_000) < ALLOWS_ADS * 1_000)
    ]
    off, left = profiles.called_off_at[agreed], profiles.unsubscribed_at[agreed]
    by_phone = np.where(off <= left, off, NEVER)
    # The link in a message stops text messages as well.
    stopped = profiles.unsubscribed_at[texted]
    no, yes = np.zeros(who.size, dtype=np.bool_), np.ones(who.size, dtype=np.bool_)
    return pl.concat(
        [
            statements(world, (asked, profiles.said[asked] == GRANTED, first[asked]), 1),
            statements(world, (liked, yes[: liked.size], first[liked]), 2),
            statements(world, (agreed, no[: agreed.size], by_phone), 3),
            statements(world, (agreed, no[: agreed.size], left), 4),
            statements(world, (unsold, no[: unsold.size], first[unsold]), 5),
            statements(world, (texted, yes[: texted.size], first[texted]), 6),
            statements(world, (advertised, yes[: advertised.size], first[advertised]), 10),
            statements(world, (texted, no[: texted.size], stopped), 9),
            statements(world, (sharing, yes[: sharing.size], shared_at), 7, vendor),
            statements(
                world,
                (sharing, no[: sharing.size], np.where(withdrawn, shared_at + 90 * DAY, NEVER)),
                8,
                vendor,
            ),
        ]
    )


# Number of the statement: purpose, channel and the way it was stated.
STATEMENTS = {
    1: ("marketing", "email", "checkout"),
    2: ("personalisation", "any", "checkout"),
    3: ("marketing", "email", "phone"),
    4: ("marketing", "email", "unsubscribe_link"),
    6: ("marketing", "sms", "checkout"),
    9: ("marketing", "sms", "unsubscribe_link"),
    7: ("vendor_sharing", "any", "portal"),
    8: ("vendor_sharing", "any", "portal"),
    5: ("third_party_ads", "ads", "portal"),
    10: ("third_party_ads", "ads", "checkout"),
}


def shared_with_vendors(world: World, who: Ints) -> tuple[Ints, Ints, Ints]:
    """Who of some customers lets a vendor that sells by then have their data, which, and when."""
    vendors, calendar = world.vendors, world.calendar
    mine = who[hashed(who, 160, 1_000) < SHARES_WITH_VENDOR * 1_000]
    at = world.profiles.first_at[mine] + hashed(mine, 161, 60 * DAY) + DAY
    vendor = hashed(mine, 162, vendors.weight.size)
    day = calendar.days_of(at)
    sells = (vendors.joined_day[vendor] < day) & (vendors.closed_day[vendor] > day) & (day >= 0)
    return mine[sells], vendor[sells], at[sells]


def statements(
    world: World, stated: tuple[Ints, Bools, Ints], number: int, vendor: Ints | None = None
) -> pl.DataFrame:
    """One kind of statement: who said it, whether it allows, when, and of which vendor."""
    who, granted, at = stated
    purpose, channel, source = (repeated(word, who.size) for word in STATEMENTS[number])
    has_contact = world.profiles.contact_count[who] > 0
    return pl.DataFrame(
        {
            "consent_id": customer_ids(who).str.replace("C-", "CN-") + f"-{number}",
            "contact_id": only(contact_ids(who, np.zeros_like(who)), has_contact),
            "customer_id": customer_ids(who),
            "vendor_id": at_places(
                world.vendors.ids, np.full(who.size, NOWHERE) if vendor is None else vendor
            ),
            "purpose": purpose,
            "channel": channel,
            "is_granted": granted,
            "source": source,
            "text_version": pick(("2023-05", "2025-01"), (who % 3 == 0).astype(np.int64)),
            "stated_at": at,
        }
    ).filter(pl.Series(at < world.cutoff))
