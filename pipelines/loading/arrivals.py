"""Which bytes are in a folder: a file is read again only if it may have changed since."""

from collections.abc import Iterator
from dataclasses import dataclass
from os import fstat, stat_result
from pathlib import Path

import duckdb

from sources.connectors.files import SourceFile
from sources.inbox import FileRefusedError, Refused
from sources.landing import LandedFile, land, landed_path

# A file that changed just before it was read may change again and keep its times: those of some
# file systems tick every two seconds, those of the kernel every few milliseconds.
_COARSEST_MODIFIED_NS = 2_000_000_000
_COARSEST_CHANGED_NS = 100_000_000


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the file system says of a file, and the hash of its content at that time."""

    byte_count: int
    modified_ns: int
    changed_ns: int
    inode: int
    file_id: str

    def is_of(self, found: stat_result) -> bool:
        return (self.byte_count, self.modified_ns, self.changed_ns, self.inode) == _facts(found)


def landed_files(
    connection: duckdb.DuckDBPyConnection, landing: Path, files: list[SourceFile]
) -> Iterator[tuple[SourceFile, LandedFile | Refused]]:
    """Each file with its landed copy, or why there is none; only what is new or changed is read."""
    seen = _seen_files(connection)
    renewed: list[tuple[object, ...]] = []
    for file in files:
        try:
            source = file.opened()
        except FileRefusedError as error:
            yield file, error.refused
            continue
        with source:
            before = fstat(source.fileno())
            known = seen.get(file.name)
            if known is not None and known.is_of(before):
                copy = landed_path(landing, known.file_id)
                if copy.exists() and copy.stat().st_size == known.byte_count:
                    yield file, LandedFile(known.file_id, known.byte_count, copy, 0)
                    continue
            landed = land(source, landing)
        if _is_settled(before, landed.begun_ns):
            renewed.append((file.name, *_facts(before), landed.file_id))
        yield file, landed
    _remember(connection, renewed)


def unchanged_files(
    connection: duckdb.DuckDBPyConnection, files: list[SourceFile]
) -> dict[str, str]:
    """The hashes, by name, of those files that did not change since they were read."""
    seen = _seen_files(connection)
    return {
        file.name: seen[file.name].file_id
        for file in files
        if file.name in seen and seen[file.name].is_of(file.facts)
    }


def _facts(found: stat_result) -> tuple[int, int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _is_settled(before: stat_result, begun_ns: int) -> bool:
    return (
        before.st_mtime_ns + _COARSEST_MODIFIED_NS < begun_ns
        and before.st_ctime_ns + _COARSEST_CHANGED_NS < begun_ns
    )


def _seen_files(connection: duckdb.DuckDBPyConnection) -> dict[str, _Seen]:
    rows = connection.execute(
        "select path, byte_count, modified_ns, changed_ns, inode, file_id from raw.seen_files"
    )
    return {path: _Seen(*facts) for path, *facts in rows.fetchall()}


def _remember(connection: duckdb.DuckDBPyConnection, renewed: list[tuple[object, ...]]) -> None:
    if not renewed:
        return
    columns = [list(values) for values in zip(*renewed, strict=True)]
    connection.execute("begin transaction")
    connection.execute(
        "delete from raw.seen_files where path in (select unnest(cast(? as varchar[])))",
        columns[:1],
    )
    connection.execute(
        "insert into raw.seen_files select unnest(cast(? as varchar[])), "
        "unnest(cast(? as bigint[])), unnest(cast(? as bigint[])), unnest(cast(? as bigint[])), "
        "unnest(cast(? as ubigint[])), unnest(cast(? as varchar[]))",
        columns,
    )
    connection.execute("commit")
