"""The checker as its callers see it: a subprocess that may die without taking them along."""

import os
import selectors
import subprocess
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from data_quality.rules import SuiteAnswer, SuiteRequest, unchecked
from installation.workers import start_worker
from output.findings.finding import Finding

WALL_SECONDS = 900.0


@dataclass
class _Waiting:
    request: SuiteRequest
    path: Path


def _ending(code: int) -> Finding:
    return Finding.of("ended_with_code", exit_code=str(code), advice=Finding.of("run_again"))


@dataclass
class Checker:
    """A subprocess with Great Expectations in it, started ahead of the first question.

    `ending` says of the exit code of one that died what it did: "was killed by ...".
    `submit` returns at once, so that the caller can go on building; `answers` waits.
    """

    wall_seconds: float = WALL_SECONDS
    ending: Callable[[int], Finding] = _ending
    _process: subprocess.Popen[bytes] | None = None
    _waiting: deque[_Waiting] = field(default_factory=deque)
    # Read by ourselves: a buffered reader would hold answers that a selector does not see.
    _unread: bytes = b""
    _count: int = 0

    def __enter__(self) -> "Checker":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def is_started(self) -> bool:
        """Whether a subprocess is there."""
        return self._process is not None

    @property
    def process_id(self) -> int | None:
        """The subprocess, where there is one."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Starts the subprocess, unless it runs; it imports while the caller goes on."""
        # One that died with a suite is replaced when that suite's answer is missed, not before: the
        # next suite's answer would be taken for it.
        is_idle = not self._waiting
        if self._process is None or (is_idle and self._process.poll() is not None):
            self._process = start_worker(
                "data_quality.worker",
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
            self._unread = b""

    def submit(self, request: SuiteRequest, folder: Path) -> None:
        """Asks for a suite; the folder takes the request's file and the answer's."""
        folder.mkdir(parents=True, exist_ok=True)
        self._count += 1
        path = folder / f"{self._count:04d}-{request.suite.file_stem}.request"
        path.write_text(request.model_dump_json(), encoding="utf-8")
        self.start()
        self._waiting.append(_Waiting(request, path))
        self._send(path)

    def answers(self) -> list[SuiteAnswer]:
        """The answers to all that was asked, in that order.

        A crash or a time-out costs the suite that caused it and no other.
        """
        found = []
        while self._waiting:
            found.append(self._received(self._waiting.popleft()))
        return found

    def close(self) -> None:
        """Ends the subprocess; what was not answered is forgotten."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
        self._waiting.clear()

    def _send(self, path: Path) -> None:
        if self._process is None or self._process.stdin is None:
            raise RuntimeError("the checker was started without pipes")
        # A checker that died is noticed where its answer is awaited.
        with suppress(BrokenPipeError):
            self._process.stdin.write(f"{path}\n".encode())

    def _received(self, asked: _Waiting) -> SuiteAnswer:
        try:
            line = self._line()
        except TimeoutError:
            self._restart()
            why = Finding.of("checker_too_slow", seconds=self.wall_seconds)
            return unchecked(asked.request.suite.name, why)
        if line:
            return SuiteAnswer.model_validate_json(Path(line).read_bytes())
        code = self._process.wait() if self._process else 0
        self._restart()
        why = Finding.of("checker_ended", ending=self.ending(code))
        return unchecked(asked.request.suite.name, why)

    def _line(self) -> str:
        """The next line of the subprocess; empty where it ended."""
        if self._process is None or self._process.stdout is None:
            raise RuntimeError("the checker was started without pipes")
        descriptor = self._process.stdout.fileno()
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            while b"\n" not in self._unread:
                if not selector.select(timeout=self.wall_seconds):
                    raise TimeoutError
                piece = os.read(descriptor, 65536)
                if not piece:
                    return ""
                self._unread += piece
        line, _, self._unread = self._unread.partition(b"\n")
        return line.decode()

    def _restart(self) -> None:
        left = list(self._waiting)
        self.close()
        if left:
            self._waiting.extend(left)
            self.start()
            for waiting in left:
                self._send(waiting.path)
