"""Programs of ours that run together: each with its log, all of them ended when one ends."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from pipelines.settings import PROJECT_ROOT, child_environment

_GRACE_SECONDS = 10
_LOOK_SECONDS = 0.2


class ServerEndedError(Exception):
    """A server ended, or did not begin to answer, although nobody told it to."""


class Servers:
    """The running ones, by the names that people know them by."""

    def __init__(self, logs: Path) -> None:
        """Takes the folder of their logs."""
        logs.mkdir(parents=True, exist_ok=True)
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: list[str], variables: Mapping[str, str], log: str) -> None:
        """Starts one, with variables on top of our own environment."""
        with (self._logs / log).open("ab") as stream:
            self._running[name] = subprocess.Popen(  # noqa: S603 - our own programs, no shell
                command,
                env=child_environment(variables),
                cwd=PROJECT_ROOT,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Returns when something is so.

        Raises:
            ServerEndedError: a server ended before.
        """
        while not holds():
            ended = [name for name, running in self._running.items() if running.poll() is not None]
            if ended:
                raise ServerEndedError(f"{' and '.join(ended)} ended; see the logs in {self._logs}")
            time.sleep(_LOOK_SECONDS)

    def stop(self) -> None:
        """Ends each with all that it started: asked first, then told."""
        for number in (signal.SIGINT, signal.SIGKILL):
            for process in self._running.values():
                # The group outlives its leader as long as one member runs.
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, number)
            for process in self._running.values():
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_GRACE_SECONDS)


@contextmanager
def running_servers(logs: Path) -> Iterator[Servers]:
    """No servers yet; those that are started end with the block, also when we are told to end."""
    servers = Servers(logs)
    previous = signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        yield servers
    finally:
        servers.stop()
        signal.signal(signal.SIGTERM, previous)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
