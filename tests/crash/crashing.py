"""The doomed process as tests use it, and what a home holds, for comparison."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from pipelines.settings import PROJECT_ROOT
from tests.crash.doomed import Command

KILLED = -9
# Versioned with deletions and late days, and unversioned: the two kinds of feed there are.
FEEDS: dict[str, Any] = {
    "payments": [{"files": "payments*.csv"}],
    "order_events": [{"files": "order_events*.csv"}],
}


@dataclass(frozen=True, slots=True)
class Ending:
    """Whether the process was killed, and which kill points it passed."""

    was_killed: bool
    places: list[str]


class Doomed:
    """Carries out commands in a process that may be killed; the next waits, ready, beside it."""

    def __enter__(self) -> "Doomed":
        self._process, self._spare = _started(), _started()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in (self._process, self._spare):
            process.kill()
            process.communicate()

    def __call__(self, action: str, folder: Path, recorded_at: str, kill_at: int = 0) -> Ending:
        command = Command(action, str(folder), FEEDS, recorded_at, kill_at)
        process = self._process
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(asdict(command)) + "\n")
        process.stdin.flush()
        is_done = process.stdout.readline() == "done\n"
        if not is_done:
            self._process, self._spare = self._spare, _started()
            _, complaint = process.communicate()
            assert process.returncode == KILLED, complaint
        places = (folder / "places.txt").read_text().split("\n")[:-1]
        return Ending(not is_done, places)


def _started() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.crash.doomed"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=PROJECT_ROOT,
    )


def state(folder: Path, feed: str, columns: str) -> list[tuple[Any, ...]]:
    """The current rows of a feed, in the contract's columns."""
    return ask(folder, f"select {columns} from raw.{feed}_current order by all")


def everything(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All that the loader wrote, row by row."""
    tables = ["raw.loads", "raw.touched_dates", "quarantine.rows"]
    tables += [f"raw.{feed}{suffix}" for feed in FEEDS for suffix in ("", "_superseded")]
    with duckdb.connect(str(folder / "home" / "warehouse.duckdb")) as connection:
        return {
            table: connection.execute(f"select * from {table} order by all").fetchall()
            for table in tables
        }


def ask(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """The answer of the build file."""
    with duckdb.connect(str(folder / "home" / "warehouse.duckdb")) as connection:
        return connection.execute(query).fetchall()
