"""Runs of which somebody asked that what did not arrive is sent again, by the export's next run.

That run settles the request: it is another run of the export, or the same one going on.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from operations import kernel
from operations.exports.runs import ExportRefusedError, Run, runs
from operations.kernel import By, Field, NewEvent, State, Stream
from operations.roles import EXPORT, roles_with

_NOT_ARRIVED: Final = frozenset({"refused", "unknown"})


@dataclass(frozen=True, slots=True)
class Retry:
    """A request that no run has taken up yet, and since when it waits."""

    run_id: str
    export: str
    asked_at: datetime


def lacks_rows(run: Run) -> bool:
    """Whether rows of a run did not arrive, or perhaps, so that another attempt makes sense."""
    if run.state == "finished":
        return bool(_NOT_ARRIVED & set(run.results))
    return run.state == "abandoned" or (run.state == "ready" and run.interrupted is not None)


def ask(engine: sa.Engine, marketplace: str, run_id: str, by: By, key: str | None = None) -> Retry:
    """Asks for another attempt at what did not arrive, or returns the request that waits.

    Raises:
        ExportRefusedError: it is not the newest run of an export, or all of it arrived.
        NotPermitted: the account may not.
    """
    run = _newest(engine, marketplace).get(run_id)
    if run is None:
        raise ExportRefusedError(f"{run_id} is not the newest run of an export")
    if not lacks_rows(run):
        raise ExportRefusedError("nothing of the run is left to be sent")
    for known in waiting(engine, marketplace):
        if known.run_id == run_id:
            return known
    payload = {"marketplace": marketplace, "export": run.export}
    found = kernel.append(engine, STREAM, NewEvent(run_id, "asked", payload, None, key), by)
    return Retry(run_id, run.export, found.changed_at)


def waiting(engine: sa.Engine, marketplace: str) -> list[Retry]:
    """The requests of a marketplace that no run has taken up, the oldest first."""
    newest = _newest(engine, marketplace)
    with engine.connect() as connection:
        asked = kernel.all_current(connection, STREAM.name, marketplace=marketplace)
    found = [
        Retry(run.run_id, run.export, each.changed_at)
        for each in asked
        if (run := newest.get(each.id)) and lacks_rows(run) and run.changed_at <= each.changed_at
    ]
    return sorted(found, key=lambda retry: (retry.asked_at, retry.run_id))


def _newest(engine: sa.Engine, marketplace: str) -> dict[str, Run]:
    """The newest run of each export, by its id."""
    by_export = {run.export: run for run in reversed(runs(engine, marketplace))}
    return {run.run_id: run for run in by_export.values()}


def _fold(_before: State | None, new: NewEvent, _by: By) -> State:
    return dict(new.payload)


STREAM = Stream(
    name="export_retries",
    fields={name: Field() for name in ("marketplace", "export")},
    permitted={"asked": roles_with(EXPORT) | {kernel.SYSTEM}},
    fold=_fold,
)
