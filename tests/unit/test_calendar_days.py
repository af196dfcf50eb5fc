"""The days on which the calendar excuses a day that is unlike others."""

from datetime import date

import duckdb

from pipelines.checking.volumes import calendar_days


def test_a_region_or_one_vendors_closure_excuses_no_other_day() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        connection.execute(
            "create table raw.calendar_current as from (values "
            "(date '2026-05-01', 'public_holiday', 'all', 'all'), "
            "(date '2026-06-04', 'public_holiday', 'BY', 'all'), "
            "(date '2026-07-06', 'company_closure', 'all', 'V-1'), "
            "(date '2026-08-03', 'school_holiday', 'all', 'all')) "
            "as rows (calendar_date, kind, region, vendor_id)"
        )

        assert calendar_days(connection) == {date(2026, 5, 1)}
