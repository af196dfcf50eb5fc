"""Campaigns: when they run, what a day costs, how many visits and orders each truly causes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.chance import stream
from sources.simulator.world.people_laws import ORDERS_CAUSED, RECOVERED, WEEKLY_PUSH

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Floats, Ints
    from sources.simulator.world.calendar import Calendar
    from sources.simulator.world.demand import Demand
    from sources.simulator.world.sizes import WorldSize

CHANNELS = (
    "email", "paid_search", "paid_social", "display", "affiliate", "fair", "webinar", "print",
)  # fmt: skip
OBJECTIVES = ("acquisition", "retention", "reactivation", "vendor_recruiting", "brand")
CLICK_CENTS = (0, 70, 45, 25, 35, 0, 0, 0)  # what one click costs by channel
CLICKS_PER_VISIT = 1.3  # some click and are gone before the page has loaded
ORDERS_A_DAY = 0.005  # per customer, roughly: what budgets are planned with
LEAST_DAILY_CENTS = 500
NEWS, PROMOTION, BACK = (
    ORDERS_CAUSED[kind] for kind in ("newsletter", "promotion", "reactivation")
)


@dataclass(frozen=True, slots=True)
class Campaigns:
    """The campaigns in order of their first days, and behind them the reminders of carts."""

    ids: pl.Series
    names: pl.Series
    channel: Ints  # place in CHANNELS
    objective: Ints  # place in OBJECTIVES
    first_day: Ints
    last_day: Ints  # may lie after the world's last
    order_rate: Floats  # orders that a mail truly causes, 0 for what is no mail
    daily_cents: Ints  # that are planned for media
    storefront: Ints  # place in STOREFRONTS, whose currency it is paid in
    active: Ints  # [channels, days] the running campaign that links name, or -1
    pulls: Floats  # [days, campaigns] visits that each causes per order of the day
    spent: Ints  # [days, campaigns] cents for media
    reminder: Ints  # the campaign of each month that reminds people of carts they left

    def acquires(self) -> Bools:
        """Which are paid for by the click to bring new customers."""
        found: Bools = (np.array(CLICK_CENTS)[self.channel] > 0) & (
            self.objective == OBJECTIVES.index("acquisition")
        )
        return found


@dataclass(frozen=True, slots=True)
class Draft:
    """A campaign as the plan has it."""

    name: str
    channel: str
    objective: str
    first_day: int
    length: int
    pull: float  # visits caused on an average day, per visit that nothing caused
    order_rate: float = 0.0
    storefront: int = 0  # place in STOREFRONTS, whose currency it is paid in


def plan_campaigns(demand: Demand, calendar: Calendar, size: WorldSize, seed: int) -> Campaigns:
    """Newsletters every month, paid channels by quarter, more for every promotion.

    What is paid by the click is spent in pushes: some weeks much, some weeks little.
    """
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
    orders = np.array([draft.order_rate for draft in drafts])
    orders *= np.exp(stream(seed, 146).normal(0, 0.2, count))
    active = np.full((len(CHANNELS), calendar.day_count), -1)
    for place in range(count):
        active[channel[place], max(first[place], 0) : last[place] + 1] = place
    visits = size.customers * size.purchase_factor * ORDERS_A_DAY * size.visits_per_order
    daily = np.rint(pull * visits * CLICKS_PER_VISIT * click).astype(np.int64)
    daily = np.where(click > 0, np.maximum(daily, LEAST_DAILY_CENTS), 0)
    day = np.arange(calendar.day_count)[:, None]
    runs = (first <= day) & (day <= last)
    weeks = np.exp(rng.normal(-(WEEKLY_PUSH**2) / 2, WEEKLY_PUSH, (day.size // 7 + 1, count)))
    push = runs * weeks[day[:, 0] // 7] * rng.gamma(20, 1 / 20, runs.shape)
    planned = Campaigns(
        ids=campaign_ids(count),
        names=pl.Series([draft.name for draft in drafts], dtype=pl.String),
        channel=channel,
        objective=np.array([OBJECTIVES.index(draft.objective) for draft in drafts]),
        first_day=first,
        last_day=last,
        order_rate=np.round(orders, 4),
        daily_cents=daily,
        storefront=np.array([draft.storefront for draft in drafts], dtype=np.int64),
        active=active,
        pulls=np.round(np.where(click > 0, push, runs) * pull * size.visits_per_order, 4),
        spent=np.rint(push * daily).astype(np.int64),
        reminder=np.zeros(0, dtype=np.int64),
    )
    return with_reminders(planned, calendar)


def campaign_ids(count: int) -> pl.Series:
    """The ids of so many campaigns, by their places."""
    return "CMP-" + pl.Series(np.arange(1, count + 1)).cast(pl.String).str.zfill(4)


def with_reminders(campaigns: Campaigns, calendar: Calendar) -> Campaigns:
    """The campaigns, and behind them one a month whose mails remind of carts, each when it is due.

    No link but that of its own mails names it, and it costs what it took to write it.
    """
    names = calendar.month_names
    first, after = np.array([calendar.month_days(month) for month in range(len(names))]).T
    known, count, days = campaigns.ids.len(), len(names), calendar.day_count
    none = np.zeros(count, dtype=np.int64)
    kinds = {
        "channel": np.full(count, CHANNELS.index("email")),
        "objective": np.full(count, OBJECTIVES.index("retention")),
        "first_day": first,
        "last_day": after - 1,
        "order_rate": np.full(count, RECOVERED),
        "daily_cents": none,
        "storefront": none,
    }
    return replace(
        campaigns,
        ids=campaign_ids(known + count),
        names=pl.concat([campaigns.names, pl.Series([f"Cart reminder {name}" for name in names])]),
        **{name: np.append(getattr(campaigns, name), values) for name, values in kinds.items()},
        pulls=np.hstack([campaigns.pulls, np.zeros((days, count))]),
        spent=np.hstack([campaigns.spent, np.zeros((days, count), dtype=np.int64)]),
        reminder=known + np.arange(count),
    )


def regular(calendar: Calendar) -> list[Draft]:
    """What runs whatever the season; it begins on the first of a month or quarter."""
    drafts = []
    for day in range(calendar.day_count):
        date = calendar.date_of(day)
        month = f"{date:%Y-%m}"
        if date.day == 5:
            drafts.append(Draft(f"Newsletter {month}", "email", "retention", day, 4, 0.012, NEWS))
        if day and not (date.day == 1 and date.month % 3 == 1):
            continue
        length = 92 if day else 91
        quarter = f"{date.year} Q{(date.month + 2) // 3}"
        drafts += [
            Draft(f"Search {quarter}", "paid_search", "acquisition", day, length, 0.12),
            Draft(f"Partners {quarter}", "affiliate", "acquisition", day, length, 0.035),
            Draft(f"We miss you {quarter}", "email", "reactivation", day + 20, 4, 0.005, BACK),
            Draft(f"Sell with us {quarter}", "paid_social", "vendor_recruiting", day, 30, 0.005),
            Draft(f"Talk for buyers {quarter}", "webinar", "acquisition", day + 40, 1, 0.0),
        ]
        if date.month in {4, 10}:
            drafts += [
                Draft(f"Trade fair {quarter}", "fair", "brand", day + 30, 3, 0.0),
                Draft(f"Fair in Zürich {quarter}", "fair", "brand", day + 37, 2, 0.0, 0.0, 1),
                Draft(
                    f"Posters in Warszawa {quarter}", "print", "brand", day + 10, 21, 0.0, 0.0, 2
                ),
            ]
    return drafts


def around_promotions(demand: Demand) -> list[Draft]:
    """A mail, pictures and videos for each promotion."""
    drafts = []
    for promotion in demand.promotions:
        name, day = promotion.name, promotion.first_day
        length = promotion.day_after - day
        drafts += [
            Draft(f"{name}: mail", "email", "retention", day, min(length, 4), 0.015, PROMOTION),
            Draft(f"{name}: social", "paid_social", "acquisition", day, length, 0.09),
            Draft(f"{name}: display", "display", "brand", day, length, 0.04),
        ]
    return drafts
