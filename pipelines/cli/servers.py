"""Servers that run together: each has a log, and all stop when one ends."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO

from installation.workers import start_worker

_GRACE_SECONDS = 10
_LOOK_SECONDS = 0.2


class ServerEndedError(Exception):
    """A server ended unexpectedly or did not start to answer."""


class Servers:
    """The running servers by name."""

    def __init__(self, logs: Path) -> None:
        """Takes the folder for logs."""
        logs.mkdir(parents=True, exist_ok=True)
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._pumps: dict[str, subprocess.Popen[bytes]] = {}

    def start(
        self, name: str, command: list[str], environment: Mapping[str, str], log: str
    ) -> None:
        """Starts a server; the environment must name Dagster's home."""
        lines = self._pump(log)
        self._running[name] = subprocess.Popen(  # noqa: S603 - our own programs, no shell
            command,
            env=environment,
            # Dagster would read a `.env` of its working folder over all that it is told.
            cwd=environment["DAGSTER_HOME"],
            stdout=lines,
            stderr=lines,
            start_new_session=True,
        )

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Returns when the condition holds.

        Raises:
            ServerEndedError: a server ended first.
        """
        while not holds():
            ended = [name for name, running in self._running.items() if running.poll() is not None]
            if ended:
                raise ServerEndedError(f"{' and '.join(ended)} ended; see the logs in {self._logs}")
            time.sleep(_LOOK_SECONDS)

    def stop(self) -> None:
        """Ends every server and its child processes: first interrupted, then killed."""
        for number in (signal.SIGINT, signal.SIGKILL):
            for process in self._running.values():
                # The group outlives its leader as long as one member runs.
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, number)
            for process in self._running.values():
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_GRACE_SECONDS)
        # A log's process ends when nobody is left who could print a line.
        for pump in self._pumps.values():
            if pump.stdin is not None:
                pump.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                pump.wait(_GRACE_SECONDS)

    def _pump(self, log: str) -> IO[bytes]:
        """The pipe to the process that writes the log; servers may share a log and its process."""
        if log not in self._pumps:
            self._pumps[log] = start_worker(
                "pipelines.cli.log_pump",
                str(self._logs / log),
                stdin=subprocess.PIPE,
                start_new_session=True,
            )
        pipe = self._pumps[log].stdin
        if pipe is None:
            raise RuntimeError("the log's process was started without a pipe")
        return pipe


@contextmanager
def running_servers(logs: Path) -> Iterator[Servers]:
    """Yields an empty set of servers, which end with the block, also on SIGTERM."""
    servers = Servers(logs)
    previous = signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        yield servers
    finally:
        servers.stop()
        signal.signal(signal.SIGTERM, previous)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
