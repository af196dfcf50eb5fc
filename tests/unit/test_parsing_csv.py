"""CSV: what each kind of bad input comes to, and that its neighbours are loaded."""

from pathlib import Path

import pytest

from sources.parsing.client import Parser
from sources.parsing.request import Limits
from tests.unit.parsing_desk import detail_of, faults_of, parse_bytes, quarantine_of, rows_of

HEADER = b"payment_id,order_id,amount,method\n"
GOOD = b"p1,o1,10.00,card\n"


def test_sound_file_is_loaded_with_line_numbers_from_the_file(
    parser: Parser, tmp_path: Path
) -> None:
    result = parse_bytes(parser, tmp_path, HEADER + GOOD + b'p2,o2,"1.5","a ""b"""\n')

    assert rows_of(result, "payment_id", "cast(amount as varchar)", "method", "_line") == [
        ("p1", "10.00", "card", 2),
        ("p2", "1.50", 'a "b"', 3),
    ]
    assert (result.received, result.valid, result.quarantined) == (2, 2, 0)


@pytest.mark.parametrize(
    ("line", "reason", "column"),
    [
        (b"p2,o2,ten,card", "invalid_decimal", "amount"),
        (b"p2,o2,1.005,card", "too_precise", "amount"),
        (b"p2,o2,99999999999999999.00,card", "out_of_range", "amount"),
        (b"p2,o2,NaN,card", "invalid_decimal", "amount"),
        (b"p2,o2,,card", "missing_value", "amount"),
        (b",o2,1.00,card", "missing_value", "payment_id"),
        (b"p2,o2,1.00", "wrong_column_count", None),
        (b"p2,o2,1.00,card,more", "wrong_column_count", None),
        (b'p2,"o2,1.00,card', "unclosed_quote", None),
        (b'p2,"o"2",1.00,card"', "misplaced_quote", None),
        (b"p2,o\xff2,1.00,card", "invalid_encoding", None),
        (b"p2,o2,1.00," + b"x" * 2_000_000, "line_too_long", None),
    ],
)
def test_bad_row_is_quarantined_alone_with_line_and_reason(
    parser: Parser, tmp_path: Path, line: bytes, reason: str, column: str | None
) -> None:
    result = parse_bytes(parser, tmp_path, HEADER + GOOD + line + b"\np3,o3,3.00,card\n")

    assert [row[0] for row in rows_of(result, "payment_id")] == ["p1", "p3"]
    if reason == "misplaced_quote":  # an odd number of quotes is caught before its place is
        assert faults_of(result)[0][0] == 3
    else:
        assert faults_of(result) == [(3, reason, column)]
    assert result.received == result.valid + result.quarantined == 3


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"2026-02-30 10:00:00", "invalid_timestamp"),
        (b"31.01.2026", "invalid_timestamp"),
        (b"1026-01-31", "out_of_range"),
        (b"infinity", "out_of_range"),
        (b"2026-07-02 12:00:00", "in_the_future"),
        (b"tomorrow", "invalid_timestamp"),
    ],
)
def test_wrong_date_is_quarantined_with_its_text(
    parser: Parser, tmp_path: Path, value: bytes, reason: str
) -> None:
    header = b"payment_id,order_id,amount,paid_at\n"
    content = header + b"p1,o1,1,2026-06-30 11:00:00\np2,o2,1," + value + b"\n"

    result = parse_bytes(parser, tmp_path, content)

    assert [row[0] for row in rows_of(result, "payment_id")] == ["p1"]
    [fault] = quarantine_of(result)
    assert (fault["reason_code"], fault["column_name"], fault["line"]) == (reason, "paid_at", 3)
    assert value.decode() in fault["raw_text"]
    assert value.decode() not in fault["detail"]  # the detail is shown on pages; values are not


def test_open_quotes_cost_only_their_own_lines(parser: Parser, tmp_path: Path) -> None:
    lines = [b"p1,o1,1,a", b'p2,o2,1,"open', b"p3,o3,1,c", b'p4,o4,1,"open too', b"p5,o5,1,e"]

    result = parse_bytes(parser, tmp_path, HEADER + b"\n".join(lines))

    assert [row[0] for row in rows_of(result, "payment_id")] == ["p1", "p3", "p5"]
    assert [fault[:2] for fault in faults_of(result)] == [
        (3, "unclosed_quote"),
        (5, "unclosed_quote"),
    ]


def test_two_open_quotes_that_would_swallow_a_valid_row_do_not(
    parser: Parser, tmp_path: Path
) -> None:
    # Read as one record, lines 3 to 5 would be a sound row whose order holds line breaks.
    content = HEADER + b'p1,o1,1,a\np2,"o2,1,b\np3,o3,1,c\np4,o4",1,d\np5,o5,1,e\n'

    result = parse_bytes(parser, tmp_path, content)

    assert [row[0] for row in rows_of(result, "payment_id")] == ["p1", "p3", "p5"]


def test_values_with_line_breaks_are_read_where_the_mapping_says_so(
    parser: Parser, tmp_path: Path
) -> None:
    content = HEADER + b'p1,o1,1,"two\nlines"\np2,o2,1,b\np3,o3,x,c\n'

    result = parse_bytes(parser, tmp_path, content, multiline=True)

    assert rows_of(result, "payment_id", "method", "_line") == [
        ("p1", "two\nlines", 2),
        ("p2", "b", 4),
    ]
    assert faults_of(result) == [(5, "invalid_decimal", "amount")]


def test_file_with_line_breaks_and_an_open_quote_is_refused_as_a_whole(
    parser: Parser, tmp_path: Path
) -> None:
    content = HEADER + b'p1,o1,1,"two\nlines"\np2,"o2,1,b\np3,o3,1,c\n'

    result = parse_bytes(parser, tmp_path, content, multiline=True)

    assert (result.status, result.reason_code) == ("rejected", "not_readable")
    assert "multiline" in detail_of(result)


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf"])
def test_empty_file_is_refused_by_name(parser: Parser, tmp_path: Path, content: bytes) -> None:
    result = parse_bytes(parser, tmp_path, content)

    assert result.status == "rejected"
    assert result.reason_code in {"empty_file", "not_readable"}


def test_file_with_a_header_alone_is_an_empty_delivery(parser: Parser, tmp_path: Path) -> None:
    result = parse_bytes(parser, tmp_path, HEADER)

    assert (result.status, result.received) == ("parsed", 0)


def test_renamed_column_is_named_with_its_likely_new_name(parser: Parser, tmp_path: Path) -> None:
    columns = {"payment_id": "payment_id", "order_id": "order_id", "amount": "payment_value"}
    content = b"payment_id,order_id,paymentvalue\np1,o1,1\n"

    result = parse_bytes(parser, tmp_path, content, columns=columns)

    assert result.reason_code == "missing_column"
    assert "line 1: column 'payment_value' is missing" in detail_of(result)
    assert "renamed to 'paymentvalue'?" in detail_of(result)


def test_required_column_missing_from_a_canonical_file_is_named(
    parser: Parser, tmp_path: Path
) -> None:
    result = parse_bytes(parser, tmp_path, b"payment_id,order_id\np1,o1\n")

    assert result.reason_code == "missing_column"
    assert "'amount'" in detail_of(result)


def test_column_that_is_there_twice_is_refused(parser: Parser, tmp_path: Path) -> None:
    result = parse_bytes(parser, tmp_path, b"payment_id,order_id,amount,amount\np1,o1,1,2\n")

    assert result.reason_code == "duplicate_column"


def test_unmapped_columns_are_reported_and_do_no_harm(parser: Parser, tmp_path: Path) -> None:
    result = parse_bytes(parser, tmp_path, b"extra,payment_id,order_id,amount\nx,p1,o1,1\n")

    assert result.valid == 1
    assert result.unmapped_columns == ["extra"]


@pytest.mark.parametrize(
    "content",
    [
        (HEADER + GOOD).replace(b",", b";"),
        (HEADER + GOOD).replace(b",", b"\t"),
        (HEADER + GOOD).replace(b",", b"|"),
        b"\xef\xbb\xbf" + HEADER + GOOD,
        (HEADER + GOOD).decode().encode("utf-16"),
        (HEADER + GOOD).replace(b"\n", b"\r\n"),
        (HEADER + GOOD).rstrip(b"\n"),
        HEADER.replace(b"\n", b"\r\n") + GOOD,
        HEADER + b"\n" + GOOD + b"\n\n",
    ],
    ids=["semicolon", "tab", "pipe", "bom", "utf16", "crlf", "no-end", "mixed-ends", "blank-lines"],
)
def test_ways_of_writing_the_same_file_load_the_same(
    parser: Parser, tmp_path: Path, content: bytes
) -> None:
    result = parse_bytes(parser, tmp_path, content)

    assert rows_of(result, "payment_id", "order_id", "cast(amount as varchar)", "method") == [
        ("p1", "o1", "10.00", "card")
    ]
    assert result.received == 1


def test_decimal_comma_is_read_where_the_mapping_says_so(parser: Parser, tmp_path: Path) -> None:
    content = b"payment_id;order_id;amount\np1;o1;1.234,56\n"

    result = parse_bytes(parser, tmp_path, content, decimal_separator=",")

    assert rows_of(result, "cast(amount as varchar)") == [("1234.56",)]


def test_latin_1_is_read_where_the_mapping_says_so(parser: Parser, tmp_path: Path) -> None:
    content = HEADER + "p1,o1,1,Überweisung\n".encode("latin-1")

    result = parse_bytes(parser, tmp_path, content, encoding="latin-1")

    assert rows_of(result, "method") == [("Überweisung",)]


def test_line_of_five_megabytes_stands_aside_alone(parser: Parser, tmp_path: Path) -> None:
    content = HEADER + GOOD + b"p2,o2,1," + b"x" * 5_000_000 + b"\np3,o3,1,c\n"

    result = parse_bytes(parser, tmp_path, content)

    assert result.valid == 2
    assert faults_of(result) == [(3, "line_too_long", None)]
    assert len(quarantine_of(result)[0]["raw_text"]) <= 10_000


def test_mapping_translates_defaults_constants_and_templates(
    parser: Parser, tmp_path: Path
) -> None:
    columns = {
        "payment_id": {"template": "{order}-{n}"},
        "order_id": "order",
        "amount": "amount",
        "method": {"constant": "card"},
        "status": {"column": "state", "map": {"OK": "paid"}, "default": "pending"},
    }
    content = b"order,n,amount,state\no1,1,1,OK\no1,2,1,\no1,3,1,odd\no1,,1,OK\n"

    result = parse_bytes(parser, tmp_path, content, columns=columns)

    assert rows_of(result, "payment_id", "method", "status") == [
        ("o1-1", "card", "paid"),
        ("o1-2", "card", "pending"),
    ]
    assert faults_of(result) == [
        (4, "not_allowed", "status"),
        (5, "missing_value", "payment_id"),
    ]


@pytest.mark.parametrize(
    ("text", "zones", "expected"),
    [
        ("2026-06-01 10:00:00", ("UTC", "UTC"), "2026-06-01 10:00:00"),
        ("2026-06-01T10:00:00Z", ("UTC", "UTC"), "2026-06-01 10:00:00"),
        ("2026-06-01T10:00:00+02:00", ("UTC", "UTC"), "2026-06-01 08:00:00"),
        ("2026-06-01T10:00:00-0300", ("UTC", "UTC"), "2026-06-01 13:00:00"),
        # Berlin is two hours ahead of UTC in June.
        ("2026-06-01 10:00:00", ("Europe/Berlin", "UTC"), "2026-06-01 08:00:00"),
        # Kept as written, also in the hour that Sao Paulo skipped on 15 October 2017.
        ("2017-10-15 00:30:00", ("America/Sao_Paulo",) * 2, "2017-10-15 00:30:00"),
        ("2026-06-01T10:00:00Z", ("America/Sao_Paulo",) * 2, "2026-06-01 07:00:00"),
    ],
)
def test_times_come_to_the_storage_zone(
    parser: Parser, tmp_path: Path, text: str, zones: tuple[str, str], expected: str
) -> None:
    content = f"payment_id,order_id,amount,paid_at\np1,o1,1,{text}\n".encode()

    result = parse_bytes(parser, tmp_path, content, zones=zones)

    assert rows_of(result, "cast(paid_at as varchar)") == [(expected,)]


def test_pattern_is_for_the_text_whatever_the_columns_type(parser: Parser, tmp_path: Path) -> None:
    columns = {
        "payment_id": "id",
        "order_id": "order",
        "amount": {"column": "amount", "pattern": "[0-9]+[.][0-9]{2}"},
    }

    result = parse_bytes(
        parser, tmp_path, b"id,order,amount\np1,o1,1.50\np2,o2,1.5\n", columns=columns
    )

    assert rows_of(result, "payment_id") == [("p1",)]
    assert faults_of(result) == [(3, "pattern_mismatch", "amount")]


def test_deletion_needs_only_its_key(parser: Parser, tmp_path: Path) -> None:
    content = b"payment_id,order_id,amount,is_deleted\np1,,,true\np2,,,false\n"

    result = parse_bytes(parser, tmp_path, content)

    assert rows_of(result, "payment_id", "is_deleted") == [("p1", True)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("TRUE", "yes", "Ja", "J", "oui", "Sí", "Да", "1"), True),
        (("False", "No", "Nein", "N", "non", "нет", "0"), False),
    ],
)
def test_yes_and_no_are_read_in_the_languages_of_exports(
    parser: Parser, tmp_path: Path, words: tuple[str, ...], expected: bool
) -> None:
    rows = "".join(f"p{number},{word}\n" for number, word in enumerate(words))

    result = parse_bytes(
        parser, tmp_path, f"product_id,is_active\n{rows}".encode(), feed="products"
    )

    assert rows_of(result, "is_active") == [(expected,)] * len(words)


def test_row_limit_of_a_line_is_a_setting(parser: Parser, tmp_path: Path) -> None:
    content = HEADER + b"p1,o1,1," + b"x" * 200 + b"\n" + b"p2,o2,1,y\n"

    result = parse_bytes(parser, tmp_path, content, limits=Limits(line_bytes=100))

    assert faults_of(result) == [(2, "line_too_long", None)]
