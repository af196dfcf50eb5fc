"""Server-side sessions: the browser holds a random cookie, the store its hash."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from operations.accounts import Account, Role
from operations.store import writing
from operations.tables import account_events, sessions

# A working day; after that the person signs in again whatever happened in between.
ABSOLUTE_LIFETIME = timedelta(hours=12)
# Long enough for a lunch break, short enough for a forgotten browser.
IDLE_LIFETIME = timedelta(hours=2)
# Not every request is worth a write; idle time is only this exact.
_TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """Who a live session belongs to, as the account stands now."""

    session_hash: str
    account_name: str
    role: Role
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
        row = connection.execute(_live(now).where(sessions.c.session_hash == session_hash)).first()
    if row is None:
        return None
    if is_interaction and now - row.last_seen_at >= _TOUCH_EVERY:
        _touch(engine, session_hash, now)
    return Session(
        session_hash=session_hash,
        account_name=row.account_name,
        role=row.role,
        vendor_id=row.vendor_id,
        marketplace=row.marketplace,
        absolute_expires_at=row.absolute_expires_at,
    )


def live_sessions(
    engine: sa.Engine, session_hashes: Collection[str], *, now: datetime
) -> frozenset[str]:
    """Return those of the given sessions that are still live."""
    query = _live(now).where(sessions.c.session_hash.in_(session_hashes))
    with engine.connect() as connection:
        return frozenset(row.session_hash for row in connection.execute(query))


def revoke_session(engine: sa.Engine, session_hash: str, *, reason: str, now: datetime) -> None:
    """End one session; a second time changes nothing."""
    _revoke(engine, sessions.c.session_hash == session_hash, reason, now)


def revoke_sessions_of(engine: sa.Engine, account_name: str, *, reason: str, now: datetime) -> None:
    """End every session of an account."""
    _revoke(engine, sessions.c.account_name == account_name, reason, now)


def _revoke(engine: sa.Engine, which: sa.ColumnElement[bool], reason: str, now: datetime) -> None:
    statement = (
        sa.update(sessions)
        .where(which, sessions.c.revoked_at.is_(None))
        .values(revoked_at=now, revoked_reason=reason)
    )
    with writing(engine) as connection:
        connection.execute(statement)


def _live(now: datetime) -> sa.Select[Any]:
    newer = account_events.alias("newer")
    has_changed = (
        sa.select(newer.c.version)
        .where(
            newer.c.account_name == sessions.c.account_name,
            newer.c.version > sessions.c.account_version,
        )
        .correlate(sessions)
        .exists()
    )
    columns = (
        sessions.c.session_hash,
        sessions.c.account_name,
        sessions.c.last_seen_at,
        sessions.c.absolute_expires_at,
        account_events.c.role,
        account_events.c.vendor_id,
        account_events.c.marketplace,
    )
    return (
        sa.select(*columns)
        .join(
            account_events,
            (account_events.c.account_name == sessions.c.account_name)
            & (account_events.c.version == sessions.c.account_version),
        )
        .where(
            ~has_changed,
            account_events.c.is_disabled.is_(False),
            sessions.c.revoked_at.is_(None),
            sessions.c.idle_expires_at > now,
            sessions.c.absolute_expires_at > now,
        )
    )


def _touch(engine: sa.Engine, session_hash: str, now: datetime) -> None:
    with writing(engine) as connection:
        connection.execute(
            sa.update(sessions)
            .where(sessions.c.session_hash == session_hash)
            .values(last_seen_at=now, idle_expires_at=now + IDLE_LIFETIME)
        )
