"""What a log may hold: what happened and where, on one line, and nothing of whom it was about.

An exception's message often quotes the value at which it arose, which may be somebody's name, what
they searched for or a mistyped password. Its type and its place are enough to find the fault.
"""

import logging
import threading
import traceback
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

from output.terminal import visible

# The innermost calls; what led to them is the same for every fault of a program.
_MOST_FRAMES = 12


def place_of(error: BaseException) -> str:
    """The type of an exception and the calls in which it arose, the innermost first."""
    return " after ".join(_told(one) for one in _chain(error))


def keep_values_out_of_logs() -> None:
    """Makes every logger of this process, a library's too, write one line without values."""
    logging.setLogRecordFactory(_record)
    threading.excepthook = _log_ended_thread


def without_values(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> dict[str, Any]:
    """The event of structlog with an exception's place instead of the exception; a processor."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["exception"] = place_of(error)
    return {
        name: visible(value) if isinstance(value, str) else value for name, value in event.items()
    }


def _record(*given: Any, **further: Any) -> logging.LogRecord:
    record = logging.LogRecord(*given, **further)
    said = record.getMessage().strip()
    if record.exc_info and record.exc_info[1] is not None:
        said = f"{said}: {place_of(record.exc_info[1])}"
    record.msg, record.args, record.exc_info = visible(said), (), None
    return record


def _log_ended_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None:
        said = "a thread ended: %s"
        logging.getLogger(__name__).error(said, place_of(ended.exc_value))


def _told(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[::-1][:_MOST_FRAMES]
    places = (
        f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"
        for frame in frames
    )
    return f"{type(error).__name__} at {' < '.join(places)}" if frames else type(error).__name__


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        hidden = following.__suppress_context__
        following = following.__cause__ or (None if hidden else following.__context__)
