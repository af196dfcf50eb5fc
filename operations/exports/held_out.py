"""Who an export would have sent and held out: rows that are never sent, so that its effect shows.

Somebody is noted once per export, with the moment of the plan that would have sent them first.
"""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from operations.exports import runs
from operations.exports.sent import KEYS_AT_ONCE, ROWS_AT_ONCE, in_batches
from operations.store import writing
from operations.tables import export_rows

REASON = "holdout"


def write(
    engine: sa.Engine,
    marketplace: str,
    export: str,
    run_id: str,
    people: Iterable[tuple[str, str | None]],
    now: datetime,
) -> None:
    """Notes people, by key and version of the consent, unless an earlier run noted them."""
    before: set[str] | None = None
    for chunk in in_batches(people, ROWS_AT_ONCE):
        if before is None:
            before = _noted(engine, marketplace, export)
        given = [
            {
                "run_id": run_id,
                "row_key": key,
                "operation": "upsert",
                "is_new": True,
                "consent_version": consent_version,
                "state": "suppressed",
                "reason": REASON,
                "attempts": 0,
                "changed_at": now,
            }
            for key, consent_version in chunk
            if key not in before
        ]
        if given:
            with writing(engine) as connection:
                connection.execute(sa.insert(export_rows), given)


def _noted(engine: sa.Engine, marketplace: str, export: str) -> set[str]:
    # Of a run that was declined nobody was sent, so nobody is compared with those held out.
    found = runs.runs(engine, marketplace, export)
    run_ids = [run.run_id for run in found if run.state != "declined"]
    noted: set[str] = set()
    with engine.connect() as connection:
        for part in in_batches(run_ids, KEYS_AT_ONCE):
            query = sa.select(export_rows.c.row_key).where(
                export_rows.c.run_id.in_(part),
                export_rows.c.operation == "upsert",
                export_rows.c.state == "suppressed",
                export_rows.c.reason == REASON,
            )
            noted.update(connection.execute(query).scalars())
    return noted
