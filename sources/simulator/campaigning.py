"""Campaigns: when they run, what they cost, and how many visits each truly causes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.catalogue import instants
from sources.simulator.knowledge import latest
from sources.simulator.names import pick
from sources.simulator.world import CURRENCY_CODE, Bools, Floats, Ints, stream

if TYPE_CHECKING:
    from sources.simulator.calendar import Calendar
    from sources.simulator.demand import Demand

CHANNELS = (
    "email", "paid_search", "paid_social", "display", "affiliate", "fair", "webinar", "print",
)  # fmt: skip
OBJECTIVES = ("acquisition", "retention", "reactivation", "vendor_recruiting", "brand")
CLICK_CENTS = (0, 55, 38, 21, 30, 0, 0, 0)  # what one click costs by channel
PLANNED_AHEAD = 14  # days before its first that a campaign is entered
SEND_SECOND = 9 * 3600  # the local hour at which mails begin to leave


@dataclass(frozen=True, slots=True)
class Campaigns:
    """The campaigns in order of their first days."""

    ids: pl.Series
    names: pl.Series
    channel: Ints  # place in CHANNELS
    objective: Ints  # place in OBJECTIVES
    first_day: Ints
    last_day: Ints  # may lie after the world's last
    pull: Floats  # visits caused per order of a day while it runs
    daily_cents: Ints
    active: Ints  # [channels, days] the running campaign that links name, or -1

    def pulls(self) -> Floats:
        """[days, campaigns] visits that each causes per order of the day."""
        day = np.arange(self.active.shape[1])[:, None]
        runs: Bools = (self.first_day <= day) & (day <= self.last_day)
        found: Floats = runs * self.pull
        return found


@dataclass(frozen=True, slots=True)
class Draft:
    """A campaign as the plan has it."""

    name: str
    channel: str
    objective: str
    first_day: int
    length: int
    pull: float


def plan_campaigns(demand: Demand, calendar: Calendar, customers: int, seed: int) -> Campaigns:
    """Newsletters every month, paid channels by quarter, more for every promotion."""
    drafts = sorted(
        [*regular(calendar), *around_promotions(demand)],
        key=lambda draft: (draft.first_day, draft.name),
    )
    rng = stream(seed, 51)
    count = len(drafts)
    channel = np.array([CHANNELS.index(draft.channel) for draft in drafts], dtype=np.int64)
    first = np.array([draft.first_day for draft in drafts], dtype=np.int64)
    last = first + np.array([draft.length - 1 for draft in drafts], dtype=np.int64)
    pull = np.array([draft.pull for draft in drafts]) * np.exp(rng.normal(0, 0.35, count))
    click = np.array(CLICK_CENTS)[channel]
    active = np.full((len(CHANNELS), calendar.day_count), -1)
    for place in range(count):
        active[channel[place], max(first[place], 0) : last[place] + 1] = place
    # About eight orders a day for each thousand customers, and a click and a third per visit.
    daily = np.rint(pull * customers * 0.008 * 1.3 * click).astype(np.int64)
    return Campaigns(
        ids="CMP-" + pl.Series(np.arange(1, count + 1)).cast(pl.String).str.zfill(4),
        names=pl.Series([draft.name for draft in drafts], dtype=pl.String),
        channel=channel,
        objective=np.array([OBJECTIVES.index(draft.objective) for draft in drafts]),
        first_day=first,
        last_day=last,
        pull=np.round(pull, 4),
        daily_cents=np.where(click > 0, np.maximum(daily, 500), 0),
        active=active,
    )


def regular(calendar: Calendar) -> list[Draft]:
    """What runs whatever the season; it begins on the first of a month or quarter."""
    drafts = []
    for day in range(calendar.day_count):
        date = calendar.date_of(day)
        month = f"{date:%Y-%m}"
        if date.day == 5:
            drafts.append(Draft(f"Newsletter {month}", "email", "retention", day, 4, 0.12))
        if day and not (date.day == 1 and date.month % 3 == 1):
            continue
        length = 92 if day else 91
        quarter = f"{date.year} Q{(date.month + 2) // 3}"
        drafts += [
            Draft(f"Search {quarter}", "paid_search", "acquisition", day, length, 0.10),
            Draft(f"Partners {quarter}", "affiliate", "acquisition", day, length, 0.05),
            Draft(f"We miss you {quarter}", "email", "reactivation", day + 20, 4, 0.05),
            Draft(f"Sell with us {quarter}", "paid_social", "vendor_recruiting", day, 30, 0.01),
            Draft(f"Talk for buyers {quarter}", "webinar", "acquisition", day + 40, 1, 0.0),
        ]
        if date.month in {4, 10}:
            drafts.append(Draft(f"Trade fair {quarter}", "fair", "brand", day + 30, 3, 0.0))
    return drafts


def around_promotions(demand: Demand) -> list[Draft]:
    """A mail, pictures and videos for each promotion."""
    drafts = []
    for promotion in demand.promotions:
        name, day = promotion.name, promotion.first_day
        length = promotion.day_after - day
        drafts += [
            Draft(f"{name}: mail", "email", "retention", day, min(length, 4), 0.15),
            Draft(f"{name}: social", "paid_social", "acquisition", day, length, 0.18),
            Draft(f"{name}: display", "display", "brand", day, length, 0.08),
        ]
    return drafts


def campaign_rows(campaigns: Campaigns, calendar: Calendar, cutoff: int) -> pl.DataFrame:
    """The campaigns feed as known before the cutoff."""
    count = campaigns.pull.size
    hour = np.full(count, 8 * 3600)
    length = campaigns.last_day - campaigns.first_day + 1
    entered = instants(calendar, campaigns.first_day - PLANNED_AHEAD, hour)
    begun = instants(calendar, campaigns.first_day, hour)
    ended = instants(calendar, campaigns.last_day + 1, hour)
    stage = np.where(ended < cutoff, 2, np.where(begun < cutoff, 1, 0))
    return pl.DataFrame(
        {
            "campaign_id": campaigns.ids,
            "name": campaigns.names,
            "channel": pick(CHANNELS, campaigns.channel),
            "objective": pick(OBJECTIVES, campaigns.objective),
            "status": pick(("planned", "running", "finished"), stage),
            "currency_code": pl.repeat(CURRENCY_CODE, count, eager=True),
            "budget_amount": np.maximum(campaigns.daily_cents * length * 11 // 10, 50_000),
            "starts_on": calendar.dates_of(campaigns.first_day),
            "ends_on": calendar.dates_of(campaigns.last_day),
            "updated_at": latest(cutoff, entered, begun, ended),
        }
    ).filter(pl.Series(entered < cutoff))


def cost_rows(campaigns: Campaigns, calendar: Calendar, cutoff: int, seed: int) -> pl.DataFrame:
    """The campaign costs feed: media by day, creation on the first day; told the next morning."""
    rng = stream(seed, 52)
    last = np.minimum(campaigns.last_day, calendar.day_count - 1)
    days = np.where(campaigns.daily_cents > 0, last - campaigns.first_day + 1, 0)
    which = np.repeat(np.arange(days.size), days)
    starts = np.repeat(np.cumsum(days) - days, days)
    day = campaigns.first_day[which] + np.arange(which.size) - starts
    cost = np.rint(campaigns.daily_cents[which] * rng.gamma(20, 1 / 20, which.size))
    clicks = cost // np.maximum(np.array(CLICK_CENTS)[campaigns.channel[which]], 1)
    shown = np.rint(clicks * rng.uniform(25, 90, which.size)).astype(np.int64)
    media = pl.DataFrame(
        {
            "which": which,
            "day": day,
            "cost_kind": pl.repeat("media", which.size, eager=True),
            "cost_amount": cost.astype(np.int64),
            "impression_count": shown,
            "click_count": clicks.astype(np.int64),
        }
    )
    rows = pl.concat([media, creation(campaigns, rng)], how="diagonal")
    day = rows["day"].to_numpy()
    known = instants(calendar, day + 1, np.full(day.size, 6 * 3600))
    return rows.select(
        campaigns.ids.gather(rows["which"]).alias("campaign_id"),
        "cost_kind",
        pl.lit(CURRENCY_CODE).alias("currency_code"),
        "cost_amount",
        "impression_count",
        "click_count",
        calendar.dates_of(day).alias("cost_date"),
        pl.Series("updated_at", known),
    ).filter(pl.Series((known < cutoff) & (day < calendar.day_count)))


def creation(campaigns: Campaigns, rng: np.random.Generator) -> pl.DataFrame:
    """What it cost to make each campaign, paid on its first day."""
    count = campaigns.pull.size
    return pl.DataFrame(
        {
            "which": np.arange(count),
            "day": campaigns.first_day,
            "cost_kind": pl.repeat("creative", count, eager=True),
            "cost_amount": rng.integers(200, 2_000, count) * 100,
        }
    )
