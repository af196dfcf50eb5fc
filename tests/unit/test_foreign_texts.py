"""Line ends, Excel's first line, headers in the middle, blanks around ids, words for nothing."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from sources.parsing.client import Parser
from sources.parsing.emptiness import WORDS_FOR_NOTHING
from tests.unit.parsing_desk import detail_of, faults_of, parse_bytes, quarantine_of, rows_of

TABLE = b"vendor_id,name\nv1,One\nv2,Two\n"


def vendors(parser: Parser, folder: Path, content: bytes, **spec: Any) -> list[tuple[Any, ...]]:
    result = parse_bytes(parser, folder, content, feed="vendors", name="vendors.csv", **spec)
    assert result.received == result.valid + result.quarantined
    return rows_of(result, "vendor_id", "name", "_line")


@pytest.mark.parametrize(
    "content",
    [
        TABLE.replace(b"\n", b"\r"),
        TABLE.replace(b"\n", b"\r").rstrip(b"\r"),
        b"vendor_id,name\rv1,One\nv2,Two\r\n",
        b"vendor_id,name\r\nv1,One\rv2,Two",
        b"\xef\xbb\xbf" + TABLE.replace(b"\n", b"\r"),
        TABLE.decode().replace("\n", "\r").encode("utf-16"),
        b"sep=,\n" + TABLE,
        b"\xef\xbb\xbfsep=;\r\n" + TABLE.replace(b",", b";").replace(b"\n", b"\r\n"),
        ("sep=\t\n" + TABLE.decode().replace(",", "\t")).encode("utf-16"),
    ],
    ids=["cr", "cr-no-end", "mixed", "cr-late", "bom", "utf-16", "sep", "sep-bom", "sep-tab"],
)
def test_old_line_ends_and_excels_first_line_are_read(
    parser: Parser, tmp_path: Path, content: bytes
) -> None:
    found = vendors(parser, tmp_path, content)

    first = 3 if b"sep" in content or b"s\0e\0p" in content else 2
    assert found == [("v1", "One", first), ("v2", "Two", first + 1)]


def test_excels_first_line_keeps_the_lines_numbers_where_one_is_broken(
    parser: Parser, tmp_path: Path
) -> None:
    content = b"sep=;\nvendor_id;name\nv1;One\nv2\nv3;Three\n"

    result = parse_bytes(parser, tmp_path, content, feed="vendors", name="vendors.csv")

    assert rows_of(result, "vendor_id", "_line") == [("v1", 3), ("v3", 5)]
    assert faults_of(result) == [(4, "wrong_column_count", None)]
    assert quarantine_of(result)[0]["raw_text"] == "v2"


def test_excels_first_line_before_values_with_line_breaks(parser: Parser, tmp_path: Path) -> None:
    content = b'sep=;\nvendor_id;name\nv1;"O\nne"\nv2;Two\n'

    assert vendors(parser, tmp_path, content, multiline=True) == [
        ("v1", "O\nne", 3),
        ("v2", "Two", 5),
    ]


def test_a_return_inside_quotes_is_a_part_of_the_value(parser: Parser, tmp_path: Path) -> None:
    content = b'vendor_id,name\nv1,"O\rne"\nv2,Two\rv3,Three\n'

    assert vendors(parser, tmp_path, content) == [
        ("v1", "O\rne", 2),
        ("v2", "Two", 3),
        ("v3", "Three", 4),
    ]


@pytest.mark.parametrize(
    "again",
    ["vendor_id,name", "\ufeffvendor_id,name", " vendor_id , name", "Vendor_ID,NAME"],
)
@pytest.mark.parametrize("broken", [b"", b"v9\n"])
def test_a_header_in_the_middle_is_quarantined_and_no_row(
    parser: Parser, tmp_path: Path, again: str, broken: bytes
) -> None:
    content = TABLE + again.encode() + b"\nv3,Three\n" + broken

    result = parse_bytes(parser, tmp_path, content, feed="vendors", name="vendors.csv")

    assert rows_of(result, "vendor_id", "_line") == [("v1", 2), ("v2", 3), ("v3", 5)]
    assert (4, "repeated_header", None) in faults_of(result)


@pytest.mark.parametrize("again", ["name,vendor_id", "name, VENDOR_ID"])
@pytest.mark.parametrize("broken", [b"", b"v9\n"])
@pytest.mark.parametrize("multiline", [False, True])
def test_a_file_joined_to_one_with_other_columns_is_refused(
    parser: Parser, tmp_path: Path, again: str, broken: bytes, multiline: bool
) -> None:
    """The rows behind the second header would be read under the names of the first."""
    content = TABLE + again.encode() + b"\nThree,v3\n" + (b"" if multiline else broken)

    result = parse_bytes(
        parser, tmp_path, content, feed="vendors", name="vendors.csv", multiline=multiline
    )

    assert (result.status, result.reason_code) == ("rejected", "moved_columns")
    assert "line 4 repeats the column names in another order" in detail_of(result)


def test_a_value_that_equals_its_columns_name_is_one_where_the_others_do_not(
    parser: Parser, tmp_path: Path
) -> None:
    columns = {"vendor_id": "seller", "name": "seller"}
    content = b"seller,city\nseller,Bonn\nseller,city\nv2,Ulm\n"

    result = parse_bytes(
        parser, tmp_path, content, feed="vendors", name="vendors.csv", columns=columns
    )

    assert rows_of(result, "vendor_id", "_line") == [("seller", 2), ("v2", 4)]
    assert faults_of(result) == [(3, "repeated_header", None)]


BLANKS = ["\t", " \t", "\u00a0", "\u200b", "\ufeff", "\u3000", "\u2028", " \u202f\t "]


def test_blanks_around_an_id_are_none_of_it(parser: Parser, tmp_path: Path) -> None:
    lines = [f"{blank}v1{blank},{blank}{blank}" for blank in BLANKS]
    content = "vendor_id,name\n" + "\n".join(lines) + "\n"

    found = vendors(parser, tmp_path, content.encode())

    assert [row[:2] for row in found] == [("v1", None)] * len(BLANKS)


def test_json_and_parquet_ids_lose_their_blanks_too(parser: Parser, tmp_path: Path) -> None:
    path = tmp_path / "made"
    duckdb.execute(
        f"copy (select E'\\tv1 ' as vendor_id, 'One' as name) to '{path}' (format parquet)"
    )
    for name, content in (
        ("vendors.parquet", path.read_bytes()),
        ("vendors.jsonl", b'{"vendor_id": "\\tv1 ", "name": "One"}\n'),
    ):
        result = parse_bytes(parser, tmp_path / name, content, feed="vendors", name=name)
        assert rows_of(result, "vendor_id") == [("v1",)]


def test_null_and_the_dumps_mark_are_empty(parser: Parser, tmp_path: Path) -> None:
    content = b"vendor_id,name\nv1,NULL\nv2,\\N\nNULL,Three\n\\N,Four\n"

    result = parse_bytes(parser, tmp_path, content, feed="vendors", name="vendors.csv")

    assert rows_of(result, "vendor_id", "name") == [("v1", None), ("v2", None)]
    assert faults_of(result) == [
        (4, "missing_value", "vendor_id"),
        (5, "missing_value", "vendor_id"),
    ]


def test_null_values_are_a_setting_that_a_map_may_overrule(parser: Parser, tmp_path: Path) -> None:
    columns = {
        "order_id": "id",
        "customer_id": "buyer",
        "status": {"column": "state", "map": {"-": "created"}},
        "customer_record_id": {"template": "{shop}-{buyer}"},
        "ordered_at": {"column": "at", "default": "2026-01-01"},
        "currency_code": {"constant": "EUR"},
    }
    content = b"id,buyer,state,shop,at\no1,c1,-,NULL,-\no2,-,-,x,-\n"

    result = parse_bytes(
        parser,
        tmp_path,
        content,
        feed="orders",
        name="orders.csv",
        columns=columns,
        null_values=["-"],
    )

    assert rows_of(result, "status", "customer_record_id", "cast(ordered_at as varchar)") == [
        ("created", "NULL-c1", "2026-01-01 00:00:00")
    ]
    assert faults_of(result) == [(3, "none_given", "customer_id")]


@pytest.mark.parametrize("word", WORDS_FOR_NOTHING)
def test_a_word_for_nothing_is_never_an_id_and_may_be_a_name(
    parser: Parser, tmp_path: Path, word: str
) -> None:
    upper = word.upper() if word != "\\n" else word
    content = f"vendor_id,name\n{word},One\n{upper},Two\nv3,{word}\n".encode()

    result = parse_bytes(
        parser, tmp_path, content, feed="vendors", name="vendors.csv", null_values=[]
    )

    assert rows_of(result, "vendor_id", "name") == [("v3", word)]
    assert faults_of(result) == [
        (2, "word_for_nothing", "vendor_id"),
        (3, "word_for_nothing", "vendor_id"),
    ]


def test_a_reference_is_no_word_for_nothing_either_unless_the_mapping_says_what_it_is(
    parser: Parser, tmp_path: Path
) -> None:
    columns = {
        "payment_id": "id",
        "order_id": {"column": "order", "map": {"none": "o-without"}},
        "amount": "amount",
    }
    content = b"id,order,amount\np1,none,1\np2,undefined,1\n"

    result = parse_bytes(parser, tmp_path, content, columns=columns)

    assert rows_of(result, "order_id") == [("o-without",)]
    assert faults_of(result) == [(3, "word_for_nothing", "order_id")]


def test_bytes_of_parquet_are_text_and_those_that_are_none_cost_their_row(
    parser: Parser, tmp_path: Path
) -> None:
    path = tmp_path / "made"
    duckdb.execute(
        "copy (select id::blob as vendor_id, name::blob as name from (values "
        "('v1', 'M\\xC3\\xBCller'), ('v2', 'M\\xFC'), ('v3', null)) as made (id, name)) "
        f"to '{path}' (format parquet)"
    )

    result = parse_bytes(
        parser, tmp_path / "in", path.read_bytes(), feed="vendors", name="vendors.parquet"
    )

    assert rows_of(result, "vendor_id", "name") == [("v1", "M\u00fcller"), ("v3", None)]
    assert faults_of(result) == [(2, "invalid_encoding", "name")]
