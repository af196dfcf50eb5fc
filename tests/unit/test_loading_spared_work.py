"""Work that loading spares: files that did not change, hashes that are still those of the keys."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from pipelines.loading.arrivals import landed_files
from pipelines.loading.feed import load_feed
from pipelines.loading.threads import threads
from sources.connectors.files import discover
from sources.landing import LandedFile
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk, a_desk

pytestmark = pytest.mark.warehouse

LONG_AGO = 1_780_000_000  # seconds since 1970: the end of May 2026
LINES = "vendor_id,name,updated_at\nv1,first,2026-06-01 00:00:00\n"


@pytest.fixture
def desk(tmp_path: Path, parser: Parser) -> Desk:
    return a_desk(tmp_path, parser)


def put_long_ago(desk: Desk, content: str) -> Path:
    """Writes the file as if it had lain there for long."""
    desk.put("vendors.csv", content)
    path = desk.inbox / "vendors.csv"
    os.utime(path, (LONG_AGO, LONG_AGO))
    # No program can set the time of a file's last change, so it is let pass.
    time.sleep(0.3)
    return path


def arrive(desk: Desk) -> LandedFile:
    files = discover(desk.marketplace, "vendors").files
    with desk.loader() as loader:
        [(_, landed)] = landed_files(loader.connection, desk.home.landing, files)
    assert isinstance(landed, LandedFile)
    return landed


def test_small_files_are_loaded_by_one_thread_and_the_setting_comes_back(desk: Desk) -> None:
    desk.put("vendors-1.csv", LINES)
    desk.put("vendors-2.csv", LINES.replace("v1", "v2"))
    used: list[int] = []

    with desk.loader() as loader:
        load_feed(loader, "vendors", lambda _: used.append(threads(loader.connection)))
        used.append(threads(loader.connection))

    # Before the first file, between the two, and after both.
    assert used == [2, 1, 2]


def test_file_that_did_not_change_is_not_read_again(desk: Desk) -> None:
    path = put_long_ago(desk, LINES)

    first, second = arrive(desk), arrive(desk)

    assert first.begun_ns > 0
    assert second.begun_ns == 0  # nothing was copied
    assert second.file_id == hashlib.sha256(path.read_bytes()).hexdigest()


def test_file_of_the_same_size_and_time_but_other_bytes_is_read_again(desk: Desk) -> None:
    put_long_ago(desk, LINES)
    arrive(desk)
    path = put_long_ago(desk, LINES.replace("first", "later"))

    landed = arrive(desk)

    assert landed.begun_ns > 0
    assert landed.file_id == hashlib.sha256(path.read_bytes()).hexdigest()


def test_file_that_changed_just_before_it_was_read_is_read_again(desk: Desk) -> None:
    desk.put("vendors.csv", LINES)

    arrive(desk)

    assert arrive(desk).begun_ns > 0


def test_unchanged_file_whose_copy_is_gone_is_landed_again(desk: Desk) -> None:
    put_long_ago(desk, LINES)
    arrive(desk).path.unlink()

    assert arrive(desk).path.read_text() == LINES


def test_keys_are_found_again_after_another_duckdb_hashes_them_otherwise(desk: Desk) -> None:
    desk.put("vendors-1.csv", LINES)
    desk.ingest("vendors")
    # As a file looks whose DuckDB computed other hashes.
    desk.query("update raw.vendors set _key_hash = 1")
    desk.query("update raw.hashed_keys set sample = 1")

    desk.put("vendors-2.csv", LINES.replace("first", "later").replace("06-01", "06-02"))
    desk.ingest("vendors")

    assert desk.current("vendors", "name") == [("later",)]
    assert desk.query("select count(*) from raw.vendors where _key_hash = 1") == [(0,)]
    assert desk.query("select count(*) from raw.hashed_keys where sample = 1") == [(0,)]
