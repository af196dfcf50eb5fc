"""Compressed bytes as a stream of plain ones, with an error if they are incomplete.

Data that is cut off, damaged or followed by other bytes is refused, at whatever byte that happens.
The standard library's readers end in silence where bytes behind a whole member are none, and
zstandard's where a frame is cut off.
"""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

import zstandard

from output.findings.finding import Finding

_CHUNK_BYTES = 1 << 20
# A block of zstd's takes four bytes at least and holds 128 KiB at most; its reader takes no limit.
_ZSTD_BYTES = 1 << 12
_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    # A frame that readers skip may come first.
    **{bytes([first]) + b"\x2a\x4d\x18": "zstd" for first in range(0x50, 0x60)},
}
# What only looks like a file of rows, and what to do with it.
_CONTAINERS = {
    b"PK\x03\x04": Finding.of("is_zip_or_workbook"),
    b"PK\x05\x06": Finding.of("is_empty_archive"),
    b"\x04\x22\x4d\x18": Finding.of("is_packed_otherwise", method="lz4"),
    b"\xff\x06\x00\x00sNaPpY": Finding.of("is_packed_otherwise", method="snappy"),
    b"7z\xbc\xaf\x27\x1c": Finding.of("is_archive", kind="7z"),
    b"Rar!": Finding.of("is_archive", kind="RAR"),
    b"\x1f\x9d": Finding.of("is_packed_otherwise", method="compress"),
    b"\x5d\x00\x00": Finding.of("is_packed_otherwise", method="lzma"),
    b"\xd0\xcf\x11\xe0": Finding.of("is_old_workbook"),
    b"%PDF": Finding.of("is_pdf"),
}
_LONGEST_MAGIC = max(map(len, (*_MAGIC, *_CONTAINERS)))
# zlib's own format and its raw one carry no name; 31 asks for gzip's header and checks its sums.
_GZIP_WINDOW = 31
# Between and behind members these formats allow zeros; tapes and old tools fill up with them.
_PADDED = frozenset({"gzip", "xz"})


class DamagedError(Exception):
    """The compressed data is cut off or not what its format asks for."""


def compression_of(path: Path) -> str | None:
    """How a file is compressed, told by its first bytes; None where it is plain."""
    head = _head(path)
    return next((name for magic, name in _MAGIC.items() if head.startswith(magic)), None)


def foreign_container(path: Path) -> Finding | None:
    """What a file is that we do not unpack, and what to do with it; None for any other."""
    head = _head(path)
    return next((found for magic, found in _CONTAINERS.items() if head.startswith(magic)), None)


def unpacked(path: Path, compression: str) -> Iterator[bytes]:
    """The plain bytes of all members, in pieces of limited size.

    Raises:
        DamagedError: the data is cut off, damaged, or followed by bytes of another kind.
    """
    start = _MEMBERS[compression]
    member = start()
    is_begun = False
    with path.open("rb") as stream:
        for packed in _pieces(stream, compression):
            rest = packed
            while rest:
                if not is_begun and compression in _PADDED and not rest.strip(b"\0"):
                    break
                is_begun = True
                try:
                    yield from member.plain(rest)
                except (
                    zlib.error,
                    OSError,
                    lzma.LZMAError,
                    zstandard.ZstdError,
                    EOFError,
                ) as error:
                    raise DamagedError(str(error)) from error
                rest = b""
                if member.is_whole:
                    rest = member.rest
                    member, is_begun = start(), False
    if is_begun:
        raise DamagedError("it ends in the middle")


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_LONGEST_MAGIC)


def _pieces(stream: BinaryIO, compression: str) -> Iterator[bytes]:
    size = _ZSTD_BYTES if compression == "zstd" else _CHUNK_BYTES
    while piece := stream.read(size):
        yield piece


class _Member(Protocol):
    """One compressed member: what its bytes hold, whether it is whole, and what follows it."""

    is_whole: bool
    rest: bytes

    def plain(self, packed: bytes) -> Iterator[bytes]: ...


class _Gzip:
    def __init__(self) -> None:
        self._inner = zlib.decompressobj(_GZIP_WINDOW)
        self.is_whole, self.rest = False, b""

    def plain(self, packed: bytes) -> Iterator[bytes]:
        while packed and not self._inner.eof:
            yield self._inner.decompress(packed, _CHUNK_BYTES)
            packed = self._inner.unconsumed_tail
        self.is_whole, self.rest = self._inner.eof, self._inner.unused_data


class _Limited:
    """bzip2 and xz, whose readers keep what they have not unpacked yet."""

    def __init__(self, inner: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._inner = inner
        self.is_whole, self.rest = False, b""

    def plain(self, packed: bytes) -> Iterator[bytes]:
        yield self._inner.decompress(packed, _CHUNK_BYTES)
        while not self._inner.eof and not self._inner.needs_input:
            yield self._inner.decompress(b"", _CHUNK_BYTES)
        self.is_whole = self._inner.eof
        self.rest = self._inner.unused_data if self.is_whole else b""


class _Zstd:
    def __init__(self) -> None:
        self._inner = zstandard.ZstdDecompressor().decompressobj()
        self.is_whole, self.rest = False, b""

    def plain(self, packed: bytes) -> Iterator[bytes]:
        yield self._inner.decompress(packed)
        self.is_whole, self.rest = self._inner.eof, self._inner.unused_data


_MEMBERS: dict[str, Callable[[], _Member]] = {
    "gzip": _Gzip,
    "bzip2": lambda: _Limited(bz2.BZ2Decompressor()),
    "xz": lambda: _Limited(lzma.LZMADecompressor(lzma.FORMAT_XZ)),
    "zstd": _Zstd,
}
