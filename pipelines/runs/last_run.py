"""What the last run came to, for the pages and for the next run."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from output.findings.finding import Finding
from pipelines.publishing.versions import current_version

Outcome = Literal["published", "unchanged", "blocked", "failed"]
_FILE = "LAST_RUN.json"


@dataclass(frozen=True, slots=True)
class LastRun:
    """When it ran (UTC), how it ended, the version served now, and why it did not publish."""

    at: str
    outcome: Outcome
    version: str | None
    reasons: list[Finding]


def write_last_run(published: Path, run: LastRun) -> None:
    """Replaces the note at once, so that a reader never sees half of it."""
    published.mkdir(parents=True, exist_ok=True)
    temporary = published / f".{_FILE}.tmp"
    noted = asdict(run) | {"reasons": [reason.model_dump() for reason in run.reasons]}
    temporary.write_text(json.dumps(noted, ensure_ascii=False, indent=1), encoding="utf-8")
    temporary.replace(published / _FILE)


def last_outcome(published: Path) -> Outcome | None:
    """How the last run ended, if there was one."""
    path = published / _FILE
    if not path.exists():
        return None
    outcome: Outcome = json.loads(path.read_text(encoding="utf-8"))["outcome"]
    return outcome


def current_manifest(published: Path) -> dict[str, Any] | None:
    """The manifest of the version that is served now, if any."""
    version = current_version(published)
    if version is None:
        return None
    path = published / version / "manifest.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def utc_text(moment: datetime) -> str:
    """A moment in UTC, in seconds, as ISO 8601."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
