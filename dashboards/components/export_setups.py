"""The exports that are set up, with whom they send, where to, and when next."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dashboards import resources
from dashboards.components import export_runs, tables
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.exports import Setup
from dashboards.words.messages import Message, message
from dashboards.words.schedules import schedule
from dashboards.words.words import NOTHING

if TYPE_CHECKING:
    from dashboards.queries.reader import Row

_STATES: Mapping[str, Message] = {
    "on": message("Switched on"),
    "off": message("Switched off"),
    "unusable": message("Mistakes in its file"),
}
_LIGHTS = {"on": "ok", "off": "absent", "unusable": "failed"}


def show(context: Context, setups: Sequence[Setup]) -> None:
    """Show what is set up, by name; nothing where no pipeline has looked yet."""
    if not setups:
        return
    words, now = context.words, resources.now()
    rows: list[Row] = [
        {
            "setup": each,
            "is": _state(each),
            "state": _LIGHTS[_state(each)],
            "due": each.next_due(now),
        }
        for each in setups
    ]
    columns = [
        Column(
            words.text("Export"),
            lambda row: export_runs.name_of(row["setup"].name),
            "strong",
            place="id",
        ),
        Column(words.text("Title"), lambda row: row["setup"].title or NOTHING, "wide"),
        Column(
            words.text("State"), lambda row: words.code(_STATES, row["is"]), "state", place="state"
        ),
        Column(words.text("Segment"), lambda row: _segment(context, row["setup"])),
        Column(
            words.text("Destination"),
            lambda row: export_runs.name_of(row["setup"].destination) or NOTHING,
        ),
        Column(words.text("Times (UTC)"), lambda row: schedule(words, row["setup"].cron)),
        Column(
            words.text("Next run"),
            lambda row: context.utc_moment(row["due"]) if row["due"] else NOTHING,
            "short",
            place="due",
        ),
    ]
    tables.show(columns, rows, caption=words.text("Exports that are set up"))


def _state(setup: Setup) -> str:
    if setup.problem_count:
        return "unusable"
    return "on" if setup.is_enabled else "off"


def _segment(context: Context, setup: Setup) -> str:
    if setup.problem_count:
        return NOTHING
    if not setup.segment:
        return context.words.text("Buyers for whom vendors ask")
    return export_runs.name_of(setup.segment)
