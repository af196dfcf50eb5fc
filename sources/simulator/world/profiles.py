"""Who the buyers are beyond their purchases: accounts, contacts, terms, what they allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, Bools, Ints
from sources.simulator.cells import NOWHERE, numbered, pick, scrambled
from sources.simulator.chance import hashed, stream
from sources.simulator.world.people_laws import (
    ALLOWS_PROFILE,
    HOUR_SHARES,
    HOURS,
    TAKES_SMS,
    TELLS_BIRTHDAY,
    WAY_SHARES,
    WAYS,
)
from sources.simulator.world.purchases import instants_of

if TYPE_CHECKING:
    from sources.simulator.world.buyers import Buyers
    from sources.simulator.world.calendar import Calendar
    from sources.simulator.world.demand import Demand

SILENT, GRANTED, REFUSED = 0, 1, 2  # what a person said of marketing mail at the first order
TERMS_DAYS = (14, 30, 30, 60)
FIRST_MANAGER, MANAGERS = 40, 6  # account managers are rep-40 and on


@dataclass(slots=True)
class Profiles:
    """One entry per customer; mails that are sent fill `unsubscribed_at`, orders `followed`."""

    first_at: Ints  # the first order
    terms_days: Ints
    contact_count: Ints  # of consumers 0 or 1, of companies 1 to 3
    said: Ints  # SILENT, GRANTED or REFUSED
    called_off_at: Ints  # when the person took it back by phone or in the portal
    unsubscribed_at: Ints  # when a mail made the person take it back
    manager: Ints
    acquired_by: Ints  # place in Campaigns of what caused the first order, or NOWHERE
    followed: Ints  # place in Campaigns of the last link before the first order, or NOWHERE
    way: Ints  # place in WAYS: by which the person answers best
    hours: Ints  # place in HOURS: when the person reads
    allows_profile: Bools  # whether the shop may know the person better
    takes_sms: Bools  # whether text messages were allowed with the mail

    def takes_mail(self, instant: int | Ints, who: Ints | slice = slice(None)) -> Bools:
        """Whether each customer, or each of some, may be sent marketing mail at an instant."""
        found: Bools = (
            (self.said[who] == GRANTED)
            & (self.first_at[who] < instant)
            & (self.called_off_at[who] > instant)
            & (self.unsubscribed_at[who] > instant)
            & (self.contact_count[who] > 0)
        )
        return found

    def tells_birthday(self, who: Ints) -> Bools:
        """Who of some customers has told birthday and gender, for what they allowed."""
        found: Bools = self.allows_profile[who] & (hashed(who, 156, 100) < TELLS_BIRTHDAY * 100)
        return found


def make_profiles(
    buyers: Buyers, acquired_by: Ints, demand: Demand, calendar: Calendar, seed: int
) -> Profiles:
    """What is decided about the customers before the first day."""
    rng = stream(seed, 50)
    count = buyers.rate.size
    first = instants_of(demand, calendar, buyers.pace, buyers.first_moment)
    dice = rng.random((3, count))
    companies = 1 + (dice[0] < 0.6) + (dice[0] < 0.25)
    said = np.where(dice[1] < 0.58, GRANTED, np.where(dice[1] < 0.75, REFUSED, SILENT))
    calls_off = (said == GRANTED) & (dice[2] < 0.06)
    later = first + rng.integers(5 * 86_400, 400 * 86_400, count)
    return Profiles(
        first_at=first,
        terms_days=np.array(TERMS_DAYS)[rng.integers(0, len(TERMS_DAYS), count)],
        contact_count=np.where(buyers.is_business, companies, (dice[0] < 0.7).astype(np.int64)),
        said=said,
        called_off_at=np.where(calls_off, later, NEVER),
        unsubscribed_at=np.full(count, NEVER),
        manager=rng.integers(0, MANAGERS, count),
        acquired_by=acquired_by,
        followed=np.full(count, NOWHERE),
        way=stream(seed, 148).choice(len(WAYS), count, p=WAY_SHARES),
        hours=stream(seed, 149).choice(len(HOURS), count, p=HOUR_SHARES),
        allows_profile=(said == GRANTED) & (stream(seed, 151).random(count) < ALLOWS_PROFILE),
        takes_sms=(said == GRANTED) & (stream(seed, 150).random(count) < TAKES_SMS),
    )


def birthdays(who: Ints) -> pl.Series:
    """The birthdays of customers: between 1945 and 2007."""
    return pl.Series((hashed(who, 157, 23_000) - 9_131).astype(np.int32)).cast(pl.Date)


def genders(who: Ints) -> pl.Series:
    return pick(
        ("female", "male", "diverse"), np.searchsorted([49, 98], hashed(who, 158, 100), "right")
    )


def account_ids(who: Ints) -> pl.Series:
    """The ids of the accounts of business customers; prospects are numbered after them."""
    return scrambled("AC-", who + 1, 9)


def contact_ids(who: Ints, place: Ints) -> pl.Series:
    """The ids of a customer's contacts, by their place from 0."""
    return scrambled("CT-", who * 4 + place + 1, 9)


def manager_ids(manager: Ints) -> pl.Series:
    return rep_ids(manager + FIRST_MANAGER)


def rep_ids(number: Ints) -> pl.Series:
    return numbered("rep-", number)
