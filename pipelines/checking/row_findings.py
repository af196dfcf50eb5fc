"""Rows that were loaded and are not as they should be, with where they are."""

from collections.abc import Iterator

import duckdb

from output.findings.finding import Finding
from output.findings.reasons import row_reason
from pipelines.loading.checks import STANDING_LOADS
from sources.contact_details import MAIL, PHONE
from sources.contract import Contract
from sources.sql import literal

# Rows so long before all others, and so few of them, are slips of a date and no history.
_STRAY_DAYS, _LARGEST_STRAY_SHARE, _STRAY_FEW = 366, 0.01, 3


def misfits(connection: duckdb.DuckDBPyConnection, contract: Contract) -> Iterator[Finding]:
    """What was emptied in the rows of a feed's present files, by column and reason."""
    found = connection.execute(
        "select column_name, misfit.reason_code, sum(row_count), first((path, first_line) order by "
        f"sequence desc) from raw.misfits as misfit join {STANDING_LOADS} as load "
        "using (feed, sequence) where feed = ? "
        "group by column_name, misfit.reason_code order by sum(row_count) desc, column_name",
        [contract.feed],
    )
    for column, code, count, (path, line) in found.fetchall():
        reason = row_reason(code, column)
        yield Finding.of("value_emptied", n=int(count), reason=reason, path=path, line=line)


def contact_details(connection: duckdb.DuckDBPyConnection, contract: Contract) -> Iterator[Finding]:
    """Which free texts of a feed look like an e-mail address or a phone number, by column."""
    for name in _free_texts(contract):
        text = f"current.{name}"
        looks = " or ".join(f"regexp_matches({text}, {literal(kind)})" for kind in (MAIL, PHONE))
        row = connection.execute(
            "select count(*), first((load.path, current._line) "
            "order by current._sequence, current._line) "
            f"from raw.{contract.feed}_current as current "
            "left join raw.loads as load on load.sequence = current._sequence "
            f"where (contains({text}, '@') or contains({text}, '+')) and ({looks})"
        ).fetchone()
        if row and row[0]:
            count, (path, line) = row
            yield Finding.of("contact_details_in", n=count, column=name, path=path, line=line)


def _free_texts(contract: Contract) -> list[str]:
    """The columns that hold what people wrote, and not of people: names and titles."""
    return [
        name
        for name, column in contract.stored_columns.items()
        if column.type == "text"
        and not (column.personal or column.allowed or column.pattern or column.keeps_out)
        and not name.endswith("_id")
    ]


def stray_days(connection: duckdb.DuckDBPyConnection, contract: Contract) -> Finding | None:
    """Which few rows of a feed lie more than a year before all others; None where none do."""
    row = connection.execute(
        "with days as (select event_date, "
        "lead(event_date) over (order by event_date) as next_date, "
        "sum(row_count) over (order by event_date) as row_count_until, "
        "sum(row_count) over () as row_count_in_all, min(event_date) over () as first_date "
        "from raw.feed_days where feed = ? and event_date is not null) "
        "select row_count_until, first_date, event_date from days "
        "where next_date - event_date > ? and row_count_until * 2 < row_count_in_all "
        "and row_count_until <= greatest(?, ? * row_count_in_all) "
        "order by event_date desc limit 1",
        [contract.feed, _STRAY_DAYS, _STRAY_FEW, _LARGEST_STRAY_SHARE],
    ).fetchone()
    if row is None:
        return None
    count, first, last = row
    return Finding.of(
        "stray_days",
        n=int(count),
        first_day=str(first),
        last_day=str(last),
        column=str(contract.event_time),
    )
