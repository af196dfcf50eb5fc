"""The tables of the operational store.

Rows are appended, not changed: an account's current state is its newest event. The two exceptions
are the clock marks of a session (last seen, revoked), which are meaningless as history.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware point in time, in UTC on both engines; SQLite alone would lose the zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Return the moment in UTC; SQLite stores it without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Return the stored moment as aware UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


METADATA = sa.MetaData()

# SQLite numbers rows by itself only where the key is a plain INTEGER.
RowNumber = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

account_events = sa.Table(
    "account_events",
    METADATA,
    sa.Column("account_name", sa.String(80), primary_key=True),
    # The version is in the key, so that two writers cannot both append the same next state.
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("event_kind", sa.String(30), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("vendor_id", sa.String(200)),
    sa.Column("marketplace", sa.String(80)),
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("is_disabled", sa.Boolean, nullable=False),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("occurred_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("role in ('operator', 'analyst', 'vendor')", name="account_role"),
    # An account of a vendor without a vendor must not exist; neither must the opposite.
    sa.CheckConstraint(
        "(role = 'vendor' and vendor_id is not null and vendor_id <> '')"
        " or (role <> 'vendor' and vendor_id is null)",
        name="account_vendor",
    ),
)

sessions = sa.Table(
    "sessions",
    METADATA,
    # sha256 of the cookie: who reads the store cannot use what is in it.
    sa.Column("session_hash", sa.String(64), primary_key=True),
    sa.Column("account_name", sa.String(80), nullable=False, index=True),
    # Any newer version of the account (other role, other vendor, disabled) ends the session.
    sa.Column("account_version", sa.Integer, nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("vendor_id", sa.String(200)),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("remote_address", sa.String(64), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("last_seen_at", UtcDateTime, nullable=False),
    sa.Column("idle_expires_at", UtcDateTime, nullable=False),
    sa.Column("absolute_expires_at", UtcDateTime, nullable=False),
    sa.Column("revoked_at", UtcDateTime),
    sa.Column("revoked_reason", sa.String(40)),
)

login_attempts = sa.Table(
    "login_attempts",
    METADATA,
    sa.Column("attempt_number", RowNumber, primary_key=True, autoincrement=True),
    sa.Column("account_name", sa.String(80), nullable=False),
    sa.Column("remote_address", sa.String(64), nullable=False),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("occurred_at", UtcDateTime, nullable=False),
    sa.Index("login_attempts_by_name", "account_name", "occurred_at"),
    sa.Index("login_attempts_by_address", "remote_address", "occurred_at"),
)

work_request_events = sa.Table(
    "work_request_events",
    METADATA,
    # Given by who asks, so that asking twice is asking once.
    sa.Column("request_id", sa.String(64), primary_key=True),
    # The version is in the key, so that two writers cannot both append the same next state.
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("event_kind", sa.String(20), nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("argument", sa.String(200), nullable=False),
    sa.Column("marketplace", sa.String(80), nullable=False),
    sa.Column("outcome", sa.Text),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("occurred_at", UtcDateTime, nullable=False),
    sa.CheckConstraint(
        "(event_kind = 'requested' and version = 1 and outcome is null)"
        " or (event_kind in ('done', 'failed') and version = 2 and outcome is not null)",
        name="work_request_event",
    ),
    sa.Index("work_request_events_by_moment", "marketplace", "occurred_at"),
)

audit_log = sa.Table(
    "audit_log",
    METADATA,
    sa.Column("audit_number", RowNumber, primary_key=True, autoincrement=True),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(300), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("occurred_at", UtcDateTime, nullable=False),
)
