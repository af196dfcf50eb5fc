"""Files that only the account that runs Kontor can read: made so, found, and repaired."""

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_files_private() -> None:
    """Lets this process, and those that it starts, make files for their own account only."""
    os.umask(_OTHERS)


@dataclass(frozen=True, slots=True)
class Exposure:
    """What other accounts of the machine may reach, and what is theirs."""

    wide: tuple[Path, ...]
    foreign: tuple[Path, ...]


def exposure(places: Iterable[Path]) -> Exposure:
    """What in some files and folders others may read, write, enter or own; behind no link."""
    wide, foreign = [], []
    for path, opened in _everything(places):
        found = os.fstat(opened)
        if found.st_uid != os.geteuid():
            foreign.append(path)
        if found.st_mode & _OTHERS:
            wide.append(path)
    return Exposure(tuple(wide), tuple(foreign))


def make_private(places: Iterable[Path]) -> None:
    """Takes from others what they may do; what cannot be changed stays, for `exposure` to find."""
    for _, opened in _everything(places):
        mode = stat.S_IMODE(os.fstat(opened).st_mode)
        if mode & _OTHERS:
            with suppress(OSError):
                # By its number: a name might be another file by now.
                Path(f"/proc/self/fd/{opened}").chmod(mode & stat.S_IRWXU)


def keeps_modes(folder: Path) -> bool:
    """Whether the folder's file system remembers who may read a file; some know only one mode."""
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            os.fchmod(probe.fileno(), stat.S_IRUSR | stat.S_IWUSR)
            return not os.fstat(probe.fileno()).st_mode & _OTHERS
    except OSError:
        return True  # nothing can be said of it


def _everything(places: Iterable[Path]) -> Iterator[tuple[Path, int]]:
    """The places and all that lies in them, each with a descriptor; no link is followed."""
    for place in places:
        for path, opened in _opened(place, place, None):
            yield path, opened
            if stat.S_ISDIR(os.fstat(opened).st_mode):
                yield from _below(path)


def _below(place: Path) -> Iterator[tuple[Path, int]]:
    with suppress(FileNotFoundError, PermissionError):
        for folder, folders, files, number in os.fwalk(place):
            for name in (*folders, *files):
                yield from _opened(Path(folder, name), name, number)


def _opened(path: Path, name: str | Path, folder: int | None) -> Iterator[tuple[Path, int]]:
    """The one file or folder, unless it is a link, out of reach, or gone since it was listed."""
    with suppress(FileNotFoundError, PermissionError):
        # A descriptor of the name alone: pipes and sockets are not opened, and need no permission.
        opened = os.open(name, os.O_PATH | os.O_NOFOLLOW, dir_fd=folder)
        try:
            if not stat.S_ISLNK(os.fstat(opened).st_mode):
                yield path, opened
        finally:
            os.close(opened)
