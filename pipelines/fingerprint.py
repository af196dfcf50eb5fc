"""What a build depends on, as one hash: equal hashes build equal marts."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb

from pipelines.settings import PROJECT_ROOT
from sources.marketplace import Marketplace

_CODE = ("dbt_project", "data_quality", "pipelines/analytics", "pipelines/publishing")
_SUFFIXES = {".sql", ".yml", ".csv", ".py", ".md"}
_GENERATED = {"target", "logs", "__pycache__", "dbt_packages"}


def code_files(root: Path = PROJECT_ROOT) -> Iterator[Path]:
    """The files whose text decides what is built, in a stable order."""
    for folder in _CODE:
        for path in sorted((root / folder).rglob("*")):
            parts = set(path.relative_to(root).parts)
            if path.suffix in _SUFFIXES and not parts & _GENERATED:
                yield path


def code_hash(root: Path = PROJECT_ROOT) -> str:
    """SHA-256 over the names and contents of the code files."""
    digest = hashlib.sha256()
    for path in code_files(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def build_fingerprint(
    connection: duckdb.DuckDBPyConnection, marketplace: Marketplace, as_of: date
) -> str:
    """SHA-256 over the ledger, the code, the marketplace and the day."""
    digest = hashlib.sha256()
    loads = connection.execute(
        "select sequence, feed, file_id, rules_version, status, is_present from raw.loads "
        "order by sequence"
    ).fetchall()
    for part in (loads, code_hash(), marketplace.model_dump_json(), as_of.isoformat()):
        digest.update(repr(part).encode())
    return digest.hexdigest()
