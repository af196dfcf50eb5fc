"""The tables of the operational store.

What people and programs decide is appended as events, by `operations.kernel` alone; `states` holds
what they come to. Sessions are plain rows: their clock marks are meaningless as history.
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

events = sa.Table(
    "events",
    METADATA,
    # In the order of commits: whoever copies events asks for those after the last number.
    sa.Column("event_number", RowNumber, primary_key=True, autoincrement=True),
    sa.Column("stream", sa.String(40), nullable=False),
    sa.Column("stream_id", sa.String(200), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("occurred_at", UtcDateTime, nullable=False),
    sa.Column("idempotency_key", sa.String(100)),
    # Two writers cannot both append the same next state.
    sa.UniqueConstraint("stream", "stream_id", "version", name="events_once"),
    sa.UniqueConstraint("stream", "idempotency_key", name="events_commanded_once"),
)

# What the events of a stream come to; written with the newest event, in its transaction.
states = sa.Table(
    "states",
    METADATA,
    sa.Column("stream", sa.String(40), primary_key=True),
    sa.Column("stream_id", sa.String(200), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.JSON, nullable=False),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("occurred_at", UtcDateTime, nullable=False),
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

audit_log = sa.Table(
    "audit_log",
    METADATA,
    sa.Column("audit_number", RowNumber, primary_key=True, autoincrement=True),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(300), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("occurred_at", UtcDateTime, nullable=False),
    # Over this line and the hash of the one before it.
    sa.Column("line_hash", sa.String(64), nullable=False),
)

# How often pages are opened; neither a person nor a session. No metric is an empty text, since a
# key has no NULL.
page_views = sa.Table(
    "page_views",
    METADATA,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("role", sa.String(20), primary_key=True),
    sa.Column("page", sa.String(60), primary_key=True),
    sa.Column("metric", sa.String(100), primary_key=True),
    sa.Column("view_count", sa.Integer, nullable=False),
)

# On which days a vendor's pages are opened, by whomever of it and whichever page.
vendor_looks = sa.Table(
    "vendor_looks",
    METADATA,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("marketplace", sa.String(80), primary_key=True),
    sa.Column("vendor_id", sa.String(200), primary_key=True),
    sa.Column("look_count", sa.Integer, nullable=False),
)

# Rows of exports, written in bulk and so not as events; their run is one (operations.exports.runs).
# A row has a key and a hash of what is sent, and no address.
#
# The key makes a second open run of a destination impossible, whoever plans at the same moment.
export_open_runs = sa.Table(
    "export_open_runs",
    METADATA,
    sa.Column("marketplace", sa.String(80), primary_key=True),
    sa.Column("destination", sa.String(80), primary_key=True),
    sa.Column("run_id", sa.String(40), nullable=False),
)

export_rows = sa.Table(
    "export_rows",
    METADATA,
    sa.Column("run_id", sa.String(40), primary_key=True),
    sa.Column("row_key", sa.String(200), primary_key=True),
    sa.Column("operation", sa.String(10), nullable=False),
    # Whether the person was not there before: what caps on contacts count.
    sa.Column("is_new", sa.Boolean, nullable=False),
    sa.Column("content_hash", sa.String(32)),
    sa.Column("consent_version", sa.String(80)),
    # pending, sending (in a request whose answer is not recorded), confirmed, refused, suppressed,
    # unknown (it may have arrived, and must not be sent again).
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("reason", sa.String(80)),
    # The request in which it is or was; requests of a run count from 1.
    sa.Column("request", sa.Integer),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("retry_at", UtcDateTime),
    sa.Column("changed_at", UtcDateTime),
    # The next rows of a run are taken by it: without the key each request would sort all others.
    sa.Index("export_rows_by_state", "run_id", "state", "request", "row_key"),
)

# What a destination has of an export, as far as it said so; uncertain where an answer was lost.
export_sent = sa.Table(
    "export_sent",
    METADATA,
    sa.Column("marketplace", sa.String(80), primary_key=True),
    sa.Column("export", sa.String(80), primary_key=True),
    sa.Column("row_key", sa.String(200), primary_key=True),
    sa.Column("content_hash", sa.String(32)),
    sa.Column("consent_version", sa.String(80)),
    sa.Column("is_certain", sa.Boolean, nullable=False),
    sa.Column("run_id", sa.String(40), nullable=False),
    sa.Column("sent_at", UtcDateTime, nullable=False),
)

# By which hashed identifiers a destination has a row, or may have it: a removal needs the old ones.
export_identifiers = sa.Table(
    "export_identifiers",
    METADATA,
    sa.Column("marketplace", sa.String(80), primary_key=True),
    sa.Column("export", sa.String(80), primary_key=True),
    sa.Column("row_key", sa.String(200), primary_key=True),
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.String(64), primary_key=True),
    sa.Index("export_identifiers_by_value", "marketplace", "export", "value"),
)
