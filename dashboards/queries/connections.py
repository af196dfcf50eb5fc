"""The one place that opens published files: read-only, fenced in, closed when nobody reads them.

One process may hold a DuckDB file with one configuration only, so nothing else may connect.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dashboards.published import operator_file, vendor_file
from dashboards.viewer import NotAllowed, Viewer, require_operator, vendor_of

# What DuckDB says where another program writes to the file.
_HELD = "Could not set lock on file"
_HOLDER = re.compile(r"is held in (?P<program>.*?) ?\(PID (?P<process>\d+)\)")


class FileHeld(Exception):  # noqa: N818
    """A published file cannot be read while another program has it open for writing.

    `process` and `program` are empty where DuckDB could not see them.
    """

    def __init__(self, path: Path, process: str, program: str) -> None:
        """Say which file, and who holds it."""
        super().__init__(f"{path} is open in process {process or '?'} ({program or '?'})")
        self.process = process
        self.program = program


@dataclass(frozen=True, slots=True)
class Limits:
    """What one open file may use."""

    memory: str
    threads: int
    open_files: int


@dataclass(slots=True)
class _OpenFile:
    connection: duckdb.DuckDBPyConnection
    version: str
    readers: int = 0


class PublishedFiles:
    """Lends cursors on the file a viewer may read, and on no other."""

    def __init__(self, published: Path, limits: Limits) -> None:
        """Open nothing yet."""
        self._published = published
        self._limits = limits
        self._files: OrderedDict[Path, _OpenFile] = OrderedDict()
        self._newest = ""
        self._lock = threading.Lock()

    @contextmanager
    def cursor(self, viewer: Viewer) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a cursor on the viewer's file; the file stays open for the next one."""
        path = self._path_for(viewer)
        opened = self._take(path, viewer.version)
        try:
            cursor = opened.connection.cursor()
            try:
                yield cursor
            finally:
                cursor.close()
        finally:
            self._give_back(path, opened)

    def note_current(self, version: str) -> None:
        """Close the files of other versions, those being read as soon as they are given back."""
        with self._lock:
            if version != self._newest:
                self._newest = version
                self._close_idle()

    def close(self) -> None:
        """Close every file that nobody reads."""
        with self._lock:
            for path in [path for path, opened in self._files.items() if opened.readers == 0]:
                self._files.pop(path).connection.close()

    def open_paths(self) -> list[Path]:
        """Return the files that are open now."""
        with self._lock:
            return list(self._files)

    def _path_for(self, viewer: Viewer) -> Path:
        if viewer.audience == "vendor":
            path = vendor_file(self._published, viewer.version, vendor_of(viewer))
        else:
            require_operator(viewer)
            path = operator_file(self._published, viewer.version)
        if not path.is_file():
            raise NotAllowed(f"nothing is published for the account in {viewer.version}")
        return path

    def _take(self, path: Path, version: str) -> _OpenFile:
        with self._lock:
            opened = self._files.get(path)
            if opened is None:
                opened = _OpenFile(_open(path, self._limits), version)
                self._files[path] = opened
            opened.readers += 1
            self._files.move_to_end(path)
            self._close_surplus()
            return opened

    def _give_back(self, path: Path, opened: _OpenFile) -> None:
        with self._lock:
            opened.readers -= 1
            if opened.readers == 0 and self._newest not in {"", opened.version}:
                self._files.pop(path, None)
                opened.connection.close()

    def _close_idle(self) -> None:
        for path, opened in list(self._files.items()):
            if opened.readers == 0 and opened.version != self._newest:
                self._files.pop(path).connection.close()

    def _close_surplus(self) -> None:
        for path, opened in list(self._files.items()):
            if len(self._files) <= self._limits.open_files:
                return
            if opened.readers == 0:
                self._files.pop(path).connection.close()


def _open(path: Path, limits: Limits) -> duckdb.DuckDBPyConnection:
    """Return a read-only connection that can reach nothing but this file.

    The order matters: what is locked first cannot be set afterwards.

    Raises:
        FileHeld: another program has the file open for writing.
    """
    try:
        connection = duckdb.connect(
            str(path),
            read_only=True,
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "allow_community_extensions": "false",
                "allow_persistent_secrets": "false",
                "python_enable_replacements": "false",
                "memory_limit": limits.memory,
                "threads": str(limits.threads),
                "max_temp_directory_size": "0KB",
            },
        )
    except duckdb.IOException as error:
        if _HELD not in str(error):
            raise
        holder = _HOLDER.search(str(error))
        process, program = (holder["process"], holder["program"]) if holder else ("", "")
        raise FileHeld(path, process, Path(program).name) from error
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection
