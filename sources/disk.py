"""Room on the disk: looked at before work begins, and told where it ran out all the same."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sources.errors import PermanentSourceError

# Stays free for what must not fail: the ledger's commit, the operational store, logs.
RESERVE_BYTES = 64 << 20
_FULL = (errno.ENOSPC, errno.EDQUOT)
_SAID = tuple(os.strerror(number) for number in _FULL)


class DiskFullError(PermanentSourceError):
    """There is no room for what was to be written; the message says how much is needed."""


def free_bytes(folder: Path) -> int:
    """What may still be written below a folder, which need not be there yet."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return max(0, shutil.disk_usage(folder).free - RESERVE_BYTES)


def require_room(folder: Path, needed: int, doing: str) -> None:
    """Lets work begin that writes about so many bytes below a folder.

    Raises:
        DiskFullError: there is not so much room.
    """
    free = free_bytes(folder)
    if needed > free:
        raise DiskFullError(
            f"{doing} needs about {in_mib(needed)}, and {folder} has {in_mib(free)} free beside "
            f"the {in_mib(RESERVE_BYTES)} that stay so; free space there and run again"
        )


@contextmanager
def noticing_full_disk(folder: Path) -> Iterator[None]:
    """Tells of a disk that became full meanwhile.

    Raises:
        DiskFullError: in place of the system's or DuckDB's error.
    """
    try:
        yield
    except Exception as error:
        if not is_full(error):
            raise
        raise DiskFullError(
            f"{folder}: the disk is full; nothing half-done was kept, so free space there and run "
            "again"
        ) from None


def is_full(error: BaseException) -> bool:
    """Whether an error says that the disk is full."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    # DuckDB's carry no number, and others of its errors may quote what a file holds. It is not
    # imported for this alone.
    is_of_files = type(error).__name__ in {"IOException", "TransactionException"}
    return is_of_files and str(error).endswith(_SAID)


def in_mib(byte_count: int) -> str:
    """A number of bytes for people, rounded up."""
    return f"{-(-byte_count >> 20):,} MiB"
