"""The tickets and ticket events feeds: late parts and returns make people write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER, Ints, number_within
from sources.simulator.cells import NOWHERE, before, latest, only, pick, word_at
from sources.simulator.orders.states import Known, order_ids
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.profiles import contact_ids

if TYPE_CHECKING:
    from sources.simulator.world.world import World

OF_LATE, OF_RETURN, OF_CANCELLATION, OF_ANYTHING = 0.22, 0.25, 0.10, 0.012
TOPICS = ("delivery", "return", "refund", "product", "payment", "invoice", "account", "other")
KINDS = ("question", "complaint", "claim", "chargeback")
CHANNELS = ("email", "email", "form", "chat", "phone", "portal")
PRIORITIES = ("normal", "normal", "normal", "low", "high", "urgent")
RESOLUTIONS = ("answered", "answered", "refunded", "replaced", "denied")
EVENTS = (
    "opened", "assigned", "answered", "customer_replied", "answered", "solved", "reopened",
    "solved", "closed",
)  # fmt: skip
ACTORS = (
    "customer",
    "system",
    "agent",
    "customer",
    "agent",
    "agent",
    "customer",
    "agent",
    "system",
)
TEAMS = ("first line", "first line", "orders", "vendors")


@dataclass(frozen=True, slots=True)
class Tickets:
    """The tickets of a piece; instants that never come are NEVER."""

    part: Ints
    topic: Ints
    kind: Ints
    dice: Ints  # 0 to 9999: channel, priority, resolution
    opened_at: Ints
    steps: Ints  # [tickets, 9] when each of EVENTS happens


def open_tickets(known: Known, rng: np.random.Generator) -> Tickets:
    """Who writes and why, and when the service answers."""
    fate = known.fate
    parts = known.lines.part_order.size
    dice = rng.random((4, parts))
    span = rng.integers(1_800, 3 * DAY, parts)
    due = np.where(fate.ended_at < NEVER, NEVER, fate.promised_at)
    late = fate.delivered_at > due
    reasons = (
        (0, late & (dice[0] < OF_LATE), due + span),
        (1, (fate.returned_at < NEVER) & (dice[1] < OF_RETURN), fate.returned_at + span // 4),
        (4, (fate.ended_at < NEVER) & (dice[2] < OF_CANCELLATION), fate.ended_at + span // 2),
        (NOWHERE, (dice[3] < OF_ANYTHING), known.placed.ordered_at[known.lines.part_order] + span),
    )
    part = np.concatenate([np.flatnonzero(writes) for _, writes, _ in reasons])
    topic = np.repeat([topic for topic, _, _ in reasons], [int(w.sum()) for _, w, _ in reasons])
    opened = np.concatenate([at[writes] for _, writes, at in reasons])
    order = np.argsort(part, kind="stable")
    part, topic, opened = part[order], topic[order], opened[order]
    count = part.size
    number = rng.integers(0, 10_000, count)
    angry = np.where(topic == 0, np.where(number % 3 == 0, 2, 1), 0)
    angry = np.where((number % 97 == 0) & (topic >= 0), 3, angry)
    return Tickets(
        part=part,
        topic=np.where(topic == NOWHERE, 3 + number % 5, topic),
        kind=angry,
        dice=number,
        opened_at=opened,
        steps=ticket_steps(opened, rng),
    )


def ticket_steps(opened: Ints, rng: np.random.Generator) -> Ints:
    """When each event happens; half of the tickets need one answer, a tenth come back."""
    count = opened.size
    assigned = opened + rng.integers(30, 900, count)
    answered = assigned + np.rint(rng.gamma(1.2, 6 * 3600, count)).astype(np.int64) + 60
    talks = rng.random(count) < 0.5
    replied = np.where(talks, answered + rng.integers(600, DAY, count), NEVER)
    again = np.where(talks, replied + rng.integers(600, DAY, count), NEVER)
    last = np.where(talks, again, answered)
    solved = last + rng.integers(60, 2 * DAY, count)
    back = rng.random(count) < 0.1
    reopened = np.where(back, solved + rng.integers(600, 2 * DAY, count), NEVER)
    finally_solved = np.where(back, reopened + rng.integers(600, 2 * DAY, count), NEVER)
    closed = np.where(back, finally_solved, solved) + 3 * DAY
    steps = (opened, assigned, answered, replied, again, solved, reopened, finally_solved, closed)
    return np.stack(steps, axis=1)


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
    come = steps < cutoff
    status = np.where(come[:, 2], 1, 0)
    status = np.where(come[:, 5], 2, status)
    status = np.where(come[:, 6] & ~come[:, 7], 4, status)
    status = np.where(come[:, 8], 3, status)
    solved = np.where(come[:, 7], steps[:, 7], steps[:, 5])
    is_solved = np.isin(status, (2, 3))
    how = np.where(is_solved, tickets.dice % len(RESOLUTIONS), NOWHERE)
    return pl.DataFrame(
        {
            "ticket_id": ticket_ids(known, tickets),
            "customer_id": customer_ids(who),
            "contact_id": only(
                contact_ids(who, np.zeros_like(who)), world.profiles.contact_count[who] > 0
            ),
            "order_id": order_ids(known.placed.number[order]),
            "vendor_id": world.vendors.ids.gather(pl.Series(lines.part_vendor[tickets.part])),
            "product_id": world.products.ids.gather(pl.Series(product)),
            "topic": pick(TOPICS, tickets.topic),
            "kind": pick(KINDS, tickets.kind),
            "channel": pick(CHANNELS, tickets.dice),
            "priority": pick(PRIORITIES, tickets.dice // 7),
            "status": pick(("open", "waiting", "solved", "closed", "reopened"), status),
            "resolution": word_at(RESOLUTIONS, how),
            "opened_at": tickets.opened_at,
            "first_answered_at": before(steps[:, 2], cutoff),
            "solved_at": before(np.where(is_solved, solved, NEVER), cutoff),
            "updated_at": latest(cutoff, *steps.T),
        }
    ).filter(pl.Series(tickets.opened_at < cutoff))


def ticket_event_rows(known: Known, tickets: Tickets) -> pl.DataFrame:
    """The ticket events feed."""
    ticket, step = np.nonzero(tickets.steps < known.cutoff)
    ids = ticket_ids(known, tickets).gather(pl.Series(ticket))
    return pl.DataFrame(
        {
            "ticket_event_id": ids + "-E" + pl.Series(step + 1).cast(pl.String),
            "ticket_id": ids,
            "event_type": pick(EVENTS, step),
            "actor": pick(ACTORS, step),
            "team": pick(TEAMS, tickets.dice[ticket]),
            "channel": pick(CHANNELS, tickets.dice[ticket]),
            "is_automatic": np.isin(step, (1, 8)),
            "occurred_at": tickets.steps[ticket, step],
        }
    )
