"""The operational kernel: one function appends an event to a stream; nothing else writes one.

In one transaction it asks whether the actor may, whether somebody wrote meanwhile, and whether the
command was given before; it appends the event, folds it into the stream's current state, and writes
a line of the chained audit log. A command is then a declaration of a stream and a call of `append`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from operations import audit
from operations.store import writing
from operations.tables import events, states

# What the command line, the first start and the pipelines are, beside the roles of accounts.
SYSTEM = "system"
ACCOUNTS = "accounts"
_KEY_LENGTH, _ACTOR_LENGTH = 100, 80

State = Mapping[str, Any]


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """A command that is not carried out, in words for the person who gave it."""


class NotPermitted(Refused):
    """The actor's account, as it is now, may not do this."""


class ChangedMeanwhile(Refused):
    """Somebody else wrote to the stream since the actor read it."""


@dataclass(frozen=True, slots=True)
class By:
    """Who gives a command, and when.

    `is_system`: a program of ours vouches for it, and the actor need not have an account.
    """

    actor: str
    at: datetime
    is_system: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """What may become of one field of a stream's payloads and state.

    `analytical`: it is copied into the warehouse. `secret`: it is in no audit line either.
    """

    analytical: bool = False
    secret: bool = False

    def __post_init__(self) -> None:
        """Refuses a secret that would leave the store."""
        if self.analytical and self.secret:
            raise ValueError("a secret field never leaves the store")


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What is to be appended. `idempotency_key`: the same key again is the same command.

    `expected_version` is the version that the actor saw, 0 where there was none; None takes any.
    """

    id: str
    kind: str
    payload: State = field(repr=False)
    expected_version: int | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Current:
    """The current state of one thing, and the event that made it."""

    stream: str
    id: str
    version: int
    state: State = field(repr=False)
    changed_by: str
    changed_at: datetime


Fold = Callable[[State | None, NewEvent, By], State]


@dataclass(frozen=True, slots=True)
class Stream:
    """A kind of thing: its fields, the kinds of its events with who may append them, its fold.

    `fold` returns the state after an event and raises Refused where the event does not fit.
    `is_analytical`: its events and states are copied into the warehouse, with their analytical
    fields alone; a stream whose ids name accounts is not, since a name may be an address.
    """

    name: str
    fields: Mapping[str, Field]
    permitted: Mapping[str, frozenset[str]]
    fold: Fold
    is_analytical: bool = False
    ids_name_accounts: bool = False

    def __post_init__(self) -> None:
        """Refuses a stream that would carry people's names out of the store."""
        if self.is_analytical and self.ids_name_accounts:
            raise ValueError("the names of accounts never leave the store")

    def public(self, values: State) -> dict[str, Any]:
        """The values that may stand in the audit log."""
        return {name: value for name, value in values.items() if not self.fields[name].secret}

    def analytical(self, values: State) -> dict[str, Any]:
        """The values that the warehouse may know."""
        return {name: value for name, value in values.items() if self.fields[name].analytical}


def append(engine: sa.Engine, stream: Stream, new: NewEvent, by: By) -> Current:
    """Appends an event and returns the state after it; a command given before changes nothing.

    Raises:
        NotPermitted: the actor may not.
        ChangedMeanwhile: the stream is not at the expected version.
        Refused: the event does not fit the state, or its key was used for another command.
    """
    with writing(engine) as connection:
        return append_within(connection, stream, new, by)


def append_within(connection: sa.Connection, stream: Stream, new: NewEvent, by: By) -> Current:
    """As `append`, inside a transaction of `writing` that holds more than one event."""
    audit.hold_chain(connection)
    check_permitted(connection, stream, new.kind, by)
    if new.idempotency_key is not None and _was_given(connection, stream, new, by):
        return _required(connection, stream.name, new.id)
    before = current(connection, stream.name, new.id)
    version = before.version if before else 0
    if new.expected_version not in {None, version}:
        raise ChangedMeanwhile(
            f"{stream.name} {new.id}: somebody changed it meanwhile; look at it again"
        )
    state = stream.fold(before.state if before else None, new, by)
    unknown = (new.payload.keys() | state.keys()) - stream.fields.keys()
    if unknown:
        raise ValueError(f"{stream.name} declares no field {', '.join(sorted(unknown))}")
    _write(connection, stream, new, (version + 1, state), by)
    return Current(stream.name, new.id, version + 1, state, by.actor, by.at)


def current(connection: sa.Connection, stream: str, stream_id: str) -> Current | None:
    """The current state of one thing, if there is one."""
    query = sa.select(states).where(states.c.stream == stream, states.c.stream_id == stream_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else _current(row)


def all_current(connection: sa.Connection, stream: str, **equals: str) -> list[Current]:
    """The current states of a stream, by id; only those whose fields have the given values."""
    query = sa.select(states).where(states.c.stream == stream).order_by(states.c.stream_id)
    for name, value in equals.items():
        query = query.where(states.c.state[name].as_string() == value)
    return [_current(row) for row in connection.execute(query)]


def history(connection: sa.Connection, stream: Stream, stream_id: str) -> list[Current]:
    """What one thing was after each of its events, the first one first."""
    query = sa.select(events).where(events.c.stream == stream.name, events.c.stream_id == stream_id)
    found: list[Current] = []
    state: State | None = None
    for row in connection.execute(query.order_by(events.c.version)):
        event = NewEvent(row.stream_id, row.kind, row.payload)
        state = stream.fold(state, event, By(row.actor, row.occurred_at))
        found.append(
            Current(row.stream, row.stream_id, row.version, state, row.actor, row.occurred_at)
        )
    return found


def check_permitted(connection: sa.Connection, stream: Stream, kind: str, by: By) -> None:
    """Asks the account as it is now; `append` does so by itself.

    Raises:
        NotPermitted: the actor may append no such event.
    """
    permitted = stream.permitted.get(kind)
    if permitted is None:
        raise ValueError(f"{stream.name} declares no event {kind}")
    if by.is_system:
        roles = {SYSTEM}
    else:
        # The store decides by the account as it is now, whatever a page believed.
        account = current(connection, ACCOUNTS, by.actor)
        is_open = account is not None and not account.state["is_disabled"]
        roles = {str(account.state["role"])} if account and is_open else set()
    if not roles & permitted:
        roles_named = " or ".join(sorted(permitted - {SYSTEM}))
        who = f"an account in the role {roles_named}" if roles_named else "the command line"
        raise NotPermitted(f"only {who} may do this")


def _was_given(connection: sa.Connection, stream: Stream, new: NewEvent, by: By) -> bool:
    """Whether this very command was carried out before.

    Secrets are left out of the comparison: a password's hash is another one every time.
    """
    key = str(new.idempotency_key)
    if not key or len(key) > _KEY_LENGTH:
        raise Refused(f"a command's key must have 1 to {_KEY_LENGTH} characters")
    row = connection.execute(
        sa.select(events).where(events.c.stream == stream.name, events.c.idempotency_key == key)
    ).one_or_none()
    if row is None:
        return False
    given = (row.stream_id, row.kind, stream.public(row.payload), row.actor)
    # As the store gives it back: tuples are lists there.
    payload = json.loads(json.dumps(stream.public(new.payload)))
    if given != (new.id, new.kind, payload, by.actor[:_ACTOR_LENGTH]):
        raise Refused("this key was already used for another command")
    return True


def _write(
    connection: sa.Connection, stream: Stream, new: NewEvent, after: tuple[int, State], by: By
) -> None:
    version, state = after
    place = {"stream": stream.name, "stream_id": new.id, "version": version}
    who = {"actor": by.actor[:_ACTOR_LENGTH], "occurred_at": by.at}
    connection.execute(
        sa.insert(events).values(
            **place,
            **who,
            kind=new.kind,
            payload=dict(new.payload),
            idempotency_key=new.idempotency_key,
        )
    )
    if version == 1:
        connection.execute(sa.insert(states).values(**place, **who, state=dict(state)))
    else:
        is_this = (states.c.stream == stream.name) & (states.c.stream_id == new.id)
        connection.execute(
            sa.update(states).where(is_this).values(version=version, **who, state=dict(state))
        )
    audit.record(
        connection,
        actor=by.actor,
        action=f"{stream.name}.{new.kind}",
        subject=new.id,
        now=by.at,
        version=version,
        **stream.public(new.payload),
    )


def _required(connection: sa.Connection, stream: str, stream_id: str) -> Current:
    found = current(connection, stream, stream_id)
    if found is None:
        raise RuntimeError(f"{stream} {stream_id} has events and no state")
    return found


def _current(row: sa.Row[Any]) -> Current:
    return Current(row.stream, row.stream_id, row.version, row.state, row.actor, row.occurred_at)
