"""The vendor steps feed: what leads to the opening, and what the operator does after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER, Bools, Ints
from sources.simulator.cells import NOWHERE, at_places, before, latest, pick, repeated, word_at
from sources.simulator.chance import stream
from sources.simulator.world.calendar import instants
from sources.simulator.world.crm_laws import STEP_DAYS
from sources.simulator.world.leads import REFUSED, application_ids
from sources.simulator.world.profiles import rep_ids
from sources.simulator.world.vendor_laws import ACTIONS

if TYPE_CHECKING:
    from sources.simulator.world.world import World

STEPS = (
    "registration", "identity_check", "tax_data", "bank_data", "contract", "catalogue_upload",
    "training", "go_live",
)  # fmt: skip
WAITING = (2, 1, 1, 1, 1, 1, 2, 2)  # place in WAITS while a step is open
WAITS = ("open", "waiting_for_vendor", "waiting_for_us", "done", "refused")
DONE, STOPPED = 3, 4
REASONS = ("document_missing", "document_invalid", "data_mismatch", "no_answer")
ACTION_STEPS = tuple(action.step for action in ACTIONS)
FIRST_VENDOR_MANAGER, VENDOR_MANAGERS = 60, 3


def step_rows(world: World) -> pl.DataFrame:
    """The vendor steps feed: steps to the opening, then warnings and consultations."""
    return pl.concat([opening_rows(world), action_rows(world)], how="diagonal")


def action_rows(world: World) -> pl.DataFrame:
    """What the operator did to vendors that were open, each ended by a talk a week or two later."""
    vendors, cutoff = world.vendors, world.cutoff
    acted = np.flatnonzero(vendors.action != NOWHERE)
    rng = stream(world.seed, 165)
    hour = rng.integers(8 * 3_600, 10 * 3_600, acted.size)
    started = instants(world.calendar, vendors.acted_day[acted], hour)
    finished = started + rng.integers(5 * DAY, 15 * DAY, acted.size)
    waits = np.where(finished < cutoff, DONE, 1)
    return pl.DataFrame(
        {
            "step_id": vendors.ids.gather(acted) + "-" + pick(ACTION_STEPS, vendors.action[acted]),
            "vendor_id": vendors.ids.gather(acted),
            "step": pick(ACTION_STEPS, vendors.action[acted]),
            "status": pick(WAITS, waits),
            "reason_code": repeated("quality", acted.size),
            "owner_id": vendor_manager(acted),
            "started_at": started,
            "due_at": started + 14 * DAY,
            "finished_at": before(finished, cutoff),
            "updated_at": latest(cutoff, started, finished),
        }
    ).filter(pl.Series(started < cutoff))


def opening_rows(world: World) -> pl.DataFrame:
    """Eight steps from the application to the opening."""
    leads, cutoff = world.prospects.leads, world.cutoff
    mine = np.flatnonzero(leads.applied_at < NEVER)
    won = mine < leads.won
    opens = instants(world.calendar, world.vendors.joined_day, np.full(leads.won, 8 * 3600))
    goal = np.where(won, opens[np.minimum(mine, leads.won - 1)], leads.decided_at[mine])
    rng = stream(world.seed, 56)
    begins, ends, reached = plan_steps(leads.applied_at[mine], goal, won, rng)
    which, step = np.nonzero(np.arange(len(STEPS))[None, :] <= reached[:, None])
    started, finished = begins[which, step], ends[which, step]
    failed = (step == reached[which]) & ~won[which]
    refused = failed & (leads.decision[mine][which] == REFUSED)
    finished = np.where(failed & ~refused, NEVER, finished)
    over = finished < cutoff
    status = np.where(over, np.where(refused, STOPPED, DONE), np.array(WAITING)[step])
    stuck = failed | (status == 1)
    lead = mine[which]
    # Who does not answer is not refused, but waited for.
    why = lead % np.where(refused, REASONS.index("no_answer"), len(REASONS))
    is_vendor = opened(opens, lead, won[which]) < cutoff
    vendor = np.where(is_vendor, np.minimum(lead, leads.won - 1), NOWHERE)
    number = pl.Series(step + 1).cast(pl.String)
    return pl.DataFrame(
        {
            "step_id": application_ids(lead) + "-S" + number,
            "vendor_id": at_places(world.vendors.ids, vendor),
            "application_id": application_ids(lead),
            "step": pick(STEPS, step),
            "status": pick(WAITS, status),
            "reason_code": word_at(REASONS, np.where(stuck & (~over | refused), why, NOWHERE)),
            "owner_id": vendor_manager(lead),
            "started_at": started,
            "due_at": started + 5 * DAY,
            "finished_at": before(finished, cutoff),
            # From the day the vendor exists the step names it.
            "updated_at": latest(cutoff, started, finished, opened(opens, lead, won[which])),
        }
    ).filter(pl.Series(started < cutoff))


def plan_steps(
    applied: Ints, goal: Ints, won: Bools, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """[applications, steps] when each begins and ends, and the last step that is begun."""
    count, steps = applied.size, len(STEPS)
    length = np.cumsum(rng.gamma(np.array(STEP_DAYS), size=(count, steps)), axis=1)
    edges = np.concatenate([np.zeros((count, 1)), length / length[:, -1:]], axis=1)
    at = applied[:, None] + (edges * (goal - applied)[:, None]).astype(np.int64)
    # Whoever is refused or gives up does so in one of the first steps, at the time of the decision.
    reached = np.where(won, steps - 1, rng.integers(0, 4, count))
    is_last = np.arange(steps)[None, :] == reached[:, None]
    return at[:, :-1], np.where(is_last, goal[:, None], at[:, 1:]), reached


def opened(opens: Ints, lead: Ints, won: Bools) -> Ints:
    """When the vendor of each step was made, NEVER where it never was."""
    return np.where(won, opens[np.minimum(lead, opens.size - 1)], NEVER)


def vendor_manager(number: Ints) -> pl.Series:
    return rep_ids(number % VENDOR_MANAGERS + FIRST_VENDOR_MANAGER)
