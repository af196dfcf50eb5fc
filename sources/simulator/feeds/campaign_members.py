"""The campaign members feed: whom each mailing means, and who of them was held out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY
from sources.simulator.cells import before, latest, repeated
from sources.simulator.orders.mailings import LISTED_SECONDS
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.people_laws import WINDOW_DAYS
from sources.simulator.world.profiles import contact_ids

if TYPE_CHECKING:
    from sources.simulator.world.answers import Mailing, Sent
    from sources.simulator.world.world import World


def member_rows(world: World, mailing: Mailing, sent: Sent) -> pl.DataFrame:
    """One row per member: until the mailing's effect is over, or until the person unsubscribes."""
    count, cutoff = mailing.who.size, world.cutoff
    joined = np.full(count, mailing.begins - LISTED_SECONDS)
    left = np.full(count, mailing.begins + WINDOW_DAYS * DAY)
    left[~mailing.is_holdout] = np.minimum(left[~mailing.is_holdout], sent.stopped_at)
    campaign = world.campaigns.ids[mailing.campaign]
    return pl.DataFrame(
        {
            "campaign_id": repeated(campaign, count),
            "customer_id": customer_ids(mailing.who),
            "contact_id": contact_ids(mailing.who, np.zeros(count, dtype=np.int64)),
            "is_holdout": mailing.is_holdout,
            "joined_at": joined,
            "left_at": before(left, cutoff),
            "updated_at": latest(cutoff, joined, left),
        }
    ).filter(pl.Series(joined < cutoff))
