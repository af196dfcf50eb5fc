"""How much a run will write, told by what the last one wrote; it begins where there is room."""

import os
from pathlib import Path

from pipelines.home import Home
from pipelines.publishing.versions import current_version
from sources.disk import require_room

# Of a build of some days: the rest of the build file stays as it is.
_SHARE_OF_SOME_DAYS = 10
_LEDGER = 1 << 20
# A first run has nothing to go by.
_LEAST = 1 << 30


def bytes_to_build(home: Home, *, is_full: bool) -> int:
    """About what building the models writes: their tables are some of the build file."""
    byte_count = home.warehouse.stat().st_size if home.warehouse.exists() else 0
    tables = byte_count + _bytes_below(home.tables)
    return tables if is_full else tables // _SHARE_OF_SOME_DAYS


def bytes_to_publish(home: Home) -> int:
    """About what a version takes: as much as the one before, the first as much as the build file.

    Those that it replaces are removed afterwards.
    """
    version = current_version(home.published)
    if version is None:
        return bytes_to_build(home, is_full=True)
    return _bytes_below(home.published / version)


def bytes_for_a_run(home: Home) -> int:
    """What a run may write at most, files that are delivered aside."""
    return _LEAST + bytes_to_build(home, is_full=True) + bytes_to_publish(home)


def require_room_to_begin(home: Home) -> None:
    """Lets a run begin, whatever it will find to do: its ledger and logs are written first.

    Raises:
        DiskFullError: not even these have room.
    """
    require_room(home.path, _LEDGER, "a run")


def require_room_to_build(home: Home, *, is_full: bool) -> None:
    """Lets the models be built.

    Raises:
        DiskFullError: there is not so much room.
    """
    require_room(home.path, bytes_to_build(home, is_full=is_full), "building the models")


def require_room_to_publish(home: Home) -> None:
    """Lets a version be published.

    Raises:
        DiskFullError: there is not so much room.
    """
    require_room(home.published, bytes_to_publish(home), "publishing")


def _bytes_below(folder: Path) -> int:
    """The size of all files below a folder; a vendor's file each makes thousands of them."""
    return sum(
        os.stat(os.path.join(place, name)).st_size  # noqa: PTH116, PTH118 - for speed
        for place, _, names in os.walk(folder)
        for name in names
    )
