"""The last day's files, each broken in a way of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from sources.simulator.feed_folders import FeedFolder, instant, keys_of, read, write

if TYPE_CHECKING:
    from pathlib import Path

    from sources.simulator.disorder.notes import Notes

# What is broken, in which feed, and the timestamp that says which rows are the last day's.
PLACES = {
    "half_written": ("order_lines", "updated_at"),
    "garbled_encoding": ("customers", "created_at"),
    "open_quote": ("reviews", "created_at"),
    "wrong_delimiter": ("shipments", "updated_at"),
    "negative_amounts": ("invoices", "issued_at"),
}
LAST_DAY_SECONDS = 86_400


def break_day(feeds: Path, breakages: tuple[str, ...], notes: Notes) -> None:
    """Takes the last day's rows out of their files and delivers them broken."""
    for breakage in breakages:
        feed, at = PLACES[breakage]
        folder = FeedFolder(feeds, feed)
        paths = folder.paths()
        if not paths:
            continue
        frame = read(paths[-1])
        moment = instant(frame, at)
        edge = frame.select(moment.max() - pl.duration(seconds=LAST_DAY_SECONDS)).item()
        recent = frame.select((moment > edge).fill_null(value=False)).to_series()
        rows = frame.filter(recent)
        write(frame.filter(~recent), paths[-1])
        path = folder.further("last-day-broken")
        path.write_bytes(BREAKERS[breakage](rows))
        place = (feed, folder.name(path))
        notes.add(breakage, place, keys_of(rows, folder.contract), heals=False)


def half_written(rows: pl.DataFrame) -> bytes:
    """The copy ended in the middle of a line."""
    whole = rows.write_csv().encode()
    end = whole.rfind(b",", 0, len(whole) // 2 + 40)
    return whole[:end]


def garbled_encoding(rows: pl.DataFrame) -> bytes:
    """Latin-1 where UTF-8 was agreed; a city with an umlaut in every row makes it show."""
    return rows.with_columns(pl.lit("Köln").alias("city")).write_csv().encode("latin-1", "replace")


def open_quote(rows: pl.DataFrame) -> bytes:
    """A comment whose quotation mark never ends."""
    lines = rows.write_csv().splitlines()
    middle = max(1, len(lines) // 2)
    cells = lines[middle].split(",")
    place = rows.columns.index("comment")
    cells[place] = '"Great, but'
    lines[middle] = ",".join(cells)
    return ("\n".join(lines) + "\n").encode()


def wrong_delimiter(rows: pl.DataFrame) -> bytes:
    """Semicolons where commas were agreed."""
    return rows.write_csv(separator=";").encode()


def negative_amounts(rows: pl.DataFrame) -> bytes:
    """A sign that the contract does not know."""
    return rows.with_columns(("-" + pl.col("net_amount")).alias("net_amount")).write_csv().encode()


BREAKERS = {
    "half_written": half_written,
    "garbled_encoding": garbled_encoding,
    "open_quote": open_quote,
    "wrong_delimiter": wrong_delimiter,
    "negative_amounts": negative_amounts,
}
