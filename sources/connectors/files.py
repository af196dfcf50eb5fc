"""The files connector: which files of a folder belong to a feed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sources.file_feeds import FileFeed
from sources.marketplace import Marketplace

_COMPRESSION = (".gz", ".zst", ".bz2", ".xz")
_FORMATS = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file found for a feed; `name` is its path below the marketplace's folder."""

    path: Path
    name: str
    spec: FileFeed
    format: str


def discover(marketplace: Marketplace, feed: str) -> Iterator[SourceFile]:
    """The files of a feed in a stable order: as the mapping lists them, then by name.

    Hidden files and unfinished copies (`*.tmp`, `*.part`) are left alone: someone is still
    writing them.
    """
    for spec in marketplace.file_feeds(feed):
        found = {
            path.relative_to(marketplace.folder).as_posix(): path
            for path in marketplace.folder.glob(spec.files)
            if path.is_file()
            and not path.name.startswith(".")
            and path.suffix not in {".tmp", ".part"}
        }
        for name in sorted(found, key=in_natural_order):
            path = found[name]
            yield SourceFile(path, name, spec, spec.format or inferred_format(path))


def in_natural_order(name: str) -> tuple[tuple[tuple[str, int, str], ...], ...]:
    """A key that sorts names as people count: 9 before 10, folder by folder."""
    return tuple(
        tuple(
            (text, int(digits or -1), digits)
            for text, digits in re.findall(r"([^0-9]*)([0-9]*)", part)
            if text or digits
        )
        for part in name.split("/")
    )


def inferred_format(path: Path) -> str:
    """The format that a file's name tells; CSV where it tells none."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    while suffixes and suffixes[-1] in _COMPRESSION:
        suffixes.pop()
    return _FORMATS.get(suffixes[-1], "csv") if suffixes else "csv"
