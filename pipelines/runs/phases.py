"""What a run is at, told to whoever shows it: a phase, how far it is, and a few words."""

import logging
from collections.abc import Callable
from typing import Literal

Phase = Literal[
    "start", "rebuild", "load", "build", "predict", "check", "publish", "simulate", "plan", "send"
]
LOGGER = "kontor.progress"
_LOG = logging.getLogger(LOGGER)


def tell(phase: Phase, what: str = "", *, step: float = 0, total: float | None = None) -> None:
    """Says what a phase is at; `step` of `total` was done since the last word of it."""
    _LOG.info(what, extra={"phase": phase, "step": step, "total": total})


def tell_share(phase: Phase, what: str, done: float) -> None:
    """Says what a phase is at that knows its share of the whole, from 0 to 1."""
    _LOG.info(what, extra={"phase": phase, "done": done, "total": 1})


def teller(phase: Phase) -> Callable[[str], None]:
    """A function that says what a phase is at, for those who know nothing of phases."""
    return lambda what: tell(phase, what)
