"""Reminders of carts: who left one and may be mailed, who is held out, and who comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER
from sources.simulator.cells import at_places
from sources.simulator.chance import stream
from sources.simulator.orders.mailings import LISTED_SECONDS, is_held_out, reading_times
from sources.simulator.tracking.carts import named_carts
from sources.simulator.tracking.clicks import has_signed_in
from sources.simulator.world.answers import Mailing, Sent
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.people_laws import (
    CART_HOLDOUT,
    CLICKS_FIRST,
    EMAIL,
    RECOVERED,
    REMINDED_AFTER_HOURS,
    WINDOW_DAYS,
)
from sources.simulator.world.visit_laws import ASSIST, IDLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sources.simulator.arrays import Ints
    from sources.simulator.orders.placed import Placed
    from sources.simulator.tracking.visits import Visits
    from sources.simulator.world.world import World

REMINDER = REMINDED_AFTER_HOURS * 3_600
OPENS, CLICKS = 0.42, 0.12  # shares; who left a cart reads what is said of it
BOUNCES = 0.01
COMES_BACK_FROM, COMES_BACK_WITHIN = 600, WINDOW_DAYS * DAY - 4 * DAY  # seconds after reading


def remind(
    world: World, placed: Placed, visits: Visits, piece: int
) -> Iterator[tuple[Mailing, Sent, Ints]]:
    """The reminders that follow from visits, month by month: whom, what becomes of it, which visit.

    People who will come back by themselves are reminded, too: nobody knows it of them. The mail
    causes nothing there.
    """
    visit = left_behind(world, placed, visits)
    at = visits.at[visit] + REMINDER
    month = world.calendar.month[world.calendar.days_of(at)]
    for which in np.unique(month):
        mine = visit[month == which]
        people = world.buyers.rate.size
        mine = mine[world.answers.first_of_month(int(which), visits.who[mine], people)]
        who, begins = visits.who[mine], visits.at[mine] + REMINDER
        campaign = int(world.campaigns.reminder[which])
        held = is_held_out(world, campaign, who, begins, CART_HOLDOUT)
        mailing = Mailing(campaign, piece, begins, who, held)
        yield mailing, answer(world, mailing, visits, mine[~held]), mine


def left_behind(world: World, placed: Placed, visits: Visits) -> Ints:
    """The first visit of each customer that leaves a cart for a day, of those known and willing."""
    at = visits.at + REMINDER
    calendar = world.calendar
    leaves = visits.adds & np.isin(visits.kind, (IDLE, ASSIST)) & has_signed_in(world, visits)
    leaves &= (visits.kind == IDLE) | (placed.ordered_at[visits.order] > at)
    leaves &= (visits.at >= calendar.midnight[0]) & (at < calendar.midnight[calendar.day_count])
    mine = np.flatnonzero(leaves)
    mine = mine[world.profiles.takes_mail(at[mine], visits.who[mine])]
    in_time = mine[np.lexsort((visits.number[mine], visits.at[mine]))]
    return in_time[np.sort(np.unique(visits.who[in_time], return_index=True)[1])]


def answer(world: World, mailing: Mailing, visits: Visits, visit: Ints) -> Sent:
    """What those reached do; only what is read brings somebody back to a cart of no order."""
    who, begins = mailing.reached, visits.at[visit] + REMINDER
    rng = stream(world.seed, 217, mailing.campaign, mailing.piece)
    sent = begins + rng.integers(0, 1_800, who.size)
    dice = rng.random((4, who.size))
    bounced = dice[0] < BOUNCES
    opens = ~bounced & (dice[1] < OPENS)
    opened = np.where(opens, reading_times(world, who, sent, rng), NEVER)
    causes = opens & (dice[2] * OPENS < RECOVERED) & (visits.kind[visit] == IDLE)
    clicks = opens & (dice[3] < np.where(causes, CLICKS_FIRST, CLICKS / OPENS))
    clicked = np.where(clicks, opened + rng.integers(2, 240, who.size), NEVER)
    wait = (rng.random(who.size) ** 3 * COMES_BACK_WITHIN).astype(np.int64)
    never = np.full(who.size, NEVER)
    found = Sent(
        way=np.full(who.size, EMAIL),
        status=bounced.astype(np.int64),
        sent_at=sent,
        opened_at=opened,
        clicked_at=clicked,
        stopped_at=never,
        replied_at=never,
        ordered_at=np.where(causes, opened + COMES_BACK_FROM + wait, NEVER),
        cart=visits.cart[visit],
    )
    world.answers.expect(mailing, found)
    return found


def reminder_rows(world: World, mailing: Mailing, visits: Visits, visit: Ints) -> pl.DataFrame:
    """Whose cart was left, and whether the person was held out: the members before the cutoff."""
    ids = at_places(world.campaigns.ids, np.full(visit.size, mailing.campaign))
    return pl.DataFrame(
        {
            "cart_id": named_carts(visits.cart[visit]),
            "customer_id": customer_ids(mailing.who),
            "campaign_id": ids,
            "is_holdout": mailing.is_holdout,
            "would_come_back": visits.kind[visit] == ASSIST,
            "left_at": (pl.Series(visits.at[visit]) * 1000).cast(pl.Datetime("ms")),
        }
    ).filter(pl.Series(visits.at[visit] + REMINDER - LISTED_SECONDS < world.cutoff))
