"""What people ask the pipelines to do: appended by the dashboards, carried out by the next run."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from operations import audit
from operations.accounts import By, find_account
from operations.store import writing
from operations.tables import work_request_events

Kind = Literal["replay_quarantine"]
Outcome = Literal["done", "failed"]
REPLAY: Kind = "replay_quarantine"
_ID_LENGTH, _ARGUMENT_LENGTH, _OUTCOME_LENGTH = 64, 200, 2_000


class WorkRequestError(Exception):
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
    """Append a request and return it; a request for the same that still waits is returned instead.

    Raises:
        WorkRequestError: the account may not ask for it, or the request says nothing usable.
    """
    _check(new)
    # The store decides by the account as it is now, whatever a page believed.
    account = find_account(engine, by.actor)
    if account is None or account.is_disabled or account.role != "operator":
        raise WorkRequestError("only an operator may ask for this")
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            # Two browsers may ask at once; SQLite's transaction is the only writer already.
            lock = sa.func.pg_advisory_xact_lock(sa.func.hashtext(work_request_events.name))
            connection.execute(sa.select(lock))
        known = _same(connection, new)
        if known is not None:
            return known
        _append(connection, new, "requested", None, by)
        audit.record(
            connection,
            actor=by.actor,
            action=f"request_{new.kind}",
            subject=new.argument or "everything",
            now=by.at,
            request_id=new.request_id,
            marketplace=new.marketplace,
        )
        made = _one(connection, new.request_id)
    if made is None:
        raise WorkRequestError(f"request {new.request_id} was not kept")
    return made


def finish_work(
    engine: sa.Engine, request: WorkRequest, state: Outcome, outcome: str, by: By
) -> None:
    """Append what became of a request; whoever comes second changes nothing."""
    with writing(engine) as connection:
        found = _one(connection, request.request_id)
        if found is None or found.state != "requested":
            return
        new = NewRequest(
            found.request_id,
            found.marketplace,
            found.argument,
            found.kind,  # type: ignore[arg-type]
        )
        _append(connection, new, state, outcome[:_OUTCOME_LENGTH], by)


def open_requests(engine: sa.Engine, marketplace: str) -> list[WorkRequest]:
    """Return what waits to be carried out for a marketplace, the oldest first."""
    with engine.connect() as connection:
        rows = connection.execute(
            _states(_asked.c.marketplace == marketplace)
            .where(_finished.c.version.is_(None))
            .order_by(_asked.c.occurred_at, _asked.c.request_id)
        )
        return [WorkRequest(**row) for row in rows.mappings()]


def latest_requests(engine: sa.Engine, marketplace: str, limit: int) -> list[WorkRequest]:
    """Return the requests of a marketplace with what became of them, the newest first."""
    with engine.connect() as connection:
        rows = connection.execute(
            _states(_asked.c.marketplace == marketplace)
            .order_by(_asked.c.occurred_at.desc(), _asked.c.request_id)
            .limit(limit)
        )
        return [WorkRequest(**row) for row in rows.mappings()]


_asked = work_request_events.alias("asked")
_finished = work_request_events.alias("finished")


def _states(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The current state of requests: what was asked, beside what became of it."""
    return (
        sa.select(
            _asked.c.request_id,
            _asked.c.kind,
            _asked.c.argument,
            _asked.c.marketplace,
            _asked.c.actor.label("requested_by"),
            _asked.c.occurred_at.label("requested_at"),
            sa.func.coalesce(_finished.c.event_kind, _asked.c.event_kind).label("state"),
            _finished.c.occurred_at.label("finished_at"),
            _finished.c.outcome,
        )
        .select_from(
            _asked.outerjoin(
                _finished,
                (_finished.c.request_id == _asked.c.request_id) & (_finished.c.version == 2),
            )
        )
        .where(_asked.c.version == 1)
        .where(condition)
    )


def _same(connection: sa.Connection, new: NewRequest) -> WorkRequest | None:
    """The request of this id, or one for the same work that nobody has carried out yet."""
    by_id = _one(connection, new.request_id)
    if by_id is not None:
        return by_id
    rows = connection.execute(
        _states(_asked.c.marketplace == new.marketplace)
        .where(_asked.c.kind == new.kind)
        .where(_asked.c.argument == new.argument)
        .where(_finished.c.version.is_(None))
        .limit(1)
    )
    return _only(rows)


def _one(connection: sa.Connection, request_id: str) -> WorkRequest | None:
    return _only(connection.execute(_states(_asked.c.request_id == request_id)))


def _only(rows: sa.CursorResult[Any]) -> WorkRequest | None:
    row = rows.mappings().one_or_none()
    return None if row is None else WorkRequest(**row)


def _append(
    connection: sa.Connection, new: NewRequest, event_kind: str, outcome: str | None, by: By
) -> None:
    connection.execute(
        sa.insert(work_request_events).values(
            request_id=new.request_id,
            version=1 if event_kind == "requested" else 2,
            event_kind=event_kind,
            kind=new.kind,
            argument=new.argument,
            marketplace=new.marketplace,
            outcome=outcome,
            actor=by.actor[:80],
            occurred_at=by.at,
        )
    )


def _check(new: NewRequest) -> None:
    if not new.request_id or len(new.request_id) > _ID_LENGTH:
        raise WorkRequestError(f"a request's id has 1 to {_ID_LENGTH} characters")
    if not new.marketplace:
        raise WorkRequestError("a request names its marketplace")
    if len(new.argument) > _ARGUMENT_LENGTH or not new.argument.isprintable():
        raise WorkRequestError(f"an argument has at most {_ARGUMENT_LENGTH} printable characters")
