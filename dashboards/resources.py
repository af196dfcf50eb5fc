"""What one process of the dashboards holds open, and the way to it from a page."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
import structlog

from dashboards.published import Manifest, current_version, read_manifest
from dashboards.queries.connections import FileHeld, Limits, PublishedFiles
from dashboards.queries.reader import OlderVersion, Reader
from dashboards.queries.remembered import Remembered
from dashboards.settings import DashboardSettings
from dashboards.viewer import NotAllowed, Viewer
from operations.store import open_store

_LOG = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Resources:
    """The operational store and the published files of one home."""

    settings: DashboardSettings
    store: sa.Engine
    files: PublishedFiles
    reader: Reader

    def version(self) -> str:
        """Return the current version; what belongs to older ones is let go."""
        version = current_version(self.settings.published)
        self.files.note_current(version)
        self.reader.forget(version)
        return version

    def manifest(self, version: str) -> Manifest:
        """Return what a version says about itself."""
        return _manifest(self.settings.published, version)

    def close(self) -> None:
        """Let go of every file and connection."""
        self.files.close()
        self.store.dispose()


def open_resources(settings: DashboardSettings) -> Resources:
    """Open the store and prepare the published files of a home."""
    limits = Limits(settings.query_memory, settings.query_threads, settings.open_files)
    files = PublishedFiles(settings.published, limits)
    memory = settings.result_memory
    remembered = Remembered(budget=memory, share=memory // settings.result_shares)
    reader = Reader(files, remembered, timeout_seconds=settings.query_timeout_seconds)
    return Resources(settings, open_store(settings.store_url), files, reader)


def now() -> datetime:
    """Return the time; the server is the border at which the dashboards ask for it."""
    return datetime.now(UTC)  # noqa: TID251


def log_refusal(viewer: Viewer, refusal: NotAllowed) -> None:
    """Write down what a viewer was refused; the viewer is not told more than that."""
    _LOG.warning("refused", session=viewer.session, role=viewer.role, why=str(refusal))


def log_held(viewer: Viewer, held: FileHeld) -> None:
    """Write down that another program kept a viewer's data from being read."""
    _LOG.warning("file held", session=viewer.session, role=viewer.role, why=str(held))


def log_older_version(viewer: Viewer, older: OlderVersion) -> None:
    """Write down what a page needs and the published version lacks."""
    _LOG.warning("older version", version=viewer.version, role=viewer.role, why=str(older))


_installed: list[Resources] = []


def install(resources: Resources) -> None:
    """Make the resources those of this process."""
    _installed[:] = [resources]


def current() -> Resources:
    """Return the resources of this process."""
    if not _installed:
        raise RuntimeError(
            "the dashboards run in dashboards.server, which installs their resources"
        )
    return _installed[0]


@lru_cache(maxsize=16)
def _manifest(published: Path, version: str) -> Manifest:
    return read_manifest(published, version)
