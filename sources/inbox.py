"""An inbox: listing its files and opening them without following links.

Others may write there. A link, a pipe or a device that they put under a wanted name would make us
read what only we may read, or wait for ever, so regular files alone are opened, each folder on the
way through the descriptor of the one above it. The folder itself may be a link: its owner made it.
"""

import errno
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from io import BufferedReader
from pathlib import Path, PurePosixPath

from output.findings.finding import Finding
from sources.errors import PermanentSourceError

_FOLDER = os.O_RDONLY | os.O_DIRECTORY
_FOLDER_BELOW = _FOLDER | os.O_NOFOLLOW
# Opening a pipe without a writer would block, and a terminal would become ours.
_FILE_BELOW = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
# Each open folder uses a file descriptor while those below it are read.
_DEEPEST = 64
# Such names would break the lines of a report or have no text at all.
_NOT_IN_A_NAME = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_WILD = re.compile(r"[*?\[]")
_UNFINISHED = (".tmp", ".part")

_LINK = Finding.of("is_link")
_LINKED_FOLDER = Finding.of("is_link_to_folder")
_NO_FILE = Finding.of("is_no_file")
_BAD_NAME = Finding.of("has_bad_name")
_TOO_DEEP = Finding.of("is_too_deep", n=_DEEPEST)
_OUTSIDE = Finding.of("leads_out")
_GONE = Finding.of("is_gone")


@dataclass(frozen=True, slots=True)
class Refused:
    """A name below an inbox that is not read, and why, with what to do."""

    name: str
    reason: Finding

    @property
    def finding(self) -> Finding:
        """The name with the reason."""
        return Finding.of("found_of", subject=self.name, finding=self.reason)

    @property
    def sentence(self) -> str:
        """The name and the reason in English."""
        return self.finding.english


class FileRefusedError(PermanentSourceError):
    """A file of an inbox was not opened; `refused` says which and why."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.sentence)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Listing:
    """The regular files that match a pattern, by path, and what is refused."""

    files: dict[str, os.stat_result] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)

    def refuse(self, path: Sequence[str], reason: Finding) -> None:
        """Notes that a path is not read."""
        self.refused.append(Refused(_shown("/".join(path)), reason))


def listing(folder: Path, pattern: str) -> Listing:
    """The files below a folder that match a glob; none if there is no folder.

    `**` stands for folders at any depth. Hidden files and unfinished copies (`*.tmp`, `*.part`)
    are left alone: someone is still writing them.
    """
    found = Listing()
    parts = _parts(pattern)
    if parts is None:
        found.refuse([pattern], _OUTSIDE)
        return found
    try:
        root = os.open(folder, _FOLDER)
    except (FileNotFoundError, NotADirectoryError):
        return found
    except OSError as error:
        found.refuse([str(folder)], _unreadable(error))
        return found
    try:
        _list(root, parts, (), found)
    finally:
        os.close(root)
    return found


def opened(folder: Path, name: str) -> BufferedReader:
    """A regular file below a folder, opened for reading; `name` is its path there.

    Raises:
        FileRefusedError: it is none, or a link stands on the way, or it cannot be read.
    """
    parts = _parts(name)
    if not parts:
        raise FileRefusedError(Refused(_shown(name), _OUTSIDE))
    *above, last = parts
    try:
        at = os.open(folder, _FOLDER)
        try:
            for part in above:
                below = os.open(part, _FOLDER_BELOW, dir_fd=at)
                os.close(at)
                at = below
            descriptor = os.open(last, _FILE_BELOW, dir_fd=at)
        finally:
            os.close(at)
    except OSError as error:
        raise FileRefusedError(Refused(_shown(name), _unreadable(error))) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileRefusedError(Refused(_shown(name), _NO_FILE))
    return os.fdopen(descriptor, "rb")


def _parts(path: str) -> tuple[str, ...] | None:
    """The parts of a path or pattern below a folder; None if it leads out of it."""
    given = PurePosixPath(path)
    return None if given.is_absolute() or ".." in given.parts else given.parts


def _list(at: int, parts: Sequence[str], above: tuple[str, ...], found: Listing) -> None:
    """Lists what fits the rest of a pattern in the open folder whose path is `above`."""
    if not parts:
        return
    first, rest = parts[0], parts[1:]
    if first == "**":
        while rest and rest[0] == "**":
            rest = rest[1:]
        _list(at, rest, above, found)
        _list_below(at, "*", ("**", *rest), above, found)
    elif rest:
        _list_below(at, first, rest, above, found)
    else:
        _list_files(at, first, above, found)


def _list_files(at: int, pattern: str, above: tuple[str, ...], found: Listing) -> None:
    for name, facts in _entries(at, pattern, above, found):
        path = (*above, name)
        if name.startswith(".") or name.endswith(_UNFINISHED) or _leads_to_folder(at, name, facts):
            continue
        if not stat.S_ISREG(facts.st_mode):
            found.refuse(path, _LINK if stat.S_ISLNK(facts.st_mode) else _NO_FILE)
        elif _NOT_IN_A_NAME.search("/".join(path)):
            found.refuse(path, _BAD_NAME)
        else:
            found.files["/".join(path)] = facts


def _list_below(
    at: int, pattern: str, rest: Sequence[str], above: tuple[str, ...], found: Listing
) -> None:
    for name, facts in _entries(at, pattern, above, found):
        path = (*above, name)
        if not _leads_to_folder(at, name, facts):
            continue
        if stat.S_ISLNK(facts.st_mode):
            found.refuse(path, _LINKED_FOLDER)
        elif len(path) > _DEEPEST:
            found.refuse(path, _TOO_DEEP)
        else:
            _enter(at, rest, path, found)


def _enter(at: int, rest: Sequence[str], path: tuple[str, ...], found: Listing) -> None:
    try:
        below = os.open(path[-1], _FOLDER_BELOW, dir_fd=at)
    except OSError as error:
        found.refuse(path, _unreadable(error))
        return
    try:
        _list(below, rest, path, found)
    finally:
        os.close(below)


def _entries(
    at: int, pattern: str, above: tuple[str, ...], found: Listing
) -> Iterator[tuple[str, os.stat_result]]:
    """The names in an open folder that match one part of a pattern, with their types."""
    names = [pattern]
    if _WILD.search(pattern):
        try:
            names = [name for name in os.listdir(at) if fnmatchcase(name, pattern)]
        except OSError as error:
            found.refuse(above or ["."], _unreadable(error))
            return
    for name in names:
        try:
            facts = os.stat(name, dir_fd=at, follow_symlinks=False)
        except FileNotFoundError:
            continue
        except OSError as error:
            found.refuse((*above, name), _unreadable(error))
        else:
            yield name, facts


def _leads_to_folder(at: int, name: str, facts: os.stat_result) -> bool:
    """Whether a name is a folder or a link to one; nothing is read."""
    if stat.S_ISLNK(facts.st_mode):
        try:
            facts = os.stat(name, dir_fd=at)
        except OSError:
            return False
    return stat.S_ISDIR(facts.st_mode)


def _unreadable(error: OSError) -> Finding:
    if error.errno == errno.ENOENT:
        return _GONE
    if error.errno in {errno.ELOOP, errno.ENOTDIR}:
        return _LINK
    if error.errno == errno.ENXIO:
        return _NO_FILE
    return Finding.of("is_unreadable", why=str(error.strerror))


def _shown(name: str) -> str:
    """A name that is safe in a line of a report."""
    return _NOT_IN_A_NAME.sub(lambda found: ascii(found[0])[1:-1], name)
