"""What the pipelines published: the current version, its manifest, and how the last run ended."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from output.findings.finding import Finding

# A version is a folder name; anything else in CURRENT is damage, not an address.
_LONGEST_NAME = 200  # bytes; file systems allow 255, and DuckDB adds a suffix for its log
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,80}")


class NothingPublished(Exception):  # noqa: N818
    """There is no published version yet."""


class Quality(BaseModel):
    """What the checks said about a version that was published all the same."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    state: Literal["ok", "warning"] = "ok"
    warning_count: int = 0


class Manifest(BaseModel):
    """What a version says about itself."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: str
    marketplace: str
    title: str
    currency_code: str
    time_zone: str
    # The zone of published timestamps, which say none themselves.
    storage_time_zone: str = "UTC"
    # Whether nothing new is to come, as in a demo: the data is as old as it is meant to be.
    is_frozen: bool = False
    as_of_date: date
    built_at: datetime
    quality: Quality = Quality()


class LastRun(BaseModel):
    """How the last attempt to publish ended."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    at: datetime
    outcome: Literal["published", "unchanged", "blocked", "failed"]
    version: str | None = None
    reasons: tuple[Finding, ...] = ()

    @field_validator("reasons", mode="before")
    @classmethod
    def _read(cls, reasons: Iterable[object]) -> list[object]:
        """Return findings; a run of older code wrote sentences."""
        return [Finding.as_written(one) if isinstance(one, str) else one for one in reasons]

    @property
    def is_stale(self) -> bool:
        """Whether the pages show an older state because this run did not publish."""
        return self.outcome in {"blocked", "failed"}


def current_version(published: Path) -> str:
    """Return the version that CURRENT names."""
    try:
        version = (published / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise NothingPublished(f"no CURRENT in {published}") from error
    if not _VERSION.fullmatch(version) or not (published / version).is_dir():
        raise NothingPublished(f"CURRENT in {published} names no published version")
    return version


def has_versions(published: Path) -> bool:
    """Return whether there are versions, whatever CURRENT says."""
    return any(published.glob("*/manifest.json"))


def read_manifest(published: Path, version: str) -> Manifest:
    """Return the manifest of a version."""
    text = (published / version / "manifest.json").read_text(encoding="utf-8")
    return Manifest.model_validate_json(text)


def read_last_run(published: Path) -> LastRun | None:
    """Return how the last run ended, where that is known."""
    try:
        return LastRun.model_validate_json(
            (published / "LAST_RUN.json").read_text(encoding="utf-8")
        )
    except (FileNotFoundError, ValidationError):
        return None


def operator_file(published: Path, version: str) -> Path:
    """Return the file of the whole marketplace."""
    return published / version / "operator.duckdb"


def vendor_file(published: Path, version: str, vendor_id: str) -> Path:
    """Return the file of one vendor; its name cannot leave the folder.

    The publication names it so: an id too long for a file's name is cut and told apart by its hash.
    """
    name = quote(vendor_id, safe="")
    if len(name) > _LONGEST_NAME:
        name = f"{name[:100]}~{sha256(vendor_id.encode()).hexdigest()}"
    return published / version / "vendors" / f"{name}.duckdb"
