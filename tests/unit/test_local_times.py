"""How far a read by local times must reach back, worked by hand for nights when clocks change."""

from datetime import datetime, timedelta

import pytest

from sources.local_times import earliest_since


@pytest.mark.parametrize(
    ("local", "minutes", "zone", "earliest"),
    [
        # Any other day: the overlap and nothing else.
        ("2026-06-01 12:00:00", 15, "Europe/Berlin", "2026-06-01 11:45:00"),
        ("2026-06-01 12:00:30.5", 0, "Europe/Berlin", "2026-06-01 12:00:30.500000"),
        # 02:00 to 03:00 comes twice: from 02:55 on, or 02:05 with an overlap, 02:00 comes again.
        ("2026-10-25 02:55:00", 15, "Europe/Berlin", "2026-10-25 02:00:00"),
        ("2026-10-25 01:50:00", 0, "Europe/Berlin", "2026-10-25 01:50:00"),
        ("2026-10-25 02:05:00", 15, "Europe/Berlin", "2026-10-25 01:50:00"),
        ("2026-10-25 03:05:00", 15, "Europe/Berlin", "2026-10-25 02:50:00"),
        ("2026-10-25 03:05:00", 70, "Europe/Berlin", "2026-10-25 02:00:00"),
        # Lord Howe puts its clocks back by half an hour.
        ("2026-04-05 01:50:00", 5, "Australia/Lord_Howe", "2026-04-05 01:30:00"),
        # 02:00 to 03:00 is skipped: fifteen minutes before 03:05 it was 01:50.
        ("2026-03-29 03:05:00", 15, "Europe/Berlin", "2026-03-29 01:50:00"),
        ("2026-10-25 02:55:00", 15, "UTC", "2026-10-25 02:40:00"),
    ],
)
def test_the_earliest_time_that_the_clock_showed_since(
    local: str, minutes: int, zone: str, earliest: str
) -> None:
    found = earliest_since(datetime.fromisoformat(local), timedelta(minutes=minutes), zone)

    assert found == datetime.fromisoformat(earliest)
