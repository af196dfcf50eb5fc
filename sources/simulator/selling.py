"""The sales team's work: who they are, what happens to leads and opportunities, their calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import at_places, fraction, hashed, only, word_at
from sources.simulator.knowledge import before, latest
from sources.simulator.names import email_addresses, person_names, pick, scrambled
from sources.simulator.people import prospect_account_ids
from sources.simulator.prospecting import LOST, NOBODY, STAGES, WON
from sources.simulator.recruiting import APPROVED, lead_ids
from sources.simulator.society import account_ids, contact_ids
from sources.simulator.world import CURRENCY_CODE, NEVER, Bools, Ints, stream

if TYPE_CHECKING:
    from sources.simulator.building import World

DAY = 86_400
# First number, how many, team, role: the numbers that leads, accounts and steps name.
TEAMS = (
    (1, 8, "new vendors", "sales"),
    (20, 6, "new vendors", "development"),
    (40, 6, "companies", "account_manager"),
    (60, 3, "vendors", "vendor_manager"),
)
CHANCE = (1_000, 2_500, 5_000, 7_500, 10_000, 0)  # of winning by stage, in ten-thousandths
LOSSES = ("price", "competitor", "no_budget", "no_decision", "product")
LEAD_EVENTS = (
    "created", "contacted", "replied", "scored", "qualified", "handed_over", "handover_accepted",
    "converted", "lost",
)  # fmt: skip
KINDS = ("call", "call", "call", "email", "email", "visit", "meeting", "demo")
OUTCOMES = ("reached", "not_reached", "interested", "follow_up", "done", "not_interested")


def rep_ids(number: Ints) -> pl.Series:
    return "rep-" + pl.Series(number).cast(pl.String)


def rep_rows(world: World) -> pl.DataFrame:
    """The sales reps feed; the last seller leaves in the middle of the world's time."""
    number = np.concatenate([np.arange(first, first + many) for first, many, _, _ in TEAMS])
    team = np.repeat(np.arange(len(TEAMS)), [many for _, many, _, _ in TEAMS])
    name = person_names(number.size, stream(world.seed, 64))
    calendar = world.calendar
    middle = calendar.day_count // 2
    leaves = number == TEAMS[0][0] + TEAMS[0][1] - 1
    left_at = np.where(leaves, calendar.midnight[middle] + 17 * 3600, NEVER)
    gone = left_at < world.cutoff
    started = np.full(number.size, calendar.midnight[0] - 900 * DAY)
    last = calendar.dates_of(np.full(number.size, middle))
    return pl.DataFrame(
        {
            "sales_rep_id": rep_ids(number),
            "name": name,
            "email": email_addresses(name, number + 9_000_000),
            "team": pick(tuple(team for _, _, team, _ in TEAMS), team),
            "role": pick(tuple(role for _, _, _, role in TEAMS), team),
            "is_active": ~gone,
            "started_on": calendar.dates_of(np.full(number.size, -900)),
            "ended_on": last.set(pl.Series(~gone), None),
            "updated_at": np.where(gone, left_at, started),
        }
    )


def lead_event_rows(world: World) -> pl.DataFrame:
    """The lead events feed: from the first contact to the hand-over and its end."""
    leads, deals = world.prospects.leads, world.prospects
    rng = stream(world.seed, 65)
    count = leads.created_at.size
    made = leads.created_at
    good_at = np.where(leads.is_vendor, leads.applied_at, deals.handed_over_at)
    # Vendors' leads are worked on until they apply, buyers' until they are handed over.
    span = np.where(good_at < NEVER, good_at - made, 6 * DAY)
    worked = [made + (span * share * rng.random(count)).astype(np.int64) for share in (0.4, 0.9)]
    answered = (good_at < NEVER) | (rng.random(count) < 0.3)
    replied = np.where(answered, np.maximum(*worked), NEVER)
    converted, lost = lead_ends(world, rng)
    # In the order of LEAD_EVENTS; what is later than NEVER never happens either.
    happens = (
        made,
        np.minimum(*worked),
        replied,
        replied + 60,
        good_at,
        good_at + 60,
        good_at + 1_800,
        converted,
        lost,
    )
    lead = np.tile(np.arange(count), len(happens))
    kind = np.repeat(np.arange(len(happens)), count)
    at = np.concatenate(happens)
    score = np.where(kind == 3, 20 + hashed(lead, 32, 60) + 20 * (good_at < NEVER)[lead], -1)
    points = pl.Series(score)
    rep = np.where(leads.is_vendor[lead], 20 + lead % 6, 40 + lead % 6)
    return pl.DataFrame(
        {
            "lead_event_id": lead_ids(lead) + "-" + pl.Series(kind + 1).cast(pl.String),
            "lead_id": lead_ids(lead),
            "sales_rep_id": only(rep_ids(rep), np.isin(kind, (1, 5, 6, 7, 8))),
            "event_type": pick(LEAD_EVENTS, kind),
            "score": points.set(points < 0, None),
            "occurred_at": at,
        }
    ).filter(pl.Series(at < world.cutoff))


def lead_ends(world: World, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """When each lead was converted, or lost; the others are still open."""
    leads, deals = world.prospects.leads, world.prospects
    count = leads.created_at.size
    converted = np.where(leads.is_vendor & (leads.decision == APPROVED), leads.decided_at, NEVER)
    lost = np.where(leads.is_vendor & (leads.decision != APPROVED), leads.decided_at, NEVER)
    from_lead = deals.lead != NOBODY
    won = from_lead & (deals.outcome == WON)
    converted[deals.lead[won]] = deals.closes_at[won]
    failed = from_lead & (deals.outcome == LOST)
    lost[deals.lead[failed]] = deals.closes_at[failed]
    idle = (converted == NEVER) & (lost == NEVER) & (rng.random(count) < 0.7)
    forgotten = leads.created_at + rng.integers(40 * DAY, 80 * DAY, count)
    return converted, np.where(idle, forgotten, lost)


def deal_accounts(world: World) -> pl.Series:
    """The account of each opportunity."""
    deals = world.prospects
    lost = prospect_account_ids(world, np.maximum(deals.lead, 0))
    own = account_ids(np.maximum(deals.who, 0))
    return own.zip_with(pl.Series(deals.who != NOBODY), lost)


def opportunity_ids(place: Ints) -> pl.Series:
    return scrambled("OP-", place + 1, 8)


def opportunity_rows(world: World) -> pl.DataFrame:
    """The opportunities feed: the stage that each has reached."""
    deals, cutoff = world.prospects, world.cutoff
    place = np.arange(deals.lead.size)
    reached = deals.stage_at < cutoff
    closed = reached[:, 4]
    stage = np.where(closed, deals.outcome, reached[:, :4].sum(axis=1) - 1)
    expected = world.calendar.days_of(deals.created_at) + 60
    lost = closed & (deals.outcome == LOST)
    reason = np.where(lost, hashed(place, 33, len(LOSSES)), NOBODY)
    return pl.DataFrame(
        {
            "opportunity_id": opportunity_ids(place),
            "account_id": deal_accounts(world),
            "lead_id": at_places(lead_ids(np.arange(deals.leads.created_at.size)), deals.lead),
            "sales_rep_id": rep_ids(deals.manager),
            "stage": pick(STAGES, stage),
            "loss_reason": word_at(LOSSES, reason),
            "currency_code": pl.repeat(CURRENCY_CODE, place.size, eager=True),
            "amount": deals.amount_cents,
            "probability": fraction(np.array(CHANCE)[stage], 4),
            "created_at": deals.created_at,
            "closed_at": before(deals.closes_at, cutoff),
            "expected_close_date": world.calendar.dates_of(expected),
            "updated_at": latest(cutoff, *deals.stage_at.T),
        }
    ).filter(pl.Series(reached[:, 0]))


def opportunity_event_rows(world: World) -> pl.DataFrame:
    """The opportunity events feed: one for each stage reached."""
    deals = world.prospects
    deal, step = np.nonzero(deals.stage_at < world.cutoff)
    stage = np.where(step == 4, deals.outcome[deal], step)
    return pl.DataFrame(
        {
            "opportunity_event_id": opportunity_ids(deal)
            + "-"
            + pl.Series(step + 1).cast(pl.String),
            "opportunity_id": opportunity_ids(deal),
            "sales_rep_id": rep_ids(deals.manager[deal]),
            "stage": pick(STAGES, stage),
            "amount": deals.amount_cents[deal],
            "occurred_at": deals.stage_at[deal, step],
        }
    )


def activity_rows(world: World) -> pl.DataFrame:
    """The activities feed: calls to leads, work on opportunities, visits to companies."""
    deals, leads = world.prospects, world.prospects.leads
    rng = stream(world.seed, 66)
    lead = np.repeat(np.arange(leads.created_at.size), 2)
    lead_at = leads.created_at[lead] + rng.integers(1_800, 8 * DAY, lead.size)
    deal = np.repeat(np.arange(deals.lead.size), 4)
    share = rng.random(deal.size)
    span = (deals.closes_at - deals.created_at)[deal]
    deal_at = deals.created_at[deal] + 60 + (share * (span - 60)).astype(np.int64)
    company = np.flatnonzero(world.buyers.is_business)
    company = np.repeat(company, 3)
    days = world.calendar.day_count
    company_at = world.society.first_at[company] + rng.integers(DAY, (days + 1) * DAY, company.size)
    about = np.repeat([0, 1, 2], [lead.size, deal.size, company.size])
    place = np.concatenate([lead, deal, company])
    at = np.concatenate([lead_at, deal_at, company_at])
    seconds = rng.integers(60, 3_600, at.size)
    done = at + seconds < world.cutoff
    return activity_frame(world, about, place, at, seconds).filter(pl.Series(done))


def activity_frame(world: World, about: Ints, place: Ints, at: Ints, seconds: Ints) -> pl.DataFrame:
    """Activities about a lead (0), an opportunity (1) or a company (2), numbered for good."""
    deals = world.prospects
    number = np.arange(place.size)

    def of(kind: int) -> Ints:
        return np.where(about == kind, place, NOBODY)

    company = of(2)
    deal = of(1)
    accounts = at_places(deal_accounts(world), deal)
    owner = np.where(
        about == 1,
        deals.manager[np.maximum(deal, 0)],
        40 + world.society.manager[np.maximum(company, 0)],
    )
    rep = np.where(about == 0, 20 + place % 6, owner)
    is_company: Bools = about == 2
    known = np.maximum(company, 0)
    kind = hashed(number, 34, len(KINDS))
    return pl.DataFrame(
        {
            "activity_id": scrambled("ACT-", number + 1, 9),
            "account_id": account_ids(known).zip_with(pl.Series(is_company), accounts),
            "contact_id": only(contact_ids(known, np.zeros_like(known)), is_company),
            "lead_id": at_places(lead_ids(np.arange(deals.leads.created_at.size)), of(0)),
            "opportunity_id": at_places(opportunity_ids(np.arange(deals.lead.size)), deal),
            "sales_rep_id": rep_ids(rep),
            "activity_type": pick(KINDS, kind),
            "direction": pick(("outbound", "outbound", "inbound"), hashed(number, 35, 3)),
            "outcome": pick(OUTCOMES, hashed(number, 36, len(OUTCOMES))),
            "duration_seconds": seconds,
            "started_at": at,
            "updated_at": at + seconds,
        }
    )
