"""Unpacking: from the landed bytes to a plain UTF-8 file, within limits, as a stream."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from output.findings.finding import Finding
from sources.disk import DiskFullError, free_bytes, in_mib
from sources.parsing.reasons import FileRejectedError
from sources.parsing.request import Limits
from sources.parsing.unpacking import (
    DamagedError,
    compression_of,
    foreign_container,
    unpacked,
)

_CHUNK_BYTES = 1 << 20
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)


def as_plain_file(path: Path, encoding: str, folder: Path, limits: Limits) -> Path:
    """A plain file with the same content: the landed file itself where it is plain UTF-8 already.

    A byte order mark decides over the encoding that was configured.

    Raises:
        FileRejectedError: the file is empty, a bomb, too large or damaged.
        DiskFullError: there is no room to unpack it, whatever it holds.
    """
    if path.stat().st_size == 0:
        raise FileRejectedError("empty_file", Finding.of("no_bytes"))
    compression = compression_of(path)
    plain = path if compression is None else folder / "plain"
    if compression is not None:
        _write(plain, _within_room(_unpacked(path, compression, limits), folder))
    container = foreign_container(plain)
    if container is not None:
        raise FileRejectedError("not_readable", container)
    if plain.stat().st_size == 0:
        raise FileRejectedError("empty_file", Finding.of("empty_once_unpacked"))
    with plain.open("rb") as stream:
        head = stream.read(4)
    found = next((name for mark, name in _MARKS if head.startswith(mark)), None) or encoding
    if codecs.lookup(found).name == "utf-8":
        return plain
    decoded = folder / "decoded"
    _write(decoded, _within_room(_decoded(plain, found), folder))
    return decoded


def is_parquet(path: Path) -> bool:
    """True where the file begins as Parquet files do."""
    with path.open("rb") as stream:
        return stream.read(4) == b"PAR1"


def _unpacked(path: Path, compression: str, limits: Limits) -> Iterator[bytes]:
    packed_bytes = path.stat().st_size
    unpacked_bytes = 0
    try:
        for piece in unpacked(path, compression):
            unpacked_bytes += len(piece)
            _check_size(packed_bytes, unpacked_bytes, limits)
            yield piece
    except DamagedError as error:
        detail = Finding.of("packed_damaged", method=compression)
        raise FileRejectedError("not_readable", detail) from error


def _within_room(pieces: Iterator[bytes], folder: Path) -> Iterator[bytes]:
    """The pieces, as long as they take no more than half of the room; rows need the rest."""
    room = free_bytes(folder) // 2
    written = 0
    for piece in pieces:
        written += len(piece)
        if written > room:
            raise DiskFullError(
                f"it unpacks to more than {in_mib(room)}, half of the free space in {folder}; free "
                "some space and run again"
            )
        yield piece


def _check_size(packed_bytes: int, unpacked_bytes: int, limits: Limits) -> None:
    if unpacked_bytes > limits.plain_bytes:
        detail = Finding.of("unpacks_to_too_much", allowed=limits.plain_bytes)
        raise FileRejectedError("too_large", detail)
    is_large = unpacked_bytes > limits.ratio_applies_beyond_bytes
    if is_large and unpacked_bytes > packed_bytes * limits.compression_ratio:
        times = limits.compression_ratio
        detail = Finding.of("unpacks_to_many_times", packed=packed_bytes, times=times)
        raise FileRejectedError("compression_bomb", detail)


def _decoded(path: Path, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                yield decoder.decode(chunk).encode()
            yield decoder.decode(b"", final=True).encode()
    except UnicodeError as error:
        detail = Finding.of("not_in_encoding", encoding=encoding)
        raise FileRejectedError("not_readable", detail) from error


def _write(path: Path, chunks: Iterator[bytes]) -> None:
    with path.open("wb") as target:
        for chunk in chunks:
            target.write(chunk)
