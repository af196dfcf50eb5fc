"""A folder in memory where files are made before they are copied to where they stay.

DuckDB waits for the disk three times per file; on a busy disk that doubled the time of three
thousand files. Made in memory and copied, they need one wait for all of them.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sources.disk import free_bytes

MEMORY = Path("/dev/shm")  # noqa: S108 - the folder made in it is our own and closed to others
_NEEDED_BYTES = 256 * 1024 * 1024


@contextmanager
def workshop(published: Path, fallback: Path, memory: Path = MEMORY) -> Iterator[Path]:
    """A private empty folder in memory, or the fallback where there is none; removed at the end."""
    name = hashlib.sha256(str(published.resolve()).encode()).hexdigest()[:16]
    folder = memory / f"kontor-publishing-{name}"
    if not _made(folder):
        folder = fallback
        folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def alone(published: Path) -> Iterator[int]:
    """The number of an open file whose lock says that versions are being written here.

    The lock is of the open file, so workers that inherit it hold it as long as they live: those of
    a publication that was killed end a moment after it, and until then would write and tidy where
    the next one writes.
    """
    held = os.open(published, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # some file systems of networks know no lock of a folder
            fcntl.flock(held, fcntl.LOCK_EX)
        yield held
    finally:
        os.close(held)


def _made(folder: Path) -> bool:
    """Whether the folder is now there, empty and nobody else's."""
    try:
        if free_bytes(folder.parent) < _NEEDED_BYTES:
            return False
        # What a killed run of the same home left; anybody else's folder of that name is not ours
        # to use, and a link is never followed.
        if folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == os.getuid():
            shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
    except OSError:
        return False
    return True
