"""The names of time zones."""

from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator

UTC = "UTC"

# It opens each of some six hundred files, and every entry of a marketplace may name a zone.
_zones = cache(available_timezones)


def known_time_zone(value: str) -> str:
    """The name of a zone that exists; raises ValueError otherwise."""
    if value not in _zones():
        raise ValueError("no such time zone; write it like Europe/Berlin")
    return ZoneInfo(value).key


TimeZone = Annotated[str, AfterValidator(known_time_zone)]
