"""Public holidays of the vendors' countries, where the marketplace's calendar states none."""

from collections.abc import Iterable
from datetime import date, timedelta

import duckdb

# Working days are counted that far ahead of the data: see int_working_days_numbered.
_DAYS_AHEAD = timedelta(days=120)
_UNSTATED = """
with years as (
    select cast(unnest(range(year(first_day), year(?) + 1)) as integer) as of_year
    from (select coalesce(min(ordered_at), ?) as first_day from raw.orders_current)
), stated as (
    select distinct country_code, year(calendar_date) as of_year
    from raw.calendar_current
    where kind = 'public_holiday'
)
select country_code, list_distinct(list(region)), list_distinct(list(of_year))
from (select distinct country_code, region from raw.vendors_current) as places
cross join years
anti join stated using (country_code, of_year)
where country_code is not null
group by country_code
order by country_code
"""
_Holiday = tuple[str, str, date]


def write_public_holidays(connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Fills `raw.public_holidays` anew: country, region or `all`, and day.

    From the year of the first order on; a year of which the calendar feed states any public
    holiday of a country is left to that feed. What the library does not know has no holidays.
    """
    last = as_of + _DAYS_AHEAD
    places = connection.execute(_UNSTATED, [last, as_of]).fetchall()
    found = [row for place in places for row in holidays_of(*place)]
    connection.execute("delete from raw.public_holidays")
    if found:
        connection.execute(
            "insert into raw.public_holidays "
            "select unnest(?), unnest(?), unnest(cast(? as date[]))",
            [list(column) for column in zip(*found, strict=True)],
        )


def holidays_of(
    country: str, regions: Iterable[str | None], years: Iterable[int]
) -> list[_Holiday]:
    """Public holidays of a country, and those that a region has besides, in order.

    Args:
        country: ISO 3166-1 alpha-2 code.
        regions: names or codes of regions as feeds write them; an unknown one has none of its own.
        years: the calendar years.
    """
    import holidays  # noqa: PLC0415 - takes 0.2 s, and calendars mostly state them

    def days_in(region: str | None) -> set[date]:
        try:
            return set(holidays.country_holidays(country, subdiv=region, years=years))
        except NotImplementedError:
            return set()

    everywhere = days_in(None)
    found = {(country, "all", day) for day in everywhere}
    for region in filter(None, regions):
        found |= {(country, region, day) for day in days_in(region) - everywhere}
    return sorted(found)
