"""Where everything lies under KONTOR_HOME, and the lock that lets one process write."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout


class HomeBusyError(Exception):
    """Another process is writing to this home."""


class HomeUnusableError(Exception):
    """The home cannot be made or written to; the message says where and why."""


class FileHeldError(HomeBusyError):
    """Another program has one of this home's databases open; the message names it."""


# What DuckDB says; where it may not look, there is no program or no process.
_HELD = re.compile(r'Could not set lock on file "(?P<file>[^"]*)"')
_HOLDER = re.compile(r"Conflicting lock is held in (?P<program>.*?) ?\(PID (?P<process>\d+)\)")


def held_elsewhere(text: str) -> str | None:
    """A sentence on which process holds which file, where DuckDB's message says that one does."""
    held = _HELD.search(text)
    if held is None:
        return None
    found = _HOLDER.search(text)
    if found is None:
        who, remedy = "another process", "close it there"
    else:
        process = found["process"]
        name = Path(found["program"]).name
        who = f"process {process} ({name})" if name else f"process {process}"
        remedy = f"close it there or end process {process}"
    return f"{held['file']} is open in {who}; {remedy}, then try again"


@contextmanager
def noticing_holders() -> Iterator[None]:
    """Tells of a file that cannot be opened because another program has it open.

    Raises:
        FileHeldError: in place of DuckDB's error.
    """
    try:
        yield
    except Exception as error:  # DuckDB's, which is not imported for this alone
        sentence = held_elsewhere(str(error))
        if sentence is None:
            raise
        # Without the cause, which Dagster would show in place of the sentence.
        raise FileHeldError(sentence) from None


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds all state of one installation."""

    path: Path

    @property
    def landing(self) -> Path:
        """The bytes as they came, by content hash."""
        return self.path / "landing"

    @property
    def warehouse(self) -> Path:
        """The build file; only the pipelines open it."""
        return self.path / "warehouse.duckdb"

    @property
    def tables(self) -> Path:
        """The models' tables as Parquet, where Spark builds them; a folder per schema."""
        return self.path / "tables"

    @property
    def published(self) -> Path:
        """Versions that the dashboards read, and the pointer CURRENT."""
        return self.path / "published"

    @property
    def scratch(self) -> Path:
        """Files of a running step; emptied when it ends."""
        return self.path / "scratch"

    @property
    def data_docs(self) -> Path:
        """What the checks at the borders found, as pages for the operator."""
        return self.path / "data_docs"

    @property
    def exports(self) -> Path:
        """The files of exports whose destination is a folder."""
        return self.path / "exports"

    @property
    def phases(self) -> Path:
        """How long each phase of the last run took."""
        return self.path / "phases.json"

    @property
    def dagster(self) -> Path:
        """Dagster's own storage."""
        return self.path / "dagster"

    def make(self) -> None:
        """Makes the home's folder where it is missing.

        Raises:
            HomeUnusableError: the operating system does not let us.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HomeUnusableError(
                f"{self.path} cannot be created: {error.strerror}; set KONTOR_HOME to a writable "
                "folder"
            ) from None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the home's writer lock; the operating system frees it when the process dies.

        A process that holds it may enter again.

        Raises:
            HomeBusyError: another process holds it.
            HomeUnusableError: the home cannot be made or written to.
        """
        self.make()
        lock = FileLock(self.path / ".writer.lock", is_singleton=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise HomeBusyError(
                f"another run is using {self.path}; wait for it to end, or stop it"
            ) from None
        except OSError as error:
            raise HomeUnusableError(
                f"{self.path} cannot be written: {error.strerror}; change its owner or KONTOR_HOME"
            ) from None
        try:
            yield
        finally:
            lock.release()
