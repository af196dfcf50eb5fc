"""Who of a run may not be sent any more, asked before each request."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pipelines.exporting.jobs import Job
from pipelines.exporting.people import denied, reading
from pipelines.exporting.sending import ExportInterruptedError
from pipelines.home import FileHeldError, Home, HomeBusyError
from pipelines.publishing.versions import current_version
from sources.disk import as_written

# The version, and how each file that the answer depends on was written.
_State = tuple[str | None, tuple[tuple[int, int] | None, ...]]
# A run of the pipeline takes minutes; what is half sent waits for it rather than stopping.
_LONGEST_WAIT_SECONDS: Final = 1_800.0
_BETWEEN_TRIES_SECONDS: Final = 5.0


class Denials:
    """What is known of a run's rows; asked anew once something was published, or has arrived."""

    def __init__(self, job: Job, contents: Path) -> None:
        """Take the job, and the file of the run."""
        self._job, self._contents = job, contents
        self._state: _State | None = None
        self._reasons: Mapping[str, str] = {}

    def among(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Those of some rows who may not be sent any more, with why.

        Raises:
            ExportInterruptedError: a run writes what would have to be read and does not end, or
                another program has it open.
        """
        if self._state is None or self._state != _state(self._job.home):
            self._ask_when_free()
        return {key: self._reasons[key] for key in keys if key in self._reasons}

    def _ask_when_free(self) -> None:
        job, waited = self._job, 0.0
        while True:
            try:
                self._ask()
            except FileHeldError as error:
                raise ExportInterruptedError(str(error)) from None
            except HomeBusyError as error:
                if waited >= _LONGEST_WAIT_SECONDS:
                    raise ExportInterruptedError(str(error)) from None
                job.note("waits for the run that uses the home")
                job.clock.sleep(_BETWEEN_TRIES_SECONDS)
                waited += _BETWEEN_TRIES_SECONDS
            else:
                return

    def _ask(self) -> None:
        job = self._job
        with reading(job.home) as reader:
            # The home is ours here, so what is read is what the files are.
            state = _state(job.home)
            self._reasons = denied(reader, job.named.export, self._contents, job.named.buyers)
        self._state = state


def _state(home: Home) -> _State:
    version = current_version(home.published)
    files = [home.warehouse, home.warehouse.with_name(f"{home.warehouse.name}.wal")]
    if version is not None:
        files.append(home.published / version / "operator.duckdb")
    return version, tuple(as_written(path) for path in files)
