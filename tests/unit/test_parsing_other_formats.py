"""JSON lines, Parquet and compressed files, with what goes wrong in each."""

import array
import bz2
import fcntl
import gzip
import lzma
import termios
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import zstandard

from sources.parsing.client import Parser
from sources.parsing.request import Limits
from tests.unit.parsing_desk import (
    a_request,
    detail_of,
    faults_of,
    parse_bytes,
    quarantine_of,
    rows_of,
)

GOOD = b'{"payment_id": "p1", "order_id": "o1", "amount": 10.5}\n'
CSV = b"payment_id,order_id,amount\np1,o1,10.50\n"


def parse_json(parser: Parser, folder: Path, content: bytes, **options: object):  # type: ignore[no-untyped-def]
    return parse_bytes(parser, folder, content, name="payments.jsonl", **options)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{broken", "invalid_json"),
        (b"[1, 2]", "invalid_json"),
        (b'"text"', "invalid_json"),
        (b'{"payment_id": "p2", "order_id": "o2"}', "missing_value"),
        (b'{"payment_id": "p2", "order_id": "o2", "amount": "x"}', "invalid_decimal"),
        (b'{"payment_id": "p2", "order_id": "o2", "amount": {"a": 1}}', "invalid_decimal"),
        (b'{"a": "\xff"}', "invalid_encoding"),
        (b"[" * 200_000 + b"]" * 200_000, "json_too_deep"),
        (b'{"a": ' * 200_000 + b"1" + b"}" * 200_000, "line_too_long"),
    ],
)
def test_bad_json_line_is_quarantined_alone(
    parser: Parser, tmp_path: Path, line: bytes, reason: str
) -> None:
    last = GOOD.replace(b"p1", b"p3")

    result = parse_json(parser, tmp_path, GOOD + line + b"\n" + last)

    assert [row[0] for row in rows_of(result, "payment_id")] == ["p1", "p3"]
    assert [fault[:2] for fault in faults_of(result)] == [(2, reason)]


def test_brackets_inside_strings_are_not_depth(parser: Parser, tmp_path: Path) -> None:
    line = b'{"payment_id": "' + b"[" * 100 + b'", "order_id": "o1", "amount": 1}\n'

    result = parse_json(parser, tmp_path, line)

    assert result.valid == 1


def test_nested_values_are_mapped_by_their_path(parser: Parser, tmp_path: Path) -> None:
    columns = {"payment_id": "id", "order_id": "order.id", "amount": "total.value"}
    line = b'{"id": "p1", "order": {"id": "o1"}, "total": {"value": "3.20"}}\n'

    result = parse_json(parser, tmp_path, line, columns=columns)

    assert rows_of(result, "order_id", "cast(amount as varchar)") == [("o1", "3.20")]


def test_json_null_is_no_value(parser: Parser, tmp_path: Path) -> None:
    line = b'{"payment_id": "p1", "order_id": "o1", "amount": 1, "method": null}\n'

    assert rows_of(parse_json(parser, tmp_path, line), "method") == [(None,)]


def test_parquet_is_loaded_and_its_bad_rows_are_kept_as_json(
    parser: Parser, tmp_path: Path
) -> None:
    frame = pl.DataFrame(
        {"payment_id": ["p1", "p2"], "order_id": ["o1", "o2"], "amount": [10.5, 1.005]}
    )
    frame.write_parquet(tmp_path / "source")

    content = (tmp_path / "source").read_bytes()
    result = parse_bytes(parser, tmp_path, content, name="payments.parquet")

    assert rows_of(result, "payment_id", "cast(amount as varchar)", "_line") == [("p1", "10.50", 1)]
    assert faults_of(result) == [(2, "too_precise", "amount")]
    assert '"payment_id":"p2"' in quarantine_of(result)[0]["raw_text"]


def test_parquet_that_is_none_is_refused(parser: Parser, tmp_path: Path) -> None:
    result = parse_bytes(parser, tmp_path, b"PAR1 not really", name="payments.parquet")

    assert (result.status, result.reason_code) == ("rejected", "not_readable")


@pytest.mark.parametrize(
    "pack",
    [gzip.compress, bz2.compress, lzma.compress, zstandard.ZstdCompressor().compress],
    ids=["gzip", "bzip2", "xz", "zstd"],
)
def test_compressed_files_are_read_whatever_their_name(
    parser: Parser, tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    result = parse_bytes(parser, tmp_path, pack(CSV))

    assert rows_of(result, "payment_id") == [("p1",)]


def test_gzip_that_was_cut_off_is_refused_as_a_whole(parser: Parser, tmp_path: Path) -> None:
    packed = gzip.compress(CSV * 1000)

    result = parse_bytes(parser, tmp_path, packed[: len(packed) // 2])

    assert (result.status, result.reason_code) == ("rejected", "not_readable")
    assert "damaged or cut off" in detail_of(result)


def test_gz_bomb_is_refused_before_it_fills_the_disk(parser: Parser, tmp_path: Path) -> None:
    bomb = gzip.compress(b"p1,o1,1\n" * 30_000_000)  # 240 MB in about 0.4 MB

    result = parse_bytes(parser, tmp_path, bomb)

    assert (result.status, result.reason_code) == ("rejected", "compression_bomb")
    unpacked = tmp_path / "out" / "plain"
    assert unpacked.stat().st_size < 70 << 20


def test_parser_that_dies_rejects_one_file_and_reads_the_next(tmp_path: Path) -> None:
    # The kernel ends a process that uses up its processor time; this file needs several seconds.
    long_file = CSV + b"p2,o2,10.50\n" * 6_000_000
    requests = [
        a_request(tmp_path / "a", CSV),
        a_request(tmp_path / "b", long_file, limits=Limits(cpu_seconds=1)),
        a_request(tmp_path / "c", CSV),
    ]

    with Parser() as own:
        results = list(own.parse_all(requests))

    assert [result.status for result in results] == ["parsed", "rejected", "parsed"]
    assert results[1].reason_code == "parser_crashed"


def test_parser_that_hangs_is_ended(tmp_path: Path) -> None:
    rows = b"".join(b"p%d,o1,1\n" % n for n in range(400_000))
    slow = a_request(tmp_path, b"payment_id,order_id,amount\n" + rows).model_copy(
        update={"limits": Limits(wall_seconds=0)}
    )

    with Parser() as own:
        result = own.parse(slow)

    assert result.reason_code == "parser_timed_out"


def test_two_answers_that_come_at_once_are_both_received(parser: Parser, tmp_path: Path) -> None:
    requests = [a_request(tmp_path / str(n), b"payment_id,order_id,amount\n") for n in range(2)]
    waiting = deque(requests)
    for request in requests:
        parser._send(request)
    deadline = time.monotonic() + 60
    while pending_bytes(parser) < 2 * SHORTEST_ANSWER and time.monotonic() < deadline:
        time.sleep(0.05)

    results = [parser._received(waiting), parser._received(waiting)]

    assert [result.status for result in results] == ["parsed", "parsed"]


# An answer names its status, its counts and its files.
SHORTEST_ANSWER = 200


def pending_bytes(parser: Parser) -> int:
    """What the pipe holds and nobody has read."""
    assert parser._process
    assert parser._process.stdout
    counted = array.array("i", [0])
    fcntl.ioctl(parser._process.stdout, termios.FIONREAD, counted)
    return counted[0]


def test_birthdays_lie_before_the_first_shop_and_not_in_another_age(
    parser: Parser, tmp_path: Path
) -> None:
    content = b"contact_id,birth_date\nc1,1938-02-28\nc2,1838-02-28\n"

    result = parser.parse(a_request(tmp_path, content, feed="contacts", name="contacts.csv"))

    assert (result.valid, result.quarantined) == (1, 1)
