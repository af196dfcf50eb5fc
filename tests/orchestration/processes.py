"""The processes that a test started, as the kernel lists them."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def children_of(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            state, ppid = status.read_text().rpartition(")")[2].split()[:2]
            if int(ppid) == parent and state != "Z":
                found.append(int(status.parent.name))
    return sorted(found)


def descendants_of(parent: int) -> list[int]:
    found = children_of(parent)
    return found + [below for child in found for below in descendants_of(child)]


def command_of(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def sockets_of(process: int) -> set[int]:
    """The inodes of the sockets that a process has open."""
    found = set()
    for descriptor in Path(f"/proc/{process}/fd").glob("*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            kind, _, inode = str(descriptor.readlink()).partition(":")
            found |= {int(inode.strip("[]"))} if kind == "socket" else set()
    return found


def files_of(process: int) -> set[str]:
    """The paths of what a process has open."""
    found = set()
    for descriptor in Path(f"/proc/{process}/fd").glob("*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            found.add(str(descriptor.readlink()))
    return found


def ports_listened_on(sockets: set[int]) -> list[int]:
    """The TCP ports that some sockets listen on."""
    lines = [line.split() for name in ("tcp", "tcp6") for line in _lines(f"/proc/net/{name}")]
    listening = [line for line in lines if line[3] == "0A" and int(line[9]) in sockets]
    return [int(line[1].rpartition(":")[2], 16) for line in listening]


def paths_listened_on(sockets: set[int]) -> list[str]:
    """The Unix sockets' paths that some sockets listen on."""
    lines = [line.split(maxsplit=7) for line in _lines("/proc/net/unix")]
    return [
        line[7]
        for line in lines
        if int(line[3], 16) & 0x10000 and int(line[6]) in sockets and len(line) > 7
    ]


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()[1:]


def is_running(process: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)
