"""Who did what and when: a log whose lines are chained, so that a changed one is found."""

import hashlib
import json
from datetime import UTC, datetime

import sqlalchemy as sa

from operations.tables import audit_log

# Any constant will do, as long as every process of one store uses the same.
_CHAIN_LOCK = 5_031_977
_FIRST = ""


def hold_chain(connection: sa.Connection) -> None:
    """Waits until no other transaction adds to the chain; SQLite's writer is alone anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_CHAIN_LOCK)))


def record(
    connection: sa.Connection,
    *,
    actor: str,
    action: str,
    subject: str,
    now: datetime,
    **detail: object,
) -> None:
    """Appends a line to the audit log inside the caller's transaction of `writing`."""
    hold_chain(connection)
    previous = connection.execute(
        sa.select(audit_log.c.line_hash).order_by(audit_log.c.audit_number.desc()).limit(1)
    ).scalar_one_or_none()
    line = {
        "actor": actor[:80],
        "action": action,
        "subject": subject[:300],
        "detail": json.dumps(detail, sort_keys=True),
        "occurred_at": now,
    }
    line_hash = hash_of(previous or _FIRST, line)
    connection.execute(sa.insert(audit_log).values(**line, line_hash=line_hash))


def first_line_hash(connection: sa.Connection) -> str | None:
    """The hash of the first line, by which one store is told from another; None of an empty one."""
    oldest = sa.select(audit_log.c.line_hash).order_by(audit_log.c.audit_number).limit(1)
    return connection.execute(oldest).scalar_one_or_none()


def first_broken_line(connection: sa.Connection) -> int | None:
    """The number of the first line that was changed, or whose predecessor was removed."""
    previous = _FIRST
    for row in connection.execute(sa.select(audit_log).order_by(audit_log.c.audit_number)):
        found = row._asdict()
        if row.line_hash != hash_of(previous, found):
            return int(row.audit_number)
        previous = row.line_hash
    return None


def hash_of(previous: str, line: dict[str, object]) -> str:
    """SHA-256 over the hash of the line before and what this one says."""
    moment = line["occurred_at"]
    if not isinstance(moment, datetime):
        raise TypeError("a line has a moment")
    said = [line[name] for name in ("actor", "action", "subject", "detail")]
    text = json.dumps([previous, *said, moment.astimezone(UTC).isoformat()])
    return hashlib.sha256(text.encode()).hexdigest()
