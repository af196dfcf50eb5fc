"""What lies outside the marketplace: holidays, peaks, exchange rates; and its own pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.catalogue import instants
from sources.simulator.cells import NOWHERE, at_places, fraction
from sources.simulator.holidays import black_friday, public_holidays
from sources.simulator.names import pick
from sources.simulator.world import Ints, stream

if TYPE_CHECKING:
    from sources.simulator.building import World

# What one euro was worth about when the world begins, and how much that wavers in a day.
CURRENCIES = (
    ("USD", 1.08, 0.0045), ("GBP", 0.85, 0.0035), ("CHF", 0.96, 0.003), ("PLN", 4.30, 0.004),
    ("SEK", 11.3, 0.004), ("CZK", 25.1, 0.003),
)  # fmt: skip
PUBLISHED_SECOND = 16 * 3600
ANNOUNCED_AHEAD = 30  # days before its first that a sale is entered
LANDING_PAGES = 24  # leads name page-1 to page-24
CONTENT_TYPES = ("article", "guide", "video", "case_study", "datasheet", "webinar")
TOPICS = ("care", "planning", "materials", "safety", "trends", "savings")
OWNERS = ("marketing", "product", "service", "sales")
FURTHER_PIECES = 60


def calendar_rows(world: World) -> pl.DataFrame:
    """The calendar feed: holidays of Germany, peaks of trade, and the marketplace's own sales."""
    first = world.calendar.first_day
    last = world.calendar.date_of(world.calendar.day_count - 1)
    rows = []
    for year in range(first.year, last.year + 1):
        entered = (date(year, 1, 1) - timedelta(days=120), "DE")
        rows += [
            (day, "DE", name, "public_holiday", False, entered[0])
            for day, name in public_holidays(year).items()
        ]
        friday = black_friday(year)
        for day, name in ((friday, "Black Friday"), (friday + timedelta(days=3), "Cyber Monday")):
            rows.append((day, "ZZ", name, "peak", True, entered[0]))
    for promotion in world.demand.promotions:
        for place in range(promotion.first_day, promotion.day_after):
            day = world.calendar.date_of(place)
            works = day.weekday() < 5 and day not in public_holidays(day.year)
            entered_on = world.calendar.date_of(promotion.first_day - ANNOUNCED_AHEAD)
            rows.append((day, "DE", promotion.name, "sale", works, entered_on))
    names = ("calendar_date", "country_code", "occasion", "kind", "is_working_day", "entered")
    frame = pl.DataFrame(rows, schema=list(names), orient="row")
    entered_at = frame["entered"].cast(pl.Datetime("ms")).dt.epoch("s")
    weekend = frame["calendar_date"].dt.weekday() > 5
    return frame.select(
        "calendar_date",
        "country_code",
        "occasion",
        "kind",
        (pl.col("is_working_day") & ~weekend).alias("is_working_day"),
        entered_at.alias("updated_at"),
    ).filter(entered_at < world.cutoff)


def rate_rows(world: World) -> pl.DataFrame:
    """The exchange rates feed: a random walk for each currency, a row for every day."""
    days = world.calendar.day_count
    rng = stream(world.seed, 61)
    start = np.array([rate for _, rate, _ in CURRENCIES])
    wavers = np.array([spread for _, _, spread in CURRENCIES])
    steps = rng.normal(0, 1, (days, start.size)) * wavers
    rate = start * np.exp(np.cumsum(steps, axis=0))
    day, which = (axis.ravel() for axis in np.indices(rate.shape))
    published = world.calendar.midnight[day] + PUBLISHED_SECOND
    return pl.DataFrame(
        {
            "base_currency_code": pl.repeat("EUR", day.size, eager=True),
            "currency_code": pick(tuple(code for code, _, _ in CURRENCIES), which),
            "rate": fraction(np.rint(rate.ravel() * 1_000_000).astype(np.int64), 6),
            "rate_date": world.calendar.dates_of(day),
            "source": pl.repeat("simulated fixing", day.size, eager=True),
            "updated_at": published,
        }
    ).filter(pl.Series(published < world.cutoff))


def content_ids(piece: Ints) -> pl.Series:
    """The landing pages first, then articles, then a page for each vendor."""
    number = pl.Series(piece + 1).cast(pl.String)
    further = "piece-" + pl.Series(piece + 1 - LANDING_PAGES).cast(pl.String)
    return ("page-" + number).zip_with(pl.Series(piece < LANDING_PAGES), further)


def content_count(world: World) -> int:
    return LANDING_PAGES + FURTHER_PIECES + len(world.vendors.ids)


def content_day(world: World) -> Ints:
    """The day each piece was first shown; vendors' pages appear when the vendor does."""
    rng = stream(world.seed, 62)
    days = rng.integers(-300, max(1, world.calendar.day_count - 5), FURTHER_PIECES)
    landing = np.full(LANDING_PAGES, -400)
    joined = world.vendors.joined_day
    return np.concatenate([landing, days, np.minimum(joined + 1, world.calendar.day_count + 1)])


def content_paths(world: World) -> pl.Series:
    """Where each piece stands on the site."""
    piece = np.arange(content_count(world))
    folder = np.where(piece < LANDING_PAGES, "/welcome/", "/magazine/")
    own = piece >= LANDING_PAGES + FURTHER_PIECES
    return pl.Series(np.where(own, "/makers/", folder)) + content_ids(piece)


def content_rows(world: World) -> pl.DataFrame:
    """The content feed."""
    piece = np.arange(content_count(world))
    vendor = piece - LANDING_PAGES - FURTHER_PIECES
    own, landing = vendor >= 0, piece < LANDING_PAGES
    shown = instants(world.calendar, content_day(world), np.full(piece.size, 7 * 3600))
    kind = pick(CONTENT_TYPES, piece * 5 + piece // 7)
    kind = kind.zip_with(pl.Series(~landing), pl.repeat("landing_page", piece.size, eager=True))
    title = pick(TOPICS, piece).str.to_titlecase() + " " + pl.Series(piece + 1).cast(pl.String)
    topic = pick(TOPICS, piece)
    team = pick(OWNERS, piece * 3 + piece // 5)
    return pl.DataFrame(
        {
            "content_id": content_ids(piece),
            "title": title,
            "content_type": kind,
            "page_path": content_paths(world),
            "topic": topic,
            "owner": team.zip_with(pl.Series(~own), pl.repeat("vendor", piece.size, eager=True)),
            "vendor_id": at_places(world.vendors.ids, np.where(own, vendor, NOWHERE)),
            "is_published": pl.repeat(value=True, n=piece.size, eager=True),
            "published_at": shown,
            "updated_at": shown,
        }
    ).filter(pl.Series(shown < world.cutoff))
