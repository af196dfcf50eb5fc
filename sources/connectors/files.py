"""The files connector: which files of a folder belong to a feed."""

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
        found = sorted(
            path
            for path in marketplace.folder.glob(spec.files)
            if path.is_file()
            and not path.name.startswith(".")
            and path.suffix not in {".tmp", ".part"}
        )
        for path in found:
            name = path.relative_to(marketplace.folder).as_posix()
            yield SourceFile(path, name, spec, spec.format or inferred_format(path))


def inferred_format(path: Path) -> str:
    """The format that a file's name tells; CSV where it tells none."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    while suffixes and suffixes[-1] in _COMPRESSION:
        suffixes.pop()
    return _FORMATS.get(suffixes[-1], "csv") if suffixes else "csv"
