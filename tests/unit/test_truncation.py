"""A compressed file that was cut off, damaged or continued by other bytes is refused as a whole."""

import bz2
import gzip
import io
import lzma
import random
import zlib
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import zstandard

from sources.parsing.client import Parser
from sources.parsing.unpacking import DamagedError, compression_of, unpacked
from tests.unit.loading_desk import a_desk
from tests.unit.parsing_desk import detail_of, parse_bytes, rows_of

pytestmark = pytest.mark.warehouse

BLOCK_ROWS = 60
chance = random.Random(7)  # noqa: S311 - names of vendors, no secret
BLOCKS = [
    b"".join(
        b"v%d,%x\n" % (block * BLOCK_ROWS + row, chance.getrandbits(64))
        for row in range(BLOCK_ROWS)
    )
    for block in range(6)
]
DATA = b"vendor_id,name\n" + b"".join(BLOCKS)


def gzip_in_blocks(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    size = len(data) // len(BLOCKS)
    parts = [
        packer.compress(data[start : start + size]) + packer.flush(zlib.Z_FULL_FLUSH)
        for start in range(0, len(data), size)
    ]
    return b"".join(parts) + packer.flush()


def zstd_in_blocks(data: bytes) -> bytes:
    """As a stream is written: without its size and without a checksum, flushed block by block."""
    target = io.BytesIO()
    packer = zstandard.ZstdCompressor(write_checksum=False, write_content_size=False)
    size = len(data) // len(BLOCKS)
    with packer.stream_writer(target, closefd=False) as writer:
        for start in range(0, len(data), size):
            writer.write(data[start : start + size])
            writer.flush()
    return target.getvalue()


CODECS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "gzip-blocks": gzip_in_blocks,
    "bzip2": lambda data: bz2.compress(data, 1),
    "xz": lzma.compress,
    "xz-no-check": lambda data: lzma.compress(data, check=lzma.CHECK_NONE),
    "zstd": zstandard.ZstdCompressor().compress,
    "zstd-blocks": zstd_in_blocks,
    "zstd-checksum": zstandard.ZstdCompressor(write_checksum=True).compress,
}
codecs = pytest.mark.parametrize("pack", CODECS.values(), ids=CODECS)


def plain_of(path: Path, packed: bytes) -> bytes:
    path.write_bytes(packed)
    compression = compression_of(path)
    assert compression is not None
    return b"".join(unpacked(path, compression))


@codecs
def test_whole_and_joined_members_are_read(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "file"

    assert plain_of(path, pack(DATA)) == DATA
    assert plain_of(path, pack(DATA) + pack(BLOCKS[0])) == DATA + BLOCKS[0]


@codecs
def test_data_that_is_cut_off_anywhere_is_damaged(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    whole = pack(DATA)
    joined = whole + pack(BLOCKS[0])

    # Below six bytes nothing tells how it is compressed. Heads and ends of members are looked at
    # byte by byte, and what lies between by steps much smaller than a block.
    ends = {*range(6, 30), *range(len(whole) - 30, len(whole) + 30)}
    ends |= {*range(len(joined) - 30, len(joined)), *range(6, len(joined), len(joined) // 100)}
    # The first member alone is whole, and nothing says that more came.
    for end in ends - {len(whole)}:
        with pytest.raises(DamagedError):
            plain_of(tmp_path / "file", joined[:end])


@codecs
@pytest.mark.parametrize("further", [b"garbage", b"\r\n", b"\0\0\0\1", b"\xff" * 100])
def test_bytes_behind_the_last_member_are_damage(
    tmp_path: Path, pack: Callable[[bytes], bytes], further: bytes
) -> None:
    with pytest.raises(DamagedError):
        plain_of(tmp_path / "file", pack(DATA) + further)


@pytest.mark.parametrize("codec", ["gzip", "xz"])
def test_zeros_that_fill_up_a_tape_are_none(tmp_path: Path, codec: str) -> None:
    assert plain_of(tmp_path / "file", CODECS[codec](DATA) + b"\0" * 1024) == DATA


def test_frames_of_zstd_that_readers_skip_are_skipped(tmp_path: Path) -> None:
    skipped = b"\x5a\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"note"
    packed = CODECS["zstd"](DATA)

    assert plain_of(tmp_path / "file", skipped + packed + skipped) == DATA


@codecs
def test_the_parser_refuses_such_a_file_with_a_remedy(
    parser: Parser, tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    packed = pack(DATA)

    whole = parse_bytes(parser, tmp_path / "a", packed, feed="vendors", name="vendors.csv")
    cut = parse_bytes(parser, tmp_path / "b", packed[:-3], feed="vendors", name="vendors.csv")

    assert len(rows_of(whole, "vendor_id")) == len(BLOCKS) * BLOCK_ROWS
    assert (cut.status, cut.reason_code) == ("rejected", "not_readable")
    assert "cut off" in detail_of(cut)


@pytest.mark.parametrize("cut", [1, 20, 400])
def test_a_snapshot_that_was_cut_off_deletes_nothing(
    parser: Parser, tmp_path: Path, cut: int
) -> None:
    desk = a_desk(tmp_path, parser, {"vendors": [{"files": "vendors-*.csv.zst", "snapshot": True}]})
    desk.put("vendors-1.csv.zst", zstd_in_blocks(DATA))
    desk.ingest("vendors")
    desk.put("vendors-2.csv.zst", zstd_in_blocks(DATA)[:-cut])

    [outcome] = desk.ingest("vendors").outcomes

    assert (outcome.status, outcome.reason_code, outcome.deleted) == ("rejected", "not_readable", 0)
    assert desk.query("select count(*) from raw.vendors_current") == [(len(BLOCKS) * BLOCK_ROWS,)]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"PK\x03\x04" + b"\0" * 40, "ZIP archive or an Excel workbook"),
        (b"\x04\x22\x4d\x18" + b"\0" * 40, "lz4"),
        # without its time, which would be in the test's name, and other in each worker
        (gzip.compress(b"PK\x03\x04" + b"\0" * 40, mtime=0), "ZIP archive"),
        (b"%PDF-1.7 and so on", "PDF"),
    ],
)
def test_what_only_looks_like_a_file_of_rows_is_named(
    parser: Parser, tmp_path: Path, head: bytes, said: str
) -> None:
    result = parse_bytes(parser, tmp_path, head, feed="vendors", name="vendors.csv")

    assert (result.status, result.reason_code) == ("rejected", "not_readable")
    assert said in detail_of(result)


def test_a_parquet_file_that_was_cut_off_is_refused(parser: Parser, tmp_path: Path) -> None:
    path = tmp_path / "made"
    pl.DataFrame({"vendor_id": [f"v{i}" for i in range(400)], "name": ["n"] * 400}).write_parquet(
        path, row_group_size=100
    )
    whole = path.read_bytes()
    for number, end in enumerate(range(4, len(whole), len(whole) // 8)):
        result = parse_bytes(
            parser, tmp_path / str(number), whole[:end], feed="vendors", name="vendors.parquet"
        )
        assert (result.status, result.reason_code) == ("rejected", "not_readable")
