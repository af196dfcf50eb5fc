"""Who of a run may not be sent any more, asked before each request."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipelines.exporting.jobs import Job
from pipelines.exporting.people import denied, reading
from pipelines.home import Home
from pipelines.publishing.versions import current_version
from sources.disk import as_written

# The version, and how each file that the answer depends on was written.
_State = tuple[str | None, tuple[tuple[int, int] | None, ...]]


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
            HomeBusyError: a run is writing what would have to be read.
        """
        job = self._job
        if self._state is None or self._state != _state(job.home):
            with reading(job.home) as reader:
                # The home is ours here, so what is read is what the files are.
                state = _state(job.home)
                self._reasons = denied(reader, job.named.export, self._contents, job.named.buyers)
            self._state = state
        return {key: self._reasons[key] for key in keys if key in self._reasons}


def _state(home: Home) -> _State:
    version = current_version(home.published)
    files = [home.warehouse, home.warehouse.with_name(f"{home.warehouse.name}.wal")]
    if version is not None:
        files.append(home.published / version / "operator.duckdb")
    return version, tuple(as_written(path) for path in files)
