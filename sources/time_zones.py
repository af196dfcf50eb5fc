"""The names of time zones."""

from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator

UTC = "UTC"


def known_time_zone(value: str) -> str:
    """The name of a zone that exists; raises ValueError otherwise."""
    if value not in available_timezones():
        raise ValueError(f"{value!r} is no time zone; write it like Europe/Berlin")
    return ZoneInfo(value).key


TimeZone = Annotated[str, AfterValidator(known_time_zone)]
