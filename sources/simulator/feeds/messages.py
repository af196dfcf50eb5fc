"""The messages feed: what is sent to whom, what becomes of it, and what people write back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER
from sources.simulator.cells import before, latest, pick, repeated
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.people_laws import WAYS
from sources.simulator.world.profiles import contact_ids

if TYPE_CHECKING:
    from sources.simulator.world.answers import Mailing, Sent
    from sources.simulator.world.world import World


def message_rows(world: World, mailing: Mailing, sent: Sent) -> pl.DataFrame:
    """One message to each who is reached, and the replies."""
    who, cutoff = mailing.reached, world.cutoff
    campaign = world.campaigns.ids[mailing.campaign]
    out = pl.DataFrame(
        {
            "message_id": campaign + "-" + customer_ids(who),
            "campaign_id": repeated(campaign, who.size),
            "contact_id": contact_ids(who, np.zeros_like(who)),
            "customer_id": customer_ids(who),
            "vendor_id": repeated(featured_vendor(world, mailing), who.size),
            "channel": pick(WAYS, sent.way),
            "direction": repeated("outbound", who.size),
            "status": pick(("delivered", "bounced", "complained"), sent.status),
            "sent_at": sent.sent_at,
            "opened_at": before(sent.opened_at, cutoff),
            "clicked_at": before(sent.clicked_at, cutoff),
            "unsubscribed_at": before(sent.stopped_at, cutoff),
            "replied_at": before(sent.replied_at, cutoff),
            "updated_at": latest(
                cutoff,
                *(sent.sent_at, sent.opened_at, sent.clicked_at, sent.stopped_at, sent.replied_at),
            ),
        }
    )
    replies = out.filter(pl.Series(sent.replied_at < NEVER)).select(
        pl.col("message_id") + "-R",
        *("campaign_id", "contact_id", "customer_id", "vendor_id", "channel"),
        pl.lit("inbound").alias("direction"),
        pl.lit("delivered").alias("status"),
        pl.col("replied_at").alias("sent_at"),
        pl.col("replied_at").alias("updated_at"),
    )
    both = pl.concat([out, replies.drop_nulls("sent_at")], how="diagonal")
    return both.filter(pl.col("sent_at") < cutoff)


def featured_vendor(world: World, mailing: Mailing) -> str | None:
    """The vendor that a newsletter presents; other mails present none."""
    campaigns, vendors = world.campaigns, world.vendors
    if not campaigns.names[mailing.campaign].startswith("Newsletter"):
        return None
    day = campaigns.first_day[mailing.campaign]
    open_ones = np.flatnonzero((vendors.joined_day < day) & (vendors.closed_day > day))
    return str(vendors.ids[int(open_ones[mailing.campaign * 7 % open_ones.size])])
