"""The files of a marketplace's segments, one each; a file is called as its segment is."""

from pathlib import Path

# A rule of as many conditions as there may be takes a tenth of it.
_LARGEST_BYTES = 1 << 18


def files_in(folder: Path) -> dict[str, str]:
    """The texts of the segments' files, by the names of the segments."""
    found = {}
    for path in sorted(folder.glob("*.yml")):
        with path.open("rb") as file:
            found[path.stem] = file.read(_LARGEST_BYTES).decode("utf-8", errors="replace")
    return found
