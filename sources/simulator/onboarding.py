"""Between an application and the first order: steps, contracts, documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.catalogue import instants
from sources.simulator.cells import NOWHERE, at_places, fraction, word_at
from sources.simulator.knowledge import before, latest
from sources.simulator.names import pick, scrambled
from sources.simulator.recruiting import REFUSED, application_ids
from sources.simulator.world import CURRENCY_CODE, NEVER, Bools, Ints, stream

if TYPE_CHECKING:
    from sources.simulator.building import World
    from sources.simulator.catalogue import Vendors

DAY = 86_400
STEPS = (
    "registration", "identity_check", "tax_data", "bank_data", "contract", "catalogue_upload",
    "training", "go_live",
)  # fmt: skip
WAITING = (2, 1, 1, 1, 1, 1, 2, 2)  # place in WAITS while a step is open
WAITS = ("open", "waiting_for_vendor", "waiting_for_us", "done", "refused")
DONE, STOPPED = 3, 4
REASONS = ("document_missing", "document_invalid", "data_mismatch", "no_answer")
PLANS = (("starter", 1_900), ("standard", 3_900), ("professional", 9_900))
DOCUMENTS = ("trade_licence", "tax_certificate", "identity", "packaging_register")
FIRST_VENDOR_MANAGER, VENDOR_MANAGERS = 60, 3


def vendor_plans(vendors: Vendors, seed: int) -> Ints:
    """The plan of each vendor: the larger it is, the dearer."""
    rank = np.argsort(np.argsort(-vendors.weight)) / vendors.weight.size
    wobble = stream(seed, 55).random(rank.size) * 0.3
    return np.where(rank + wobble < 0.25, 2, np.where(rank + wobble < 0.75, 1, 0))


def monthly_fee_cents(vendors: Vendors, seed: int) -> Ints:
    """What each vendor pays for a month; a payout keeps half of it."""
    return np.array([cents for _, cents in PLANS])[vendor_plans(vendors, seed)]


def step_rows(world: World) -> pl.DataFrame:
    """The vendor steps feed: eight steps from the application to the opening."""
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
            "reason_code": word_at(REASONS, np.where(stuck & ~over, lead % 4, NOWHERE)),
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
    cuts = np.sort(rng.random((count, steps - 1)), axis=1)
    edges = np.concatenate([np.zeros((count, 1)), cuts, np.ones((count, 1))], axis=1)
    at = applied[:, None] + (edges * (goal - applied)[:, None]).astype(np.int64)
    # Whoever is refused or gives up does so in one of the first steps, at the time of the decision.
    reached = np.where(won, steps - 1, rng.integers(0, 4, count))
    is_last = np.arange(steps)[None, :] == reached[:, None]
    return at[:, :-1], np.where(is_last, goal[:, None], at[:, 1:]), reached


def opened(opens: Ints, lead: Ints, won: Bools) -> Ints:
    """When the vendor of each step was made, NEVER where it never was."""
    return np.where(won, opens[np.minimum(lead, opens.size - 1)], NEVER)


def vendor_manager(number: Ints) -> pl.Series:
    which = number % VENDOR_MANAGERS + FIRST_VENDOR_MANAGER
    return "rep-" + pl.Series(which).cast(pl.String)


def contract_rows(world: World) -> pl.DataFrame:
    """The vendor contracts feed: a plan for each vendor, a commission for each category."""
    vendors, calendar, cutoff = world.vendors, world.calendar, world.cutoff
    sold = np.unique(world.products.vendor * len(world.categories.ids) + world.products.category)
    vendor = np.concatenate([np.arange(len(vendors.ids)), sold // len(world.categories.ids)])
    category = np.concatenate(
        [np.full(len(vendors.ids), NOWHERE), sold % len(world.categories.ids)]
    )
    is_plan = category == NOWHERE
    plan = vendor_plans(vendors, world.seed)[vendor]
    points = world.categories.commission_basis_points[np.maximum(category, 0)]
    hour = np.full(vendor.size, 8 * 3600)
    signed = instants(calendar, vendors.joined_day[vendor], hour) - 2 * 3600
    joined = instants(calendar, vendors.joined_day[vendor], hour)
    closed_day = np.minimum(vendors.closed_day, calendar.day_count + 1)[vendor]
    closes = vendors.closed_day[vendor] < calendar.day_count
    ended = np.where(closes, instants(calendar, closed_day, hour), NEVER)
    over = pl.Series(ended < cutoff)
    commission = fraction(points, 4).set(pl.Series(is_plan), None)
    fee = pl.Series(monthly_fee_cents(vendors, world.seed)[vendor])
    return pl.DataFrame(
        {
            "contract_id": scrambled("VC-", vendor * 100 + category + 2, 7),
            "vendor_id": vendors.ids.gather(pl.Series(vendor)),
            "category_id": at_places(world.categories.ids, category),
            "plan": pick(tuple(name for name, _ in PLANS), plan),
            "status": pick(("signed", "ended"), over.cast(pl.Int64).to_numpy()),
            "currency_code": pl.repeat(CURRENCY_CODE, vendor.size, eager=True),
            "commission_rate": commission,
            "monthly_fee": fee.set(pl.Series(~is_plan), None),
            "valid_from": calendar.dates_of(vendors.joined_day[vendor]),
            "valid_until": calendar.dates_of(closed_day).set(~over, None),
            "signed_at": signed,
            "updated_at": latest(cutoff, signed, ended),
        }
    ).filter(pl.Series(joined < cutoff))


def document_rows(world: World) -> pl.DataFrame:
    """The vendor documents feed: four papers from every vendor; some are refused, some run out."""
    vendors, calendar, cutoff = world.vendors, world.calendar, world.cutoff
    count = len(vendors.ids)
    rng = stream(world.seed, 57)
    vendor = np.repeat(np.arange(count), len(DOCUMENTS))
    kind = np.tile(np.arange(len(DOCUMENTS)), count)
    size = vendor.size
    joined = instants(calendar, vendors.joined_day, np.full(count, 8 * 3600))[vendor]
    asked = joined + rng.integers(600, 3_600, size)
    came = asked + rng.integers(3_600, 12 * DAY, size)
    decided = came + rng.integers(3_600, 5 * DAY, size)
    refused = rng.random(size) < 0.05
    until = vendors.joined_day[vendor] + rng.integers(365, 1_500, size)
    hour = np.zeros(size, dtype=np.int64)
    inside = until < calendar.day_count
    expires = np.where(
        inside & ~refused,
        instants(calendar, np.minimum(until + 1, calendar.day_count), hour),
        NEVER,
    )
    status = np.where(came < cutoff, 1, 0)
    status = np.where(decided < cutoff, np.where(refused, 3, 2), status)
    status = np.where((expires < cutoff) & (decided < expires), 4, status)
    return pl.DataFrame(
        {
            "document_id": scrambled("VD-", vendor * 10 + kind + 1, 7),
            "vendor_id": vendors.ids.gather(pl.Series(vendor)),
            "document_type": pick(DOCUMENTS, kind),
            "status": pick(("requested", "received", "approved", "refused", "expired"), status),
            "requested_at": asked,
            "received_at": before(came, cutoff),
            "decided_at": before(decided, cutoff),
            "valid_until": calendar.dates_of(until).set(
                pl.Series(refused | (decided >= cutoff)), None
            ),
            "updated_at": latest(cutoff, asked, came, decided, expires),
        }
    ).filter(pl.Series(asked < cutoff))
