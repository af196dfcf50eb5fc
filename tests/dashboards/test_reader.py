"""The one data-access layer: fail closed, stay inside, keep nothing of one viewer for another."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from dashboards.published import vendor_file
from dashboards.queries import reader as reader_module
from dashboards.queries.connections import Limits, PublishedFiles
from dashboards.queries.paging import EVERYTHING
from dashboards.queries.reader import QueryTimeout, Reader
from dashboards.queries.remembered import Remembered
from dashboards.viewer import NotAllowed, Viewer, vendor_of, viewer_of
from operations.sessions import Session
from tests.worlds.everyday import CANARIES
from tests.worlds.homes import Home, make_home

pytestmark = pytest.mark.app


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    made = make_home(tmp_path_factory.mktemp("home"))
    yield made
    made.store.dispose()


@pytest.fixture
def files(home: Home) -> Iterator[PublishedFiles]:
    opened = PublishedFiles(home.published, Limits("256MB", 1, 3))
    yield opened
    opened.close()


@pytest.fixture
def reader(files: PublishedFiles) -> Reader:
    return a_reader(files)


def a_reader(
    files: PublishedFiles, *, budget: int = 1 << 20, share: int = 1 << 18, seconds: float = 5
) -> Reader:
    return Reader(files, Remembered(budget=budget, share=share), timeout_seconds=seconds)


def vendor(home: Home, vendor_id: str | None = "v-001") -> Viewer:
    return Viewer("somebody", "vendor_owner", vendor_id, home.version)


def operator(home: Home) -> Viewer:
    return Viewer("olga", "operator_admin", None, home.version)


@pytest.mark.parametrize("vendor_id", CANARIES)
def test_a_vendor_reads_its_own_rows_whatever_its_id_looks_like(
    reader: Reader, home: Home, vendor_id: str
) -> None:
    rows = reader.rows(vendor(home, vendor_id), "vendor_dim_vendors")

    assert [row["vendor_id"] for row in rows] == [vendor_id]


@pytest.mark.parametrize(
    "vendor_id",
    [
        None,
        "",
        " ",
        "v-999",
        "V-001",
        "v-001 ",
        "v-001\x00",
        "v\uff0d001",
        "%",
        "*",
        "../operator",
        "..",
        ".",
        "v-001' or 1=1 --",
        "v-001,v-002",
    ],
)
def test_anybody_without_exactly_one_published_vendor_reads_nothing(
    reader: Reader, home: Home, vendor_id: str | None
) -> None:
    with pytest.raises((NotAllowed, ValueError)):
        reader.rows(vendor(home, vendor_id), "vendor_dim_vendors")


def test_a_vendor_cannot_run_an_operators_query_nor_the_other_way_round(
    reader: Reader, home: Home
) -> None:
    with pytest.raises(NotAllowed):
        reader.rows(vendor(home), "operator_dim_vendors")
    with pytest.raises(NotAllowed):
        reader.rows(operator(home), "vendor_dim_vendors", vendor_id="v-001")


def test_an_operator_with_a_vendor_is_neither(reader: Reader, home: Home) -> None:
    with pytest.raises(NotAllowed):
        reader.rows(replace(operator(home), vendor_id="v-001"), "operator_dim_vendors")


def test_a_vendors_query_does_not_take_a_vendor(reader: Reader, home: Home) -> None:
    with pytest.raises(NotAllowed):
        reader.rows(vendor(home), "vendor_dim_vendors", vendor_id="v-002")


def test_a_file_that_holds_another_vendors_rows_is_caught_by_the_check_of_the_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutation: the condition is gone from the SQL and the wrong file is in place."""
    home = make_home(tmp_path)
    own = vendor_file(home.published, home.version, "v-001")
    own.write_bytes(vendor_file(home.published, home.version, "v-002").read_bytes())
    careless = tmp_path / "sql"
    careless.mkdir()
    (careless / "vendor_careless.sql").write_text("select vendor_id from marts.dim_vendors")
    (careless / "vendor_silent.sql").write_text("select vendor_name from marts.dim_vendors")
    monkeypatch.setattr(reader_module, "_SQL", careless)
    monkeypatch.setattr(reader_module, "_bound", lambda *_arguments: {})
    files = PublishedFiles(home.published, Limits("256MB", 1, 3))
    reader = a_reader(files)

    for query in ("vendor_careless", "vendor_silent"):
        with pytest.raises(NotAllowed, match="another vendor"):
            reader.rows(vendor(home), query)
    files.close()


def test_what_is_remembered_for_one_vendor_is_not_given_to_another(
    reader: Reader, home: Home
) -> None:
    first = reader.rows(vendor(home, "v-001"), "vendor_dim_vendors")
    second = reader.rows(vendor(home, "v-002"), "vendor_dim_vendors")

    assert first is reader.rows(vendor(home, "v-001"), "vendor_dim_vendors")
    assert first[0]["vendor_id"] != second[0]["vendor_id"]


def test_a_whole_list_is_a_download_and_not_remembered(files: PublishedFiles, home: Home) -> None:
    remembered = Remembered(budget=1 << 20, share=1 << 20)
    reader = Reader(files, remembered, timeout_seconds=5)
    question = {"from_date": date.min, "status": None, "late_only": False, "search": None}

    def orders(row_limit: int) -> object:
        part = {"row_limit": row_limit, "row_offset": 0}
        return reader.rows(vendor(home), "vendor_fct_orders", **question, **part)

    whole = orders(EVERYTHING)
    assert whole == orders(EVERYTHING)
    assert whole is not orders(EVERYTHING)
    assert remembered.byte_count == 0
    assert orders(20) is orders(20)
    assert remembered.byte_count > 0


def test_one_vendors_use_leaves_the_others_what_is_remembered_of_them(
    files: PublishedFiles, home: Home
) -> None:
    reader = a_reader(files, budget=100_000, share=25_000)
    kept = reader.rows(vendor(home, "v-002"), "vendor_dim_vendors")
    for number in range(200):
        when = date(2025, 1, 1 + number % 28)
        search = {"from_date": when, "status": None, "late_only": False, "search": f"{number}"}
        reader.rows(vendor(home), "vendor_fct_orders", **search, row_limit=20, row_offset=0)

    assert reader.rows(vendor(home, "v-002"), "vendor_dim_vendors") is kept


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from glob('/*')",
        "copy (select 1) to '/tmp/out.csv'",
        "export database '/tmp/out'",
        "attach '/tmp/other.duckdb'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set memory_limit = '10GB'",
        "reset lock_configuration",
        "create table marts.x as select 1",
        "delete from marts.dim_vendors",
        "select * from secret_frame",
        "create persistent secret s (type s3)",
    ],
)
def test_an_open_file_reaches_nothing_but_itself(
    files: PublishedFiles, home: Home, statement: str
) -> None:
    secret_frame = [1]

    with files.cursor(vendor(home)) as cursor, pytest.raises(duckdb.Error):
        cursor.execute(statement)
    assert secret_frame


def test_a_query_that_takes_too_long_is_stopped(
    files: PublishedFiles, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "operator_slow.sql").write_text(
        "select count(*) from range(100000) as a, range(100000) as b, range(1000) as c"
    )
    monkeypatch.setattr(reader_module, "_SQL", tmp_path)

    with pytest.raises(QueryTimeout):
        a_reader(files, seconds=0.2).rows(operator(home), "operator_slow")


def test_only_so_many_files_stay_open(files: PublishedFiles, home: Home) -> None:
    for vendor_id in CANARIES:
        with files.cursor(vendor(home, vendor_id)) as cursor:
            cursor.execute("select 1")

    assert len(files.open_paths()) == 3  # the limit in the fixture; five vendors asked


def test_an_old_version_is_closed_when_its_last_reader_is_done(
    files: PublishedFiles, home: Home
) -> None:
    with files.cursor(vendor(home)) as cursor:
        files.note_current("another")
        assert cursor.execute("select count(*) from marts.dim_vendors").fetchone() == (1,)
        assert len(files.open_paths()) == 1

    assert files.open_paths() == []


def test_the_version_may_change_while_many_read(files: PublishedFiles, home: Home) -> None:
    reader, errors = a_reader(files), []

    def read(vendor_id: str) -> None:
        for number in range(40):
            try:
                when = date(2025, 1, 1 + number % 28)
                rows = reader.rows(
                    vendor(home, vendor_id), "vendor_mart_vendor_daily", from_date=when
                )
                assert {row["vendor_id"] for row in rows} <= {vendor_id}
            except Exception as error:  # noqa: BLE001
                errors.append(error)

    threads = [threading.Thread(target=read, args=(vendor_id,)) for vendor_id in CANARIES]
    for thread in threads:
        thread.start()
    for number in range(50):
        files.note_current(f"version-{number}")
        reader.forget(f"version-{number}")
    for thread in threads:
        thread.join()

    assert errors == []


def test_account_of_another_marketplace_has_no_vendor_here() -> None:
    session = Session(
        "hash", "anna", "vendor_owner", "v-001", "demo", datetime(2026, 7, 1, tzinfo=UTC)
    )

    assert viewer_of(session, "version", "demo").vendor_id == "v-001"
    with pytest.raises(NotAllowed):
        vendor_of(viewer_of(session, "version", "olist"))
