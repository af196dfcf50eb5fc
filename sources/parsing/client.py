"""The parser as its callers see it: a subprocess that may die without taking them along."""

import selectors
import subprocess
import sys
from types import TracebackType

from sources.parsing.request import ParseRequest, ParseResult


class Parser:
    """A parsing subprocess, started at the first file and again after one that killed it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

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
        """The outcome for one file; a crash or a time-out rejects that file and no other."""
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the parser was started without pipes")
        try:
            process.stdin.write(request.model_dump_json().encode() + b"\n")
            process.stdin.flush()
        except BrokenPipeError:
            return self._crashed()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            if not selector.select(timeout=request.limits.wall_seconds):
                self.close()
                seconds = request.limits.wall_seconds
                return ParseResult(
                    status="rejected",
                    reason_code="parser_timed_out",
                    reason_detail=f"reading took longer than {seconds} seconds; split the file",
                )
        answer = process.stdout.readline()
        return ParseResult.model_validate_json(answer) if answer else self._crashed()

    def close(self) -> None:
        """Ends the subprocess."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-m", "sources.parsing.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def _crashed(self) -> ParseResult:
        process, self._process = self._process, None
        code = process.wait() if process else None
        return ParseResult(
            status="rejected",
            reason_code="parser_crashed",
            reason_detail=f"reading the file ended the parser (exit {code}); look at the file",
        )
