"""The survey responses feed: what people say of deliveries and of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER, Ints
from sources.simulator.cells import NOWHERE, word_at
from sources.simulator.feeds.tickets import Tickets, ticket_ids
from sources.simulator.orders.states import Known, order_ids
from sources.simulator.world.buyers import customer_ids

if TYPE_CHECKING:
    from sources.simulator.world.world import World


def survey_rows(
    world: World, known: Known, tickets: Tickets, rng: np.random.Generator
) -> pl.DataFrame:
    """The survey responses feed: after one ticket in four, and after one delivery in twenty."""
    fate, lines = known.fate, known.lines
    day = known.placed.day[lines.part_order]
    mean = world.vendors.quality.of("rating_mean", lines.part_vendor, day)
    late = fate.delivered_at > fate.promised_at
    chance = np.clip((mean - 1.2 * late - 1) / 4, 0.02, 0.99)
    answers = np.flatnonzero((fate.delivered_at < NEVER) & (rng.random(late.size) < 0.05))
    asked = fate.delivered_at[answers] + DAY
    recommended = rng.binomial(10, chance[answers])
    told = np.flatnonzero(rng.random(tickets.part.size) < 0.25)
    ended = tickets.steps[told, 5]
    quick = (tickets.steps[told, 2] - tickets.opened_at[told]) < DAY // 2
    satisfied = 1 + rng.binomial(4, np.where(quick, 0.8, 0.5))
    ids = ticket_ids(known, tickets).gather(pl.Series(told))
    nothing = pl.repeat(None, answers.size, dtype=pl.String, eager=True)
    part = np.concatenate([answers, tickets.part[told]])
    asked_at = np.concatenate([asked, ended])
    answered_at = asked_at + rng.integers(600, 4 * DAY, part.size)
    frame = survey_frame(world, known, part, np.concatenate([recommended, satisfied]))
    is_nps = np.arange(part.size) < answers.size
    key = order_ids(known.placed.number[lines.part_order[part]]).str.slice(1)
    vendor = pl.Series(part - np.searchsorted(lines.part_order, lines.part_order[part])) + 1
    kind = np.where(is_nps, "N", "C")
    second = pl.concat([nothing.fill_null(""), ids.str.extract(r"(-\d+)$")])
    return frame.with_columns(
        (pl.Series(kind) + key + "-" + vendor.cast(pl.String) + second).alias("response_id"),
        pl.Series("survey_id", np.where(is_nps, "after-delivery", "after-ticket")),
        pl.Series("question_kind", np.where(is_nps, "nps", "csat")),
        pl.concat([nothing, ids]).alias("ticket_id"),
        pl.Series("asked_at", asked_at),
        pl.Series("answered_at", answered_at),
        pl.Series("updated_at", answered_at),
    ).filter(pl.Series(answered_at < known.cutoff))


def survey_frame(world: World, known: Known, part: Ints, score: Ints) -> pl.DataFrame:
    """Whom the answers come from and what they are about."""
    lines = known.lines
    order = lines.part_order[part]
    low = score <= 3
    about = np.where(low, np.where(part % 2 == 0, 0, 1), NOWHERE)
    return pl.DataFrame(
        {
            "customer_id": customer_ids(known.placed.who[order]),
            "order_id": order_ids(known.placed.number[order]),
            "vendor_id": world.vendors.ids.gather(pl.Series(lines.part_vendor[part])),
            "score": score,
            "topic": word_at(("delivery", "service"), about),
        }
    )
