"""The builds of the models: recorded when begun, and as complete once all models are built."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from pipelines.dbt.needed import Touched
from pipelines.loading.business_days import Zones
from pipelines.loading.public_holidays import write_public_holidays
from pipelines.loading.stale_days import Since, collect_stale_days
from pipelines.loading.stale_sessions import collect_stale_session_days, list_stale_visitors
from sources.sql import scalar


@dataclass(frozen=True, slots=True)
class Build:
    """A build to begin: for which last day, made by what, and by which rules of days.

    `settings` is a hash of whatever decides what is built beside rows and day: code, contracts,
    marketplace. `inactivity_minutes` end a visitor's session. `is_full` asks for every day.
    """

    as_of: date
    settings: str
    zones: Zones
    allowances: Mapping[str, int]
    rate_days: int
    is_full: bool = False
    inactivity_minutes: int = 30


@dataclass(frozen=True, slots=True)
class Begun:
    """What has to be built: every day, or those that `raw.stale_days` names."""

    is_full: bool
    day_count: int


def begin_build(connection: duckdb.DuckDBPyConnection, build: Build) -> Begun:
    """Writes raw.stale_days anew; to begin again gives the same days and those of the first time.

    So do raw.stale_session_days and raw.stale_visitors, for sessions and whose they are.
    raw.public_holidays are those of the build's days.

    What was begun and never got whole may have left its rows in some models, so its last day and
    its settings count, too.
    """
    through = int(scalar(connection, "select coalesce(max(sequence), 0) from raw.loads"))
    whole, begun = _builds(connection)
    seen = [*whole, *begun]
    is_full = (
        build.is_full
        or not whole
        or any(
            settings != build.settings or (was_full and not is_whole)
            for _, _, settings, was_full, is_whole in seen
        )
    )
    days: list[date] = []
    session_days: list[date] = []
    if not is_full:
        last_days = (*(as_of for as_of, *_ in seen), build.as_of)
        since = Since(whole[-1][1], last_days, build.allowances, build.rate_days)
        days = collect_stale_days(connection, build.zones, since)
        session_days = collect_stale_session_days(
            connection, build.zones, since, build.inactivity_minutes
        )
    connection.execute("begin transaction")
    try:
        write_public_holidays(connection, build.as_of)
        _list_days(connection, days, session_days)
        if not is_full:
            list_stale_visitors(connection, whole[-1][1])
        connection.execute(
            "insert into raw.model_builds values (?, ?, ?, ?, false)",
            [build.as_of, through, build.settings, is_full],
        )
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    return Begun(is_full, len(days))


def _list_days(
    connection: duckdb.DuckDBPyConnection, days: list[date], session_days: list[date]
) -> None:
    connection.execute("delete from raw.stale_days")
    connection.execute("insert into raw.stale_days select unnest(cast(? as date[]))", [days])
    # What a killed build left of sessions no longer says which days it was made of: those stay.
    connection.execute(
        "insert into raw.stale_session_days select unnest(cast(? as date[])) "
        "except select stale_date from raw.stale_session_days",
        [session_days],
    )


def is_full_build(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the build that was begun last is one of every day."""
    return bool(
        scalar(connection, "select is_full from raw.model_builds order by rowid desc limit 1")
    )


def touched_since_built(connection: duckdb.DuckDBPyConnection) -> Touched | None:
    """What the build that was begun last has to look at; None where it is of every day."""
    whole, begun = _builds(connection)
    if not whole or not begun or is_full_build(connection):
        return None
    feeds = connection.execute(
        "select distinct feed from raw.loads where sequence > ?", [whole[-1][1]]
    ).fetchall()
    days = {as_of for as_of, *_ in [*whole, *begun]}
    return Touched(frozenset(str(row[0]) for row in feeds), len(days) > 1, whole[-1][3])


def finish_build(connection: duckdb.DuckDBPyConnection) -> None:
    """Notes that every model of the last begun build stands; those before it are forgotten.

    No day is listed any more, so views that were restricted to the listed days show all of them.
    """
    connection.execute("begin transaction")
    last = scalar(connection, "select max(rowid) from raw.model_builds")
    connection.execute("delete from raw.model_builds where rowid < ?", [last])
    connection.execute("update raw.model_builds set is_whole = true")
    for listed in ("stale_days", "stale_session_days", "stale_visitors"):
        connection.execute(f"delete from raw.{listed}")
    connection.execute("commit")


_Row = tuple[date, int, str, bool, bool]


def _builds(connection: duckdb.DuckDBPyConnection) -> tuple[list[_Row], list[_Row]]:
    rows: list[_Row] = connection.execute(
        "select as_of_date, through_sequence, settings, is_full, is_whole from raw.model_builds "
        "order by rowid"
    ).fetchall()
    return [row for row in rows if row[-1]], [row for row in rows if not row[-1]]
