"""Landing: the bytes as they came, kept unchanged under the hash of their content."""

import errno
import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader, FileIO
from pathlib import Path

from sources.disk import in_mib, noticing_full_disk, require_room
from sources.errors import TransientSourceError
from sources.kill_points import reached

_CHUNK_BYTES = 4 << 20
_CANNOT_COPY_INSIDE = {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM}


@dataclass(frozen=True, slots=True)
class LandedFile:
    """A file of the landing: its content's hash, its size and where the copy lies.

    `begun_ns` is when the copying began, by the landing's file system's clock.
    """

    file_id: str
    byte_count: int
    path: Path
    begun_ns: int = 0


def landed_path(landing: Path, file_id: str) -> Path:
    """Where the content with this hash lies in the landing."""
    return landing / file_id[:2] / file_id


def content_hash(stream: BufferedReader | FileIO) -> str:
    """SHA-256 of the bytes of an open file, in hexadecimal."""
    return hashlib.file_digest(stream, "sha256").hexdigest()


def land(source: BufferedReader, landing: Path) -> LandedFile:
    """Copies an open file into the landing and returns its place; the same bytes are kept once.

    The copy is written beside its place, synced and renamed, so a crash leaves no half file under
    a hash. The hash is that of the copy, whatever happens to the source meanwhile.

    Raises:
        DiskFullError: there is no room for the copy.
        TransientSourceError: the landing cannot be written (read-only, taken away).
    """
    with _telling_why(landing):
        size = os.fstat(source.fileno()).st_size
        require_room(landing, size, f"copying a file of {in_mib(size)}")
        return _copy(source, landing)


@contextmanager
def _telling_why(landing: Path) -> Iterator[None]:
    """A sentence in place of the system's error where the landing cannot be written."""
    try:
        with noticing_full_disk(landing):
            yield
    except OSError as error:
        raise TransientSourceError(
            f"{landing}: cannot be written ({error.strerror}); fix this and run again"
        ) from error


def _copy(source: BufferedReader, landing: Path) -> LandedFile:
    landing.mkdir(parents=True, exist_ok=True)
    # One name: the home's lock lets one process land, and what a killed one left is overwritten.
    temporary = landing / ".unfinished.tmp"
    try:
        with temporary.open("w+b", buffering=0) as target:
            begun_ns = os.fstat(target.fileno()).st_mtime_ns
            _copy_bytes(source.fileno(), target.fileno())
            target.seek(0)
            # The disk is waited for while the copy, still in memory, is hashed.
            with ThreadPoolExecutor(max_workers=1) as background:
                synced = background.submit(os.fsync, target.fileno())
                file_id = content_hash(target)
                synced.result()
            byte_count = os.fstat(target.fileno()).st_size
        reached("landing: copied")
        final = landed_path(landing, file_id)
        if not (final.exists() and final.stat().st_size == byte_count):
            final.parent.mkdir(exist_ok=True)
            temporary.rename(final)
            reached("landing: named")
            _sync_folders(final.parent, landing)
    finally:
        temporary.unlink(missing_ok=True)
    return LandedFile(file_id, byte_count, final, begun_ns)


def land_made(path: Path, landing: Path) -> LandedFile:
    """Moves a file of ours into the landing, under the hash of its content.

    Raises:
        DiskFullError: there is no room.
        TransientSourceError: the landing cannot be written (read-only, taken away).
    """
    with _telling_why(landing):
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
            file_id = content_hash(stream)
        byte_count = path.stat().st_size
        final = landed_path(landing, file_id)
        final.parent.mkdir(parents=True, exist_ok=True)
        path.rename(final)
        reached("landing: named")
        _sync_folders(final.parent, landing)
    return LandedFile(final.name, byte_count, final)


def _copy_bytes(source: int, target: int) -> None:
    """Copies inside the kernel where the file systems can, by hand where they cannot."""
    try:
        while os.copy_file_range(source, target, _CHUNK_BYTES):
            pass
    except OSError as error:
        if error.errno not in _CANNOT_COPY_INSIDE:
            raise
    # Whatever is left, and a file that pretends to be empty, is read as any program reads it.
    while chunk := os.read(source, _CHUNK_BYTES):
        view = memoryview(chunk)
        while view:
            view = view[os.write(target, view) :]


def _sync_folders(*folders: Path) -> None:
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
