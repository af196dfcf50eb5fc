"""Holidays that a marketplace's calendar does not state."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.loading.public_holidays import holidays_of, write_public_holidays
from sources.parsing.client import Parser
from tests.unit.loading_desk import a_desk

ASSUMPTION, BASTILLE, UNITY = date(2025, 8, 15), date(2025, 7, 14), date(2025, 10, 3)


def test_a_region_has_the_holidays_of_its_country_and_its_own() -> None:
    found = holidays_of("DE", ["Saarland", "Berlin", "nowhere", None], [2025])

    assert ("DE", "all", UNITY) in found
    # Assumption Day is one in the Saarland; Berlin has Women's Day instead
    assert ("DE", "Saarland", ASSUMPTION) in found
    assert ("DE", "Berlin", ASSUMPTION) not in found
    assert ("DE", "Berlin", date(2025, 3, 8)) in found
    assert not [row for row in found if row[1] == "nowhere"]


def test_an_unknown_country_has_none() -> None:
    assert holidays_of("XX", ["Berlin"], [2025]) == []


@pytest.mark.warehouse
def test_a_year_that_the_calendar_speaks_of_is_left_to_it(tmp_path: Path, parser: Parser) -> None:
    desk = a_desk(tmp_path, parser, {"calendar": [{"files": "calendar*.csv"}]})
    desk.put("vendors.csv", "vendor_id,country_code\nV1,DE\nV2,FR\nV3,\n")
    desk.put("orders.csv", "order_id,currency_code,ordered_at\nO1,EUR,2025-05-01 10:00:00\n")
    desk.put(
        "calendar.csv",
        "calendar_date,country_code,occasion,kind\n"
        "2025-10-03,DE,Unity,public_holiday\n2025-07-14,FR,clearance,sale\n",
    )
    for feed in ("vendors", "orders", "calendar"):
        desk.ingest(feed)

    with desk.loader() as loader:
        for _ in range(2):
            write_public_holidays(loader.connection, date(2025, 8, 31))

    written = desk.query("select country_code, holiday_date from raw.public_holidays")
    assert ("FR", BASTILLE) in written
    assert {country for country, _ in written} == {"FR"}
    # metropolitan France has eleven; working days are counted until the end of the year
    assert len(written) == 11
