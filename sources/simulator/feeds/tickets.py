"""The tickets and ticket events feeds: what goes wrong makes people write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER, Bools, Floats, Ints, number_within
from sources.simulator.cells import (
    NOWHERE,
    before,
    latest,
    numbered,
    only,
    pick,
    repeated,
    taken,
    word_at,
)
from sources.simulator.chance import hashed
from sources.simulator.orders.states import Known, order_ids
from sources.simulator.world import service_laws as laws
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.profiles import contact_ids

if TYPE_CHECKING:
    from sources.simulator.world.world import World

CHANNELS = ("email", "email", "form", "chat", "phone", "portal", "social")
ACKNOWLEDGED = ("email", "form")  # channels in which a machine answers at once
# Who does what, in order of time; what is solved may come back.
EVENTS = (
    ("opened", "customer"),
    ("answered", "system"),
    ("assigned", "system"),
    ("handed_over", "agent"),
    ("answered", "agent"),
    ("escalated", "agent"),
    ("customer_replied", "customer"),
    ("answered", "agent"),
    ("customer_replied", "customer"),
    ("answered", "agent"),
    ("solved", "agent"),
    ("reopened", "customer"),
    ("solved", "agent"),
    ("closed", "system"),
)
(
    OPENED, ACKNOWLEDGEMENT, ASSIGNED, HANDED_OVER, FIRST_ANSWER, ESCALATED, REPLY, ANSWER,
    LAST_REPLY, LAST_ANSWER, SOLVED, REOPENED, SOLVED_AGAIN, CLOSED,
) = range(len(EVENTS))  # fmt: skip
AUTOMATIC = (ACKNOWLEDGEMENT, ASSIGNED, CLOSED)
VENDOR_ANSWERS = 0.3  # share of the answers of the team for vendors that the vendor gives himself


@dataclass(frozen=True, slots=True)
class Tickets:
    """The tickets of a piece; instants that never come are NEVER."""

    part: Ints
    cause: Ints  # place in CAUSES
    kind: Ints
    priority: Ints
    resolution: Ints
    channel: Ints
    first_team: Ints
    team: Ints  # another one where it was handed over
    by_vendor: Bools
    steps: Ints  # [tickets, EVENTS] when each happens

    @property
    def names_order(self) -> Bools:
        found: Bools = ~np.isin(self.cause, laws.NOT_OF_AN_ORDER)
        return found

    @property
    def opened_at(self) -> Ints:
        found: Ints = self.steps[:, OPENED]
        return found


def open_tickets(known: Known, rng: np.random.Generator) -> Tickets:
    """Who writes and why, and when the service answers."""
    part, cause, opened = occasions(known, rng)
    count = part.size
    kind = drawn(np.array([law.kinds for law in laws.CAUSES])[cause], rng)
    first_team = np.array([law.team for law in laws.CAUSES])[cause]
    other = (first_team + 1 + rng.integers(0, len(laws.TEAMS) - 1, count)) % len(laws.TEAMS)
    moves = rng.random(count) < laws.HANDED_OVER
    team = np.where(moves, other, first_team)
    resolution = drawn(np.array([law.resolutions for law in laws.CAUSES])[cause], rng)
    channel = rng.integers(0, len(CHANNELS), count)
    told = np.isin(np.array(CHANNELS)[channel], ACKNOWLEDGED)
    answer_hours = np.array([law.answer_hours for law in laws.TEAMS])[team]
    return Tickets(
        part=part,
        cause=cause,
        kind=kind,
        priority=drawn(np.array(laws.PRIORITY_OF_KIND)[kind], rng),
        resolution=resolution,
        channel=channel,
        first_team=first_team,
        team=team,
        by_vendor=(team == len(laws.TEAMS) - 1) & (rng.random(count) < VENDOR_ANSWERS),
        steps=ticket_steps(opened, told, moves, kind, resolution, answer_hours, rng),
    )


def occasions(known: Known, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Part, cause and instant of each ticket, in order of the parts."""
    fate = known.fate
    parts = known.lines.part_order.size
    dice, span = rng.random((5, parts)), rng.integers(1_800, 3 * DAY, parts)
    late = (fate.shipped_at < NEVER) & (fate.delivered_at > fate.promised_at)
    back = fate.returned_at < NEVER
    ended = fate.ended_at < NEVER
    ordered = known.placed.ordered_at[known.lines.part_order]
    reasons = (
        (laws.LATE, late & (dice[0] < laws.WRITES_OF_LATE), fate.promised_at + span),
        (laws.RETURN, back & (dice[1] < laws.WRITES_OF_RETURN), fate.returned_at + span // 4),
        (laws.REFUND, back & (dice[2] < laws.WRITES_OF_REFUND), fate.returned_at + DAY + span),
        (
            laws.CANCELLED,
            ended & (dice[3] < laws.WRITES_OF_CANCELLATION),
            fate.ended_at + span // 2,
        ),
        (laws.FIRST_OTHER, dice[4] < laws.WRITES_OF_ANYTHING, ordered + span * 3),
    )
    part = np.concatenate([np.flatnonzero(writes) for _, writes, _ in reasons])
    cause = np.repeat([reason[0] for reason in reasons], [int(r[1].sum()) for r in reasons])
    opened = np.concatenate([at[writes] for _, writes, at in reasons])
    others = laws.FIRST_OTHER + rng.choice(len(laws.OTHERS), part.size, p=laws.OTHERS)
    cause = np.where(cause == laws.FIRST_OTHER, others, cause)
    in_order = np.argsort(part, kind="stable")
    return part[in_order], cause[in_order], opened[in_order]


def drawn(shares: Floats, rng: np.random.Generator) -> Ints:
    """A place for each row of shares that add up to 1."""
    point = rng.random(len(shares))
    bounds: Floats = np.cumsum(shares, axis=1)[:, :-1]
    found: Ints = (bounds <= point[:, None]).sum(axis=1).astype(np.int64)
    return found


def ticket_steps(
    opened: Ints,
    told: Bools,
    moves: Bools,
    kind: Ints,
    resolution: Ints,
    answer_hours: Floats,
    rng: np.random.Generator,
) -> Ints:
    """[tickets, EVENTS] when each happens, NEVER where it does not."""
    count = opened.size
    dice = rng.random((4, count))

    def after(at: Ints, latest: int, happens: Bools | bool = True) -> Ints:  # noqa: FBT001, FBT002
        return np.where((at < NEVER) & happens, at + rng.integers(600, latest, count), NEVER)

    assigned = opened + rng.integers(30, 900, count)
    handed = after(assigned, 6 * 3_600, moves)
    lies_with = np.where(moves, handed, assigned)
    wait = rng.gamma(laws.ANSWER_SHAPE, answer_hours * 3_600 / laws.ANSWER_SHAPE)
    answered = lies_with + np.rint(wait).astype(np.int64) + 60
    replied = after(answered, DAY, dice[0] < laws.REPLIES)
    again = after(replied, DAY)
    last_reply = after(again, DAY, dice[1] < laws.REPLIES)
    last_answer = after(last_reply, DAY)
    last = np.where(last_answer < NEVER, last_answer, np.where(again < NEVER, again, answered))
    solved = after(last, 2 * DAY)
    denied = resolution == laws.DENIED
    back = dice[2] < np.where(denied, laws.REOPENED_WHEN_DENIED, laws.REOPENED)
    reopened = after(solved, 2 * DAY, back)
    solved_again = after(reopened, 2 * DAY)
    end = np.where(back, solved_again, solved)
    raised = (kind > 0) & (dice[3] < laws.ESCALATED)
    acknowledged = np.where(told, opened + 5, NEVER)
    escalated = np.where(raised, answered + 300, NEVER)
    begin = (opened, acknowledged, assigned, handed, answered, escalated)
    course = (replied, again, last_reply, last_answer, solved, reopened, solved_again)
    return np.stack([*begin, *course, end + 3 * DAY], axis=1)  # in the order of EVENTS


def ticket_ids(known: Known, tickets: Tickets) -> pl.Series:
    order = known.lines.part_order[tickets.part]
    number = pl.Series(number_within(order)).cast(pl.String)
    return "T" + order_ids(known.placed.number[order]).str.slice(1) + "-" + number


def ticket_rows(world: World, known: Known, tickets: Tickets) -> pl.DataFrame:
    """The tickets feed."""
    lines, cutoff, steps = known.lines, known.cutoff, tickets.steps
    order = lines.part_order[tickets.part]
    who = known.placed.who[order]
    first_line = np.unique(lines.part, return_index=True)[1]
    product = lines.product[first_line][tickets.part]
    names_order = tickets.names_order
    names_product = names_order & (tickets.cause != laws.CANCELLED)
    come = steps < cutoff
    status = np.where(come[:, FIRST_ANSWER], 1, 0)
    status = np.where(come[:, SOLVED], 2, status)
    status = np.where(come[:, REOPENED] & ~come[:, SOLVED_AGAIN], 4, status)
    status = np.where(come[:, CLOSED], 3, status)
    solved = np.where(come[:, SOLVED_AGAIN], steps[:, SOLVED_AGAIN], steps[:, SOLVED])
    is_solved = np.isin(status, (2, 3))
    vendor = taken(world.vendors.ids, lines.part_vendor[tickets.part])
    return pl.DataFrame(
        {
            "ticket_id": ticket_ids(known, tickets),
            "customer_id": customer_ids(who),
            "contact_id": only(
                contact_ids(who, np.zeros_like(who)), world.profiles.contact_count[who] > 0
            ),
            "order_id": only(order_ids(known.placed.number[order]), names_order),
            "vendor_id": only(vendor, names_order),
            "product_id": only(taken(world.products.ids, product), names_product),
            "topic": pick(tuple(cause.topic for cause in laws.CAUSES), tickets.cause),
            "kind": pick(laws.KINDS, tickets.kind),
            "channel": pick(CHANNELS, tickets.channel),
            "priority": pick(laws.PRIORITIES, tickets.priority),
            "status": pick(("open", "waiting", "solved", "closed", "reopened"), status),
            "resolution": word_at(
                laws.RESOLUTIONS, np.where(is_solved, tickets.resolution, NOWHERE)
            ),
            "opened_at": tickets.opened_at,
            "first_answered_at": before(steps[:, FIRST_ANSWER], cutoff),
            "solved_at": before(np.where(is_solved, solved, NEVER), cutoff),
            "updated_at": latest(cutoff, *steps.T),
        }
    ).filter(pl.Series(tickets.opened_at < cutoff))


def ticket_event_rows(known: Known, tickets: Tickets) -> pl.DataFrame:
    """The ticket events feed."""
    ticket, step = np.nonzero(tickets.steps < known.cutoff)
    ids = taken(ticket_ids(known, tickets), ticket)
    actor = pick(tuple(actor for _, actor in EVENTS), step)
    by_vendor = tickets.by_vendor[ticket] & np.isin(step, (FIRST_ANSWER, ANSWER, LAST_ANSWER))
    team = np.where(step < HANDED_OVER, tickets.first_team[ticket], tickets.team[ticket])
    # Some who wrote call when it takes too long.
    calls = np.isin(step, (REPLY, LAST_REPLY)) & (hashed(ticket * 16 + step, 46, 5) == 0)
    channel = np.where(calls, CHANNELS.index("phone"), tickets.channel[ticket])
    return pl.DataFrame(
        {
            "ticket_event_id": ids + numbered("-E", step + 1),
            "ticket_id": ids,
            "event_type": pick(tuple(name for name, _ in EVENTS), step),
            "actor": actor.zip_with(pl.Series(~by_vendor), repeated("vendor", step.size)),
            "team": pick(tuple(team.name for team in laws.TEAMS), team),
            "channel": pick(CHANNELS, channel),
            "is_automatic": np.isin(step, AUTOMATIC),
            "occurred_at": tickets.steps[ticket, step],
        }
    )
