"""The parser as its callers see it: a subprocess that can die without harming them."""

import os
import selectors
import subprocess
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import TracebackType

from installation.workers import start_worker
from output.findings.finding import Finding
from sources.child_process import how_it_ended
from sources.parsing.request import ParseRequest, ParseResult

_PIPE_BYTES = 1 << 16


class Parser:
    """A parsing subprocess, started at the first file and again after one that killed it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._unread = b""
        self._unanswered = 0

    def __enter__(self) -> "Parser":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def parse(self, request: ParseRequest) -> ParseResult:
        """The outcome for one file."""
        return next(self.parse_all([request]))

    def parse_all(self, requests: Iterable[ParseRequest]) -> Iterator[ParseResult]:
        """The outcomes in the order of the requests; the next file is read while the caller works.

        A crash or a time-out rejects the file that caused it and no other.
        """
        if self._unanswered:
            # A caller stopped half-way; its answers would be taken for these.
            self.close()
        waiting: deque[ParseRequest] = deque()
        for request in requests:
            waiting.append(request)
            self._send(request)
            if len(waiting) > 1:
                yield self._received(waiting)
        while waiting:
            yield self._received(waiting)

    def close(self) -> None:
        """Ends the subprocess."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
        self._unanswered = 0

    def _running(self) -> subprocess.Popen[bytes]:
        # One that died with a file is replaced when that file's answer is missed, not before: the
        # next file's answer would be taken for it.
        is_idle = self._unanswered == 0
        if self._process is None or (is_idle and self._process.poll() is not None):
            self._process = start_worker(
                "sources.parsing.worker",
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._unread = b""
        return self._process

    def _send(self, request: ParseRequest) -> None:
        process = self._running()
        self._unanswered += 1
        if process.stdin is None:
            raise RuntimeError("the parser was started without pipes")
        # A parser that died is noticed where its answer is awaited.
        with suppress(BrokenPipeError):
            process.stdin.write(request.model_dump_json().encode() + b"\n")
            process.stdin.flush()

    def _received(self, waiting: deque[ParseRequest]) -> ParseResult:
        request = waiting.popleft()
        process = self._process
        if process is None or process.stdout is None:
            raise RuntimeError("the parser was started without pipes")
        answer, has_answer = self._line(process.stdout.fileno(), request.limits.wall_seconds)
        if answer:
            self._unanswered -= 1
            return ParseResult.model_validate_json(answer)
        code = process.wait() if has_answer else 0
        self.close()
        for unanswered in waiting:
            self._send(unanswered)
        return _timed_out(request) if not has_answer else _crashed(code)

    def _line(self, descriptor: int, timeout_seconds: int) -> tuple[bytes, bool]:
        """The next answer, and whether the wait ended in time; an answer of none is a dead parser.

        Read from the descriptor itself: a buffered reader may take two answers at once, and the
        second would then be waited for in a pipe that is empty.
        """
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            while b"\n" not in self._unread:
                if not selector.select(timeout=timeout_seconds):
                    return b"", False
                piece = os.read(descriptor, _PIPE_BYTES)
                if not piece:
                    return b"", True
                self._unread += piece
        answer, _, self._unread = self._unread.partition(b"\n")
        return answer, True


def _timed_out(request: ParseRequest) -> ParseResult:
    seconds = request.limits.wall_seconds
    return ParseResult(
        status="rejected",
        reason_code="parser_timed_out",
        reason_detail=Finding.of("reading_too_long", seconds=seconds),
    )


def _crashed(code: int) -> ParseResult:
    return ParseResult(
        status="rejected",
        reason_code="parser_crashed",
        reason_detail=Finding.of("parser_ended", ending=how_it_ended(code, "look_at_file")),
    )
