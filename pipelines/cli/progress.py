"""Progress on the screen: a bar per phase on a terminal, a line per phase in a log."""

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.text import Text

from output.terminal import Terminal, visible
from pipelines.runs.phases import LOGGER

# The last phase of a whole run; each phase is expected to take as long as last time.
_LAST_PHASE = "publish"


@dataclass(slots=True)
class _Spent:
    """How far a phase is, and for how many seconds it was the active one."""

    done: float = 0
    total: float | None = None
    seconds: float = 0
    since: float | None = None

    @property
    def elapsed(self) -> float:
        return self.seconds + (time.monotonic() - self.since if self.since is not None else 0)

    @property
    def count(self) -> str:
        if self.total is None:
            return ""
        if self.total == 1:
            return f"{self.done:.0%}"
        return f"{self.done:.0f}/{self.total:.0f}"


class _Seconds(ProgressColumn):
    """The seconds of a phase next to those of the last run."""

    def render(self, task: Task) -> Text:
        """The two figures of one line."""
        spent, expected = task.fields["spent"], task.fields["expected"]
        usual = f" of about {expected:.0f}" if expected else ""
        return Text(f"{spent.elapsed:.0f}{usual} s", style="dim")


class _Phases(logging.Handler):
    """Keeps track of the phases; subclasses show each change."""

    def __init__(self, terminal: Terminal, expected: dict[str, float]) -> None:
        super().__init__()
        self.terminal = terminal
        self.expected = expected
        self.spent: dict[str, _Spent] = {}
        self.current: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        phase = getattr(record, "phase", None) or self.current or "start"
        if phase != self.current:
            self.stop()
            self.current = phase
            self.spent.setdefault(phase, _Spent()).since = time.monotonic()
        spent = self.spent[phase]
        spent.done = getattr(record, "done", spent.done + getattr(record, "step", 0))
        spent.total = getattr(record, "total", None) or spent.total
        self.show(phase, spent, record.getMessage())

    def stop(self) -> None:
        """Ends the current phase."""
        if self.current is None:
            return
        spent = self.spent[self.current]
        spent.seconds, spent.since = spent.elapsed, None
        self.finish(self.current, spent)
        self.current = None

    def show(self, phase: str, spent: _Spent, what: str) -> None:
        """Shows the progress of a phase; a log shows only its end."""

    def finish(self, phase: str, spent: _Spent) -> None:
        """Shows that a phase has ended."""
        seconds = sum(one.seconds for one in self.spent.values())
        self.terminal.say(f"{seconds:7.1f} s  {phase:8} {spent.count}")


class _Bars(_Phases):
    """The same as bars of a terminal."""

    def __init__(self, terminal: Terminal, expected: dict[str, float]) -> None:
        super().__init__(terminal, expected)
        self.bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[count]}", justify="right"),
            _Seconds(),
            TextColumn("{task.fields[what]}", style="dim", markup=False),
            console=terminal.console,
        )
        self.tasks: dict[str, TaskID] = {}

    def show(self, phase: str, spent: _Spent, what: str) -> None:
        if phase not in self.tasks:
            self.tasks[phase] = self.bars.add_task(
                phase,
                total=None,
                count="",
                what="",
                spent=spent,
                expected=self.expected.get(phase),
            )
        self.bars.update(
            self.tasks[phase],
            total=spent.total,
            completed=spent.done,
            count=spent.count,
            what=visible(what)[: max(self.terminal.console.width - 70, 10)],
        )

    def finish(self, phase: str, spent: _Spent) -> None:
        self.bars.update(self.tasks[phase], count=spent.count, what="")


@contextmanager
def show_progress(terminal: Terminal, remembered: Path | None = None) -> Iterator[None]:
    """Shows what the pipelines report while the block runs.

    How long each phase of a whole run took is kept in the remembered file, so that the next run can
    say what to expect.
    """
    expected = _read(remembered)
    kind = _Bars if terminal.console.is_terminal else _Phases
    phases = kind(terminal, expected)
    logger = logging.getLogger(LOGGER)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(phases)
    if isinstance(phases, _Bars):
        phases.bars.start()
    try:
        yield
    finally:
        phases.stop()
        if isinstance(phases, _Bars):
            phases.bars.stop()
        logger.removeHandler(phases)
    if remembered is not None and _LAST_PHASE in phases.spent:
        seconds = {phase: round(spent.seconds, 1) for phase, spent in phases.spent.items()}
        remembered.write_text(json.dumps(seconds), encoding="utf-8")


def _read(remembered: Path | None) -> dict[str, float]:
    """What the last run took; nothing where nobody knows, for it is only an expectation."""
    try:
        text = remembered.read_text("utf-8") if remembered else "{}"
        return {str(phase): float(seconds) for phase, seconds in json.loads(text).items()}
    except (OSError, ValueError, AttributeError):
        return {}
