"""Runs of exports as events: planned, held for approval, approved or declined, finished.

The rows of a run are in a table of their own (operations.exports.rows): a million of them are no
events.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from operations import kernel
from operations.exports.quality import NO_QUALITY, Quality
from operations.kernel import By, Current, Field, NewEvent, Refused, State, Stream
from operations.roles import EXPORT, roles_with
from operations.segments.vocabulary import SubjectKind
from operations.store import writing
from operations.tables import export_open_runs
from output.findings.finding import Finding

RunState = Literal["held", "ready", "finished", "declined", "abandoned"]
OPEN: Final = frozenset({"held", "ready"})
_LONGEST_REASON = 500


class ExportRefusedError(Refused):
    """A command does not fit the run as it is."""


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run that is planned. `held_by`: why it needs somebody's approval, if it does.

    `counts` are rows: of members, of each operation, of those left out by reason. `subject_kind`:
    whether the rows are customers, vendors or leads. `limits`: rows and bytes that the destination
    takes in a request, and requests in a second; what is not limited is left out. `queue`: what has
    one open run at most, if not the destination.
    """

    run_id: str
    marketplace: str
    export: str
    destination: str
    mode: str
    promise: str
    published_version: str
    counts: Mapping[str, int]
    held_by: tuple[Finding, ...] = ()
    subject_kind: SubjectKind = "customer"
    limits: Mapping[str, float] = field(default_factory=dict)
    quality: Quality = NO_QUALITY
    queue: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it stands; `results` are rows by what became of them, once it is finished."""

    run_id: str
    marketplace: str
    export: str
    destination: str
    mode: str
    promise: str
    published_version: str
    state: RunState
    counts: Mapping[str, int]
    held_by: tuple[Finding, ...]
    results: Mapping[str, int]
    interrupted: str | None
    planned_at: datetime
    changed_at: datetime
    decided_by: str | None
    limits: Mapping[str, float]
    quality: Quality = NO_QUALITY

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done, or to be decided."""
        return self.state in OPEN


def plan(engine: sa.Engine, new: NewRun, by: By) -> Run:
    """Opens a run whose rows are written already, and returns it.

    Raises:
        ExportRefusedError: another run of the destination is open.
    """
    with writing(engine) as connection:
        queue = new.queue or new.destination
        if _open_id(connection, new.marketplace, queue) is not None:
            raise ExportRefusedError(
                f"a run of the destination {new.destination} is open; finish or decline it first"
            )
        connection.execute(
            sa.insert(export_open_runs).values(
                marketplace=new.marketplace, destination=queue, run_id=new.run_id
            )
        )
        payload = {
            "marketplace": new.marketplace,
            "export": new.export,
            "destination": new.destination,
            "mode": new.mode,
            "promise": new.promise,
            "subject_kind": new.subject_kind,
            "limits": dict(new.limits),
            "published_version": new.published_version,
            "counts": dict(new.counts),
            "quality": new.quality.as_state(),
            "held_by": [finding.model_dump(mode="json") for finding in new.held_by],
        }
        return _run(
            kernel.append_within(connection, STREAM, NewEvent(new.run_id, "planned", payload), by)
        )


def approve(engine: sa.Engine, run_id: str, by: By, key: str | None = None) -> Run:
    """Lets a run that is held go on.

    Raises:
        ExportRefusedError: it is not held.
        NotPermitted: the account may not.
    """
    return _run(kernel.append(engine, STREAM, NewEvent(run_id, "approved", {}, None, key), by))


def decline(engine: sa.Engine, run_id: str, reason: str, by: By, key: str | None = None) -> Run:
    """Ends a run that is held; nothing of it is sent.

    Raises:
        ExportRefusedError: it is not held, or the reason is too long.
        NotPermitted: the account may not.
    """
    if len(reason) > _LONGEST_REASON:
        raise ExportRefusedError(f"a reason may have at most {_LONGEST_REASON} characters")
    return _closed(engine, NewEvent(run_id, "declined", {"reason": reason}, None, key), by)


def interrupt(engine: sa.Engine, run_id: str, why: str, by: By) -> Run:
    """Notes that a run stopped on its way, and why; the next one goes on with it."""
    return _run(
        kernel.append(engine, STREAM, NewEvent(run_id, "interrupted", {"interrupted": why}), by)
    )


def finish(engine: sa.Engine, run_id: str, results: Mapping[str, int], by: By) -> Run:
    """Closes a run of which every row is settled."""
    return _closed(engine, NewEvent(run_id, "finished", {"results": dict(results)}), by)


def abandon(engine: sa.Engine, run_id: str, results: Mapping[str, int], by: By) -> Run:
    """Closes a run that cannot go on, since what it was to send is gone; the next plans anew."""
    return _closed(engine, NewEvent(run_id, "abandoned", {"results": dict(results)}), by)


def open_run(engine: sa.Engine, marketplace: str, queue: str) -> Run | None:
    """The run of a destination, or of a vendor's request, that is not closed, if there is one."""
    with engine.connect() as connection:
        run_id = _open_id(connection, marketplace, queue)
        found = run_id and kernel.current(connection, STREAM.name, run_id)
    return _run(found) if found else None


def run_of(engine: sa.Engine, run_id: str) -> Run | None:
    """A run by its id."""
    with engine.connect() as connection:
        found = kernel.current(connection, STREAM.name, run_id)
    return _run(found) if found else None


def runs(engine: sa.Engine, marketplace: str, export: str | None = None) -> list[Run]:
    """The runs of a marketplace, or of one of its exports, the newest first."""
    equals = {"marketplace": marketplace} | ({"export": export} if export else {})
    with engine.connect() as connection:
        found = [_run(each) for each in kernel.all_current(connection, STREAM.name, **equals)]
    return sorted(found, key=lambda run: (run.planned_at, run.run_id), reverse=True)


def _closed(engine: sa.Engine, event: NewEvent, by: By) -> Run:
    with writing(engine) as connection:
        run = _run(kernel.append_within(connection, STREAM, event, by))
        connection.execute(sa.delete(export_open_runs).where(export_open_runs.c.run_id == event.id))
    return run


def _open_id(connection: sa.Connection, marketplace: str, queue: str) -> str | None:
    return connection.execute(
        sa.select(export_open_runs.c.run_id).where(
            export_open_runs.c.marketplace == marketplace,
            export_open_runs.c.destination == queue,
        )
    ).scalar_one_or_none()


# What has to be the state before, and what is it after.
_STEPS: Final[Mapping[str, tuple[frozenset[str], RunState]]] = {
    "approved": (frozenset({"held"}), "ready"),
    "declined": (frozenset({"held"}), "declined"),
    "interrupted": (frozenset({"ready"}), "ready"),
    "finished": (frozenset({"ready"}), "finished"),
    "abandoned": (OPEN, "abandoned"),
}


def _fold(before: State | None, new: NewEvent, by: By) -> State:
    if new.kind == "planned":
        if before is not None:
            raise ExportRefusedError(f"there is a run {new.id} already")
        moment = by.at.astimezone(UTC).isoformat()
        state = "held" if new.payload["held_by"] else "ready"
        return {**new.payload, "state": state, "planned_at": moment}
    if before is None:
        raise ExportRefusedError(f"there is no run {new.id}")
    fits, after = _STEPS[new.kind]
    if before["state"] not in fits:
        raise ExportRefusedError(f"the run is {before['state']}, so it cannot be {new.kind}")
    cleared = {} if new.kind == "interrupted" else {"interrupted": None}
    decided = {"decided_by": by.actor} if new.kind in {"approved", "declined"} else {}
    return {**before, **cleared, **decided, **new.payload, "state": after}


STREAM = Stream(
    name="exports",
    fields={
        **dict.fromkeys(
            (
                *("marketplace", "export", "destination", "mode", "promise", "published_version"),
                *("counts", "held_by", "state", "results", "planned_at", "subject_kind", "limits"),
            ),
            Field(analytical=True),
        ),
        # An account's name, somebody's words, an error that may quote an address; shapes of texts.
        **dict.fromkeys(("decided_by", "reason", "interrupted", "quality"), Field()),
    },
    permitted={
        "planned": frozenset({kernel.SYSTEM}),
        "approved": roles_with(EXPORT) | {kernel.SYSTEM},
        "declined": roles_with(EXPORT) | {kernel.SYSTEM},
        "interrupted": frozenset({kernel.SYSTEM}),
        "finished": frozenset({kernel.SYSTEM}),
        "abandoned": frozenset({kernel.SYSTEM}),
    },
    fold=_fold,
    is_analytical=True,
)


def _run(found: Current) -> Run:
    state: dict[str, Any] = dict(found.state)
    return Run(
        run_id=found.id,
        state=state["state"],
        counts=state["counts"],
        held_by=tuple(Finding.model_validate(each) for each in state["held_by"]),
        results=state.get("results", {}),
        interrupted=state.get("interrupted"),
        planned_at=datetime.fromisoformat(state["planned_at"]),
        changed_at=found.changed_at,
        decided_by=state.get("decided_by"),
        limits=state.get("limits", {}),
        quality=Quality.of_state(state.get("quality")),
        **{
            name: state[name]
            for name in (
                "marketplace",
                "export",
                "destination",
                "mode",
                "promise",
                "published_version",
            )
        },
    )
