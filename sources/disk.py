"""Disk space: checked before work begins, and reported if it runs out all the same."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sources.errors import PermanentSourceError

# Kept free for what must not fail: the ledger's commit, the operational store, logs.
RESERVE_BYTES = 64 << 20
_FULL = (errno.ENOSPC, errno.EDQUOT)
_SAID = tuple(os.strerror(number) for number in _FULL)


class DiskFullError(PermanentSourceError):
    """There is not enough disk space; the message says how much is needed."""


def free_bytes(folder: Path) -> int:
    """The usable bytes below a folder, which need not exist yet."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return max(0, shutil.disk_usage(folder).free - RESERVE_BYTES)


def require_room(folder: Path, needed: int, doing: str) -> None:
    """Checks that there is space to write about this many bytes below a folder.

    Raises:
        DiskFullError: there is not so much room.
    """
    free = free_bytes(folder)
    if needed > free:
        raise DiskFullError(
            f"{doing} needs about {in_mib(needed)}, but {folder} has {in_mib(free)} free beyond "
            f"the {in_mib(RESERVE_BYTES)} reserve; free some space and run again"
        )


@contextmanager
def noticing_full_disk(folder: Path) -> Iterator[None]:
    """Reports a disk that has become full in the meantime.

    Raises:
        DiskFullError: in place of the system's or DuckDB's error.
    """
    try:
        yield
    except Exception as error:
        if not is_full(error):
            raise
        raise DiskFullError(
            f"{folder}: the disk is full; nothing incomplete was kept, so free some space and run "
            "again"
        ) from None


def is_full(error: BaseException) -> bool:
    """Whether an error means that the disk is full."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    # DuckDB's carry no number, and others of its errors may quote what a file holds. It is not
    # imported for this alone.
    is_of_files = type(error).__name__ in {"IOException", "TransactionException"}
    return is_of_files and str(error).endswith(_SAID)


def in_mib(byte_count: int) -> str:
    """A number of bytes for people, rounded up."""
    return f"{-(-byte_count >> 20):,} MiB"


def as_written(path: Path) -> tuple[int, int] | None:
    """The size of a file in bytes and when it was written in ns; None where there is none.

    A file of which neither changed is taken for the same one.
    """
    try:
        facts = path.stat()
    except FileNotFoundError:
        return None
    return facts.st_size, facts.st_mtime_ns
