"""Who did what and when, for what is not already an event of its own."""

import json
from datetime import datetime

import sqlalchemy as sa

from operations.tables import audit_log


def record(
    connection: sa.Connection,
    *,
    actor: str,
    action: str,
    subject: str,
    now: datetime,
    **detail: str,
) -> None:
    """Append one line to the audit log inside the caller's transaction."""
    connection.execute(
        sa.insert(audit_log).values(
            actor=actor[:80],
            action=action,
            subject=subject[:300],
            detail=json.dumps(detail, sort_keys=True),
            occurred_at=now,
        )
    )
