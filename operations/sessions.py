"""Server-side sessions: the browser holds a random cookie, the store its hash."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from operations import kernel
from operations.accounts import Account
from operations.kernel import By, Field, NewEvent, State, Stream
from operations.roles import ROLES
from operations.store import writing
from operations.tables import sessions, states

# A working day; after that the person signs in again whatever happened in between.
ABSOLUTE_LIFETIME = timedelta(hours=12)
# Long enough for a lunch break, short enough for a forgotten browser.
IDLE_LIFETIME = timedelta(hours=2)
# The reason of a session that its owner ended.
LOGOUT = "logout"
# Not every request is worth a write; idle time is only this exact.
_TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """Who a live session belongs to, as the account stands now."""

    session_hash: str
    account_name: str
    role: str
    vendor_id: str | None
    marketplace: str | None
    absolute_expires_at: datetime


def hash_of(cookie: str) -> str:
    """Return the name under which the store knows a cookie."""
    return hashlib.sha256(cookie.encode("utf-8", "surrogateescape")).hexdigest()


def open_session(
    engine: sa.Engine, account: Account, *, kind: str, remote_address: str, now: datetime
) -> str:
    """Open a session and return the cookie that proves it; the store never sees the cookie."""
    cookie = secrets.token_urlsafe(32)
    with writing(engine) as connection:
        _note(connection, account.account_name, "signed_in", {"kind": kind}, now)
        connection.execute(
            sa.insert(sessions).values(
                session_hash=hash_of(cookie),
                account_name=account.account_name,
                account_version=account.version,
                role=account.role,
                vendor_id=account.vendor_id,
                kind=kind,
                remote_address=remote_address[:64],
                created_at=now,
                last_seen_at=now,
                idle_expires_at=now + IDLE_LIFETIME,
                absolute_expires_at=now + ABSOLUTE_LIFETIME,
            )
        )
    return cookie


def resolve_session(
    engine: sa.Engine, session_hash: str, *, now: datetime, is_interaction: bool = True
) -> Session | None:
    """Return the live session with that hash, or nothing.

    A session is live while it is neither revoked nor expired and its account is still the one that
    opened it: any newer version of the account (disabled, other role, other vendor) ends it.
    """
    with engine.connect() as connection:
        rows = _live(connection, sessions.c.session_hash == session_hash, now)
    if not rows:
        return None
    row, account = rows[0]
    if is_interaction and now - row.last_seen_at >= _TOUCH_EVERY:
        _touch(engine, session_hash, now)
    return Session(
        session_hash=session_hash,
        account_name=row.account_name,
        role=account.role,
        vendor_id=account.vendor_id,
        marketplace=account.marketplace,
        absolute_expires_at=row.absolute_expires_at,
    )


def live_sessions(
    engine: sa.Engine, session_hashes: Collection[str], *, now: datetime
) -> frozenset[str]:
    """Return those of the given sessions that are still live."""
    with engine.connect() as connection:
        rows = _live(connection, sessions.c.session_hash.in_(session_hashes), now)
    return frozenset(row.session_hash for row, _ in rows)


def revoke_session(engine: sa.Engine, session_hash: str, *, reason: str, now: datetime) -> None:
    """Ends one session; a second time changes nothing."""
    _revoke(engine, sessions.c.session_hash == session_hash, reason, now)


def revoke_sessions_of(engine: sa.Engine, account_name: str, *, reason: str, now: datetime) -> None:
    """Ends every session of an account."""
    _revoke(engine, sessions.c.account_name == account_name, reason, now)


def _revoke(engine: sa.Engine, which: sa.ColumnElement[bool], reason: str, now: datetime) -> None:
    statement = (
        sa.update(sessions)
        .where(which, sessions.c.revoked_at.is_(None))
        .values(revoked_at=now, revoked_reason=reason)
        .returning(sessions.c.account_name)
    )
    event = "signed_out" if reason == LOGOUT else "revoked"
    with writing(engine) as connection:
        ended: list[str] = list(connection.execute(statement).scalars())
        for account_name in ended:
            _note(connection, account_name, event, {"reason": reason}, now)


def _live(
    connection: sa.Connection, which: sa.ColumnElement[bool], now: datetime
) -> list[tuple[sa.Row[Any], Account]]:
    """The sessions that are neither revoked nor expired, each with the account that opened it."""
    query = (
        sa.select(sessions, states.c.state.label("account_state"))
        .join(
            states,
            (states.c.stream == kernel.ACCOUNTS)
            & (states.c.stream_id == sessions.c.account_name)
            & (states.c.version == sessions.c.account_version),
        )
        .where(
            which,
            sessions.c.revoked_at.is_(None),
            sessions.c.idle_expires_at > now,
            sessions.c.absolute_expires_at > now,
        )
    )
    found = []
    for row in connection.execute(query):
        account = Account(row.account_name, row.account_version, **row.account_state)
        # A role that this release does not know may do nothing, not even be signed in.
        if not account.is_disabled and account.role in ROLES:
            found.append((row, account))
    return found


def _note(
    connection: sa.Connection, account_name: str, event: str, payload: State, now: datetime
) -> None:
    """Appends to the account's sign-ins; the gate has made sure who it is."""
    by = By(account_name, now, is_system=True)
    kernel.append_within(connection, STREAM, NewEvent(account_name, event, payload), by)


def _fold(before: State | None, new: NewEvent, by: By) -> State:
    moment = by.at.astimezone(UTC).isoformat()
    return {**(before or {}), **new.payload, f"{new.kind}_at": moment}


STREAM = Stream(
    name="sign_ins",
    fields=dict.fromkeys(
        ("kind", "reason", "signed_in_at", "signed_out_at", "revoked_at"), Field()
    ),
    permitted=dict.fromkeys(("signed_in", "signed_out", "revoked"), frozenset({kernel.SYSTEM})),
    fold=_fold,
    ids_name_accounts=True,
)


def _touch(engine: sa.Engine, session_hash: str, now: datetime) -> None:
    with writing(engine) as connection:
        connection.execute(
            sa.update(sessions)
            .where(sessions.c.session_hash == session_hash)
            .values(last_seen_at=now, idle_expires_at=now + IDLE_LIFETIME)
        )
