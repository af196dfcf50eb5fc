"""SQL for points in time and days: the zone a text was written in, and the value in ours.

A text that names its zone is that moment. Any other is the local time of the source's zone: an hour
that occurs twice when summer time ends is read as its second, standard one, unless that is still to
come when the source is read, and a time in the hour that is skipped as if the clock had not been
put forward yet.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC as UTC_ZONE
from datetime import datetime
from zoneinfo import ZoneInfo

from sources.local_times import put_back_around
from sources.sql import literal
from sources.time_formats import EPOCHS, EXCEL_SERIAL, directives, month_names
from sources.time_zones import UTC

# Abbreviations that mean one offset wherever the time zone database uses them today, and the German
# names. CST, IST and PST are several zones' and therefore no moment.
OFFSETS = {
    "Z": "+00", "z": "+00", "UTC": "+00", "UT": "+00", "GMT": "+00", "WET": "+00", "WEST": "+01",
    "BST": "+01", "CET": "+01", "CEST": "+02", "MEZ": "+01", "MESZ": "+02", "MET": "+01",
    "MEST": "+02", "EET": "+02", "EEST": "+03", "MSK": "+03", "SAST": "+02", "HKT": "+08",
    "JST": "+09", "AEST": "+10", "AEDT": "+11", "NZST": "+12", "NZDT": "+13", "EST": "-05",
    "EDT": "-04", "MST": "-07", "MDT": "-06", "PDT": "-07",
}  # fmt: skip
# The first moment that is too late for a count to be cast.
_LATEST_SECONDS = 7_258_118_400

_DAY = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}"
_TIME = r"\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?"
_OFFSET = r"[+-](?:0\d|1[0-5])(?::?[0-5]\d)?"
_WORDS = "|".join(sorted(OFFSETS, key=len, reverse=True))
_REGION = "[A-Za-z]+(?:/[A-Za-z0-9_+-]+)+"
_LOCAL = rf"{_DAY}(?:[T ]+{_TIME})?"
_ZONED = rf"({_LOCAL})\s*(?:(?:UTC|GMT)?({_OFFSET})(?:\[[^\]]*\])?|({_WORDS})|({_REGION}))"
# A zone's word within a text of another writing, with what stands before and behind it.
_WORD_WITHIN = f"(^|[^A-Za-z/])({_WORDS})([^A-Za-z/]|$)"
_LONGEST_DAY = 10

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_OF_TIME = frozenset("HIpMSgfnc")
# A zone that a format itself writes at its end, behind a directive or another sign.
_WRITTEN_ZONE = re.compile(r"(?:(?<=%[A-Za-z])|(?<![A-Za-z%]))(?:Z|UTC|GMT)$")
# strptime takes any two digits for hours.
_NO_OFFSET = r":\d\d(?:\.\d+)?\s*[+-](?:1[6-9]|[2-9]\d)"


@dataclass(frozen=True, slots=True)
class Zones:
    """The zone of times that name none, the one in which times are kept, and that of our days.

    `delivered_at` is when the source was read first, in UTC.
    """

    source: str
    storage: str
    business: str
    delivered_at: str | None = None


def in_english(text: str, language: str, fmt: str) -> str:
    """A date's text with the name of its month in English, as strptime knows it."""
    months = month_names(language)
    words = "|".join(re.escape(name) for name in sorted(months, key=len, reverse=True))
    pattern = rf"(?i)(?:^|[^\p{{L}}])({words})(?:[^\p{{L}}]|$)"
    found = f"regexp_extract({text}, {literal(pattern)}, 1)"
    longest = None if "B" in directives(fmt) else 3
    names = ", ".join(
        f"{literal(name)}: {literal(_MONTHS[number - 1][:longest])}"
        for name, number in months.items()
    )
    without_point = f"replace({text}, {found} || '.', {found})"
    english = f"replace({without_point}, {found}, map {{{names}}}[lower({found})])"
    return f"case when {found} = '' then {text} else {english} end"


def moment(text: str, fmt: str | None, zones: Zones, *, ends_day: bool) -> str:
    """The moment in the zone of the storage, without a zone; null where the text is none.

    A date without a time is that local day's beginning, or its last microsecond where it `ends_day`
    as a deadline does.
    """
    if fmt is not None:
        return _formatted(text, fmt, zones, ends_day=ends_day)
    naive = f"try_cast({text} as timestamp)"
    day = _last_of_day(naive) if ends_day else naive
    # The usual writing, 2026-01-31 13:45:00, is known by its length and its seconds at the end.
    is_plain = f"strlen({text}) = 19 and substr({text}, 17) between ':00' and ':59'"
    is_utc = f"ends_with({text}, 'Z') and strlen({text}) > {_LONGEST_DAY + 1}"
    in_utc = naive if zones.storage == UTC else _moved(naive, UTC, zones.storage)
    usual = (
        f"case when {is_utc} then {in_utc} "
        f"when {is_plain} then {_of_local(naive, zones)} "
        f"when strlen({text}) <= {_LONGEST_DAY} then {_of_local(day, zones)} "
        f"when regexp_full_match({text}, {literal(_LOCAL)}) "
        f"then {_of_local(naive, zones)} end"
    )
    zoned = _zoned(text, zones.storage, ends_day=ends_day)
    return f"coalesce({usual}, case when strlen({text}) > {_LONGEST_DAY} then {zoned} end)"


def day(text: str, fmt: str | None, zones: Zones) -> str:
    """The day of the business; null where the text is none.

    A day, or midnight without a zone, is that day wherever it was written. Any other time is the
    day on which that moment lies.
    """
    in_business = replace(zones, storage=zones.business)
    if fmt is not None:
        is_moment = _names_zone(fmt) or fmt in EPOCHS
        found = moment(text, fmt, in_business, ends_day=False)
        if not is_moment:
            naive = f"try_strptime({text}, {literal(fmt)})"
            found = _day_of_local(_of_serial(text) if fmt == EXCEL_SERIAL else naive, zones)
        return f"cast({found} as date)"
    local = _day_of_local(f"try_cast({text} as timestamp)", zones)
    return (
        f"case when strlen({text}) <= {_LONGEST_DAY} then try_cast({text} as date) "
        f"when regexp_full_match({text}, {literal(_LOCAL)}) then cast({local} as date) "
        f"else cast({moment(text, None, in_business, ends_day=False)} as date) end"
    )


def _day_of_local(naive: str, zones: Zones) -> str:
    if zones.source == zones.business:
        return naive
    moved = _moved(naive, zones.source, zones.business)
    return f"case when {naive} = date_trunc('day', {naive}) then {naive} else {moved} end"


def _of_local(naive: str, zones: Zones) -> str:
    """A local time of the source in the zone of the storage.

    Nobody writes down what is still to come: what changed in the hour that comes twice, and is read
    before that is over, changed in its first. So rows that are read one after the other keep their
    order, and a later change is never taken for an earlier one.
    """
    moved = _moved(naive, zones.source, zones.storage)
    if zones.delivered_at is None or zones.source == zones.storage:
        return moved
    read_at = datetime.fromisoformat(zones.delivered_at).replace(tzinfo=UTC_ZONE)
    repeated = put_back_around(read_at, zones.source)
    if not repeated:
        return moved
    hour = f"interval {int(repeated.total_seconds())} second"
    first = f"{_moved(f'({naive} - {hour})', zones.source, zones.storage)} + {hour}"
    local = read_at.astimezone(ZoneInfo(zones.storage)).replace(tzinfo=None)
    now = f"timestamp {literal(local.isoformat(sep=' '))}"
    is_to_come = f"{moved} > {now} and {moved} < {now} + interval 1 day"
    return f"case when {is_to_come} then {first} else {moved} end"


def _moved(naive: str, source: str, target: str) -> str:
    """A local time of one zone as that of another."""
    if source == target:
        return naive
    return f"timezone({literal(target)}, timezone({literal(source)}, {naive}))"


def _last_of_day(midnight: str) -> str:
    return f"{midnight} + interval 1 day - interval 1 microsecond"


def _zoned(text: str, storage: str, *, ends_day: bool) -> str:
    local, offset, word, region = (
        f"regexp_extract({text}, {literal(f'^{_ZONED}$')}, {group})" for group in range(1, 5)
    )
    began = f"try_cast({local} as timestamp)"
    naive = began
    if ends_day:
        naive = f"case when strlen({local}) <= {_LONGEST_DAY} then {_last_of_day(began)} "
        naive += f"else {began} end"
    # One of the three stands there, and none where the text is no moment.
    suffix = f"{offset} || coalesce({_offset_of(word)}, '') || ' ' || {region}"
    return _at_zone(naive, f"rtrim({suffix})", storage)


def _at_zone(naive: str, suffix: str, storage: str) -> str:
    """The moment of a local time in the zone that a text names, by its offset or its region."""
    zoned = f"try_cast(cast({naive} as varchar) || {suffix} as timestamptz)"
    return f"timezone({literal(storage)}, {zoned})"


def _offset_of(word: str) -> str:
    offsets = ", ".join(f"{literal(name)}: {literal(to)}" for name, to in OFFSETS.items())
    return f"map {{{offsets}}}[{word}]"


def _names_zone(fmt: str) -> bool:
    return bool({"z", "Z"} & directives(fmt)) or bool(_WRITTEN_ZONE.search(fmt))


def _formatted(text: str, fmt: str, zones: Zones, *, ends_day: bool) -> str:
    if fmt in EPOCHS:
        return _of_epoch(text, EPOCHS[fmt], zones.storage)
    if fmt == EXCEL_SERIAL:
        day = _of_serial(text)
        is_whole = f"not contains({text}, '.')"
        ended = f"case when {is_whole} then {_last_of_day(day)} else {day} end" if ends_day else day
        return _of_local(ended, zones)
    is_day = ends_day and not _OF_TIME & directives(fmt)
    if not _names_zone(fmt):
        naive = f"try_strptime({text}, {literal(fmt)})"
        ended = _last_of_day(naive) if is_day else naive
        return _of_local(ended, zones)
    # A zone's name becomes its offset, so that one directive reads both.
    numeric = re.sub(r"%Z", "%z", _WRITTEN_ZONE.sub("%z", fmt))
    bare = f"regexp_replace({text}, '(?:UTC|GMT)([+-]\\d)', '\\1')"
    word = f"regexp_extract({bare}, {literal(_WORD_WITHIN)}, 2)"
    written = (
        f"case when {word} = '' then {bare} else regexp_replace({bare}, {literal(_WORD_WITHIN)}, "
        f"'\\1' || {_offset_of(word)} || '\\3') end"
    )
    found = f"timezone({literal(zones.storage)}, try_strptime({written}, {literal(numeric)}))"
    region = f"regexp_extract({text}, {literal(_REGION)})"
    without = f"try_strptime(replace({text}, {region}, ''), {literal(numeric.replace('%z', ''))})"
    named = _at_zone(without, f"' ' || {region}", zones.storage)
    value = (
        f"case when {region} <> '' then {named} "
        f"when not regexp_matches({written}, {literal(_NO_OFFSET)}) then {found} end"
    )
    return _last_of_day(value) if is_day else value


def _of_epoch(text: str, units: int, storage: str) -> str:
    seconds = f"try_cast({text} as decimal(38, 9)) / {units}"
    is_count = f"regexp_full_match({text}, '-?\\d{{1,19}}(\\.\\d+)?')"
    is_believable = f"{is_count} and abs({seconds}) < {_LATEST_SECONDS}"
    microseconds = f"cast(round({seconds} * 1000000) as bigint)"
    found = f"make_timestamp({microseconds})"
    return f"case when {is_believable} then {_moved(found, UTC, storage)} end"


def _of_serial(text: str) -> str:
    """The local time of a spreadsheet's day number; its first sixty days, of 1900, are no dates."""
    days = f"try_cast({text} as double)"
    is_count = f"regexp_full_match({text}, '\\d{{2,6}}(\\.\\d+)?') and {days} > 60"
    seconds = f"cast(round({days} * 86400) as bigint)"
    return f"case when {is_count} then timestamp '1899-12-30' + to_seconds({seconds}) end"
