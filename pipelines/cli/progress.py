"""Progress on the screen: a live line on a terminal, a line every few seconds in a log."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from rich.console import Console
from rich.status import Status

# Often enough to see that it goes on, seldom enough to read afterwards.
_SECONDS_BETWEEN_LINES = 2.0


class _Reporter(logging.Handler):
    def __init__(self, console: Console, status: Status | None) -> None:
        super().__init__()
        self._console = console
        self._status = status
        self._began = time.monotonic()
        self._last_line = -_SECONDS_BETWEEN_LINES

    def emit(self, record: logging.LogRecord) -> None:
        elapsed = time.monotonic() - self._began
        line = f"{elapsed:6.1f} s  {record.getMessage()}"
        if self._status is not None:
            self._status.update(line)
        elif elapsed - self._last_line >= _SECONDS_BETWEEN_LINES:
            self._last_line = elapsed
            self._console.print(line, markup=False)


@contextmanager
def show_progress(console: Console) -> Iterator[None]:
    """Shows what the pipelines report while the block runs, with the seconds since its start."""
    status = console.status("") if console.is_terminal else None
    reporter = _Reporter(console, status)
    logger = logging.getLogger("kontor.progress")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(reporter)
    try:
        with status or nullcontext():
            yield
    finally:
        logger.removeHandler(reporter)
