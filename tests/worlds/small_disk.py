"""A small real file system, mounted for a test: what is written to it takes room, and then none."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sources.disk import RESERVE_BYTES

MIB = 1 << 20


class Disk:
    """A file system in memory that can grow."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def is_mounted(self, mib: int) -> bool:
        self.folder.mkdir()
        size = f"size={RESERVE_BYTES + mib * MIB}"
        command = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(self.folder)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def grow(self, mib: int) -> None:
        size = f"remount,size={RESERVE_BYTES + mib * MIB}"
        subprocess.run(["mount", "-o", size, str(self.folder)], check=True)

    def unmount(self) -> None:
        subprocess.run(["umount", "-l", str(self.folder)], check=True)


@contextmanager
def mounted(folder: Path, mib: int) -> Iterator[Disk]:
    disk = Disk(folder)
    if not disk.is_mounted(mib):
        pytest.skip("only root may mount a small file system, and not in every container")
    try:
        yield disk
    finally:
        disk.unmount()
