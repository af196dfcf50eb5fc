"""The survey responses feed: what people say of deliveries and of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER, Bools, Ints
from sources.simulator.cells import NOWHERE, only, pick, taken, word_at
from sources.simulator.chance import hashed
from sources.simulator.feeds.tickets import (
    FIRST_ANSWER,
    LAST_REPLY,
    REPLY,
    SOLVED,
    Tickets,
    ticket_ids,
)
from sources.simulator.orders.states import Known, order_ids
from sources.simulator.world import service_laws as laws
from sources.simulator.world.buyers import customer_ids

if TYPE_CHECKING:
    from sources.simulator.world.world import World

AFTER_DELIVERY, AFTER_TICKET = 0.05, 0.25  # shares of whom somebody answers
NPS, CSAT, SERVICE_CSAT, SERVICE_CES = range(4)
QUESTIONS = ("nps", "csat", "csat", "ces")
SURVEYS = ("after-delivery", "delivery-rating", "after-ticket", "after-ticket-effort")
LETTERS = ("N", "D", "C", "E")
LOWEST, HIGHEST = np.array([0, 1, 1, 1]), np.array([10, 5, 5, 7])
COMMENTED = 30  # of a hundred answers
# What people write, by what it is about: of those who are content, and of the others.
TOPICS = ("delivery", "product", "price", "service", "website", "vendor", "other")
COMMENTS = (
    ("Kam schneller als gedacht.", "Kam viel zu spät."),
    ("Genau wie beschrieben.", "Entspricht nicht der Beschreibung."),
    ("Guter Preis.", "Anderswo ist es günstiger."),
    ("Sehr freundlich und schnell geholfen.", "Ich musste mehrmals nachfragen."),
    ("Einfach zu bestellen.", "Die Suche findet nichts."),
    ("Gern wieder bei diesem Händler.", "Der Händler antwortet nicht."),
    ("Alles bestens.", "Bin enttäuscht."),
)


def survey_rows(
    world: World, known: Known, tickets: Tickets, rng: np.random.Generator
) -> pl.DataFrame:
    """The survey responses feed: two questions after deliveries, two after tickets."""
    fate, lines = known.fate, known.lines
    late = fate.delivered_at > fate.promised_at
    arrived = (fate.delivered_at < NEVER) & (rng.random(late.size) < AFTER_DELIVERY)
    heard = np.flatnonzero(arrived)
    told = np.flatnonzero(rng.random(tickets.part.size) < AFTER_TICKET)
    part = np.concatenate([heard, tickets.part[told]])
    ticket = np.concatenate([np.full(heard.size, NOWHERE), told])
    # Three in five of each are asked the first of the two questions.
    kind = np.where(ticket == NOWHERE, NPS, SERVICE_CSAT) + (rng.random(part.size) < 0.4)
    score = answer_questions(world, known, tickets, (part, ticket, kind), late, rng)
    asked = fate.delivered_at[part] + DAY
    asked[heard.size :] = tickets.steps[told, SOLVED]
    of_order = np.append(np.ones(heard.size, dtype=np.bool_), tickets.names_order[told])
    vendor_ids = taken(world.vendors.ids, lines.part_vendor[part])
    answered = asked + rng.integers(600, 4 * DAY, part.size)
    order = lines.part_order[part]
    ids = survey_ticket_ids(known, tickets, ticket)
    vendor = pl.Series(part - np.searchsorted(lines.part_order, order)) + 1
    number = order_ids(known.placed.number[order]).str.slice(1) + "-" + vendor.cast(pl.String)
    second = ids.str.extract(r"(-\d+)$").fill_null("")
    return pl.DataFrame(
        {
            "response_id": pick(LETTERS, kind) + number + second,
            "survey_id": pick(SURVEYS, kind),
            "customer_id": customer_ids(known.placed.who[order]),
            "order_id": only(order_ids(known.placed.number[order]), of_order),
            "vendor_id": only(vendor_ids, of_order),
            "ticket_id": ids,
            "question_kind": pick(QUESTIONS, kind),
            "score": score,
            **comments(known.placed.number[order], kind, score, late[part]),
            "asked_at": asked,
            "answered_at": answered,
            "updated_at": answered,
        }
    ).filter(pl.Series(answered < known.cutoff))


def answer_questions(
    world: World,
    known: Known,
    tickets: Tickets,
    asked: tuple[Ints, Ints, Ints],
    late: Bools,
    rng: np.random.Generator,
) -> Ints:
    """The answers: binomial around what lateness, waiting and asking again leave of the best."""
    part, ticket, kind = asked
    vendor, day = known.lines.part_vendor[part], known.placed.day[known.lines.part_order[part]]
    liked = world.vendors.quality.of("rating_mean", vendor, day)
    # 1 to 5 as vendors are rated, and the same from 0 to 10.
    csat = liked - laws.CSAT_LOST_BY_LATENESS * late[part]
    nps = (liked - 1) / 4 * 10 - laws.NPS_LOST_BY_LATENESS * late[part]
    expected = np.where(kind == NPS, nps, csat)
    of_ticket = ticket != NOWHERE
    if of_ticket.any():
        steps = tickets.steps[ticket[of_ticket]]
        waited = steps[:, FIRST_ANSWER] - steps[:, 0]
        replies = (steps[:, [REPLY, LAST_REPLY]] < NEVER).sum(axis=1)
        moved = tickets.team[ticket[of_ticket]] != tickets.first_team[ticket[of_ticket]]
        slow = waited > laws.PROMPT_HOURS * 3_600
        content = 4.4 - laws.CSAT_LOST_BY_SLOWNESS * slow
        effort = 6.3 - laws.CES_LOST_BY_REPLY * replies - laws.CES_LOST_BY_HANDOVER * moved
        expected[of_ticket] = np.where(kind[of_ticket] == SERVICE_CES, effort, content)
    low, high = LOWEST[kind], HIGHEST[kind]
    chance = np.clip((expected - low) / (high - low), 0.02, 0.99)
    found: Ints = low + rng.binomial(high - low, chance)
    return found


def survey_ticket_ids(known: Known, tickets: Tickets, ticket: Ints) -> pl.Series:
    """The ticket that each answer is about, null without one."""
    ids = ticket_ids(known, tickets)
    return ids.gather(pl.Series(ticket, dtype=pl.Int64).set(pl.Series(ticket < 0), None))


def comments(number: Ints, kind: Ints, score: Ints, late: Bools) -> dict[str, pl.Series]:
    """What some write, and what it is about."""
    span = HIGHEST[kind] - LOWEST[kind]
    content = (score - LOWEST[kind]) * 10 >= 7 * span
    about = np.where(kind >= SERVICE_CSAT, TOPICS.index("service"), hashed(number, 47, len(TOPICS)))
    about = np.where(late & ~content & (kind < SERVICE_CSAT), TOPICS.index("delivery"), about)
    writes = hashed(number + kind, 48, 100) < COMMENTED
    words = pl.Series([text for pair in COMMENTS for text in pair])
    return {
        "comment": only(taken(words, about * 2 + ~content), writes),
        "topic": word_at(TOPICS, np.where(writes, about, NOWHERE)),
    }
