"""Landing: the bytes as they came, kept unchanged under the hash of their content."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sources.errors import PermanentSourceError, TransientSourceError
from sources.kill_points import reached

_CHUNK_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class LandedFile:
    """A file of the landing: its content's hash, its size and where the copy lies."""

    file_id: str
    byte_count: int
    path: Path


def landed_path(landing: Path, file_id: str) -> Path:
    """Where the content with this hash lies in the landing."""
    return landing / file_id[:2] / file_id


def content_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def land(path: Path, landing: Path) -> LandedFile:
    """Copies a file into the landing and returns its place; the same bytes twice are a no-op.

    The copy is written beside its place, synced and renamed, so a crash leaves no half file under
    a hash. The hash is that of the bytes copied, whatever happens to the source meanwhile.

    Raises:
        PermanentSourceError: the file cannot be read.
        TransientSourceError: the landing cannot be written (disk full, read-only).
    """
    try:
        known = landed_path(landing, content_hash(path))
        if known.exists() and known.stat().st_size == path.stat().st_size:
            return LandedFile(known.name, known.stat().st_size, known)
        source = path.open("rb")
    except OSError as error:
        raise PermanentSourceError(f"{path}: cannot be read ({error.strerror})") from error
    with source:
        try:
            return _copy(source, landing)
        except OSError as error:
            raise TransientSourceError(
                f"{landing}: cannot be written ({error.strerror}); free space and run again"
            ) from error


def _copy(source: BinaryIO, landing: Path) -> LandedFile:
    landing.mkdir(parents=True, exist_ok=True)
    # One name: the home's lock lets one process land, and what a killed one left is overwritten.
    temporary = landing / ".unfinished.tmp"
    digest = hashlib.sha256()
    byte_count = 0
    try:
        with temporary.open("wb") as target:
            while chunk := source.read(_CHUNK_BYTES):
                digest.update(chunk)
                target.write(chunk)
                byte_count += len(chunk)
            target.flush()
            os.fsync(target.fileno())
        reached("landing: copied")
        final = landed_path(landing, digest.hexdigest())
        final.parent.mkdir(exist_ok=True)
        temporary.rename(final)
        reached("landing: named")
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folders(final.parent, landing)
    return LandedFile(final.name, byte_count, final)


def land_made(path: Path, landing: Path) -> LandedFile:
    """Moves a file of ours into the landing, under the hash of its content.

    Raises:
        TransientSourceError: the landing cannot be written (disk full, read-only).
    """
    try:
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
        byte_count = path.stat().st_size
        final = landed_path(landing, content_hash(path))
        final.parent.mkdir(parents=True, exist_ok=True)
        path.rename(final)
        reached("landing: named")
        _sync_folders(final.parent, landing)
    except OSError as error:
        raise TransientSourceError(
            f"{landing}: cannot be written ({error.strerror}); free space and run again"
        ) from error
    return LandedFile(final.name, byte_count, final)


def _sync_folders(*folders: Path) -> None:
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
