"""Times: what names its zone is that moment; what does not is local; a day is the local day."""

import re
import tempfile
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.column_source import ColumnSource
from sources.parsing.client import Parser
from sources.parsing.moments import OFFSETS
from tests.unit.loading_desk import Desk, a_desk
from tests.unit.parsing_desk import faults_of, parse_bytes, rows_of

BERLIN = ("Europe/Berlin", "UTC")
LOOSE = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def moments(parser: Parser, folder: Path, texts: list[str], **options: object) -> list[str | None]:
    """What the times of payments come to in UTC; None where one is quarantined."""
    lines = "".join(f"p{i};o;1;{text}\n" for i, text in enumerate(texts))
    columns = {
        "payment_id": "id",
        "order_id": "o",
        "amount": "a",
        "paid_at": options.pop("of", "t"),
    }
    options = {"zones": BERLIN, "columns": columns, "delimiter": ";", **options}
    content = f"id;o;a;t\n{lines}".encode()
    result = parse_bytes(parser, folder, content, **options)
    found = dict(rows_of(result, "_line", "cast(paid_at as varchar)"))
    return [found.get(line) for line in range(2, len(texts) + 2)]


# Noon UTC on a day when Berlin is two hours ahead.
NOON = [
    "2026-06-01 12:00:00Z",
    "2026-06-01T12:00:00z",
    "2026-06-01T12:00:00.000Z",
    "2026-06-01 12:00 Z",
    "2026-06-01 12:00:00 UTC",
    "2026-06-01 12:00:00UTC",
    "2026-06-01 12:00:00 GMT",
    "2026-06-01T14:00:00+02:00",
    "2026-06-01T14:00:00+0200",
    "2026-06-01T14:00:00+02",
    "2026-06-01 14:00:00 +02:00",
    "2026-06-01 14:00 +0200",
    "2026-06-01 08:30:00.000-03:30",
    "2026-06-01 14:00:00 GMT+02:00",
    # As long as the usual writing without a zone, and with its last characters.
    "2026-6-1 14:0+02:00",
    "2026-06-01 12:00:0z",
    "2026-06-01T14:00:00+02:00[Europe/Berlin]",
    "2026-06-01 14:00:00 CEST",
    "2026-06-01 14:00:00 MESZ",
    "2026-06-01 14:00:00 Europe/Berlin",
    "2026-06-01 08:00:00 America/New_York",
    # Without a zone: Berlin's.
    "2026-06-01 14:00:00",
    "2026-06-01T14:00",
    "2026/06/01 14:00:00",
]


def test_what_names_its_zone_is_that_moment_and_nothing_shifts_it(
    parser: Parser, tmp_path: Path
) -> None:
    assert dict(zip(NOON, moments(parser, tmp_path, NOON), strict=True)) == dict.fromkeys(
        NOON, "2026-06-01 12:00:00"
    )


@pytest.mark.parametrize(
    ("fmt", "texts"),
    [
        ("%d.%m.%Y %H:%M %z", ["01.06.2026 12:00 +0000", "01.06.2026 14:00 +02:00"]),
        ("%d.%m.%Y %H:%M %z", ["01.06.2026 12:00 Z", "01.06.2026 12:00 UTC"]),
        ("%d.%m.%Y %H:%M%z", ["01.06.2026 14:00+0200", "01.06.2026 12:00Z"]),
        ("%d.%m.%Y %H:%M %Z", ["01.06.2026 12:00 UTC", "01.06.2026 14:00 CEST"]),
        ("%d.%m.%Y %H:%M %Z", ["01.06.2026 14:00 Europe/Berlin", "01.06.2026 12:00 GMT"]),
        ("%a %b %d %H:%M:%S %Z %Y", ["Mon Jun 01 14:00:00 CEST 2026"]),
        ("%Y%m%dT%H%M%SZ", ["20260601T120000Z"]),
        ("%d.%m.%Y %H:%M UTC", ["01.06.2026 12:00 UTC"]),
        ("%d.%m.%Y %H:%M", ["01.06.2026 14:00"]),
        ("epoch_seconds", ["1780315200", "1780315200.0"]),
        ("epoch_milliseconds", ["1780315200000"]),
        ("epoch_microseconds", ["1780315200000000"]),
    ],
)
def test_a_format_with_a_zone_shifts_by_it_and_one_without_is_local(
    parser: Parser, tmp_path: Path, fmt: str, texts: list[str]
) -> None:
    of = ColumnSource(column="t", format=fmt)

    assert moments(parser, tmp_path, texts, of=of) == ["2026-06-01 12:00:00"] * len(texts)


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-01 12:00:00 CST",  # Chicago, Havana or Shanghai
        "2026-06-01 12:00:00 IST",
        "2026-06-01 12:00:00 Nowhere/City",
        "2026-06-01 12:00:00 +99:00",
        "2026-06-01 12:00:00 later",
        "2026-06-01 12:00:00 PM",
    ],
)
def test_a_zone_that_nobody_can_tell_is_no_moment(
    parser: Parser, tmp_path: Path, text: str
) -> None:
    assert moments(parser, tmp_path, [text]) == [None]
    of = ColumnSource(column="t", format="%Y-%m-%d %H:%M:%S %Z")
    assert moments(parser, tmp_path / "formatted", [text], of=of) == [None]


def test_abbreviations_mean_one_offset_wherever_they_are_used() -> None:
    used: dict[str, set[timedelta | None]] = {}
    for name in available_timezones():
        for month in (1, 4, 7, 10):
            there = datetime(2026, month, 15, tzinfo=UTC).astimezone(ZoneInfo(name))
            used.setdefault(str(there.tzname()), set()).add(there.utcoffset())

    unnamed = {"Z", "z", "UT", "MEZ", "MESZ"}
    assert {name: {timedelta(hours=int(to))} for name, to in OFFSETS.items() if name in used} == {
        name: offsets for name, offsets in used.items() if name in OFFSETS
    }
    assert set(OFFSETS) - set(used) - {"MET", "MEST", "EST", "MST", "WET", "EET"} <= unnamed


def test_the_hour_that_comes_twice_is_its_second_and_the_skipped_one_lies_behind_the_gap(
    parser: Parser, tmp_path: Path
) -> None:
    texts = [
        "2025-10-26 02:30:00",
        "2025-10-26 02:30:00+02:00",
        "2025-10-26 02:30:00 CEST",
        "2025-03-30 02:30:00",
    ]

    assert moments(parser, tmp_path, texts) == [
        "2025-10-26 01:30:00",
        "2025-10-26 00:30:00",
        "2025-10-26 00:30:00",
        "2025-03-30 01:30:00",
    ]


@pytest.mark.parametrize(
    ("read_at", "expected"),
    [
        # In summer time 02:30 is gone and 02:50 is to come; 03:10 comes only once.
        ("2025-10-26 00:40:00", ["00:30:00", "00:50:00", "02:10:00"]),
        # Ten minutes into the second hour, 02:30 and 02:50 were in the first.
        ("2025-10-26 01:10:00", ["00:30:00", "00:50:00", "02:10:00"]),
        ("2025-10-26 01:40:00", ["01:30:00", "00:50:00", "02:10:00"]),
        ("2025-10-26 02:20:00", ["01:30:00", "01:50:00", "02:10:00"]),
        ("2026-06-30 12:00:00", ["01:30:00", "01:50:00", "02:10:00"]),
    ],
)
def test_what_is_read_in_the_hour_that_comes_twice_is_not_to_come(
    parser: Parser, tmp_path: Path, read_at: str, expected: list[str]
) -> None:
    texts = [f"2025-10-26 {time}" for time in ("02:30:00", "02:50", "03:10:00")]

    found = moments(parser, tmp_path, texts, delivered_at=read_at)

    assert found == [f"2025-10-26 {time}" for time in expected]


offsets = st.integers(-14 * 4, 14 * 4).map(lambda quarters: timedelta(minutes=15 * quarters))
FIRST, LAST = (datetime.fromisoformat(day) for day in ("1990-01-01", "2026-06-30"))
instants = st.datetimes(FIRST, LAST).map(lambda moment: moment.replace(microsecond=0))


@LOOSE
@given(moment=instants, offset=offsets, sep=st.sampled_from(["", " "]), colon=st.booleans())
def test_any_writing_of_a_moment_is_that_moment(
    parser: Parser, moment: datetime, offset: timedelta, sep: str, colon: bool
) -> None:
    there = moment.replace(tzinfo=UTC).astimezone(timezone(offset))
    written = there.strftime("%z")
    written = f"{written[:3]}:{written[3:]}" if colon else written
    texts = [
        there.strftime("%Y-%m-%d %H:%M:%S") + sep + written,
        moment.isoformat() + "Z",
        moment.replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Tokyo")).strftime("%F %T JST"),
    ]
    with tempfile.TemporaryDirectory() as name:
        found = moments(parser, Path(name), texts)

    assert found == [str(moment)] * 3


@LOOSE
@given(local=instants, zone=st.sampled_from(["Europe/Berlin", "America/Sao_Paulo", "Asia/Kolkata"]))
def test_a_time_without_a_zone_is_local(parser: Parser, local: datetime, zone: str) -> None:
    second = local.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC).replace(tzinfo=None)
    is_shown = second.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local
    with tempfile.TemporaryDirectory() as name:
        [found] = moments(parser, Path(name), [str(local)], zones=(zone, "UTC"))

    if is_shown:
        assert found == str(second)


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        ({"promised_at": "due"}, "2026-06-03"),
        ({"promised_at": {"column": "due", "format": "%d.%m.%Y"}}, "03.06.2026"),
        ({"promised_at": "due"}, "2026-06-03+02:00"),
    ],
)
def test_a_deadline_that_is_a_day_ends_with_it(
    parser: Parser, tmp_path: Path, columns: dict[str, object], line: str
) -> None:
    mapping = {"shipment_id": "id", "order_id": "id", "delivered_at": "at", **columns}
    content = f"id,at,due\ns1,2026-06-03 23:59:59,{line}\ns2,2026-06-04 00:00:00,{line}\n".encode()

    result = parse_bytes(parser, tmp_path, content, feed="shipments", columns=mapping, zones=BERLIN)

    assert rows_of(result, "cast(promised_at as varchar)", "delivered_at > promised_at") == [
        ("2026-06-03 21:59:59.999999", False),
        ("2026-06-03 21:59:59.999999", True),
    ]


def test_a_deadline_with_a_time_and_a_day_that_is_none_are_left_as_they_are(
    parser: Parser, tmp_path: Path
) -> None:
    content = (
        b"shipment_id,order_id,promised_at,delivered_at\ns1,o1,2026-06-03 00:00:00,2026-06-03\n"
    )

    result = parse_bytes(parser, tmp_path, content, feed="shipments", zones=BERLIN)

    assert rows_of(result, "cast(promised_at as varchar)", "cast(delivered_at as varchar)") == [
        ("2026-06-02 22:00:00", "2026-06-02 22:00:00")
    ]


@pytest.mark.parametrize(
    ("text", "zones", "expected"),
    [
        ("2026-07-01", BERLIN, date(2026, 7, 1)),
        # A day that was exported with a time, and a moment that lies on the next day in Berlin.
        ("2026-07-01 00:00:00", ("UTC", "UTC"), date(2026, 7, 1)),
        ("2026-07-01 22:30:00", ("UTC", "UTC"), date(2026, 7, 2)),
        ("2026-07-01 22:30:00Z", BERLIN, date(2026, 7, 2)),
        ("2026-07-01T22:30:00+02:00", BERLIN, date(2026, 7, 1)),
        ("2026-07-01 22:30:00", BERLIN, date(2026, 7, 1)),
        ("2026-07-01x", BERLIN, None),
        ("2026-07-01 99", BERLIN, None),
    ],
)
def test_a_day_is_that_of_the_business(
    parser: Parser, tmp_path: Path, text: str, zones: tuple[str, str], expected: date | None
) -> None:
    content = f"contact_id,birth_date\nc1,{text}\n".encode()

    result = parse_bytes(
        parser, tmp_path, content, feed="contacts", zones=zones, business="Europe/Berlin"
    )

    assert rows_of(result, "birth_date") == ([] if expected is None else [(expected,)])


def test_parquets_moments_and_days_are_read_like_their_texts(
    parser: Parser, tmp_path: Path
) -> None:
    path = tmp_path / "shipments.parquet"
    duckdb.execute(
        "copy (select 's1' as shipment_id, 'o1' as order_id, date '2026-06-03' as promised_at, "
        "timestamp '2026-06-03 15:00:00' as shipped_at, "
        "timestamptz '2026-06-03 15:00:00+00' as delivered_at) "
        f"to '{path}' (format parquet)"
    )
    names = ("promised_at", "shipped_at", "delivered_at")

    result = parse_bytes(
        parser,
        tmp_path / "a",
        path.read_bytes(),
        feed="shipments",
        name="shipments.parquet",
        zones=BERLIN,
    )

    assert rows_of(result, *(f"cast({name} as varchar)" for name in names)) == [
        ("2026-06-03 21:59:59.999999", "2026-06-03 13:00:00", "2026-06-03 15:00:00")
    ]
    assert faults_of(result) == []


@pytest.mark.parametrize(
    ("fmt", "said"),
    [
        ("%d.%m.%Y %Q", "%Q is no directive"),
        ("%Y-%", "% is no"),
        ("%s", "epoch_seconds"),
        ("dd.mm.yyyy", "no part"),
    ],
)
def test_a_format_that_is_none_is_refused_with_the_mapping(fmt: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        ColumnSource(column="t", format=fmt)


def test_a_file_without_a_zone_is_read_in_the_marketplaces(parser: Parser, tmp_path: Path) -> None:
    desk = a_desk(tmp_path, parser)
    shop = desk.marketplace.model_copy(update={"time_zone": "Europe/Berlin"})
    berlin = Desk(desk.home, shop, parser)
    berlin.put(
        "orders.csv",
        "order_id,customer_id,status,currency_code,ordered_at\n"
        "o1,c1,created,EUR,2026-06-01 00:30:00\n",
    )

    berlin.ingest("orders")

    assert berlin.current("orders", "cast(ordered_at as varchar)") == [("2026-05-31 22:30:00",)]
