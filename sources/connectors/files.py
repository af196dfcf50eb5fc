"""The files connector: which files of a folder belong to a feed."""

import os
import re
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from sources.file_feeds import FileFeed
from sources.inbox import Refused, listing, opened
from sources.marketplace import Marketplace

COMPRESSED = (".gz", ".zst", ".bz2", ".xz")
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
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file found for a feed: `name` is its path below the folder, `facts` what it was then."""

    folder: Path
    name: str
    facts: os.stat_result
    spec: FileFeed
    format: str

    def opened(self) -> BufferedReader:
        """The file, opened for reading; raises FileRefusedError where it is no longer a file."""
        return opened(self.folder, self.name)


@dataclass(frozen=True, slots=True)
class Discovery:
    """The files of a feed in a stable order, and what fits their names and is not read."""

    files: list[SourceFile]
    refused: list[Refused]


def discover(marketplace: Marketplace, feed: str) -> Discovery:
    """What the marketplace's folder holds for a feed: as the mapping lists it, then by name."""
    files: list[SourceFile] = []
    refused: dict[str, Refused] = {}
    for spec in marketplace.file_feeds(feed):
        found = listing(marketplace.folder, spec.files)
        refused |= {one.name: one for one in found.refused}
        for name in sorted(found.files, key=in_natural_order):
            file_format = spec.format or inferred_format(Path(name))
            files.append(SourceFile(marketplace.folder, name, found.files[name], spec, file_format))
    return Discovery(files, [refused[name] for name in sorted(refused)])


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
    while suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
    return _FORMATS.get(suffixes[-1], "csv") if suffixes else "csv"
