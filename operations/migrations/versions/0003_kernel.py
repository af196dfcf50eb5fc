"""The kernel's events and states take over accounts and work requests; the audit log is chained.

The columns, the fold and the hash are written out: a migration must not change when the code does.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ACCOUNT = ("role", "vendor_id", "marketplace", "password_hash", "is_disabled")

_EVENTS = sa.table(
    "events",
    *(sa.column(name) for name in ("stream", "stream_id", "version", "kind")),
    sa.column("payload", sa.JSON),
    sa.column("actor"),
    sa.column("occurred_at", _MOMENT),
)
_STATES = sa.table(
    "states",
    *(sa.column(name) for name in ("stream", "stream_id", "version")),
    sa.column("state", sa.JSON),
    sa.column("actor"),
    sa.column("occurred_at", _MOMENT),
)
_ACCOUNT_EVENTS = sa.table(
    "account_events",
    *(sa.column(name) for name in ("account_name", "version", "event_kind", *_ACCOUNT[:4])),
    sa.column("is_disabled", sa.Boolean),
    sa.column("actor"),
    sa.column("occurred_at", _MOMENT),
)
_REQUEST_EVENTS = sa.table(
    "work_request_events",
    *(
        sa.column(name)
        for name in (
            "request_id", "version", "event_kind", "kind", "argument", "marketplace", "outcome",
            "actor",
        )
    ),
    sa.column("occurred_at", _MOMENT),
)  # fmt: skip


def upgrade() -> None:
    _create_tables()
    connection = op.get_bind()
    moved = [*_account_events(connection), *_request_events(connection)]
    moved.sort(key=lambda event: (event["occurred_at"], event["stream_id"], event["version"]))
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for event in moved:
        state = event.pop("state")
        connection.execute(sa.insert(_EVENTS).values(event))
        shared = {name: event[name] for name in ("stream", "stream_id", "version", "actor")}
        shared["occurred_at"] = event["occurred_at"]
        newest[event["stream"], event["stream_id"]] = {**shared, "state": state}
    for row in newest.values():
        connection.execute(sa.insert(_STATES).values(row))
    _chain_audit_log(connection)
    op.drop_table("work_request_events")
    op.drop_table("account_events")


def downgrade() -> None:
    raise NotImplementedError("the events of later streams have no place in earlier tables")


def _create_tables() -> None:
    op.create_table(
        "events",
        sa.Column("event_number", _ROW_NUMBER, primary_key=True, autoincrement=True),
        sa.Column("stream", sa.String(40), nullable=False),
        sa.Column("stream_id", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("occurred_at", _MOMENT, nullable=False),
        sa.Column("idempotency_key", sa.String(100)),
        sa.UniqueConstraint("stream", "stream_id", "version", name="events_once"),
        sa.UniqueConstraint("stream", "idempotency_key", name="events_commanded_once"),
    )
    op.create_table(
        "states",
        sa.Column("stream", sa.String(40), primary_key=True),
        sa.Column("stream_id", sa.String(200), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("occurred_at", _MOMENT, nullable=False),
    )


def _account_events(connection: sa.Connection) -> list[dict[str, Any]]:
    """Each earlier row held the whole state, so it is the payload and the state at once."""
    found = []
    for row in connection.execute(sa.select(_ACCOUNT_EVENTS)).mappings():
        state = {name: row[name] for name in _ACCOUNT}
        place = (row["account_name"], row["version"], row["event_kind"])
        found.append(_event("accounts", place, (state, state), row))
    return found


def _request_events(connection: sa.Connection) -> list[dict[str, Any]]:
    rows = connection.execute(
        sa.select(_REQUEST_EVENTS).order_by(_REQUEST_EVENTS.c.request_id, _REQUEST_EVENTS.c.version)
    )
    found: list[dict[str, Any]] = []
    state: dict[str, Any] = {}
    for row in rows.mappings():
        moment = _utc(row["occurred_at"]).isoformat()
        if row["version"] == 1:
            payload = {name: row[name] for name in ("kind", "argument", "marketplace")}
            asked = {"requested_by": row["actor"], "requested_at": moment, "state": "requested"}
            state = {**payload, **asked, "outcome": None, "finished_at": None}
        else:
            payload = {"outcome": row["outcome"]}
            state = {**state, **payload, "state": row["event_kind"], "finished_at": moment}
        place = (row["request_id"], row["version"], row["event_kind"])
        found.append(_event("work_requests", place, (payload, state), row))
    return found


def _event(
    stream: str,
    place: tuple[str, int, str],
    said: tuple[dict[str, Any], dict[str, Any]],
    row: Any,
) -> dict[str, Any]:
    stream_id, version, kind = place
    payload, state = said
    return {
        "stream": stream,
        "stream_id": stream_id,
        "version": version,
        "kind": kind,
        "payload": payload,
        "state": state,
        "actor": row["actor"],
        "occurred_at": row["occurred_at"],
    }


def _chain_audit_log(connection: sa.Connection) -> None:
    with op.batch_alter_table("audit_log") as table:
        table.add_column(sa.Column("line_hash", sa.String(64)))
    log = sa.table(
        "audit_log",
        *(sa.column(name) for name in ("audit_number", "actor", "action", "subject", "detail")),
        sa.column("occurred_at", _MOMENT),
        sa.column("line_hash"),
    )
    previous = ""
    for row in connection.execute(sa.select(log).order_by(log.c.audit_number)).all():
        moment = _utc(row.occurred_at).isoformat()
        said = [previous, row.actor, row.action, row.subject, row.detail, moment]
        previous = hashlib.sha256(json.dumps(said).encode()).hexdigest()
        connection.execute(
            sa.update(log).where(log.c.audit_number == row.audit_number).values(line_hash=previous)
        )
    with op.batch_alter_table("audit_log") as table:
        table.alter_column("line_hash", existing_type=sa.String(64), nullable=False)


def _utc(moment: datetime) -> datetime:
    """SQLite gives times back without their zone; they are UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
