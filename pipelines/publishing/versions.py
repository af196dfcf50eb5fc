"""Published versions on disk: their names, the pointer to the current one, the old ones."""

import os
import re
import shutil
from collections.abc import Collection
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

POINTER = "CURRENT"
KEEP_LIST = "KEEP"  # versions that receipts refer to, one per line
DRAFT_SUFFIX = ".tmp"
_VERSION = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
_LONGEST_NAME = 200  # bytes; file systems allow 255, and DuckDB adds a suffix for its log


def version_name(built_at: datetime, fingerprint: str) -> str:
    """The name of a version: when it was built, and the first digits of what it was built from."""
    if built_at.tzinfo is None:
        raise ValueError("built_at needs a time zone")
    digits = sha256(fingerprint.encode()).hexdigest()[:8]
    if re.fullmatch(r"[0-9a-f]{8,}", fingerprint):
        digits = fingerprint[:8]
    return f"{built_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{digits}"


def vendor_file_name(vendor_id: str) -> str:
    """The name of a vendor's file, without separators; an id too long for a name is hashed."""
    name = quote(vendor_id, safe="")
    if len(name) > _LONGEST_NAME:
        name = f"{name[:100]}~{sha256(vendor_id.encode()).hexdigest()}"
    return f"{name}.duckdb"


def versions(published: Path) -> list[str]:
    """The finished versions, the oldest first."""
    if not published.exists():
        return []
    return sorted(p.name for p in published.iterdir() if p.is_dir() and _VERSION.fullmatch(p.name))


def current_version(published: Path) -> str | None:
    """The version that CURRENT names, if any."""
    pointer = published / POINTER
    return pointer.read_text("utf-8").strip() if pointer.exists() else None


def point_to(published: Path, version: str) -> None:
    """Moves CURRENT at once: a reader sees the old name or the new one, never half of one."""
    if not (published / version).is_dir():
        raise FileNotFoundError(published / version)
    draft = published / f".{POINTER}{DRAFT_SUFFIX}"
    with draft.open("w", encoding="utf-8") as file:
        file.write(version + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(published / POINTER)
    sync_folder(published)


def clear_drafts(published: Path) -> None:
    """Removes what a publication or a pruning that was stopped left behind."""
    for path in published.iterdir():
        name = path.name.removesuffix(DRAFT_SUFFIX).removesuffix(".removed")
        if path.name.endswith(DRAFT_SUFFIX) and path.is_dir() and _VERSION.fullmatch(name):
            shutil.rmtree(path)


def prune(published: Path, keep: int, also: Collection[str] = ()) -> list[str]:
    """Removes all but the newest versions, the current one, and those that are referred to."""
    if keep < 2:
        raise ValueError("keep at least two versions: a reader may still use the previous one")
    finished = versions(published)
    kept = {*finished[-keep:], *also, *kept_versions(published), current_version(published)}
    removed = [version for version in finished if version not in kept]
    for version in removed:
        # Out of the versions' names first, so that a half-removed one is never taken for whole.
        grave = published / f"{version}.removed{DRAFT_SUFFIX}"
        (published / version).rename(grave)
        shutil.rmtree(grave)
    return removed


def kept_versions(published: Path) -> set[str]:
    """The versions that the keep-list names."""
    listed = published / KEEP_LIST
    if not listed.exists():
        return set()
    return {line.strip() for line in listed.read_text("utf-8").splitlines() if line.strip()}


def sync_folder(path: Path) -> None:
    """Returns once the folder's entries are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
