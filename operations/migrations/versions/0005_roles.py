"""The roles operator and vendor become operator_admin and vendor_owner.

Each account gets one more event with its line in the chained audit log; sessions that were open
under the earlier role end, as with any change of role.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_RENAMED = {"operator": "operator_admin", "vendor": "vendor_owner"}
_ACTOR = "upgrade"
_MOMENT = sa.DateTime(timezone=True)

_EVENTS = sa.table(
    "events",
    *(sa.column(name) for name in ("stream", "stream_id", "version", "kind", "actor")),
    sa.column("payload", sa.JSON),
    sa.column("occurred_at", _MOMENT),
)
_STATES = sa.table(
    "states",
    *(sa.column(name) for name in ("stream", "stream_id", "version", "actor")),
    sa.column("state", sa.JSON),
    sa.column("occurred_at", _MOMENT),
)
_LOG = sa.table(
    "audit_log",
    *(
        sa.column(name)
        for name in ("audit_number", "actor", "action", "subject", "detail", "line_hash")
    ),
    sa.column("occurred_at", _MOMENT),
)


def upgrade() -> None:
    connection = op.get_bind()
    now = connection.execute(sa.select(sa.func.current_timestamp(type_=_MOMENT))).scalar_one()
    accounts = connection.execute(
        sa.select(_STATES).where(_STATES.c.stream == "accounts").order_by(_STATES.c.stream_id)
    ).all()
    for account in accounts:
        role = _RENAMED.get(account.state["role"])
        if role is not None:
            _assign(connection, account, role, now)


def downgrade() -> None:
    raise NotImplementedError("later roles have no place among the earlier three")


def _assign(connection: sa.Connection, account: sa.Row[Any], role: str, now: datetime) -> None:
    change = {
        "role": role,
        "vendor_id": account.state["vendor_id"],
        "marketplace": account.state["marketplace"],
    }
    version = account.version + 1
    changed = {"version": version, "actor": _ACTOR, "occurred_at": now}
    place = {"stream": "accounts", "stream_id": account.stream_id}
    connection.execute(
        sa.insert(_EVENTS).values(**place, **changed, kind="assigned", payload=change)
    )
    connection.execute(
        sa.update(_STATES)
        .where(_STATES.c.stream == "accounts", _STATES.c.stream_id == account.stream_id)
        .values(**changed, state={**account.state, "role": role})
    )
    _record(connection, account.stream_id, {**change, "version": version}, now)


def _record(
    connection: sa.Connection, account_name: str, detail: dict[str, Any], moment: datetime
) -> None:
    previous = connection.execute(
        sa.select(_LOG.c.line_hash).order_by(_LOG.c.audit_number.desc()).limit(1)
    ).scalar_one_or_none()
    line = [_ACTOR, "accounts.assigned", account_name, json.dumps(detail, sort_keys=True)]
    # SQLite keeps no zone; what is written there is UTC.
    in_utc = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    line_hash = hashlib.sha256(
        json.dumps([previous or "", *line, in_utc.isoformat()]).encode()
    ).hexdigest()
    connection.execute(
        sa.insert(_LOG).values(
            **dict(zip(("actor", "action", "subject", "detail"), line, strict=True)),
            occurred_at=moment,
            line_hash=line_hash,
        )
    )
