"""Local times that name no zone, where the clock is put back: the same hour is written twice."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

# No clock is put back by more, and by minutes at the least.
_LONGEST_REPEAT = timedelta(days=1)
_STEP = timedelta(minutes=1)
# Longer than any hour that is repeated.
_AROUND = timedelta(hours=3)


def earliest_since(local: datetime, overlap: timedelta, zone: str) -> datetime:
    """The earliest time that a clock of the zone can have shown since `overlap` before `local`.

    `local` names no zone and is taken as early as it can be meant. Where the clock was put back
    afterwards, later rows carry earlier times.
    """
    clock = ZoneInfo(zone)
    begin = local.replace(tzinfo=clock, fold=0).astimezone(UTC) - overlap
    minute = begin.replace(second=0, microsecond=0)
    steps = range(1, _LONGEST_REPEAT // _STEP)
    shown = (
        moment.astimezone(clock).replace(tzinfo=None)
        for moment in (begin, *(minute + step * _STEP for step in steps))
    )
    return min(shown)


def put_back_around(moment: datetime, zone: str) -> timedelta:
    """By how much a zone's clock is put back in the hours around a moment; nothing otherwise."""
    clock = ZoneInfo(zone)
    before, after = (
        (moment + side).astimezone(clock).utcoffset() or timedelta() for side in (-_AROUND, _AROUND)
    )
    return max(before - after, timedelta())
