"""What a build depends on, as one hash: equal hashes build equal marts."""

import hashlib
from datetime import date
from pathlib import Path

import duckdb

from pipelines.dbt.project import hash_of
from pipelines.segmentation.files import files_in
from pipelines.settings import PROJECT_ROOT
from sources.marketplace import Marketplace

# Whatever decides what is built: code, contracts, and the versions of what runs it.
_CODE = (
    *("pipelines", "data_quality", "sources", "operations", "output"),
    *("dbt_project", "requirements.lock"),
)


def code_hash(root: Path = PROJECT_ROOT) -> str:
    """SHA-256 over the names and contents of the code files."""
    return hash_of(root, _CODE)


def settings_hash(marketplace: Marketplace) -> str:
    """SHA-256 over all but rows and day: where it changes, every day is built anew."""
    parts = (code_hash(), marketplace.model_dump_json())
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def build_fingerprint(
    connection: duckdb.DuckDBPyConnection, marketplace: Marketplace, as_of: date
) -> str:
    """SHA-256 over the ledger, the code, the marketplace, its segments' files and the day."""
    digest = hashlib.sha256()
    loads = connection.execute(
        "select sequence, feed, file_id, rules_version, status, is_present from raw.loads "
        "order by sequence"
    ).fetchall()
    segments = files_in(marketplace.folder_of("segments"))
    for part in (loads, code_hash(), marketplace.model_dump_json(), segments, as_of.isoformat()):
        digest.update(repr(part).encode())
    return digest.hexdigest()
