"""Which days' sessions must be rebuilt: `raw.stale_session_days`, derived from what changed.

A session is decided by the events of one visitor with no long pause between them, however many days
they span, so a changed event makes stale every day of the activity that it is, or was, a part of.
Decision 26.
"""

from datetime import date, timedelta

import duckdb

from pipelines.loading.business_days import Zones
from pipelines.loading.stale_days import Since
from sources.sql import scalar

# The feeds that sessions and visitors are made of: orders only say which sessions are the shop's
# own tests, decisions whose a visitor is not.
SESSION_FEEDS = frozenset({"events", "orders", "operation_states"})
_SPANS = "intermediate.int_session_spans"


def collect_stale_session_days(
    connection: duckdb.DuckDBPyConnection, zones: Zones, since: Since, inactivity_minutes: int
) -> list[date]:
    """The days whose sessions may differ from what was built, in order.

    Sessions of the last day of then may go on after it, so the days between count with both ends.
    Events of nobody are in no session, and counted as such by their own day.
    """
    first, last = min(since.last_days), max(since.last_days)
    days = {first + timedelta(days=number) for number in range((last - first).days + 1)}
    connection.execute(
        "create or replace temp table changed_events as select visitor_id, occurred_at "
        f"from raw.events where ({_changed('events', since.sequence)} "
        "or order_id in (select order_id from raw.orders where "
        f"{_changed('orders', since.sequence)} group by order_id having bool_or(is_test)))"
    )
    if _has_spans(connection):
        # From the first event of an activity to the last, a piece of it may begin on any day.
        connection.execute(
            "create or replace temp table touched_activities as select "
            f"spans.visitor_id, activity_span from {_SPANS} as spans "
            "join changed_events as changed on spans.visitor_id = changed.visitor_id "
            f"and changed.occurred_at >= first_event_at - interval {inactivity_minutes} minute "
            f"and changed.occurred_at <= last_event_at + interval {inactivity_minutes} minute "
            "group by all"
        )
        connection.execute(
            "insert into changed_events select visitor_id, unnest(generate_series("
            "min(first_event_at), max(last_event_at) + interval 1 day, interval 1 day)) "
            f"from {_SPANS} semi join touched_activities using (visitor_id, activity_span) "
            "group by visitor_id, activity_span"
        )
    found = connection.execute(
        f"select distinct {zones.day('occurred_at', is_date=False)} from changed_events"
    )
    return sorted(days | {row[0] for row in found.fetchall()})


def list_stale_visitors(connection: duckdb.DuckDBPyConnection, sequence: int) -> None:
    """Adds to raw.stale_visitors who came on a stale day, as it was built, and who was decided on.

    Those that a killed build listed stay: what it left of sessions no longer names them.
    """
    decided = (
        "select state ->> '$.visitor_id' from raw.operation_states "
        f"where stream = 'visitor_links' and _sequence > {sequence}"
    )
    found = [decided]
    if _has_spans(connection):
        found.append(
            f"select visitor_id from {_SPANS} semi join raw.stale_session_days "
            "on session_date = stale_date"
        )
    connection.execute(
        f"insert into raw.stale_visitors ({' union '.join(found)}) "
        "except select visitor_id from raw.stale_visitors"
    )


def _changed(feed: str, sequence: int) -> str:
    """The condition of rows that came or were overruled since that load."""
    return (
        f"_sequence > {sequence} or _row_id in "
        f"(select _row_id from raw.{feed}_superseded where _sequence > {sequence})"
    )


def _has_spans(connection: duckdb.DuckDBPyConnection) -> bool:
    schema, table = _SPANS.split(".")
    query = (
        f"select count(*) from duckdb_tables() where schema_name = '{schema}' "
        f"and table_name = '{table}'"
    )
    return bool(scalar(connection, query))
