"""What became of single rows of a run, by key: those that did not arrive come first."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from operations.tables import export_rows

_FIRST = ("refused", "unknown", "suppressed", "sending", "pending", "confirmed")


@dataclass(frozen=True, slots=True)
class Result:
    """A row of a run; the key is the id of a customer, vendor or lead."""

    key: str
    operation: str
    state: str
    reason: str | None
    attempts: int
    changed_at: datetime | None


def results(engine: sa.Engine, run_id: str, most: int) -> list[Result]:
    """At most so many rows of a run, those that did not arrive first, then by key."""
    places = sa.case(
        {state: place for place, state in enumerate(_FIRST)}, value=export_rows.c.state
    )
    query = (
        sa.select(
            export_rows.c.row_key,
            export_rows.c.operation,
            export_rows.c.state,
            export_rows.c.reason,
            export_rows.c.attempts,
            export_rows.c.changed_at,
        )
        .where(export_rows.c.run_id == run_id)
        .order_by(places, export_rows.c.row_key)
        .limit(most)
    )
    with engine.connect() as connection:
        return [
            Result(row.row_key, row.operation, row.state, row.reason, row.attempts, row.changed_at)
            for row in connection.execute(query)
        ]
