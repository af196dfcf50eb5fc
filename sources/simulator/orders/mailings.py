"""Mailings: whom a campaign means, who of them is held out, and what those reached do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import DAY, NEVER, Bools, Floats, Ints
from sources.simulator.chance import hashed, stream
from sources.simulator.world.answers import Mailing, Sent
from sources.simulator.world.campaigns import CHANNELS, OBJECTIVES
from sources.simulator.world.experiments import (
    LAWS,
    NO_MAIL,
    SUBJECT_LINE,
    TREATMENT,
    variant_of,
)
from sources.simulator.world.people_laws import (
    ANSWERS_OWN_WAY,
    BY_SMS,
    CLICKS_FIRST,
    EMAIL,
    HOLDOUT,
    HOURS,
    READS_IN_OWN_HOURS,
    SMS,
    WINDOW_DAYS,
    other_way,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sources.simulator.world.world import World

SEND_SECOND = 9 * 3600  # the local hour at which mails begin to leave
SENDING_SECONDS = 3 * 3600
LISTED_SECONDS = 3600  # how long before that the members are chosen
RECIPIENTS_PER_PIECE = 200_000
BOUNCES, COMPLAINS = 0.015, 0.0005
CLICKS = 0.16  # share of opened mails in which something is clicked, where no order follows
UNSUBSCRIBES = 0.012  # share of opened mails that are the last one
REPLIES = 0.006  # share of opened mails that are answered in words
READ_WITHIN = 3 * DAY
# Days since the last order, as known when the month begins: from, and before.
RECENT, ABSENT, RECENT_ENOUGH = (0, 180), (90, 400), (0, 365)


def mailings(world: World, month: int) -> Iterator[Mailing]:
    """The mailings that begin in a month, as what is known when the month begins has them."""
    first, after = world.calendar.month_days(month)
    campaigns, known_at = world.campaigns, int(world.calendar.midnight[first])
    is_mail = campaigns.channel == CHANNELS.index("email")
    is_mail[campaigns.reminder] = False  # whose mails leave when somebody has left a cart
    for place in np.flatnonzero(is_mail & (campaigns.first_day >= first)):
        campaign = int(place)
        if campaigns.first_day[campaign] >= after:
            break
        begins = int(world.calendar.midnight[campaigns.first_day[campaign]]) + SEND_SECOND
        listed = world.profiles.takes_mail(begins - LISTED_SECONDS)
        soonest, latest = span_of(world, campaign)
        last = world.buyers.last_order_at
        listed &= (last < known_at - soonest * DAY) & (last >= known_at - latest * DAY)
        members = np.flatnonzero(listed)
        for piece, start in enumerate(range(0, members.size, RECIPIENTS_PER_PIECE)):
            who = members[start : start + RECIPIENTS_PER_PIECE]
            held = is_held_out(world, campaign, who, begins, HOLDOUT)
            yield Mailing(campaign, piece, begins, who, held)


def span_of(world: World, campaign: int) -> tuple[int, int]:
    """How many days ago those whom a campaign means ordered last: at least, and less than."""
    if world.campaigns.objective[campaign] == OBJECTIVES.index("reactivation"):
        return ABSENT
    return RECENT if world.campaigns.names[campaign].startswith("Newsletter") else RECENT_ENOUGH


def is_held_out(world: World, campaign: int, who: Ints, begins: int | Ints, share: float) -> Bools:
    """Who is not mailed: chance by campaign, and while it runs the experiment without any mail."""
    held = hashed(who * 1_024 + campaign, 151, 1_000) < share * 1_000
    runs = world.experiments.running(NO_MAIL, np.broadcast_to(begins, who.shape))
    found: Bools = held | (runs & (variant_of(NO_MAIL, who) != TREATMENT))
    return found


def send(world: World, mailing: Mailing) -> Sent:
    """What those reached do with one message; it notes who unsubscribes and what is to come."""
    who, begins = mailing.reached, mailing.begins
    rng = stream(world.seed, 152, mailing.campaign, mailing.piece)
    sent = begins + rng.integers(0, SENDING_SECONDS, who.size)
    dice = rng.random((6, who.size))
    by_sms = hashed(who * 1_024 + mailing.campaign, 153, 100) < BY_SMS * 100
    way = np.where(world.profiles.takes_sms[who] & by_sms, SMS, EMAIL)
    bounced = dice[0] < BOUNCES
    complained = ~bounced & (dice[0] < BOUNCES + COMPLAINS)
    rate = open_rates(world, who, begins, way)
    opens = ~bounced & (dice[1] < rate)
    opened = np.where(opens, reading_times(world, who, sent, rng), NEVER)
    # Only what is read causes anything, so that the rate holds per message delivered.
    causes = opens & (dice[2] * rate < world.campaigns.order_rate[mailing.campaign])
    clicks = opens & (dice[3] < np.where(causes, CLICKS_FIRST, CLICKS))
    clicked = np.where(clicks, opened + rng.integers(2, 240, who.size), NEVER)
    stops = opens & (dice[4] < UNSUBSCRIBES) & ~causes
    stopped = np.where(stops, opened + rng.integers(5, 400, who.size), NEVER)
    replies = opens & (dice[5] < REPLIES)
    left = begins + WINDOW_DAYS * DAY - opened - 600
    ordered = opened + 600 + (rng.random(who.size) ** 3 * left).astype(np.int64)
    found = Sent(
        way=way,
        status=np.where(bounced, 1, np.where(complained, 2, 0)),
        sent_at=sent,
        opened_at=opened,
        clicked_at=clicked,
        stopped_at=stopped,
        replied_at=np.where(replies, opened + rng.integers(90, 7_200, who.size), NEVER),
        ordered_at=np.where(causes, ordered, NEVER),
    )
    profiles = world.profiles
    profiles.unsubscribed_at[who] = np.minimum(profiles.unsubscribed_at[who], stopped)
    world.answers.expect(mailing, found)
    return found


def open_rates(world: World, who: Ints, begins: int | Ints, way: Ints) -> Floats:
    """How likely each opens: as the experiment's variant says while it runs, more by the own way.

    Over all people it is the law's rate, whatever the way.
    """
    law = LAWS[SUBJECT_LINE]
    runs = world.experiments.running(SUBJECT_LINE, np.broadcast_to(begins, who.shape))
    # Only who was assigned when it began, or at a first order since, is in a variant.
    treated = runs & (variant_of(SUBJECT_LINE, who) == TREATMENT)
    rate = np.where(treated, law.rate[1], law.rate[0])
    others = np.where(way == SMS, other_way(SMS), other_way(EMAIL))
    found: Floats = rate * np.where(world.profiles.way[who] == way, ANSWERS_OWN_WAY, others)
    return found


def reading_times(world: World, who: Ints, sent: Ints, rng: np.random.Generator) -> Ints:
    """When each opens: mostly the next time of day at which the person reads, else some time."""
    soon = np.rint(rng.gamma(0.8, 10 * 3600, who.size)).astype(np.int64) + 5
    low, high = np.array(HOURS)[world.profiles.hours[who]].T
    second = low * 3600 + (rng.random(who.size) * (high - low) * 3600).astype(np.int64)
    day = world.calendar.days_of(sent)
    today = world.calendar.at(day, second)
    own = np.where(today > sent + 60, today, world.calendar.at(day + 1, second))
    is_own = rng.random(who.size) < READS_IN_OWN_HOURS
    return np.where(is_own, own, sent + np.minimum(soon, READ_WITHIN))
