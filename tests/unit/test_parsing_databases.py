"""The database that files are read with: shared, and nothing of one file reaches another."""

import shutil
from pathlib import Path

import duckdb
import pytest

from sources.clickstream.sites import define_own_site
from sources.parsing.databases import Databases
from sources.sql import scalar

MEMORY = 256 << 20


def test_what_one_file_makes_or_sets_is_gone_for_the_next(tmp_path: Path) -> None:
    databases = Databases()
    with databases.connection(tmp_path / "a", MEMORY, 1) as connection:
        connection.execute("create temp table leftover as select 1 as one")
        connection.execute("set TimeZone = 'Asia/Tokyo'")
    with databases.connection(tmp_path / "b", MEMORY, 1) as connection:
        assert scalar(connection, "select current_setting('TimeZone')") == "UTC"
        with pytest.raises(duckdb.CatalogException):
            connection.execute("from leftover")


def test_functions_of_one_file_are_unknown_to_the_next(tmp_path: Path) -> None:
    databases = Databases()
    for hosts, expected in ((["shop.example"], True), ([], False)):
        with databases.connection(tmp_path / "a", MEMORY, 1, is_alone=True) as connection:
            define_own_site(connection, hosts)
            own = "select is_own_site('pay.shop.example', 'other.example')"
            assert scalar(connection, own) is expected
    with (
        databases.connection(tmp_path / "b", MEMORY, 1) as connection,
        pytest.raises(duckdb.CatalogException),
    ):
        connection.execute(own)


def test_a_database_is_opened_anew_where_its_folder_went_or_other_limits_hold(
    tmp_path: Path,
) -> None:
    databases = Databases()
    spilled = "select sum(hash(i)) from (select i from range(3000000) as t (i) order by hash(i))"
    for memory in (32 << 20, 32 << 20, 64 << 20):
        with databases.connection(tmp_path / "scratch" / "a", memory, 1 << 30) as connection:
            limit = scalar(connection, "select current_setting('memory_limit')")
            assert limit == f"{memory >> 20}.0 MiB"
            assert scalar(connection, spilled)
        shutil.rmtree(tmp_path / "scratch")


@pytest.mark.parametrize(("size", "threads"), [(1000, 1), (100_000_000, 2)])
def test_a_second_thread_is_for_large_files(tmp_path: Path, size: int, threads: int) -> None:
    with Databases().connection(tmp_path / "a", MEMORY, size) as connection:
        assert scalar(connection, "select current_setting('threads')") == threads
