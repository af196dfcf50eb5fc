"""Destinations of exports by their newest runs, and whom of an audience each can find."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from dashboards.components import export_quality, export_runs, tables
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.exports import Run
from dashboards.listings.listing import Empty
from dashboards.words.messages import Message, message
from dashboards.words.words import NOTHING, Words

if TYPE_CHECKING:
    from dashboards.queries.reader import Row

NO_QUALITY = Empty(
    message("No audience was matched yet"),
    message("Destinations that find people by hashed addresses or numbers are listed here."),
)
CLASSES: Mapping[str, Message] = {
    "valid": message("Can be found"),
    "duplicate": message("The same person once more"),
    "invalid": message("Unusable address or number"),
    "no_country_code": message("Number without a country code"),
    "already_hashed": message("Hashed already"),
    "not_hashed": message("Not hashed"),
    "blocked": message("Without consent"),
    "suppressed": message("Objected"),
}
_MATCH = "match_"


def show_destinations(context: Context, runs: Sequence[Run]) -> None:
    """Show each destination by its newest run: how it is, and what of the last rows arrived."""
    words = context.words
    newest: dict[str, Run] = {}
    for run in runs:
        newest.setdefault(run.destination, run)
    finished = {run.destination: run for run in reversed(runs) if run.state == "finished"}
    rows: list[Row] = [
        {"run": run, "last": finished.get(name), "state": export_runs.light(run)}
        for name, run in sorted(newest.items())
    ]
    tables.show(_columns(context), rows, caption=words.text("Destinations"))


def _columns(context: Context) -> list[Column]:
    words = context.words
    return [
        Column(
            words.text("Destination"),
            lambda row: export_runs.name_of(row["run"].destination),
            "strong",
            place="id",
        ),
        Column(
            words.text("State"),
            lambda row: words.code(export_runs.STATES, row["run"].state),
            "state",
            place="state",
        ),
        Column(
            words.text("Last finished"),
            lambda row: context.utc_moment(row["last"].changed_at) if row["last"] else NOTHING,
            "short",
            place="due",
        ),
        Column(
            words.text("Confirmed then"),
            lambda row: _delivered(words, row["last"]),
            "number",
            place="amount",
        ),
        Column(words.text("Takes at once"), lambda row: _limits(words, row["run"].limits)),
        Column(
            words.text("A request sent twice"),
            lambda row: words.code(_PROMISES, row["run"].promise),
        ),
        Column(
            words.text("Problem"),
            lambda row: export_runs.matter(words, row["run"]),
            "wide",
        ),
    ]


_PROMISES: Mapping[str, Message] = {
    "idempotent": message("is recognised by its key"),
    "natural_key": message("leaves what one leaves"),
    "whole_file": message("replaces the file"),
    "none": message("would count twice, so it is not sent again"),
}


def show_quality(context: Context, runs: Sequence[Run]) -> None:
    """Show for each export's newest plan whom the destination can find, and why not the others."""
    words = context.words
    newest: dict[str, Run] = {}
    for run in runs:
        if any(name.startswith(_MATCH) for name in run.counts):
            newest.setdefault(run.export, run)
    for name, run in sorted(newest.items()):
        title = words.text(
            "{export} at {destination}",
            export=export_runs.name_of(name),
            destination=export_runs.name_of(run.destination),
        )
        st.header(title, anchor=False)
        rows: list[Row] = [
            {"what": words.say(said), "count": run.counts.get(f"{_MATCH}{each}", 0)}
            for each, said in CLASSES.items()
            if run.counts.get(f"{_MATCH}{each}", 0) or each == "valid"
        ]
        export_runs.show_counts(words, rows, words.text("Members"), title)
        export_quality.show(words, run.quality, CLASSES)
        st.caption(
            words.text(
                "{n} members, each in one line. As planned {moment}.",
                n=words.number(run.counts["members"]),
                moment=context.utc_moment(run.planned_at),
            )
        )


def has_quality(runs: Sequence[Run]) -> bool:
    """Return whether any run says whom its destination can find."""
    return any(name.startswith(_MATCH) for run in runs for name in run.counts)


def _limits(words: Words, limits: Mapping[str, float]) -> str:
    found = [
        words.text("{n} rows", n=words.number(limits["rows_per_request"]))
        if "rows_per_request" in limits
        else words.text("all rows")
    ]
    if "requests_per_second" in limits:
        rate = limits["requests_per_second"]
        found.append(
            words.text(
                "{n} requests a second", n=words.number(rate, 0 if float(rate).is_integer() else 2)
            )
        )
    return ", ".join(found)


def _delivered(words: Words, run: Run | None) -> str:
    results = run.results if run is not None else {}
    total = sum(results.values())
    return words.percent(results.get("confirmed", 0) / total) if total else NOTHING
