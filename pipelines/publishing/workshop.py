"""A folder in memory where files are made before they are copied to where they stay.

DuckDB waits for the disk three times per file; on a busy disk that doubled the time of three
thousand files. Made in memory and copied, they need one wait for all of them.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
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
