"""What people ask the pipelines to do: appended by the dashboards, carried out by the next run."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import sqlalchemy as sa

from operations import audit, kernel
from operations.kernel import By, ChangedMeanwhile, Current, Field, NewEvent, Refused, State, Stream
from operations.roles import OPERATE, roles_with
from operations.store import writing

Kind = Literal["replay_quarantine"]
Outcome = Literal["done", "failed"]
REPLAY: Kind = "replay_quarantine"
_ID_LENGTH, _ARGUMENT_LENGTH, _OUTCOME_LENGTH = 64, 200, 2_000


class WorkRequestError(Refused):
    """A request that cannot be taken, in words for the person who made it."""


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What is asked for. The id is the asker's: the same id again is the same request."""

    request_id: str
    marketplace: str
    argument: str = ""
    kind: Kind = REPLAY


@dataclass(frozen=True, slots=True)
class WorkRequest:
    """The current state of a request."""

    request_id: str
    kind: str
    argument: str
    marketplace: str
    state: Literal["requested", "done", "failed"]
    requested_by: str
    requested_at: datetime
    finished_at: datetime | None
    outcome: str | None


def request_work(engine: sa.Engine, new: NewRequest, by: By) -> WorkRequest:
    """Appends a request and returns it, or the one for the same work that still waits.

    Raises:
        WorkRequestError: the request says nothing usable.
        NotPermitted: the account may not ask for it.
    """
    _check(new)
    payload = {"kind": new.kind, "argument": new.argument, "marketplace": new.marketplace}
    asked = NewEvent(new.request_id, "requested", payload, expected_version=0)
    with writing(engine) as connection:
        audit.hold_chain(connection)
        kernel.check_permitted(connection, STREAM, asked.kind, by)
        known = _same(connection, new)
        if known is not None:
            return known
        return _request(kernel.append_within(connection, STREAM, asked, by))


def finish_work(
    engine: sa.Engine, request: WorkRequest, state: Outcome, outcome: str, by: By
) -> None:
    """Appends what became of a request; whoever comes second changes nothing."""
    finished = NewEvent(
        request.request_id, state, {"outcome": outcome[:_OUTCOME_LENGTH]}, expected_version=1
    )
    with suppress(ChangedMeanwhile):
        kernel.append(engine, STREAM, finished, by)


def open_requests(engine: sa.Engine, marketplace: str) -> list[WorkRequest]:
    """What waits to be carried out for a marketplace, the oldest first."""
    with engine.connect() as connection:
        found = _requests(connection, marketplace=marketplace, state="requested")
    return sorted(found, key=lambda one: (one.requested_at, one.request_id))


def latest_requests(engine: sa.Engine, marketplace: str, limit: int) -> list[WorkRequest]:
    """The requests of a marketplace with what became of them, the newest first."""
    with engine.connect() as connection:
        found = _requests(connection, marketplace=marketplace)
    return sorted(found, key=lambda one: (-one.requested_at.timestamp(), one.request_id))[:limit]


def _fold(before: State | None, new: NewEvent, by: By) -> State:
    moment = by.at.astimezone(UTC).isoformat()
    if new.kind == "requested":
        who = {"requested_by": by.actor, "requested_at": moment}
        return {**new.payload, **who, "state": "requested", "outcome": None, "finished_at": None}
    if before is None:
        raise WorkRequestError(f"there is no request {new.id}")
    return {**before, **new.payload, "state": new.kind, "finished_at": moment}


STREAM = Stream(
    name="work_requests",
    fields={
        **dict.fromkeys(
            ("kind", "argument", "marketplace", "state", "requested_at", "finished_at"),
            Field(analytical=True),
        ),
        # A name, and a sentence in which an error may quote anything.
        **dict.fromkeys(("requested_by", "outcome"), Field()),
    },
    permitted={
        "requested": roles_with(OPERATE),
        "done": frozenset({kernel.SYSTEM}),
        "failed": frozenset({kernel.SYSTEM}),
    },
    fold=_fold,
    is_analytical=True,
)


def _requests(connection: sa.Connection, **equals: str) -> list[WorkRequest]:
    return [_request(found) for found in kernel.all_current(connection, STREAM.name, **equals)]


def _request(found: Current) -> WorkRequest:
    state = dict(found.state)
    requested_at = datetime.fromisoformat(state.pop("requested_at"))
    finished_at = state.pop("finished_at")
    return WorkRequest(
        request_id=found.id,
        requested_at=requested_at,
        finished_at=datetime.fromisoformat(finished_at) if finished_at else None,
        **state,
    )


def _same(connection: sa.Connection, new: NewRequest) -> WorkRequest | None:
    """The request of this id, or one for the same work that nobody has carried out yet."""
    by_id = kernel.current(connection, STREAM.name, new.request_id)
    if by_id is not None:
        return _request(by_id)
    waiting = _requests(
        connection,
        marketplace=new.marketplace,
        state="requested",
        kind=new.kind,
        argument=new.argument,
    )
    return waiting[0] if waiting else None


def _check(new: NewRequest) -> None:
    if not new.request_id or len(new.request_id) > _ID_LENGTH:
        raise WorkRequestError(f"a request's id must have 1 to {_ID_LENGTH} characters")
    if not new.marketplace:
        raise WorkRequestError("a request must name its marketplace")
    if len(new.argument) > _ARGUMENT_LENGTH or not new.argument.isprintable():
        raise WorkRequestError(
            f"an argument may have at most {_ARGUMENT_LENGTH} printable characters"
        )
