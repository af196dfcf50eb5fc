"""The content feed: landing pages, articles and vendors' own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER
from sources.simulator.cells import NOWHERE, at_places, latest, numbered, pick, repeated
from sources.simulator.chance import stream
from sources.simulator.world.calendar import instants

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.world.world import World

LANDING_PAGES = 24  # leads name page-1 to page-24
CONTENT_TYPES = ("article", "guide", "video", "case_study", "datasheet", "webinar")
TOPICS = ("care", "planning", "materials", "safety", "trends", "savings")
OWNERS = ("marketing", "product", "service", "sales")
FURTHER_PIECES = 60
WITHDRAWN = 0.15  # share of further pieces that are taken off the site some day
SHORTEST_LIFE, LONGEST_LIFE = 60, 500  # days until then


def content_ids(piece: Ints) -> pl.Series:
    """The landing pages first, then articles, then a page for each vendor."""
    number = pl.Series(piece + 1).cast(pl.String)
    further = numbered("piece-", piece + 1 - LANDING_PAGES)
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


def withdrawn_day(world: World) -> Ints:
    """The day each piece is taken off the site, NEVER for those that stay.

    A vendor's page goes when the vendor does.
    """
    rng = stream(world.seed, 180)
    lives = rng.integers(SHORTEST_LIFE, LONGEST_LIFE, FURTHER_PIECES)
    ends = content_day(world)[LANDING_PAGES : LANDING_PAGES + FURTHER_PIECES] + lives
    goes = rng.random(FURTHER_PIECES) < WITHDRAWN
    closed = world.vendors.closed_day
    return np.concatenate(
        [
            np.full(LANDING_PAGES, NEVER),
            np.where(goes, ends, NEVER),
            np.where(closed < world.calendar.day_count, closed, NEVER),
        ]
    )


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
    withdrawn = withdrawn_day(world)
    last_day = np.minimum(withdrawn, world.calendar.day_count + 1)
    hidden = instants(world.calendar, last_day, np.full(piece.size, 20 * 3600))
    hidden = np.where(withdrawn < NEVER, hidden, NEVER)
    kind = pick(CONTENT_TYPES, piece * 5 + piece // 7)
    kind = kind.zip_with(pl.Series(~landing), repeated("landing_page", piece.size))
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
            "owner": team.zip_with(pl.Series(~own), repeated("vendor", piece.size)),
            "vendor_id": at_places(world.vendors.ids, np.where(own, vendor, NOWHERE)),
            "is_published": hidden >= world.cutoff,
            "published_at": shown,
            "updated_at": latest(world.cutoff, shown, hidden),
        }
    ).filter(pl.Series(shown < world.cutoff))
