"""Rows that come late, twice, in an older version, deleted, or with a wrong clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.disorder.notes import ABSENT, Notes
from sources.simulator.feed_folders import FeedFolder, instant, keys_of, shifted, write

if TYPE_CHECKING:
    from sources.simulator.disorder.presets import Disorder

# Feeds that are disturbed, and what an older version of a row said instead.
DISTURBED: dict[str, dict[str, str]] = {
    "orders": {"status": "created"},
    "order_lines": {"status": "created"},
    "payments": {"status": "pending"},
    "shipments": {"carrier": "to be named"},
    "returns": {"status": "requested"},
    "invoices": {"status": "draft"},
    "customers": {"city": "Altstadt"},
    "products": {"name": "draft of a name"},
    "tickets": {"status": "open"},
    "offers": {"status": "paused"},
    # Without a version the later row wins, so these are only late, doubled, skewed or missing.
    "events": {},
    "order_events": {},
    "consents": {},
}
OLDER_SECONDS = 3_600
CLOCKS = (("order_events", "actor", "carrier", 7_200), ("events", "device", "app", -5_400))


@dataclass(slots=True)
class Later:
    """Rows that wait for the first and the second later file."""

    first: list[pl.DataFrame] = field(default_factory=list)
    second: list[pl.DataFrame] = field(default_factory=list)


def disturb(folder: FeedFolder, disorder: Disorder, rng: np.random.Generator, notes: Notes) -> None:
    """Alters the files of a feed and writes what comes later."""
    later = Later()
    for path, clean in folder.frames():
        place = (folder.feed, folder.name(path))
        frame = take_rows(clean, folder, disorder, (place, later, notes), rng)
        frame = miss_days(frame, folder, disorder, (place, later, notes))
        frame = skew_clock(frame, folder, disorder, (place, later, notes))
        if disorder.is_shuffled:
            frame = frame.sample(fraction=1, shuffle=True, seed=int(rng.integers(2**31)))
        if not frame.equals(clean):
            write(frame, path)
    if disorder.delivers_late:
        for which, waiting in (("1", later.first), ("2", later.second)):
            if waiting:
                write(pl.concat(waiting, how="vertical_relaxed"), folder.further(f"later-{which}"))


Desk = tuple[tuple[str, str], Later, Notes]  # where the rows are from, where they go, the notes


def take_rows(
    frame: pl.DataFrame,
    folder: FeedFolder,
    disorder: Disorder,
    desk: Desk,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """The file with each row's fate drawn: at most one thing happens to a row."""
    place, later, notes = desk
    versioned = bool(DISTURBED[folder.feed])
    rates = [disorder.late_rate, disorder.duplicate_rate]
    if versioned:
        rates += [disorder.corrected_rate, disorder.outrun_rate, disorder.deleted_rate]
    drawn = np.searchsorted(np.cumsum(rates), rng.random(frame.height), side="right")

    def mine(which: int) -> pl.DataFrame:
        return frame.filter(pl.Series(drawn == which))

    late, twice = mine(0), mine(1)
    kept = [frame.filter(pl.Series(drawn != 0))]
    later.first += [late, twice.gather_every(2)]
    kept.append(twice.gather_every(2, 1))
    notes.add("late", place, keys_of(late, folder.contract), heals=disorder.delivers_late)
    notes.add("duplicate", place, keys_of(twice, folder.contract))
    if not versioned:
        return pl.concat(kept)
    wrong, outrun, phantom = mine(2), mine(3), mine(4)
    kept[0] = frame.filter(pl.Series((drawn != 0) & (drawn != 2)))
    kept.append(older(wrong, folder.feed))
    later.first.append(wrong)
    later.second.append(older(outrun, folder.feed))
    notes.add("corrected", place, keys_of(wrong, folder.contract), heals=disorder.delivers_late)
    notes.add("older_version_after_newer", place, keys_of(outrun, folder.contract))
    return pl.concat([*kept, delete(phantom, folder, disorder, desk)], how="vertical_relaxed")


def older(rows: pl.DataFrame, feed: str) -> pl.DataFrame:
    """An earlier and different version of the rows."""
    said = [pl.lit(value).alias(name) for name, value in DISTURBED[feed].items()]
    return rows.with_columns(shifted(rows, "updated_at", -OLDER_SECONDS), *said)


def delete(rows: pl.DataFrame, folder: FeedFolder, disorder: Disorder, desk: Desk) -> pl.DataFrame:
    """Rows under keys that never were: half are deleted later, half before they come."""
    place, later, notes = desk
    key = folder.contract.key[0]
    ghosts = rows.with_columns(("GHOST-" + pl.col(key)).alias(key))
    gone = ghosts.with_columns(shifted(ghosts, "updated_at", 60), tombstone(ghosts))
    first, second = ghosts.gather_every(2), ghosts.gather_every(2, 1)
    later.second += [gone.gather_every(2), second]
    heals = disorder.delivers_late
    notes.add("deleted", place, keys_of(first, folder.contract), ABSENT, heals=heals)
    notes.add("deleted_before_it_came", place, keys_of(second, folder.contract), ABSENT)
    return pl.concat([first, gone.gather_every(2, 1)])


def tombstone(frame: pl.DataFrame) -> pl.Expr:
    mark = pl.lit("true") if frame.schema["is_deleted"] == pl.String else pl.lit(value=True)
    return mark.alias("is_deleted")


def miss_days(
    frame: pl.DataFrame, folder: FeedFolder, disorder: Disorder, desk: Desk
) -> pl.DataFrame:
    """The last whole month's file without its tenth day, and the day before that, and so on."""
    place, later, notes = desk
    at = folder.contract.event_time
    if not disorder.gap_days or at is None or not is_last_whole(folder, place[1]):
        return frame
    absent = on_days(frame, at, (11 - disorder.gap_days, 10))
    missing = frame.filter(absent)
    later.first.append(missing)
    notes.add("gap", place, keys_of(missing, folder.contract), heals=disorder.delivers_late)
    return frame.filter(~absent)


def is_last_whole(folder: FeedFolder, name: str) -> bool:
    """Whether a file is the last but one, or the only one."""
    return folder.name(folder.paths()[-2:][0]) == name


def on_days(frame: pl.DataFrame, at: str, days: tuple[int, int]) -> pl.Series:
    """The rows of some days of the month that is the last whole one in the frame."""
    moment = instant(frame, at)
    latest = pl.lit(frame.select(moment.max()).item(), dtype=pl.Datetime("ms"))
    first = latest.dt.truncate("1mo").dt.offset_by("-1d").dt.truncate("1mo")
    # A monthly file reaches into the next month by late payments only, or by nothing at all.
    month = pl.when(latest.dt.day() > 27).then(latest.dt.truncate("1mo")).otherwise(first)
    same = moment.dt.truncate("1mo") == month
    chosen = (same & moment.dt.day().is_between(*days)).fill_null(value=False)
    return frame.select(chosen).to_series()


def skew_clock(
    frame: pl.DataFrame, folder: FeedFolder, disorder: Disorder, desk: Desk
) -> pl.DataFrame:
    """Rows of one source with its wrong clock; what it sends again later is right."""
    place, later, notes = desk
    at = folder.contract.event_time
    clocks = [clock for clock in CLOCKS if clock[0] == folder.feed]
    if not disorder.skewed_days or not clocks or at is None or not is_last_whole(folder, place[1]):
        return frame
    _, column, word, seconds = clocks[0]
    hit = on_days(frame, at, (21, 20 + disorder.skewed_days)) & (frame[column] == word)
    right = frame.filter(hit)
    later.first.append(right)
    keys = keys_of(right, folder.contract)
    detail = f"{at} is {seconds} seconds off"
    notes.add("clock_skew", place, keys, heals=disorder.delivers_late, detail=detail)
    return pl.concat([frame.filter(~hit), right.with_columns(shifted(right, at, seconds))])
