"""The messages feed: to whom marketing mail is sent, what becomes of it, who has had enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER, Floats, Ints
from sources.simulator.cells import before, latest, pick
from sources.simulator.chance import stream
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.campaigns import CHANNELS, OBJECTIVES
from sources.simulator.world.experiments import LAWS, SUBJECT_LINE, variant_of
from sources.simulator.world.profiles import contact_ids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sources.simulator.world.world import World

SEND_SECOND = 9 * 3600  # the local hour at which mails begin to leave
RECIPIENTS_PER_PIECE = 200_000
BOUNCES, COMPLAINS = 0.015, 0.0005
CLICKS = 0.16  # share of opened mails in which something is clicked
UNSUBSCRIBES = 0.012  # share of opened mails that are the last one
ABSENT_DAYS = 90  # who has not ordered for so long is asked to come back


def sent_in(world: World, month: int) -> Ints:
    """The campaigns whose mails leave in a month."""
    first, after = world.calendar.month_days(month)
    day = world.campaigns.first_day
    is_mail = world.campaigns.channel == CHANNELS.index("email")
    found: Ints = np.flatnonzero(is_mail & (day >= first) & (day < after))
    return found


def message_pieces(world: World, month: int) -> Iterator[pl.DataFrame]:
    """The messages feed of a month's campaigns; it notes who unsubscribes."""
    for campaign in sent_in(world, month):
        day = int(world.campaigns.first_day[campaign])
        begins = int(world.calendar.midnight[day]) + SEND_SECOND
        if begins >= world.cutoff:
            continue
        takes = world.profiles.takes_mail(begins)
        if world.campaigns.objective[campaign] == OBJECTIVES.index("reactivation"):
            quiet = world.profiles.first_at < begins - ABSENT_DAYS * DAY
            takes &= quiet & (np.nan_to_num(world.buyers.rate) < 1 / 40)
        everyone = np.flatnonzero(takes)
        for piece, start in enumerate(range(0, everyone.size, RECIPIENTS_PER_PIECE)):
            who = everyone[start : start + RECIPIENTS_PER_PIECE]
            rng = stream(world.seed, 67, int(campaign), piece)
            yield message_rows(world, int(campaign), who, begins, rng)


def open_rates(world: World, who: Ints, begins: int) -> Floats:
    """How likely each opens: as the experiment's variant says while it runs."""
    law = LAWS[SUBJECT_LINE]
    runs = world.experiments.running(SUBJECT_LINE, np.array([begins]))[0]
    # Only who was assigned when it began, or at a first order since, is in a variant.
    treated = runs & (variant_of(SUBJECT_LINE, who) == 1)
    found: Floats = np.where(treated, law.rate[1], law.rate[0])
    return found


def message_rows(
    world: World, campaign: int, who: Ints, begins: int, rng: np.random.Generator
) -> pl.DataFrame:
    """One mail to each of some customers."""
    count, cutoff = who.size, world.cutoff
    sent = begins + rng.integers(0, 3 * 3600, count)
    dice = rng.random((4, count))
    bounced = dice[0] < BOUNCES
    complained = ~bounced & (dice[0] < BOUNCES + COMPLAINS)
    opens = ~bounced & (dice[1] < open_rates(world, who, begins))
    wait = np.rint(rng.gamma(0.8, 10 * 3600, count)).astype(np.int64) + 5
    opened = np.where(opens, sent + wait, NEVER)
    clicked = np.where(opens & (dice[2] < CLICKS), opened + rng.integers(2, 240, count), NEVER)
    stopped = np.where(
        opens & (dice[3] < UNSUBSCRIBES), opened + rng.integers(5, 400, count), NEVER
    )
    world.profiles.unsubscribed_at[who] = np.minimum(world.profiles.unsubscribed_at[who], stopped)
    status = np.where(bounced, 1, np.where(complained, 2, 0))
    return pl.DataFrame(
        {
            "message_id": world.campaigns.ids[campaign] + "-" + customer_ids(who),
            "campaign_id": pl.repeat(world.campaigns.ids[campaign], count, eager=True),
            "contact_id": contact_ids(who, np.zeros_like(who)),
            "customer_id": customer_ids(who),
            "channel": pl.repeat("email", count, eager=True),
            "direction": pl.repeat("outbound", count, eager=True),
            "status": pick(("delivered", "bounced", "complained"), status),
            "sent_at": sent,
            "opened_at": before(opened, cutoff),
            "clicked_at": before(clicked, cutoff),
            "unsubscribed_at": before(stopped, cutoff),
            "updated_at": latest(cutoff, sent, opened, clicked, stopped),
        }
    ).filter(pl.Series(sent < cutoff))
